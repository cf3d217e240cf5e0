"""The settings of a run, with their defaults, and for each whether a configuration file that was found may set it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class FoundRight:
    """What a configuration file that was merely found may do with a setting.

    Numbers from `least` to `most` (times in seconds); `beside`: paths within the file's own folder only.
    """

    least: float = -math.inf
    most: float = math.inf
    beside: bool = False


def _found(least: float = -math.inf, most: float = math.inf, *, beside: bool = False) -> dict[str, FoundRight]:
    """The metadata of a field that a found file may set; without it only what the user says counts."""
    return {"found": FoundRight(least, most, beside)}


@dataclass(frozen=True, slots=True)
class Network:
    """How the live web is asked. Times in seconds; `connect_to` maps "host:port" (or "*:port") to "address:port"."""

    timeout: float = field(default=20.0, metadata=_found(most=120))  # total per look
    jobs: int = field(default=128, metadata=_found(most=128))  # looks at once
    per_host: int = field(default=2, metadata=_found(least=1, most=2))  # looks at once on one host; 0: no limit
    host_interval: float = field(default=0.1, metadata=_found(least=0.1))  # between two starts on one host
    retries: int = field(default=2, metadata=_found(most=2))
    backoff: float = field(default=1.0, metadata=_found(least=1))  # before the first retry; doubled, with jitter
    # after which a look is hedged, and no longer keeps others waiting
    silence: float = field(default=2.5, metadata=_found(least=2.5))
    deadline: float | None = field(default=None, metadata=_found())  # for the whole run
    allow_addresses: tuple[str, ...] = ()  # CIDRs allowed although not globally routable
    connect_to: Mapping[str, str] = field(default_factory=dict)
    proxy: str = field(default="", repr=False)  # http://host:port; "none": not even the one the environment names
    ca_bundle: str = ""
    platforms: bool = field(default=True, metadata=_found())  # ask platforms where they tell the truth
    without_platforms: tuple[str, ...] = field(default=(), metadata=_found())  # but not these: names of the table
    patience: float = field(default=3 * 86400.0, metadata=_found(least=3 * 86400.0))  # between failures; three: broken
    # Asked for a connection, nothing more, when no link answers at all: is it them or is it us?
    canaries: tuple[str, ...] = ("example.com:443", "www.iana.org:443", "www.wikipedia.org:443", "web.archive.org:443")


@dataclass(frozen=True, slots=True)
class Archiving:
    """Which archives are asked, and where they are. `archives`: wayback, memento:URL, warc:DIR."""

    archives: tuple[str, ...] = ("wayback",)
    wayback: str = "https://web.archive.org"
    availability: str = "https://archive.org/wayback/available"
    budget: float | None = field(default=None, metadata=_found())  # seconds for all look-ups
    # compare every live page with its memento; else only pages that look taken over
    drift: bool = field(default=False, metadata=_found())


@dataclass(frozen=True, slots=True)
class Grading:
    """How reports are classified and graded."""

    publisher: str = field(default="", metadata=_found())  # the report's own publisher, when the masthead does not tell
    taxonomy: str = field(default="smm", metadata=_found())
    preset: str = field(default="event-reporting", metadata=_found())
    overlays: tuple[str, ...] = field(default=(), metadata=_found(beside=True))  # tables of sources that win over ours
    # measure → weight, ok, bad
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict, metadata=_found())
    roles: Mapping[str, str] = field(default_factory=dict, metadata=_found())  # "note 12", an address or a host → role


@dataclass(frozen=True, slots=True)
class Ignore:
    """A decision to let findings be: every field given must match. `until` is its last day, `origin` its place.

    `url` may hold `*`; `domain` holds for subdomains; `report` is a path pattern; `rules` are codes, names or families
    (`CA1`); `line` is that of the cited link (inline ignores only).
    """

    reason: str
    until: date | None = None
    _: KW_ONLY
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

    fail_on: str = field(default="error", metadata=_found())
    fail_grade: str = field(default="", metadata=_found())
    max_unknown: str = field(default="", metadata=_found())
    exit_zero: bool = field(default=False, metadata=_found())
    allow_empty: bool = field(default=False, metadata=_found())
    baseline: str = field(default="", metadata=_found(beside=True))
    severities: Mapping[str, str] = field(default_factory=dict, metadata=_found())
    ignores: tuple[Ignore, ...] = field(default=(), metadata=_found())


@dataclass(frozen=True, slots=True)
class Settings:
    network: Network = Network()
    archiving: Archiving = Archiving()
    grading: Grading = Grading()
    policy: Policy = Policy()
    offline: bool = field(default=False, metadata=_found())
    archive: bool = field(default=True, metadata=_found())
    store: str | None = ""  # path; "" the user's cache; None no store
    max_age: float = field(default=86400.0, metadata=_found())  # seconds a result is fresh
