"""Tells indicators of compromise from sources: a report on an attack defangs what must not be visited.

A defanged address outside notes is an indicator where the document prints its sources plainly and defangs three or
more others, or where it stands below
a heading such as “Indicators of compromise”. A report that defangs its citations prints them in notes, or prints hardly
any address plainly: there nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.links.found_link import FoundLink

__all__ = ["mark_indicators"]

_INDICATOR_HEADING = compile_lazily(
    r"^(?P<marks>[ \t]{0,3}#{1,6}[ \t]*|[*_]{2,3})?(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]+)?[^\n.;|#]{0,40}(?:\b"
    r"(?:indicators?|ioc'?s?|observables?|c2|c&c|c2s|command[ -]and[ -]control|"
    r"(?:malicious|malware|attacker|adversary|phishing) (?:urls?|domains?|hosts?|sites?|addresses|infrastructure)|"
    r"network (?:artifacts?|indicators?|infrastructure)|"
    r"(?:urls?|domains?|hosts?) (?:of|used|observed|seen|for|associated)\b|payload urls?|"
    r"(?<=[\s#*_])(?:urls?|domains?|hostnames?|ip addresses|ips)(?=[:*_ \t]*$)|"
    r"(?:сетевые )?индикаторы|індикатори компрометації|(?:kompromittierungs)?indikatoren|indicateurs de compromission|"
    r"indicadores de compromis+o|indicatori di compromissione|wskaźniki kompromitacji)(?![a-z])"
    r"|入侵指标|失陷指标|威胁指标|侵害指標|침해 ?지표)[^\n.;|]{0,40}$",
    re.I | re.M,
)
_HEADING = compile_lazily(r"^[ \t]{0,3}(#{1,6})[ \t]+\S|^(?=\S)[^\n]{1,80}\n(={3,}|-{3,})[ \t]*$", re.M)
_CROSSED_OUT = compile_lazily(r"//(?:[\w-]+\.){0,5}[\w-]{0,60}X{3,}[\w-]{0,60}\.[a-z]")  # `https://XXXX.info/c2`
_BY_STYLE_ALONE = 3  # defanged addresses outside notes that are a list of indicators beside plain sources


def mark_indicators(
    text: str,
    links: Sequence[FoundLink],
    note_spans: Sequence[tuple[int, int]],
    headings: Sequence[tuple[int, int]] = (),
) -> None:
    """Sets `is_indicator` of the links that are indicators. `headings`: declared ones, offset and level."""
    in_notes = _links_inside(links, note_spans)
    noted = set(map(id, in_notes))
    outside = [link for link in links if id(link) not in noted]
    defanged = [link for link in outside if link.is_defanged]
    if defanged and not _is_list_of_indicators(in_notes, outside, len(defanged)):
        spans = _find_indicator_sections(text, headings)
        defanged = [link for link in defanged if any(start <= link.outer < end for start, end in spans)]
    for link in defanged:
        link.is_indicator = True
    for link in outside:
        if "XXX" in link.raw and _CROSSED_OUT.search(link.raw):
            link.is_indicator = True


def _is_list_of_indicators(in_notes: list[FoundLink], outside: list[FoundLink], defanged: int) -> bool:
    """Whether all that is defanged outside notes is: sources are printed plainly, and none is defanged in a note."""
    if defanged < _BY_STYLE_ALONE or any(link.is_defanged for link in in_notes):
        return False
    return bool(in_notes) or any(not link.is_defanged and link.has_scheme for link in outside)


def _links_inside(links: Sequence[FoundLink], spans: Sequence[tuple[int, int]]) -> list[FoundLink]:
    """The links within spans; both are in the order of the text, so that one pass is enough."""
    inside, index = [], 0
    for start, end in sorted(spans):
        while index < len(links) and links[index].outer < start:
            index += 1
        while index < len(links) and links[index].outer < end:
            inside.append(links[index])
            index += 1
    return inside


def _find_indicator_sections(text: str, headings: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sections below headings for indicators, each up to the next heading of its level."""
    levels = list(headings) or [
        (match.start(), len(match[1]) if match[1] else 1 if match[2][0] == "=" else 2)
        for match in _HEADING.finditer(text)
    ]
    sections = []
    for match in _INDICATOR_HEADING.finditer(text):
        level = next((depth for place, depth in levels if match.start() <= place <= match.end()), 0)
        is_heading = level or match["marks"] or match[0].rstrip().endswith(":") or _stands_alone(text, match)
        if is_heading:
            end = next((place for place, depth in levels if place > match.start() and depth <= level), len(text))
            sections.append((match.end(), end))
    return sections


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a line stands between blank lines, as a heading of plain text does."""
    before, after = text[: match.start()].rstrip(" \t\r")[-2:], text[match.end() : match.end() + 3]
    return (not before or before.endswith("\n\n") or before == "\n") and re.match(
        r"\r?\n[ \t]*\r?\n", after
    ) is not None
