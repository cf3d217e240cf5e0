"""A reviewed text: changes and comments in CriticMarkup, which Markdown editors show and settle."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.model import Report
from cite_audit.review.comments import ReviewComment, find_first_markers

__all__ = ["is_markable", "mark_up_text"]

_MARKS = re.compile(r"\{(?:~~|\+\+|--|>>|==)|(?:~~|\+\+|--|<<|==)\}|~>")
_MARKER = re.compile(r"\[\^[^\]\s]+\]|\[\d+\]|\(\d+\)|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d+")


def is_markable(text: str) -> bool:
    """Whether a text may stand within a mark: it holds none itself."""
    return _MARKS.search(text) is None


def mark_up_text(text: str, report: Report, edits: Sequence[Edit], comments: Sequence[ReviewComment]) -> str:
    """The text with each edit as a change that can be accepted or rejected, with the comments behind."""
    marked = [
        Edit(edit.start, edit.end, _mark_change(text[edit.start : edit.end], edit.new))
        for edit in disjoint_edits(edits)
    ]
    notes: dict[int, str] = {}
    markers, starts = find_first_markers(report), [edit.start for edit in marked]
    for comment in comments:
        position = _find_point(text, markers, comment)
        before = bisect_left(starts, position) - 1
        if before >= 0 and position < marked[before].end:
            position = marked[before].end
        notes[position] = notes.get(position, "") + f"{{>>{_MARKS.sub(' ', comment.text)}<<}}"
    return apply_edits(text, _merge_insertions(marked, notes))


def _mark_change(old: str, new: str) -> str:
    if not old:
        return f"{{++{new}++}}"
    return f"{{~~{old}~>{new}~~}}" if new else f"{{--{old}--}}"


def _merge_insertions(changes: Sequence[Edit], notes: Mapping[int, str]) -> list[Edit]:
    """Changes and comments; a comment at the end of a change is written with it."""
    left = dict(notes)
    merged = [Edit(edit.start, edit.end, edit.new + left.pop(edit.end, "")) for edit in changes]
    return merged + [Edit(position, position, note) for position, note in left.items()]


def _find_point(text: str, markers: Mapping[tuple[int, int | None], int], comment: ReviewComment) -> int:
    """Behind the note's marker in the running text, else behind the link, else at the end of the first line."""
    marker = markers.get((comment.section, comment.note))
    if marker is not None and (match := _MARKER.match(text, marker)):
        return match.end()
    point = text.find("\n") if "\n" in text else len(text)
    if comment.citation is not None:
        return _end_of_link(text, comment.citation.location.offset + len(comment.citation.link.raw))
    return point


def _end_of_link(text: str, position: int) -> int:
    """Behind the bracket that closes a link's frame."""
    match = re.compile(r"""[>\]]|\s*(?:"[^"\n]*"|'[^'\n]*')?\s*\)""").match(text, position)
    return match.end() if match else position
