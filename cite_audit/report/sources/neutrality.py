"""Addresses that tell no publisher, and outlets that count as one voice, from `data/neutral.csv` and `networks.csv`.

An archive, a short link, a map, a translator, a paste, a reprint: whoever stands behind the page is not whoever runs
the site. Such an address adds no publisher to a note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
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
    for key in _iterate_keys(host, path):
        if key in kinds:
            return key, kinds[key]
    return "", ""


@lru_cache(maxsize=4096)
def find_network(host: str) -> OutletNetwork | None:
    """What `networks.csv` says of an ASCII host, or None."""
    networks = _load_networks()
    return next((networks[key] for key in _iterate_keys(host, "") if key in networks), None)


def _iterate_keys(host: str, path: str) -> Iterator[str]:
    """The first segment of the path below the host, then the host, then its parents."""
    segment = path[1:].partition("/")[0].lower()
    if segment:
        yield f"{host}/{segment}"
    while host:
        yield host
        _, _, host = host.partition(".")


def find_neutral_kind(host: str, path: str, *, medium: str, longest_key: str, has_account: bool) -> str:
    """The kind of site that tells no publisher, or empty. `longest_key`: the most specific row of the registry.

    A row that is more specific than the neutral site's own key (a newsroom's folder on a file host) names a publisher.
    """
    if has_account:
        return ""
    key, kind = find_neutral_key(host, path)
    if kind and len(longest_key) <= len(key):
        return kind
    return NEUTRAL_MEDIA.get(medium, "")
