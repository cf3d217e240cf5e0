"""The verdict cache: verdicts that are fresh enough to be used again, and earlier ones that count as history."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from datetime import datetime

from cite_audit import __version__
from cite_audit.config.settings import Settings
from cite_audit.model import CitedLink, Health, Probe, Reason, Verdict
from cite_audit.resolve.check.base import KeyValueStore
from cite_audit.store import open_store

# Seconds for which a verdict other than "alive" is fresh: a wall lasts for a while, trouble passes.
TROUBLE_MAX_AGE = 600.0
PastVerdict = tuple[datetime, Health, Reason]
WALL_MAX_AGES = dict.fromkeys(
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


class VerdictCache:
    """The part of the store that the checker reads and writes; without `begin` it is only read."""

    def __init__(self, settings: Settings, now: datetime, *, begin: bool = True) -> None:
        self.store = open_store(settings.store)
        self.max_age = settings.max_age
        self.now = now.timestamp()
        self.basis = _settings_digest(settings)
        self.archive_cache: KeyValueStore = self.store.key_value_store("archive")
        self.archive_limits: KeyValueStore = self.archive_cache
        self.host_paces: KeyValueStore = self.store.key_value_store("pace")
        if begin:
            self.store.begin_run()

    @property
    def remarks(self) -> list[str]:
        return self.store.remarks

    def fresh_verdicts(self, links: Sequence[CitedLink]) -> dict[str, Verdict]:
        """Verdicts that need no new look."""
        return {
            url: entry.verdict
            for url, entry in self.store.load_verdicts([link.url for link in links]).items()
            if entry.basis == self.basis
            and -CLOCK_SLACK <= time.time() - entry.saved_at <= self._max_age_of(entry.verdict)
        }

    def past_verdicts(self, links: Sequence[CitedLink]) -> dict[str, list[PastVerdict]]:
        """Earlier verdicts on each link, oldest first; those from the future (a wrong clock) are left out."""
        verdicts: dict[str, list[PastVerdict]] = {}
        for url, entries in self.store.load_history([link.url for link in links]).items():
            if past := [entry for entry in entries if entry[0].timestamp() <= self.now + CLOCK_SLACK]:
                verdicts[url] = past
        return verdicts

    def keep_verdict(self, verdict: Verdict, looks: Sequence[tuple[str, Probe]]) -> None:
        """Store a verdict, unless it was reached without a look."""
        if verdict.health not in (Health.UNCHECKED, Health.SKIPPED) and not verdict.from_cache:
            self.store.save_verdict(verdict, self.basis, looks)

    def forget_run(self) -> None:
        self.store.drop_run()

    def close(self) -> None:
        self.store.close()

    def _max_age_of(self, verdict: Verdict) -> float:
        if verdict.health is Health.ALIVE:
            return self.max_age
        return min(self.max_age, WALL_MAX_AGES.get(verdict.reason, TROUBLE_MAX_AGE))


def _settings_digest(settings: Settings) -> str:
    """A digest of the settings that verdicts depend on: those of a test web must not answer for the real one."""
    network = settings.network
    platforms = (network.platforms, *network.without_platforms)
    trust = (network.ca_bundle, os.environ.get("SSL_CERT_FILE", ""))
    parts = (__version__, sorted(network.connect_to.items()), network.allow_addresses, network.proxy, platforms, trust)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
