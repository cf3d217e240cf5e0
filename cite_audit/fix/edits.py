"""Replacements of spans of a text: the smallest thing a fix is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Edit", "apply", "disjoint"]


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def disjoint(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without repeats and without those that reach into an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made."""
    out: list[str] = []
    at = 0
    for edit in disjoint(edits):
        out += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*out, text[at:]])
