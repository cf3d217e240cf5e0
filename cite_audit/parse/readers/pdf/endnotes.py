"""Endnotes of a PDF whose labels are plain numbers: a list that counts up and agrees with the raised markers.

Lists with raised or bracketed labels, or below a heading, are found in the text as in any other format.
"""

from __future__ import annotations

import re

from cite_audit.parse.readers.pdf.footnotes import FootnoteLayout, PdfFootnote
from cite_audit.parse.readers.pdf.lines import PLAIN_DIGITS, PdfLine
from cite_audit.parse.readers.pdf.markers import find_raised_numbers

PLAIN_LABEL = re.compile(r"\s*(\d{1,4})(?:[.)](?!\d)\s*|\s+)(?=\S)")
ANY_LABEL = re.compile(rf"{PLAIN_LABEL.pattern}|\s*([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,4}})\s*(?=\S)|\s*\[(\d{{1,4}})\]\s*(?=\S)")
MIN_NOTES = 3
MIN_AGREEMENT = 0.9  # of the markers have a note, and of the notes a marker
MAX_SKIPPED = 2  # numbers that a list may skip
SIZE_TOLERANCE = 0.06  # of the notes' size: lines of another size are not of them
MAX_STARTS = 50  # lines that may begin the list, from the end
MAX_LAST_LINES = 12  # of the last note


def find_endnotes(pages: list[list[PdfLine]], *, any_label: bool = False) -> FootnoteLayout:
    """The endnotes of a report; none where the markers begin again, or no list agrees with them.

    `any_label`: raised and bracketed labels are taken too.
    """
    lines = [line for page in pages for line in page]
    markers = [(index, marker) for index, line in enumerate(lines) for marker in find_raised_numbers([line])]
    marked_labels = {marker.label for _, marker in markers}
    if len(marked_labels) < MIN_NOTES or restarts([marker.label for _, marker in markers]):
        return FootnoteLayout(pages)
    chain = find_label_chain(lines, marked_labels, ANY_LABEL if any_label else PLAIN_LABEL)
    if not chain or any(chain[0][0] <= index <= chain[-1][0] for index, _ in markers):
        return FootnoteLayout(pages)
    labels = {label for _, label, _ in chain}
    agreement = len(labels & marked_labels) / max(len(labels), len(marked_labels))
    if agreement < MIN_AGREEMENT:
        return FootnoteLayout(pages)
    footnotes = cut_notes(lines, chain)
    taken = {id(line) for note in footnotes for line in note.lines}
    layout = FootnoteLayout([[line for line in page if id(line) not in taken] for page in pages], footnotes)
    for _, marker in markers:
        if marker.label in labels:
            layout.markers.setdefault(id(marker.piece), []).append(marker)
    return layout


def restarts(labels: list[int]) -> bool:
    """Whether the markers count from 1 again, as in a book of chapters."""
    highest = 0
    for label, following in zip(labels, [*labels[1:], 0], strict=True):
        if label == 1 and (highest > MIN_NOTES or (highest > 1 and following == 2)):
            return True
        highest = max(highest, label)
    return False


def find_label_chain(
    lines: list[PdfLine], marked_labels: set[int], pattern: re.Pattern[str]
) -> list[tuple[int, int, int]]:
    """(line, label, its length) of the longest list that counts up from the first marker; the last one of equals."""
    labels = [
        (index, int(m[m.lastindex or 1].translate(PLAIN_DIGITS)), m.end())
        for index, line in enumerate(lines)
        if (m := pattern.match(line.text()))
    ]
    best: list[tuple[int, int, int]] = []
    first_label, last_label = min(marked_labels), max(marked_labels)
    starts = [position for position, (_, label, _) in enumerate(labels) if label == first_label]
    for position in starts[-MAX_STARTS:]:
        entry = labels[position]
        chain = [entry]
        for following in labels[position + 1 :]:
            if chain[-1][1] < following[1] <= min(chain[-1][1] + 1 + MAX_SKIPPED, last_label) and is_same_size(
                lines[following[0]], lines[entry[0]]
            ):
                chain.append(following)
        if len(chain) >= max(MIN_NOTES, len(best)):
            best = chain
    return best


def is_same_size(line: PdfLine, other_line: PdfLine) -> bool:
    return abs(line.size - other_line.size) <= SIZE_TOLERANCE * other_line.size


def cut_notes(lines: list[PdfLine], chain: list[tuple[int, int, int]]) -> list[PdfFootnote]:
    """The notes of a list: each up to the next label, the last one up to a line of another size or paragraph."""
    notes: list[PdfFootnote] = []
    for (index, label, length), following in zip(chain, [*chain[1:], None], strict=True):
        note = PdfFootnote(label, length, [lines[index]])
        stop = following[0] if following else min(len(lines), index + MAX_LAST_LINES)
        for line in lines[index + 1 : stop]:
            if not following and (line.starts_paragraph or line.page != lines[index].page):
                break
            if is_same_size(line, lines[index]):
                note.lines.append(line)
        notes.append(note)
    return notes
