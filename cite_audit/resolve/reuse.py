"""What the store still knows of links, and what it is told of them."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from cite_audit import __version__
from cite_audit.config import Settings
from cite_audit.model import Health, Probe, Reason, Verdict, Wanted
from cite_audit.resolve.base import Shelf
from cite_audit.store import open_store

# Seconds for which a verdict that is not "alive" is good: a wall stands for a while, trouble passes.
MINUTES = 600.0
Past = tuple[datetime, Health, Reason]
WALLS = dict.fromkeys(
    (
        Reason.BLOCKED,
        Reason.GEO_BLOCKED,
        Reason.LOGIN_REQUIRED,
        Reason.PAYWALL,
        Reason.CONSENT_WALL,
        Reason.JS_SHELL,
        Reason.INVALID,
        Reason.SKIPPED,
    ),
    3600.0,
)
CLOCK_SLACK = 60.0  # seconds a kept result may lie in the future; more means that a clock was wrong


class Memory:
    """The store as the checker sees it."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.store = open_store(settings.store)
        self.max_age = settings.max_age
        self.now = now.timestamp()
        self.basis = _basis(settings)
        self.shelf: Shelf = self.store.shelf("archive")
        self.store.begin_run()

    @property
    def remarks(self) -> list[str]:
        return self.store.remarks

    def fresh(self, links: Sequence[Wanted]) -> dict[str, Verdict]:
        """Verdicts that need no new look."""
        return {
            url: kept.verdict
            for url, kept in self.store.kept([link.url for link in links]).items()
            if kept.basis == self.basis and -CLOCK_SLACK <= time.time() - kept.at <= self._age(kept.verdict)
        }

    def past(self, links: Sequence[Wanted]) -> dict[str, list[Past]]:
        """Earlier verdicts on each link, oldest first; those of a clock that was wrong are left out."""
        found: dict[str, list[Past]] = {}
        for url, entries in self.store.history([link.url for link in links]).items():
            for at, health, reason in entries:
                if at <= self.now + CLOCK_SLACK:
                    found.setdefault(url, []).append((datetime.fromtimestamp(at, UTC), Health(health), Reason(reason)))
        return found

    def keep(self, verdict: Verdict, looks: Sequence[tuple[str, Probe]]) -> None:
        """Remember a verdict, unless nobody was asked for it."""
        if verdict.health not in (Health.UNCHECKED, Health.SKIPPED) and not verdict.from_cache:
            self.store.keep(verdict, self.basis, looks)

    def forget_run(self) -> None:
        self.store.drop_run()

    def close(self) -> None:
        self.store.close()

    def _age(self, verdict: Verdict) -> float:
        if verdict.health is Health.ALIVE:
            return self.max_age
        return min(self.max_age, WALLS.get(verdict.reason, MINUTES))


def _basis(settings: Settings) -> str:
    """What a result depends on besides the web: a demonstration's web must not answer for the real one."""
    network = settings.network
    platforms = (network.platforms, *network.without_platforms)
    trust = (network.ca_bundle, os.environ.get("SSL_CERT_FILE", ""))
    parts = (__version__, sorted(network.connect_to.items()), network.allow_addresses, network.proxy, platforms, trust)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
