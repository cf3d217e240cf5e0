"""Marks: what a page, its headers and its way here show, matched against the tables of signatures.

A mark names where it is looked for by a regular expression (`header:NAME`, `cookie`, `title`: title or first heading,
`text`, `code`: the source, `landing`: the address a redirect led to) or by strings between “ | ” (`source`), and what
must hold besides, so that an article *about* the thing never matches:

alone        nothing; the mark is never on a live page
thin         a page of less than 250 words that is not marked up as an article of several sentences,
             nor tells something in two paragraphs that are not for visitors
tiny         less than 60 words
tiny-refused the same, under a status of success or of refusal
tiny-words   the same, and an HTML page
accepted     the same, under a status of success
teaser       less than 300 words
refused      a status of 400 or above, and thin
refused-bare a status of 401 or 403, and less than 60 words
moved        a redirect led there
other-host   a redirect led there from another host
moved-thin   the same, and a page of less than 250 words
moved-host   a redirect led there from another owner's host
moved-alone  the same
tiny-alone   a body of less than 1,500 bytes
mark         one of at least two different marks on a page of less than 400 words
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cite_audit.model import Probe
from cite_audit.resolve.judge.literals import may_match, needed
from cite_audit.resolve.judge.page import Page, squeeze, words
from cite_audit.resolve.judge.phrases import speaks_to_visitors
from cite_audit.resolve.judge.redirects import same_owner
from cite_audit.resolve.judge.reported import said
from cite_audit.resolve.judge.tables import rows
from cite_audit.urls import host, key

THIN, TINY, TEASER, SPARSE = 250, 60, 300, 400
_PARAGRAPH = 20  # words
_SEARCHED = 20_000  # characters; a guard's page is shorter, and a longer one is not a guard's


_OF_THE_LOOK = frozenset(("header", "cookie", "landing"))
_AFTER_A_REDIRECT = frozenset(("moved", "moved-thin", "other-host", "moved-host", "moved-alone"))


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of a table of signatures: `pattern` is searched, or one of `strings` is found in the source."""

    rule: str
    reason: str
    where: str
    pattern: re.Pattern[str]
    strings: tuple[str, ...]
    needs: str
    says: str
    source: str
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Marks of a table that one condition goes before and one header, if any, is read for; `number` is its own."""

    number: int
    header: str
    needs: str
    of_the_look: bool  # else the marks follow from the text alone
    marks: tuple[tuple[int, str, Mark], ...]  # each behind its row's number and the kind of its place


@lru_cache(maxsize=8)
def _groups(name: str) -> tuple[_Group, ...]:
    grouped: dict[tuple[str, str, bool], list[tuple[int, str, Mark]]] = {}
    for row, mark in enumerate(table(name)):
        kind, _, header = mark.where.partition(":")
        header = "set-cookie" if kind == "cookie" else header
        grouped.setdefault((header, mark.needs, kind in _OF_THE_LOOK), []).append((row, kind, mark))
    return tuple(_Group(number, *key, tuple(marks)) for number, (key, marks) in enumerate(grouped.items()))


@lru_cache(maxsize=8)
def table(name: str) -> tuple[Mark, ...]:
    """The marks of a table, in its order."""
    return tuple(
        Mark(
            row["rule"],
            row.get("reason", ""),
            row["where"],
            re.compile("" if row["where"] == "source" else _typed(row), re.I | re.S),
            tuple(row["pattern"].lower().split(" | ")) if row["where"] == "source" else (),
            row["needs"],
            row["says"],
            row["source"],
            needed(_typed(row)) if row["where"] in ("text", "code") else (),
        )
        for row in rows(name)
    )


def _typed(row: dict[str, str]) -> str:
    """A pattern for what visitors read, where an apostrophe may be a typographer's."""
    pattern = row["pattern"]
    return pattern.replace("'", "['’]") if row["where"] in ("text", "title") else pattern


def found(name: str, probe: Probe, page: Page) -> list[Mark]:
    """The marks of a table that a look shows and whose conditions hold, in the order of the table."""
    sent = {"", *(header for header, _ in probe.headers)}
    met: dict[str, bool] = {}
    shown: list[tuple[int, Mark]] = []
    for group in _groups(name):
        if group.header not in sent:
            continue
        if group.needs not in met:
            met[group.needs] = _holds(group.needs, probe, page)
        if met[group.needs]:
            # What follows from the text alone is kept with the text.
            known = {} if group.of_the_look else page.known
            place = name, group.number
            if place not in known:
                known[place] = [
                    (row, mark) for row, kind, mark in group.marks if _shows(mark, kind, group, probe, page)
                ]
            shown += known[place]
    if any(mark.needs == "thin" for _, mark in shown) and _reports(page):
        shown = [pair for pair in shown if pair[1].needs != "thin"]
    return [mark for _, mark in sorted(shown, key=lambda pair: pair[0])] if shown else []


def _holds(needs: str, probe: Probe, page: Page) -> bool:
    if needs in _AFTER_A_REDIRECT and not probe.hops:
        return False
    match needs:
        case "alone":
            return True
        case "thin":
            return page.words < THIN and not _tells(page)
        case "tiny":
            return page.words < TINY
        case "tiny-words":
            return page.html and page.words < TINY
        case "tiny-refused":
            return page.words < TINY and ((probe.status or 0) < 300 or probe.status in (401, 403, 429, 503))
        case "accepted":
            return (probe.status or 0) < 300 and page.words < TINY
        case "teaser":
            return page.words < TEASER
        case "refused":
            return (probe.status or 0) >= 400 and page.words < THIN
        case "refused-bare":
            return probe.status in (401, 403) and page.words < TINY
        case "moved":
            return key(probe.url) != key(page.url)
        case "moved-thin":
            return key(probe.url) != key(page.url) and page.words < THIN
        case "other-host":
            return host(probe.url) != host(page.url)
        case "moved-host" | "moved-alone":
            return not same_owner(host(probe.url), host(page.url))
        case "tiny-alone":
            return len(probe.body) < 1500
        case "mark":
            return page.words < SPARSE
    raise ValueError(needs)


def _tells(page: Page) -> bool:
    """Whether a page is an article, though a short one: its player or its forms may say what they like."""
    return page.article and page.main_words >= TINY


def _reports(page: Page) -> bool:
    """Whether paragraphs under a heading tell something at length, and nothing to visitors, as every guard does."""
    texts = [squeeze(node.text(separator=" ")) for node in page.tree.css("p")[:15]] if any(page.top) else []
    return sum(words(text) >= _PARAGRAPH and not speaks_to_visitors(text) for text in texts) >= 2


def _shows(mark: Mark, kind: str, group: _Group, probe: Probe, page: Page) -> bool:
    match kind:
        case "header" | "cookie":
            return any(mark.pattern.search(value) for name, value in probe.headers if name == group.header)
        case "title":
            return any(mark.pattern.search(text) for text in page.headings)
        case "text":
            if not may_match(mark.literals, page.low_text[:_SEARCHED]):
                return False
            # Other articles beside a short one may be for subscribers only.
            beside = mark.needs == "teaser" and "paywall" not in page.lowered
            return said(page, (page.main if beside else page.text)[:_SEARCHED], mark.pattern)
        case "source":
            return may_match(mark.strings, page.lowered)
        case "code":
            if not may_match(mark.literals, page.lowered[: _SEARCHED + 1]):
                return False
            return mark.pattern.search(page.source[:_SEARCHED]) is not None
        case "landing":
            return mark.pattern.search(page.url) is not None
    raise ValueError(mark.where)
