"""Replacements of spans of a text."""

from __future__ import annotations

from collections.abc import Iterable

from cite_audit.frozen_record import frozen_record

__all__ = ["Edit", "apply_edits", "disjoint_edits"]


@frozen_record
class Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def disjoint_edits(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without repeats and without those that reach into an earlier one."""
    accepted: list[Edit] = []
    for edit in sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end)):
        if not accepted or edit.start >= accepted[-1].end:
            accepted.append(edit)
    return accepted


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made."""
    out: list[str] = []
    position = 0
    for edit in disjoint_edits(edits):
        out += [text[position : edit.start], edit.new]
        position = edit.end
    return "".join([*out, text[position:]])
