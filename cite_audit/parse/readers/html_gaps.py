"""Notes that a page links in part only: `[3]` and its paragraph beside `<a href="#_edn2">[2]</a>` and its own."""

from __future__ import annotations

import re
from bisect import bisect_right

from cite_audit.parse.readers.base import Mark, NoteSpan
from cite_audit.parse.readers.draft import Draft

PARAGRAPH_LABEL = re.compile(r"^\[(\d{1,3})\][ \t\u00a0]*", re.MULTILINE)
BRACKETED = re.compile(r"\[(\d{1,3})\]")


def fill_gaps(draft: Draft) -> None:
    """Declares the notes that go on the count of the declared ones in their own style, and their markers."""
    declared = {int(note.label): note for note in draft.notes if note.label.isascii() and note.label.isdecimal()}
    if not declared or len(declared) < len(draft.notes):
        return  # none, or numbered otherwise, or counted more than once
    text = draft.text()
    first = min(note.start for note in draft.notes)
    starts = sorted(note.start for note in draft.notes)
    added: dict[int, NoteSpan] = {}
    for match in PARAGRAPH_LABEL.finditer(text, text.rfind("\n", 0, first) + 1):
        number = int(match[1])
        if number in declared or number in added or not {number - 1, number + 1} & (declared.keys() | added.keys()):
            continue
        at = bisect_right(starts, match.start())
        bound = text.rfind("\n", 0, starts[at]) if at < len(starts) else len(text)
        blank = text.find("\n\n", match.end(), bound)
        end = blank if blank >= 0 else bound
        while end > match.end() and text[end - 1].isspace():
            end -= 1
        family = draft.notes[0].family
        added[number] = NoteSpan(match.end(), max(match.end(), end), match[1], family)
    if added:
        draft.notes[:] = [shortened(note, added, text) for note in draft.notes] + list(added.values())
    add_marks(draft, {note.label for note in draft.notes} - {mark.label for mark in draft.marks}, first)


def shortened(note: NoteSpan, added: dict[int, NoteSpan], text: str) -> NoteSpan:
    """A note that had taken the paragraphs of the next ones for its own."""
    inside = [other.start for other in added.values() if note.start < other.start < note.end]
    if not inside:
        return note
    line = text.rfind("\n", 0, min(inside))
    return NoteSpan(
        note.start, max(note.start, note.start + len(text[note.start : line].rstrip())), note.label, note.family
    )


def add_marks(draft: Draft, labels: set[str], end: int) -> None:
    """The markers of these notes, where they stand in brackets before the notes begin."""
    for match in BRACKETED.finditer(draft.text(), 1, end):
        if match[1] in labels and draft.text()[match.start() - 1] != "\n":
            draft.marks.append(Mark(match.start(), match.end(), match[1], draft.notes[0].family))
