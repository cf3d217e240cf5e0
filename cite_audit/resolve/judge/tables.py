"""The judge's tables: CSV files in `data/`, one row a fact with its source, readable by an editor."""

from __future__ import annotations

import csv
from functools import lru_cache

from cite_audit.package_data import find_package_folder


@lru_cache(maxsize=32)
def read_table(table_name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, each a mapping of column to text; `name` is the file without `.csv`."""
    text = (find_package_folder(__package__) / "data" / f"{table_name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
