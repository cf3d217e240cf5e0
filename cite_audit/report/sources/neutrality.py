"""Addresses that tell no publisher, and outlets that count as one voice, from `data/neutral.csv` and `networks.csv`.

An archive, a short link, a map, a translator, a paste, a reprint: whoever stands behind the page is not whoever runs
the site. Such an address adds no publisher to a note.
"""

from __future__ import annotations

import csv
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import NamedTuple

from cite_audit.report.sources.groups import SourceControl, SourceMedium
from cite_audit.report.sources.registry import DATA

# medium of the registry → the kind of a site that publishes nothing of its own
NEUTRAL_MEDIA: Mapping[str, str] = {
    SourceMedium.SHORTENER: "short link",
    SourceMedium.WEB_ARCHIVE: "archive",
    SourceMedium.DOCUMENT_HOST: "document host",
    SourceMedium.AGGREGATOR: "aggregator",
    SourceMedium.WIKI: "encyclopedia",
}
ACCOUNTLESS = "platform"  # the kind of a page on a platform whose author the address does not show
# who takes a side: outlets and channels of one country under these controls corroborate each other once
PARTISAN_CONTROLS = frozenset(
    {
        SourceControl.STATE_RUN,
        SourceControl.STATE_AFFILIATED,
        SourceControl.COVERT_STATE,
        SourceControl.PRIVATE_ALIGNED,
        SourceControl.ARMED_GROUP,
    }
)


class OutletNetwork(NamedTuple):
    """What `networks.csv` says of an outlet: the voice it shares (may be empty), a rating, and why."""

    name: str
    rating: str
    basis: str


@lru_cache(maxsize=1)
def _load_neutral_keys() -> dict[str, str]:
    with (DATA / "neutral.csv").open(encoding="utf-8", newline="") as text:
        return {record["key"]: record["kind"] for record in csv.DictReader(text)}


@lru_cache(maxsize=1)
def _load_networks() -> dict[str, OutletNetwork]:
    with (DATA / "networks.csv").open(encoding="utf-8", newline="") as text:
        return {
            record["key"]: OutletNetwork(record["network"], record["rating"], record["why"])
            for record in csv.DictReader(text)
        }


def find_neutral_key(host: str, path: str) -> tuple[str, str]:
    """The key of `neutral.csv` that an ASCII host and a path stand under, and its kind; both empty without one."""
    kinds = _load_neutral_keys()
    segment = path[1:].partition("/")[0].lower()
    key = f"{host}/{segment}" if segment else host
    if key not in kinds:
        key = _find_host_key(host, kinds)
    return key, kinds.get(key, "")


def has_own_kind(host: str, path: str) -> bool:
    """Whether `neutral.csv` speaks of a path's first folder, and not of its host alone."""
    return f"{host}/{path[1:].partition('/')[0].lower()}" in _load_neutral_keys()


@lru_cache(maxsize=4096)
def find_network(host: str) -> OutletNetwork | None:
    """What `networks.csv` says of an ASCII host, or None."""
    networks = _load_networks()
    return networks.get(_find_host_key(host, networks))


def _find_host_key(host: str, table: Container[str]) -> str:
    """The host, or the nearest of its parents that stands in a table; empty without one."""
    while host and host not in table:
        host = host.partition(".")[2]
    return host
