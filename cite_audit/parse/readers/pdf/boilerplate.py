"""Running heads, running feet and page numbers of a PDF: lines that pages have in common at their edges."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from cite_audit.parse.notes.headings import is_note_heading
from cite_audit.parse.readers.pdf.lines import MARKER_NUMBER, PLAIN_DIGITS, SMALLER_RATIO, LinePiece, PdfLine

SET_APART_RATIO = 1.6  # of the size: what stands further than this from the text is not of it
COMMON_SHARE = 0.6  # the share of the pages that have a line in common: furniture, however near the text
ADDRESS_HINT = re.compile(r"://|www\.|\bdot\b|[\[({]\.|/\S*\d|\.[a-z]{2,5}/", re.IGNORECASE)
EDGE_LINES = 3  # at the top and the bottom of a page, which may be furniture
PAGE_NUMBER = re.compile(r"[-–—|\s]*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
LONE_NUMBERS = re.compile(r"(?<!\S)\d+(?:/\d+)?(?!\S)")  # numbers that stand alone, beside an address
DIGITS = re.compile(r"\d+")
LEADING_NUMBER = re.compile(r"\[?(\d{1,4})(?!\d)")
LIST_LABEL = re.compile(r"\[(\d{1,4})\](?=\s)|(\d{1,4})[.)](?=\s)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})(?=\s*[^\W\d])")
MARKED_SHARE = 0.8  # of the pages with a line that begins with a number: where it is marked above, the line is a note


def remove_boilerplate(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """The lines that are the report's: not what stands apart in the same place of several pages, page numbers aside."""
    note_keys = find_note_keys(pages)
    key_counts: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        key_counts.update({boilerplate_key(line) for edge in lines_from_edges(lines) for line in edge[:EDGE_LINES]})
    for text, height in list(key_counts):
        if text in note_keys:
            del key_counts[text, height]
    list_items = find_list_items(pages)
    report_lines = []
    for lines in pages:
        boilerplate = find_page_boilerplate(lines, key_counts, len(pages))
        boilerplate.update(id(line) for line in find_page_numbers(lines))
        boilerplate -= list_items
        report_lines.append([line for line in lines if id(line) not in boilerplate])
    return report_lines


def find_list_items(pages: list[list[PdfLine]]) -> set[int]:
    """The `id` of each line whose label counts on from that of the line before it with such a label, or to the next;
    and of the heading above a first one.

    The same short notes stand in the same place of several pages by chance: `[3] Ibid.`, `[26] Ibid.`
    """
    labels = {id(line): label for lines in pages for line in lines if (label := read_list_label(line.text()))}
    items: set[int] = set()
    for (line, (kind, number)), (next_line, next_label) in pairwise(labels.items()):
        if next_label == (kind, number + 1):
            items |= {line, next_line}
    for lines in pages:
        for above, first in pairwise(lines):  # each chapter's notes may begin at the top of a page
            if labels.get(id(first), (0, 0))[1] == 1 and is_note_heading(above.text()):
                items.add(id(above))
    return items


def read_list_label(text: str) -> tuple[int, int] | None:
    """The kind of label that a line begins with, as its group of `LIST_LABEL`, and its number."""
    match = LIST_LABEL.match(text)
    kind = match.lastindex if match else None
    return (kind, int(match[kind].translate(PLAIN_DIGITS))) if match and kind else None


def find_page_boilerplate(lines: list[PdfLine], key_counts: Counter[tuple[str, int]], page_count: int) -> set[int]:
    """The `id` of each line at a page's edges that other pages have too."""
    min_pages = 2 if page_count < 6 else 3
    boilerplate: set[int] = set()
    for edge in lines_from_edges(lines):
        edge_counts = [
            max(key_counts[boilerplate_key(line, shift)] for shift in (-1, 0, 1)) for line in edge[:EDGE_LINES]
        ]
        repeated_count = next(
            (edge_index for edge_index, number in enumerate(edge_counts) if number < min_pages), len(edge_counts)
        )
        for count in range(repeated_count, 0, -1):
            is_common = edge_counts[count - 1] >= max(3, COMMON_SHARE * page_count)
            if count == len(edge) or is_common or is_set_apart(edge[count - 1], edge[count]):
                boilerplate.update(id(line) for line in edge[:count])
                break
    return boilerplate


def find_note_keys(pages: list[list[PdfLine]]) -> set[str]:
    """The words of short notes that are alike on several pages (“4 Ibid.”): most of their numbers are marked above."""
    marked: Counter[str] = Counter()
    printed: Counter[str] = Counter()
    earlier_labels: set[str] = set()
    for lines in pages:
        labels = {label for line in lines for label in raised_labels(line.pieces[1:])}
        for line in lines_from_edges(lines)[0][:EDGE_LINES]:
            if match := LEADING_NUMBER.match(line.text().translate(PLAIN_DIGITS)):
                key = boilerplate_key(line)[0]
                printed[key] += 1
                marked[key] += match[1] in labels or match[1] in earlier_labels
        earlier_labels = labels
    return {key for key, count in marked.items() if count >= MARKED_SHARE * printed[key]}


def raised_labels(pieces: list[LinePiece]) -> list[str]:
    """The numbers raised, or in brackets, in these pieces of a line."""
    return [
        label for piece in pieces for label in MARKER_NUMBER.findall(piece.text.translate(PLAIN_DIGITS)) if piece.raised
    ]


def is_set_apart(edge_line: PdfLine, inner_line: PdfLine) -> bool:
    """Whether a line is further than a line's distance from the next one towards the middle, or in smaller type."""
    return (
        abs(edge_line.y - inner_line.y) > SET_APART_RATIO * max(edge_line.size, inner_line.size)
        or edge_line.size < SMALLER_RATIO * inner_line.size
    )


def lines_from_edges(lines: list[PdfLine]) -> tuple[list[PdfLine], list[PdfLine]]:
    """The lines of a page from the bottom up, and from the top down."""
    by_height = sorted(lines, key=lambda line: line.y)
    return by_height, by_height[::-1]


def boilerplate_key(line: PdfLine, shift: int = 0) -> tuple[str, int]:
    """What furniture has in common over pages: its words, numbers aside unless it holds an address, and its height."""
    text = line.text()
    words = (LONE_NUMBERS if ADDRESS_HINT.search(text) else DIGITS).sub("#", text)
    return words[:200], round(line.y / 4) + shift


def find_page_numbers(lines: list[PdfLine]) -> list[PdfLine]:
    """The highest and the lowest line, where they are a number that stands apart from the rest."""
    page_edges = lines_from_edges(lines) if len(lines) > 2 else ()
    return [edge[0] for edge in page_edges if PAGE_NUMBER.fullmatch(edge[0].text()) and is_set_apart(edge[0], edge[1])]
