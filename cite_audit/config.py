"""The settings of a run, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Network:
    """How the live web is asked. Times in seconds; `connect_to` maps "host:port" (or "*:port") to "address:port"."""

    timeout: float = 20.0  # total per look
    jobs: int = 64  # looks at once
    per_host: int = 2  # looks at once on one host; 0: no limit
    host_interval: float = 0.1  # between two starts on one host
    retries: int = 2
    deadline: float | None = None  # for the whole run
    allow_addresses: tuple[str, ...] = ()  # CIDRs allowed although not globally routable
    connect_to: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    ca_bundle: str = ""
    platforms: bool = True


@dataclass(frozen=True, slots=True)
class Archiving:
    """Which archives are asked, and where they are. `archives`: wayback, memento:URL, warc:DIR."""

    archives: tuple[str, ...] = ("wayback",)
    wayback: str = "https://web.archive.org"
    availability: str = "https://archive.org/wayback/available"
    budget: float | None = None  # seconds for all look-ups


@dataclass(frozen=True, slots=True)
class Grading:
    """How reports are classified and graded."""

    publisher: str = ""  # the report's own publisher, when the masthead does not tell
    taxonomy: str = "smm"
    preset: str = "event-reporting"
    overlays: tuple[str, ...] = ()  # tables of sources that win over ours


@dataclass(frozen=True, slots=True)
class Settings:
    network: Network = Network()
    archiving: Archiving = Archiving()
    grading: Grading = Grading()
    offline: bool = False
    archive: bool = True
    store: str | None = ""  # path; "" the user's cache; None no store
    max_age: float = 86400.0  # seconds a result is fresh
