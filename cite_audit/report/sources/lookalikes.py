"""The names of known newsrooms under endings that clones use, and the spelling of a network's hosts.

Both stand in `data/lookalikes.csv`, and give a suspicion, never a fact.
"""

from __future__ import annotations

import csv
import re
from fnmatch import translate
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
def _load_table() -> tuple[dict[str, Brand], list[tuple[re.Pattern[str], Brand]], frozenset[str]]:
    """The brands by their label, the patterns of hosts, and the endings."""
    brands: dict[str, Brand] = {}
    patterns: list[tuple[re.Pattern[str], Brand]] = []
    endings = set()
    with (DATA / TABLE).open(encoding="utf-8", newline="") as text:
        for line, record in enumerate(csv.DictReader(text), 2):
            if record["kind"] == "ending":
                endings.add(record["value"])
                continue
            brand = Brand(record["site"], record["basis"], line)
            if record["kind"] == "brand":
                brands[record["value"]] = brand
            else:
                patterns.append((re.compile(translate(record["value"])), brand))
    return brands, patterns, frozenset(endings)


def find_lookalike_row(host: str) -> RegistryRow | None:
    """A row of low confidence for a host that no table lists and that bears a cloned newsroom's name, or None.

    The name is the label before the ending, as it is or (from six letters) with one letter wrong. A pattern stands for
    the whole host.
    """
    brands, patterns, endings = _load_table()
    for pattern, network in patterns:
        if pattern.match(host):
            return _build_row(host, network, f"one of {network.site}'s?")
    rest, _, last = host.rpartition(".")
    rest_above, _, last_but_one = rest.rpartition(".")
    for ending, name in ((f"{last_but_one}.{last}", rest_above), (last, rest)):
        if name and ending in endings:
            label = name.rpartition(".")[2]
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
