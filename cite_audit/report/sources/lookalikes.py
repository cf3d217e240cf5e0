"""The names of known newsrooms under endings that clones use, and the spelling of a network's hosts.

Both stand in `data/lookalikes.csv`, and give a suspicion, never a fact.
"""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from cite_audit.report.sources.groups import RowConfidence, SourceControl, SourceMedium
from cite_audit.report.sources.registry import DATA, RegistryRow

TABLE = "lookalikes.csv"
MIN_MISSPELT = 6  # letters; shorter names are one letter away from ordinary words


class Brand(NamedTuple):
    """A newsroom whose site has been cloned before, or a network whose sites are spelt alike."""

    site: str
    basis: str
    line: int


@lru_cache(maxsize=1)
def _load_table() -> tuple[dict[str, Brand], dict[str, Brand], frozenset[str]]:
    """The brands by their label, the patterns of hosts, and the endings."""
    brands: dict[str, Brand] = {}
    patterns: dict[str, Brand] = {}
    endings = set()
    with (DATA / TABLE).open(encoding="utf-8", newline="") as text:
        for line, record in enumerate(csv.DictReader(text), 2):
            if record["kind"] == "ending":
                endings.add(record["value"])
            else:
                table = brands if record["kind"] == "brand" else patterns
                table[record["value"]] = Brand(record["site"], record["basis"], line)
    return brands, patterns, frozenset(endings)


def find_lookalike_row(host: str) -> RegistryRow | None:
    """A row of low confidence for a host that no table lists and that bears a cloned newsroom's name, or None.

    The name is the label before the ending, as it is or (from six letters) with one letter wrong. A pattern stands for
    the whole host.
    """
    brands, patterns, endings = _load_table()
    if pattern := next((pattern for pattern in patterns if fnmatchcase(host, pattern)), ""):
        return _build_row(host, patterns[pattern], f"one of {patterns[pattern].site}'s?")
    labels = host.split(".")
    for size in (2, 1):
        ending = ".".join(labels[-size:])
        if len(labels) > size and ending in endings:
            label = labels[-size - 1]
            brand = brands.get(label) or _find_misspelt_brand(label, brands)
            return _build_row(f"{label}.{ending}", brand, f"look-alike of {brand.site}?") if brand else None
    return None


def _find_misspelt_brand(label: str, brands: dict[str, Brand]) -> Brand | None:
    names = (name for name in brands if len(name) >= MIN_MISSPELT and _is_one_letter_off(label, name))
    return next((brands[name] for name in names), None)


def _is_one_letter_off(label: str, name: str) -> bool:
    """Whether one letter was put in, left out or replaced."""
    if abs(len(label) - len(name)) > 1 or label == name:
        return False
    start = next((at for at, pair in enumerate(zip(label, name, strict=False)) if pair[0] != pair[1]), len(name))
    tails = ((start + 1, start + 1), (start + 1, start), (start, start + 1))
    return any(label[mine:] == name[theirs:] for mine, theirs in tails)


def _build_row(key: str, brand: Brand, question: str) -> RegistryRow:
    return RegistryRow(
        key,
        id=key.replace(".", "-"),
        name=f"{key} ({question})",
        medium=SourceMedium.NEWS_OUTLET,
        control=SourceControl.COVERT_STATE,
        confidence=RowConfidence.LOW,
        basis=f"suspicion: {brand.basis}; no table lists this address",
        file=TABLE,
        line=brand.line,
    )
