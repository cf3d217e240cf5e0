"""CSV and TSV, with the delimiter, the encoding and the line ends that their owner's program writes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from cite_audit.errors import ReadError
from cite_audit.model import CitedWork, LinkTable
from cite_audit.parse.masthead_words import split_names
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.line_index import line_starts
from cite_audit.parse.readers.link_list import EntryAddress, LinkListBuilder, ListEntry
from cite_audit.parse.readers.link_table.columns import ADDRESS, HOST_NAME, find_kinds, has_header, is_address
from cite_audit.parse.readers.text import decode_text

FORMAT_NAME = "table"
DELIMITERS = "\t;,|"  # the rarer one within an address comes first
SAMPLE_RECORDS = 50
MAX_COLUMNS = 1000
SEPARATOR_LINE = re.compile(r"\ufeff?sep=([^\r\n])\r?\n", re.IGNORECASE)  # Excel's own first line


def read_link_table(data: bytes, path: str) -> Document:
    """Each row below the headings as a note. Offsets are of the cells in the decoded file. Raises ReadError."""
    text, encoding = decode_text(data, path)
    try:
        placed_rows = list(iter_rows(text, path))
    except csv.Error as error:
        raise ReadError(path, f"this table cannot be read: {error}") from None
    rows = [row for _, row in placed_rows if any(cell.strip() for cell in row)]
    if not rows:
        raise ReadError(path, "there are no rows in this table")
    kinds = find_kinds(rows)
    width = len(kinds)
    columns = tuple(rows[0]) if has_header(rows) else tuple(f"column {number}" for number in range(1, width + 1))
    starts = line_starts(text)
    builder = LinkListBuilder()
    kept: list[tuple[str, ...]] = []
    for line, row in placed_rows:
        if not any(cell.strip() for cell in row) or (not kept and row is rows[0] and has_header(rows)):
            continue
        start = starts[min(line, len(starts) - 1)]
        builder.add_entry(read_entry(text, start, row, kinds))
        kept.append((*row, *[""] * (width - len(row))))
    table = LinkTable((*columns, *[""] * (width - len(columns))), tuple(kept))
    return builder.build_document(FORMAT_NAME, text, encoding, table)


def iter_rows(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the index of the line that it starts on."""
    first_line = 0
    if separator := SEPARATOR_LINE.match(text):
        delimiter, first_line = separator[1], 1
        text = text[separator.end() :]
    else:
        delimiter = find_delimiter(text, path)
    line = 0
    reader = open_reader(text, delimiter)
    for row in reader:
        if len(row) > MAX_COLUMNS:
            raise ReadError(path, f"refused: a row of this table has more than {MAX_COLUMNS:,} cells")
        yield first_line + line, row
        line = reader.line_num


def open_reader(text: str, delimiter: str) -> Any:
    """A reader of records; quotation marks that do not pair are characters like others."""
    if text.count('"') % 2:
        return csv.reader(split_lines(text), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(split_lines(text), delimiter=delimiter)


def split_lines(text: str) -> Iterator[str]:
    """The lines with their ends; other line separators of Unicode stay within their cell."""
    starts = line_starts(text)
    for index, start in enumerate(starts):
        if line := text[start : starts[index + 1] if index + 1 < len(starts) else len(text)]:
            yield line


def find_delimiter(text: str, path: str) -> str:
    """The delimiter that cuts most of the first records into the same number of cells; the name decides a draw."""
    best, best_score = ",", (0.0, 0)
    head = text[:200_000]
    order = DELIMITERS if path.lower().endswith((".tsv", ".tab")) else ",;\t|"
    for delimiter in order:
        widths = Counter(len(row) for row in islice(open_reader(head, delimiter), SAMPLE_RECORDS) if row)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (count / max(sum(widths.values()), 1), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_entry(text: str, start: int, row: list[str], kinds: list[str]) -> ListEntry:
    """What one row says of a link."""
    said: dict[str, str] = {}
    addresses: list[EntryAddress] = []
    position = start
    for cell, kind in zip(row, kinds, strict=False):
        found = text.find(cell, position, position + 4 * len(cell) + 4096) if cell else -1
        position = found + len(cell) if found >= 0 else position
        words = cell.strip()
        if words and (kind == ADDRESS or is_address(words)):
            addresses.append(EntryAddress(words, max(found, start), find_target(words)))
        elif words and kind:
            said[kind] = words
    work = CitedWork(said.get("title", ""), tuple(split_names(said.get("authors", ""))), said.get("published", ""))
    return ListEntry(start, work, tuple(addresses), said.get("accessed", ""))


def find_target(words: str) -> str:
    """What a cell leads to where it is one plain address; others are read as running text is."""
    if len(words.split()) > 1 or any(sign in words for sign in "[](){}<>"):
        return ""
    if words.lower().startswith(("http://", "https://", "ftp://")):
        return words
    return f"http://{words}" if HOST_NAME.fullmatch(words) else ""
