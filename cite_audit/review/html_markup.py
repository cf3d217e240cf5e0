"""A reviewed HTML page: changes as `<del>` and `<ins>`, comments as `<aside>` behind the block that they speak of."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.model import Report
from cite_audit.review.comments import ReviewComment, find_first_markers

__all__ = ["mark_up_html"]

_MAX_LINK = 20_000  # characters of a link with what it shows
_ANCHOR = re.compile(rf"<a\b[^>]{{0,{_MAX_LINK}}}>.{{0,{_MAX_LINK}}}?</a\s*>", re.I | re.S)
_BLOCK_END = re.compile(r"</(p|h[1-6]|li|td|th|dd|dt|div|section|article|blockquote|figcaption|body|main)\s*>", re.I)
_HOLDS_NO_BLOCK = re.compile(r"p|h[1-6]|dt", re.I)


def mark_up_html(
    text: str, report: Report, edits: Sequence[Edit], comments: Sequence[ReviewComment], moment: datetime
) -> str:
    """The page with each edit as a deletion and an insertion; where a target changes, of the whole link."""
    changes = _mark_changes(text, edits, moment)
    asides: dict[int, str] = {}
    markers = find_first_markers(report)
    blocks = list(_BLOCK_END.finditer(text))
    starts = [block.start() for block in blocks]
    for comment in comments:
        point = _find_point(text, markers, comment)
        position = _end_of_block(blocks, bisect_left(starts, point), len(text))
        lines = "<br>".join(html.escape(line) for line in comment.lines)
        label = f' data-note="{comment.note}"' if comment.note is not None else ""
        asides[position] = asides.get(position, "") + f'<aside class="cite-audit"{label}>{lines}</aside>'
    return apply_edits(text, [*changes, *(Edit(position, position, aside) for position, aside in asides.items())])


def _mark_changes(text: str, edits: Sequence[Edit], moment: datetime) -> list[Edit]:
    when = f' datetime="{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"'
    links = [match.span() for match in _ANCHOR.finditer(text)]
    starts = [start for start, _ in links]
    regions: dict[tuple[int, int], list[Edit]] = {}
    for edit in disjoint_edits(edits):
        before = bisect_right(starts, edit.start) - 1
        link = links[before] if before >= 0 and edit.end <= links[before][1] else (edit.start, edit.end)
        regions.setdefault(link, []).append(edit)
    marked = []
    for (start, end), inside in regions.items():
        shifted = [Edit(edit.start - start, edit.end - start, edit.new) for edit in inside]
        old, new = text[start:end], apply_edits(text[start:end], shifted)
        deleted = f"<del{when}>{old}</del>" if old else ""
        marked.append(Edit(start, end, deleted + (f"<ins{when}>{new}</ins>" if new else "")))
    return marked


def _find_point(text: str, markers: Mapping[tuple[int, int | None], int], comment: ReviewComment) -> int:
    """The note's marker in the running text, else the link, else the beginning of the body."""
    if (marker := markers.get((comment.section, comment.note))) is not None:
        return marker
    if comment.citation is not None:
        return comment.citation.location.offset
    body = re.search(r"<body\b[^>]*>", text, re.I)
    return body.end() if body else 0


def _end_of_block(blocks: Sequence[re.Match[str]], index: int, end_of_text: int) -> int:
    """Where an aside may stand: behind the paragraph, or as the last in a block that may hold blocks."""
    if index == len(blocks):
        return end_of_text
    block = blocks[index]
    return block.end() if _HOLDS_NO_BLOCK.fullmatch(block[1]) else block.start()
