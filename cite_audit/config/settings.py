"""The settings of a run. Each is one field: its default, option, help, bounds and what a found file may do with it.

The keys of files, the variables, the options of the command line and docs/settings.md are made from these fields
(`cite_audit.config.keys`); a new setting is a new field.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, MISSING, field
from datetime import date
from typing import Any, NamedTuple

from cite_audit.frozen_record import frozen_record

CENTURY = 36_500 * 86400.0  # seconds; a longer time is a typo, and overflows dates


class FoundRight(NamedTuple):
    """What a configuration file that was found, not named as trusted, may do with a setting.

    Numbers from `least` to `most` (times in seconds); `beside`: paths within the file's own folder only.
    """

    least: float = -math.inf
    most: float = math.inf
    beside: bool = False


ANY_VALUE = FoundRight()


class SettingFacts(NamedTuple):  # no dataclass: that one takes 1 ms more to define, in every --help
    """What a field of the settings says of itself besides its name, type and default.

    `flag`: its option without the leading hyphens; that of a switch that is on by default turns it off. `help`: the
    option's help; without one the option is hidden. `repeated`: the option takes one value each time it is given.
    `least` to `most`: the bounds of a number, wherever it comes from. `found`: the rights of a found file; None: none.
    `path_prefix`: the value is a path, or holds paths behind this prefix. `routes`: it maps "HOST:PORT" to
    "ADDRESS:PORT". `table`: it is a table of its own in a file, under this name, and has no key.
    """

    flag: str = ""
    help: str = ""
    repeated: bool = False
    least: float = 0
    most: float = CENTURY
    found: FoundRight | None = None
    path_prefix: str | None = None
    routes: bool = False
    table: str = ""


def setting(
    default: Any = MISSING, *, factory: Callable[[], Any] | None = None, private: bool = False, **facts: Any
) -> Any:
    """A field with its facts (those of SettingFacts). A `private` one may hold a password and is never shown."""
    metadata = {"setting": SettingFacts(**facts)}
    if factory is not None:
        return field(default_factory=factory, repr=not private, metadata=metadata)
    return field(default=default, repr=not private, metadata=metadata)


@frozen_record
class Network:
    """How the live web is asked. Times in seconds."""

    # total per look
    timeout: float = setting(
        20.0,
        flag="timeout",
        help="Time for one look in all: 20 (seconds), 90s, 5m, 12h.",
        least=0.1,
        found=FoundRight(most=120),
    )
    jobs: int = setting(128, flag="jobs", help="Looks at once.", least=1, most=10_000, found=FoundRight(most=128))
    # None: found for each host, from 2 to 6
    per_host: int | None = setting(
        None,
        flag="per-host",
        help="Looks at once on one host; 0: no limit. Without it 2, and up to 6 where a host answers fast.",
        most=10_000,
        found=FoundRight(1, 2),
    )
    # None: found for each host, from 0.1 to 0.05
    host_interval: float | None = setting(
        None,
        flag="host-interval",
        help="Time between two starts on a host. Without it 0.1s, and down to 0.05s where a host answers fast.",
        found=FoundRight(0.1),
    )
    polite: bool = setting(
        False, flag="polite", help="Never more than 2 looks at once and 10 a second on one host.", found=ANY_VALUE
    )
    retries: int = setting(2, most=100, found=FoundRight(most=2))
    backoff: float = setting(1.0, found=FoundRight(1))  # before the first retry; doubled, with jitter
    # after which a look is hedged and gives its slot free
    silence: float = setting(2.5, least=0.1, found=FoundRight(2.5))
    deadline: float | None = setting(None, flag="deadline", help="Time for the whole run.", least=0.1, found=ANY_VALUE)
    # CIDRs allowed although not globally routable
    allow_addresses: tuple[str, ...] = setting(
        (), flag="allow-address", repeated=True, help="CIDR to allow though not public."
    )
    # "host:port" (or "*:port") to "address:port"
    connect_to: Mapping[str, str] = setting(factory=dict, flag="connect-to", repeated=True, routes=True)
    # http://host:port; "none": not even the one the environment names
    proxy: str = setting(
        "", flag="proxy", help="Proxy for all requests; its own rules then guard addresses.", private=True
    )
    ca_bundle: str = setting("", flag="ca-bundle", help="PEM file of certificate authorities to trust.", path_prefix="")
    platforms: bool = setting(True, found=ANY_VALUE)  # ask the platforms' own services
    # but not these: names of the table
    without_platforms: tuple[str, ...] = setting(
        (), flag="no-platform", repeated=True, help="Do not ask this platform's own service.", found=ANY_VALUE
    )
    patience: float = setting(
        3 * 86400.0,
        flag="patience",
        help="Time between failures that count; three break a link.",
        found=FoundRight(3 * 86400.0),
    )
    # Connected to, nothing more, when no link answers at all: a failure here too means that the local network is down.
    canaries: tuple[str, ...] = setting(
        ("example.com:443", "www.iana.org:443", "www.wikipedia.org:443", "web.archive.org:443")
    )


@frozen_record
class Archiving:
    """Which archives are asked, and where they are."""

    # wayback, memento:URL, warc:DIR
    archives: tuple[str, ...] = setting(
        ("wayback",), flag="archives", help="wayback, memento:URL, warc:DIR; comma separated.", path_prefix="warc:"
    )
    wayback: str = setting("https://web.archive.org", flag="wayback")
    availability: str = setting("https://archive.org/wayback/available", flag="availability")
    # seconds for all look-ups
    budget: float | None = setting(
        None,
        flag="archive-budget",
        help="Time for all archive look-ups, or for each kind of capture.",
        found=ANY_VALUE,
    )
    # without it only pages that look taken over are compared with their memento
    drift: bool = setting(False, flag="drift", help="Compare every live page with its archived copy.", found=ANY_VALUE)
    # at most ten requests for each dead link
    new_homes: bool = setting(
        True, flag="no-new-homes", help="Do not search where pages that are gone may be now.", found=ANY_VALUE
    )
    # one request for each section of a site
    never_seen: bool = setting(
        True,
        flag="no-never-seen",
        help="Do not count the archived neighbours of dead pages never archived.",
        found=ANY_VALUE,
    )
    # in the WARC files that captures write
    operator: str = setting("", flag="operator", help="Who captures, with an address to write to; in WARC files.")


@frozen_record
class Grading:
    """How reports are classified and graded."""

    # the report's own publisher, where its front matter names none
    publisher: str = setting("", flag="publisher", help="Host of the report's own publisher.", found=ANY_VALUE)
    taxonomy: str = setting(
        "smm", flag="taxonomy", help="What counts as state media: smm (default), strict, lenient.", found=ANY_VALUE
    )
    preset: str = setting(
        "event-reporting",
        flag="preset",
        help="event-reporting (default), statement-tracking, cti, academic, court or strict.",
        found=ANY_VALUE,
    )
    # tables of sources that win over the registry
    overlays: tuple[str, ...] = setting(
        (),
        flag="sources",
        repeated=True,
        help="Your table of sources; wins over ours.",
        path_prefix="",
        found=FoundRight(beside=True),
    )
    # measure → weight, ok, bad
    weights: Mapping[str, tuple[float, ...]] = setting(factory=dict, found=ANY_VALUE)
    roles: Mapping[str, str] = setting(factory=dict, found=ANY_VALUE)  # "note 12", an address or a host → role


@frozen_record
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


@frozen_record
class Policy:
    """What becomes of findings, and when a run fails. `fail_on`: error, warning, note or never.

    `max_unknown`: a count of links (`10`) or a share of them (`20%`) that may stay unjudged; empty: any.
    `severities`: rule → error, warning, note or off.
    """

    fail_on: str = setting(
        "error", flag="fail-on", help="error (the default), warning, note or never.", found=ANY_VALUE
    )
    fail_grade: str = setting("", flag="fail-grade", help="Fail on a grade below this letter.", found=ANY_VALUE)
    max_unknown: str = setting(
        "",
        flag="max-unknown",
        help="Links that may stay unjudged: a count (10) or a share (20%).",
        found=ANY_VALUE,
    )
    exit_zero: bool = setting(False, flag="exit-zero", help="Exit 0 where findings would make it 1.", found=ANY_VALUE)
    allow_empty: bool = setting(
        False, flag="allow-empty", help="Empty files, and no links at all, are fine.", found=ANY_VALUE
    )
    baseline: str = setting(
        "",
        flag="baseline",
        help="File of known findings; only new ones fail the run.",
        path_prefix="",
        found=FoundRight(beside=True),
    )
    severities: Mapping[str, str] = setting(factory=dict, table="severity", found=ANY_VALUE)
    ignores: tuple[Ignore, ...] = setting((), table="ignore", found=ANY_VALUE)


@frozen_record
class Settings:
    network: Network = Network()
    archiving: Archiving = Archiving()
    grading: Grading = Grading()
    policy: Policy = Policy()
    # a found file may not set it: asking malicious hosts is a decision of the person who runs the audit
    indicators: bool = setting(
        False, flag="indicators", help="Treat indicators of compromise like cited links: ask, grade, capture them."
    )
    offline: bool = setting(False, flag="offline", help="Ask nothing of any network.", found=ANY_VALUE)
    archive: bool = setting(True, flag="no-archive", help="Do not look links up in archives.", found=ANY_VALUE)
    facts: bool = setting(
        True, flag="no-facts", help="Do not look on pages for the facts of the sentences.", found=ANY_VALUE
    )
    # path; "" the user's cache; None no store
    store: str | None = setting(
        "", flag="store", help="Database of what was seen; the user's cache by default.", path_prefix=""
    )
    # seconds a result is fresh
    max_age: float = setting(86400.0, flag="max-age", help="Time for which a result is fresh.", found=ANY_VALUE)
