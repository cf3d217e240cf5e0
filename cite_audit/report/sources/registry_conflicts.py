"""What several tables together say wrong: keys that stand twice, one id for two sources, rows that nobody cites."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from cite_audit.report.sources.channels import find_account
from cite_audit.report.sources.registry import RegistryRow
from cite_audit.report.sources.registry_check import TableProblem

_ADDRESS = re.compile(r"(?<![\w-])(?:[\w-]++\.)+[a-z]{2,}(?:/[^\s\"'<>|,)]*)?")


def find_registry_problems(
    rows: Iterable[RegistryRow], cited_keys: frozenset[str] = frozenset()
) -> Iterator[tuple[str, TableProblem]]:
    """The file and the problem of rows that do not go together.

    A key may have one row a period, over all tables. Rows of one id without periods may differ in their control or in
    their country, not in both: then they are two sources. With `cited_keys` (see `read_cited_keys`) a row whose key
    is none of them is a problem too.
    """
    first_places: dict[tuple[str, str], RegistryRow] = {}
    rows_by_id: defaultdict[str, dict[tuple[str, str], RegistryRow]] = defaultdict(dict)
    for row in rows:
        earlier = first_places.setdefault((row.key, row.valid_from), row)
        if earlier.file != row.file:
            yield row.file, TableProblem(row.line, "key", f"{row.key} stands in {earlier.file_and_line} already")
        if row.id and row.control and row.country and not (row.valid_from or row.valid_to):
            rows_by_id[row.id].setdefault((row.control, row.country), row)
        if cited_keys and not row.key.startswith(".") and row.key not in cited_keys:
            yield row.file, TableProblem(row.line, "key", f"{row.key} is never cited")
    for id, variants in rows_by_id.items():
        for (control, country), (other_control, other_country) in combinations(variants, 2):
            if control != other_control and country != other_country:
                row, other = variants[other_control, other_country], variants[control, country]
                message = f"{id} is {other_control}, {other_country} here and {control}, {country} in"
                yield row.file, TableProblem(row.line, "id", f"{message} {other.file_and_line}")


def read_cited_keys(text: str) -> frozenset[str]:
    """The registry keys that the addresses in a text may stand under: hosts with their parents, paths, accounts."""
    keys: set[str] = set()
    for address in _ADDRESS.findall(text.lower()):
        host, _, path = address.partition("/")
        host = host.removeprefix("www.")
        labels = host.split(".")
        keys.update(".".join(labels[level:]) for level in range(len(labels) - 1))
        segments = path.rstrip("/").split("/")
        keys.update(f"{host}/{'/'.join(segments[:depth])}" for depth in range(1, len(segments) + 1))
        if account := find_account(host, f"/{path}"):
            keys.update(account.keys)
    return frozenset(keys)
