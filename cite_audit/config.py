"""The settings of a run, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Network:
    """How the live web is asked. Times in seconds; `connect_to` maps "host:port" (or "*:port") to "address:port"."""

    timeout: float = 20.0  # total per look
    jobs: int = 128  # looks at once
    per_host: int = 2  # looks at once on one host; 0: no limit
    host_interval: float = 0.1  # between two starts on one host
    retries: int = 2
    backoff: float = 1.0  # before the first retry; doubled, with jitter
    silence: float = 2.5  # after which a look is hedged, and no longer keeps others waiting
    deadline: float | None = None  # for the whole run
    allow_addresses: tuple[str, ...] = ()  # CIDRs allowed although not globally routable
    connect_to: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""  # http://host:port; "none": not even the one the environment names
    ca_bundle: str = ""
    platforms: bool = True  # ask platforms where they tell the truth
    without_platforms: tuple[str, ...] = ()  # but not these, by their names in the table
    patience: float = 3 * 86400.0  # between two failures that count; three make a link broken
    # Asked for a connection, nothing more, when no link answers at all: is it them or is it us?
    canaries: tuple[str, ...] = ("example.com:443", "www.iana.org:443", "www.wikipedia.org:443", "web.archive.org:443")


@dataclass(frozen=True, slots=True)
class Archiving:
    """Which archives are asked, and where they are. `archives`: wayback, memento:URL, warc:DIR."""

    archives: tuple[str, ...] = ("wayback",)
    wayback: str = "https://web.archive.org"
    availability: str = "https://archive.org/wayback/available"
    budget: float | None = None  # seconds for all look-ups
    drift: bool = False  # compare every live page with its memento; else only pages that look taken over


@dataclass(frozen=True, slots=True)
class Grading:
    """How reports are classified and graded."""

    publisher: str = ""  # the report's own publisher, when the masthead does not tell
    taxonomy: str = "smm"
    preset: str = "event-reporting"
    overlays: tuple[str, ...] = ()  # tables of sources that win over ours
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # measure → weight, ok, bad
    roles: Mapping[str, str] = field(default_factory=dict)  # "note 12", an address or a host → role


@dataclass(frozen=True, slots=True)
class Ignore:
    """A decision to let findings be: every field given must match. `until` is its last day, `origin` its place.

    `url` may hold `*`; `domain` holds for subdomains; `report` is a path pattern; `rules` are codes, names or families
    (`CA1`); `line` is that of the cited link (inline ignores only).
    """

    reason: str
    until: date | None = None
    url: str = ""
    domain: str = ""
    report: str = ""
    rules: tuple[str, ...] = ()
    note: int | None = None
    line: int | None = None
    origin: tuple[str, int] = ("", 1)  # file and line


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of findings, and when a run fails. `fail_on`: error, warning, note or never.

    `max_unknown`: a count of links (`10`) or a share of them (`20%`) that may stay unjudged; empty: any.
    `severities`: rule → error, warning, note or off.
    """

    fail_on: str = "error"
    fail_grade: str = ""
    max_unknown: str = ""
    exit_zero: bool = False
    allow_empty: bool = False
    baseline: str = ""
    severities: Mapping[str, str] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    network: Network = Network()
    archiving: Archiving = Archiving()
    grading: Grading = Grading()
    policy: Policy = Policy()
    offline: bool = False
    archive: bool = True
    store: str | None = ""  # path; "" the user's cache; None no store
    max_age: float = 86400.0  # seconds a result is fresh
