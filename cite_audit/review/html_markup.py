"""A reviewed HTML page: changes as `<del>` and `<ins>`, comments as `<aside>` behind the block that they speak of."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.model import Report
from cite_audit.review.comments import ReviewComment

__all__ = ["mark_up_html"]

_ANCHOR = re.compile(r"<a\b[^>]*>.*?</a\s*>", re.I | re.S)
_BLOCK_END = re.compile(r"</(p|h[1-6]|li|td|th|dd|dt|div|section|article|blockquote|figcaption|body|main)\s*>", re.I)
_HOLDS_NO_BLOCK = re.compile(r"p|h[1-6]|dt", re.I)


def mark_up_html(
    text: str, report: Report, edits: Sequence[Edit], comments: Sequence[ReviewComment], moment: datetime
) -> str:
    """The page with each edit as a deletion and an insertion; where a target changes, of the whole link."""
    changes = _mark_changes(text, edits, moment)
    asides: dict[int, str] = {}
    for comment in comments:
        position = _find_block_end(text, _find_point(text, report, comment))
        lines = "<br>".join(html.escape(line) for line in comment.lines)
        label = f' data-note="{comment.note}"' if comment.note is not None else ""
        asides[position] = asides.get(position, "") + f'<aside class="cite-audit"{label}>{lines}</aside>'
    return apply_edits(text, [*changes, *(Edit(position, position, aside) for position, aside in asides.items())])


def _mark_changes(text: str, edits: Sequence[Edit], moment: datetime) -> list[Edit]:
    when = f' datetime="{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"'
    links = [match.span() for match in _ANCHOR.finditer(text)]
    regions: dict[tuple[int, int], list[Edit]] = {}
    for edit in disjoint_edits(edits):
        link = next((span for span in links if span[0] <= edit.start and edit.end <= span[1]), None)
        regions.setdefault(link or (edit.start, edit.end), []).append(edit)
    marked = []
    for (start, end), inside in regions.items():
        shifted = [Edit(edit.start - start, edit.end - start, edit.new) for edit in inside]
        old, new = text[start:end], apply_edits(text[start:end], shifted)
        deleted = f"<del{when}>{old}</del>" if old else ""
        marked.append(Edit(start, end, deleted + (f"<ins{when}>{new}</ins>" if new else "")))
    return marked


def _find_point(text: str, report: Report, comment: ReviewComment) -> int:
    """The note's marker in the running text, else the link, else the beginning of the body."""
    for marker in report.markers:
        if (marker.section, marker.number) == (comment.section, comment.note):
            return marker.location.offset
    if comment.citation is not None:
        return comment.citation.location.offset
    body = re.search(r"<body\b[^>]*>", text, re.I)
    return body.end() if body else 0


def _find_block_end(text: str, position: int) -> int:
    """Where an aside may stand: behind the paragraph, or as the last in a block that may hold blocks."""
    block = _BLOCK_END.search(text, position)
    if block is None:
        return len(text)
    return block.end() if _HOLDS_NO_BLOCK.fullmatch(block[1]) else block.start()
