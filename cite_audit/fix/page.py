"""Where a wish changes an HTML page: the shown address, with its entities, and the target of the link around it."""

from __future__ import annotations

import html
import re

from cite_audit.fix.edits import Edit
from cite_audit.fix.wishes import Wish
from cite_audit.model import Citation
from cite_audit.parse.refang import refang
from cite_audit.urls import key

__all__ = ["place"]

_ENTITIES = {
    "&": "(?:&(?:amp|#38|#x26);|&)",
    "<": "(?:&(?:lt|#60|#x3c);)",
    ">": "(?:&(?:gt|#62|#x3e);|>)",
    '"': '(?:&(?:quot|#34|#x22);|")',
    "'": "(?:&(?:apos|#39|#x27);|')",
}
_ANCHOR = re.compile(r"<a\b[^>]*>", re.I)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)


def place(text: str, wish: Wish, beside: str, behind: Citation) -> list[Edit] | None:
    """The edits that make one wish true, a copy behind `behind`; None where the link does not stand there."""
    start = wish.citation.location.offset
    shown = _shown(text, start, wish.citation.link.raw)
    anchor = _around(text, start)
    target = _target(anchor, wish.citation.link.url) if anchor else None
    if shown is None and target is None:
        return None
    edits: list[Edit] = []
    if wish.replaces:
        if shown is not None:
            edits.append(Edit(start, shown, html.escape(wish.spelled, quote=False)))
        if target is not None and key(wish.url) != key(wish.citation.link.url):
            edits.append(Edit(*target, html.escape(wish.url)))
    if wish.memento:
        there = behind.location.offset
        edits += _copy(text, _shown(text, there, behind.link.raw) or there, _around(text, there), wish, beside)
    return edits


def _shown(text: str, start: int, raw: str) -> int | None:
    """Where the address printed at `start` ends in the source, entities counted; None when it is not printed there."""
    pattern = "".join(_ENTITIES.get(c, r"\s+" if c.isspace() else re.escape(c)) for c in raw)
    match = re.compile(pattern, re.I).match(text, start)
    return match.end() if match else None


def _around(text: str, start: int) -> re.Match[str] | None:
    """The opening tag of the link that `start` stands in."""
    inside = None
    window = max(0, start - 20000)
    for match in _ANCHOR.finditer(text, window, start):
        inside = match
    if inside is None or "</a" in text[inside.end() : start].lower():
        return None
    return inside


def _target(anchor: re.Match[str], url: str) -> tuple[int, int] | None:
    """The span of the target's value, when it leads to `url`."""
    match = _HREF.search(anchor.string, anchor.start(), anchor.end())
    if match is None:
        return None
    group = next(i for i in (1, 2, 3) if match[i] is not None)
    return match.span(group) if key(refang(html.unescape(match[group]).strip())) == key(url) else None


def _copy(text: str, end: int, anchor: re.Match[str] | None, wish: Wish, beside: str) -> list[Edit]:
    """The archived copy behind the link; `robust` also writes the attributes of a Robust Link into its tag."""
    closing = re.compile("</a\\s*>", re.I).search(text, end) if anchor else None
    at = closing.end() if closing else end
    day = f"{wish.captured:%Y-%m-%d}" if wish.captured else ""
    memento = html.escape(wish.memento)
    edits = [Edit(at, at, f' (<a href="{memento}">archived {day}</a>)')]
    if beside == "robust" and anchor is not None and "data-versionurl" not in anchor[0].lower():
        robust = f' data-originalurl="{html.escape(wish.url)}" data-versionurl="{memento}" data-versiondate="{day}"'
        edits.append(Edit(anchor.end() - 1, anchor.end() - 1, robust))
    return edits
