"""What a group of hosts has been asked: its own store, behind it that of the earlier runs.

What this run has seen holds to its end, whoever asked; what an earlier run saw holds as long as the settings say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from cite_audit.config.settings import Settings
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Probe, Verdict
from cite_audit.resolve.check.base import KeyValueStore
from cite_audit.resolve.check.verdict_cache import PastVerdict, VerdictCache

EARLIER_STORE = "earlier.sqlite"


@frozen_record
class LayeredKeyValueStore:
    """A key-value store in front of another one, which is only read."""

    own: KeyValueStore
    earlier: KeyValueStore

    def get(self, key: str) -> str | None:
        value = self.own.get(key)
        return self.earlier.get(key) if value is None else value

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self.own.put(key, value, keep)

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        return self.own.update(key, lambda value: change(self.earlier.get(key) if value is None else value))


class RunCache(VerdictCache):
    """The verdicts of one group in one run."""

    def __init__(
        self, folder: CorpusFolder, group: int, settings: Settings, now: datetime, limits: KeyValueStore
    ) -> None:
        super().__init__(replace(settings, store=str(folder.stores / f"{group:05}.sqlite")), now)
        earlier = folder.stores / EARLIER_STORE
        self.earlier = (
            VerdictCache(replace(settings, store=str(earlier)), now, begin=False) if earlier.exists() else None
        )
        self.archive_limits = limits
        if self.earlier:
            self.archive_cache = LayeredKeyValueStore(self.archive_cache, self.earlier.archive_cache)
        self.served: dict[str, Verdict] = {}

    def fresh_verdicts(self, links: Sequence[CitedLink]) -> dict[str, Verdict]:
        """Verdicts that need no new look; those of this run are as if it had just reached them."""
        stored = self.store.load_verdicts([link.url for link in links])
        for url, entry in stored.items():
            if entry.basis == self.basis and entry.saved_at >= self.now:
                self.served[url] = replace(entry.verdict, from_cache=False)
        others = [link for link in links if link.url not in self.served]
        if self.earlier:
            self.served |= self.earlier.fresh_verdicts(others)
        return dict(self.served)

    def past_verdicts(self, links: Sequence[CitedLink]) -> dict[str, list[PastVerdict]]:
        """Earlier verdicts on each link, oldest first."""
        own = super().past_verdicts(links)
        earlier = self.earlier.past_verdicts(links) if self.earlier else {}
        return {url: [*earlier.get(url, ()), *own.get(url, ())] for url in {*earlier, *own}}

    def keep_verdict(self, verdict: Verdict, looks: Sequence[tuple[str, Probe]]) -> None:
        """Store a new verdict and the heads of its looks; the pages of a whole corpus would fill a disk."""
        if self.served.get(verdict.url) is not verdict:
            super().keep_verdict(verdict, [(kind, replace(probe, body=b"")) for kind, probe in looks])

    def close(self) -> None:
        super().close()
        if self.earlier:
            self.earlier.close()
