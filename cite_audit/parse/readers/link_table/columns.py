"""Which column of a table holds what: by its heading (`data/columns.csv`), or by what stands in its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache

from cite_audit.package_data import find_package_folder

ADDRESS = "address"
SAMPLE_ROWS = 200
HOST_NAME = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?:[/?#:]\S*)?")
ADDRESS_START = re.compile(
    r"\s*(?:h[tx]{2}ps?|ftp)\s?[:\[(]|\s*www\s?[.\[({]|\s*(?:[\w-]{1,63}(?:\.|\[\.\]|\(\.\))){1,8}[^\W\d_]{2,24}[/?#]",
    re.I,
)


@cache
def heading_kinds() -> dict[str, str]:
    """Heading in lower case → kind of column."""
    table = (find_package_folder("cite_audit.parse") / "data" / "columns.csv").read_text(encoding="utf-8")
    return {
        heading: row["kind"] for row in csv.DictReader(table.splitlines()) for heading in row["headings"].split("|")
    }


def is_address(cell: str) -> bool:
    """Whether an address, defanged or not, stands at the start of a cell."""
    return ADDRESS_START.match(cell) is not None


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: no address stands in it."""
    return not any(map(is_address, rows[0]))


def find_kinds(rows: Sequence[Sequence[str]]) -> list[str]:
    """The kind of each column, empty for those that say nothing about a link; of two with one kind the first counts."""
    width = max(map(len, rows))
    headings = rows[0] if has_header(rows) else ()
    kinds: list[str] = []
    for index in range(width):
        heading = " ".join(headings[index].replace("_", " ").split()).lower() if index < len(headings) else ""
        kind = heading_kinds().get(heading, "")
        cells = [
            row[index] for row in rows[1 if headings else 0 : SAMPLE_ROWS] if index < len(row) and row[index].strip()
        ]
        addresses = sum(map(is_address, cells))
        if addresses and 2 * addresses >= len(cells):
            kind = ADDRESS
        elif kind == ADDRESS and not any(HOST_NAME.fullmatch(cell.strip()) for cell in cells):
            kind = ""
        kinds.append(kind if kind == ADDRESS or kind not in kinds else "")
    return kinds
