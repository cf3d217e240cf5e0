"""A reviewed text: changes and comments in CriticMarkup, which Markdown editors show and settle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.model import Report
from cite_audit.review.comments import ReviewComment

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
    for comment in comments:
        position = _find_point(text, report, comment, marked)
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


def _find_point(text: str, report: Report, comment: ReviewComment, changes: Sequence[Edit]) -> int:
    """Behind the note's marker in the running text, else behind the link, else at the end of the first line."""
    marker = next((m for m in report.markers if (m.section, m.number) == (comment.section, comment.note)), None)
    if marker is not None and (match := _MARKER.match(text, marker.location.offset)):
        return match.end()
    point = text.find("\n") if "\n" in text else len(text)
    if comment.citation is not None:
        point = _end_of_link(text, comment.citation.location.offset + len(comment.citation.link.raw))
    return next((edit.end for edit in changes if edit.start < point < edit.end), point)


def _end_of_link(text: str, position: int) -> int:
    """Behind the bracket that closes a link's frame."""
    match = re.compile(r"""[>\]]|\s*(?:"[^"\n]*"|'[^'\n]*')?\s*\)""").match(text, position)
    return match.end() if match else position
