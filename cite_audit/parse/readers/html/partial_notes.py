"""Notes that a page links in part only: `[3]` and its paragraph beside `<a href="#_edn2">[2]</a>` and its own."""

from __future__ import annotations

import re
from bisect import bisect_right

from cite_audit.parse.readers.base import MarkerSpan, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder

PARAGRAPH_LABEL = re.compile(r"^\[(\d{1,3})\][ \t\u00a0]*", re.MULTILINE)
BRACKETED_NUMBER = re.compile(r"\[(\d{1,3})\]")


def add_unlinked_notes(builder: DocumentBuilder) -> None:
    """Declares the notes that go on the count of the declared ones in their own style, and their markers."""
    declared_notes = {
        int(note.label): note for note in builder.notes if note.label.isascii() and note.label.isdecimal()
    }
    if not declared_notes or len(declared_notes) < len(builder.notes):
        return  # none, or numbered otherwise, or counted more than once
    text = builder.full_text()
    notes_start = min(note.start for note in builder.notes)
    starts = sorted(note.start for note in builder.notes)
    added_notes: dict[int, NoteSpan] = {}
    for match in PARAGRAPH_LABEL.finditer(text, text.rfind("\n", 0, notes_start) + 1):
        number = int(match[1])
        if (
            number in declared_notes
            or number in added_notes
            or not {number - 1, number + 1} & (declared_notes.keys() | added_notes.keys())
        ):
            continue
        next_index = bisect_right(starts, match.start())
        bound = text.rfind("\n", 0, starts[next_index]) if next_index < len(starts) else len(text)
        paragraph_end = text.find("\n\n", match.end(), bound)
        end = paragraph_end if paragraph_end >= 0 else bound
        while end > match.end() and text[end - 1].isspace():
            end -= 1
        family = builder.notes[0].family
        added_notes[number] = NoteSpan(match.end(), max(match.end(), end), match[1], family)
    if added_notes:
        builder.notes[:] = [trim_note_span(note, added_notes, text) for note in builder.notes] + list(
            added_notes.values()
        )
    add_bracketed_markers(
        builder, {note.label for note in builder.notes} - {marker.label for marker in builder.markers}, notes_start
    )


def trim_note_span(note: NoteSpan, added_notes: dict[int, NoteSpan], text: str) -> NoteSpan:
    """A note that had taken the paragraphs of the next ones for its own."""
    inner_starts = [added_note.start for added_note in added_notes.values() if note.start < added_note.start < note.end]
    if not inner_starts:
        return note
    line_start = text.rfind("\n", 0, min(inner_starts))
    return NoteSpan(
        note.start,
        max(note.start, note.start + len(text[note.start : line_start].rstrip())),
        note.label,
        note.family,
        note.target,
    )


def add_bracketed_markers(builder: DocumentBuilder, labels: set[str], end: int) -> None:
    """The markers of these notes, where they stand in brackets before the notes begin."""
    for match in BRACKETED_NUMBER.finditer(builder.full_text(), 1, end):
        if match[1] in labels and builder.full_text()[match.start() - 1] != "\n":
            builder.markers.append(MarkerSpan(match.start(), match.end(), match[1], builder.notes[0].family))
