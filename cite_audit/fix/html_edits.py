"""Edits of an HTML page: the shown address, with its entities, and the target of the link around it."""

from __future__ import annotations

import html
import re

from cite_audit.fix.edit_plan import ArchiveStyle, PlannedEdit
from cite_audit.fix.edits import Edit
from cite_audit.model import Citation
from cite_audit.parse.links.refang import refang
from cite_audit.urls import canonical_key

__all__ = ["place_in_html"]

_ENTITIES = {
    "&": "(?:&(?:amp|#38|#x26);|&)",
    "<": "(?:&(?:lt|#60|#x3c);)",
    ">": "(?:&(?:gt|#62|#x3e);|>)",
    '"': '(?:&(?:quot|#34|#x22);|")',
    "'": "(?:&(?:apos|#39|#x27);|')",
}
_ANCHOR = re.compile(r"<a\b[^>]*>", re.I)
_ANCHOR_END = re.compile(r"</a\s*>", re.I)
_WINDOW = 20_000  # characters before or behind a place in which the tags of its link are looked for
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)


def place_in_html(text: str, planned: PlannedEdit, archive_style: str, memento_anchor: Citation) -> list[Edit] | None:
    """The edits of one planned change, a copy behind `memento_anchor`; None where the link does not stand there."""
    start = planned.citation.location.offset
    printed_end = _printed_end(text, start, planned.citation.link.raw)
    anchor = _enclosing_anchor(text, start)
    target = _href_span(anchor, planned.citation.link.url) if anchor else None
    if printed_end is None and target is None:
        return None
    edits: list[Edit] = []
    if planned.replaces_spelling:
        if printed_end is not None:
            edits.append(Edit(start, printed_end, html.escape(planned.spelling, quote=False)))
        if target is not None and canonical_key(planned.url) != canonical_key(planned.citation.link.url):
            edits.append(Edit(*target, html.escape(planned.url)))
    if planned.memento:
        memento_start = memento_anchor.location.offset
        edits += _html_memento_edits(
            text,
            _printed_end(text, memento_start, memento_anchor.link.raw) or memento_start,
            _enclosing_anchor(text, memento_start),
            planned,
            archive_style,
        )
    return edits


def _printed_end(text: str, start: int, raw: str) -> int | None:
    """Where the address printed at `start` ends in the source, entities counted; None when it is not printed there."""
    pattern = "".join(_ENTITIES.get(c, r"\s+" if c.isspace() else re.escape(c)) for c in raw)
    match = re.compile(pattern, re.I).match(text, start)
    return match.end() if match else None


def _enclosing_anchor(text: str, start: int) -> re.Match[str] | None:
    """The opening tag of the link that `start` stands in."""
    inside = None
    for match in _ANCHOR.finditer(text, max(0, start - _WINDOW), start):
        inside = match
    if inside is None or "</a" in text[inside.end() : start].lower():
        return None
    return inside


def _href_span(anchor: re.Match[str], url: str) -> tuple[int, int] | None:
    """The span of the target's value, when it leads to `url`."""
    match = _HREF.search(anchor.string, anchor.start(), anchor.end())
    if match is None:
        return None
    group = next(i for i in (1, 2, 3) if match[i] is not None)
    return (
        match.span(group) if canonical_key(refang(html.unescape(match[group]).strip())) == canonical_key(url) else None
    )


def _html_memento_edits(
    text: str, end: int, anchor: re.Match[str] | None, planned: PlannedEdit, archive_style: str
) -> list[Edit]:
    """The archived copy behind the link; `robust` also writes the attributes of a Robust Link into its tag."""
    closing = _ANCHOR_END.search(text, end, end + _WINDOW) if anchor else None
    position = closing.end() if closing else end
    day = f"{planned.captured:%Y-%m-%d}" if planned.captured else ""
    memento = html.escape(planned.memento)
    edits = [Edit(position, position, f' (<a href="{memento}">archived {day}</a>)')]
    if archive_style == ArchiveStyle.ROBUST and anchor is not None and "data-versionurl" not in anchor[0].lower():
        robust = f' data-originalurl="{html.escape(planned.url)}" data-versionurl="{memento}" data-versiondate="{day}"'
        edits.append(Edit(anchor.end() - 1, anchor.end() - 1, robust))
    return edits
