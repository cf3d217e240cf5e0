"""A DOI belongs to the publisher whose prefix it bears, from `data/doi-prefixes.csv`."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import NamedTuple

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.report.sources.groups import RowConfidence, SourceControl, SourceMedium
from cite_audit.report.sources.registry import DATA, RegistryRow

RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org", "doi.ieeecomputersociety.org"})
TABLE = "doi-prefixes.csv"
_PREFIX = compile_lazily(r"/(?:doi:)?(10\.\d{4,9})(?:\.\d+)*/", re.I)


class Registrant(NamedTuple):
    """Who registered a prefix: the site of the registry that describes it, and a row where there is none.

    `row` is None for repositories (arXiv, Zenodo): their number names no publisher.
    """

    host: str
    row: RegistryRow | None


@lru_cache(maxsize=1)
def _load_registrants() -> dict[str, Registrant]:
    registrants = {}
    with (DATA / TABLE).open(encoding="utf-8", newline="") as text:
        for line, record in enumerate(csv.DictReader(text), 2):
            row = RegistryRow(
                record["host"],
                id=record["id"],
                name=record["name"],
                medium=SourceMedium.ACADEMIC,
                control=SourceControl.NONPROFIT,
                confidence=RowConfidence.MEDIUM,
                basis=f"the DOI prefix {record['prefix']} is registered by {record['name']}",
                file=TABLE,
                line=line,
            )
            registrants[record["prefix"]] = Registrant(record["host"], row if record["id"] else None)
    return registrants


def find_registrant(host: str, path: str) -> Registrant | None:
    """The registrant of the DOI in an address of a resolver (ISO 26324 syntax), or None."""
    if host not in RESOLVERS:
        return None
    prefix_match = _PREFIX.match(path)
    return _load_registrants().get(prefix_match[1]) if prefix_match else None
