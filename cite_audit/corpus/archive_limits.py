"""The archives' rate limits, one budget for all workers behind one address: an archive counts by address.

Workers of a Dask cluster lease their turns through its scheduler: it keeps the states, and a change holds its lock. A
single process, and the driver between runs, keeps the same states in a file, so that a ban outlives a run.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.resolve.check.base import KeyValueStore
from cite_audit.store import open_store

LIMITS_STORE = "limits.sqlite"
LIMITS_NAME = "archive limits"
KEYS_ENTRY = "keys"  # lists the states that the file has of a scheduler
EGRESS_KEY = "cite-audit.egress"  # of Dask's configuration on a worker: the name of the address it goes out from
DEFAULT_EGRESS = "default"


class ScheduledLimits:
    """A key-value store on the scheduler of a Dask cluster, for one address that requests leave from."""

    def __init__(self, client: Any, egress: str) -> None:
        self._client = client
        self._egress = egress

    def get(self, key: str) -> str | None:
        states: dict[str, str] = self._client.get_metadata(self._place(key), default={})
        return states.get("state") if isinstance(states, dict) else None

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self._client.set_metadata(self._place(key), {"state": value})

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        import distributed

        lock: Any = distributed.Lock

        with lock(" ".join(self._place(key))):
            value = change(self.get(key))
            self.put(key, value)
        return value

    def _place(self, key: str) -> list[str]:
        return ["cite-audit", self._egress, key]


@contextlib.contextmanager
def open_limits(folder: CorpusFolder) -> Iterator[KeyValueStore]:
    """The limits of this process: on the scheduler where it is a worker of one, else in the corpus's folder."""
    client = _find_client()
    if client is not None:
        import dask

        yield ScheduledLimits(client, str(dask.config.get(EGRESS_KEY, DEFAULT_EGRESS)))
        return
    store = open_store(str(folder.stores / LIMITS_STORE))
    try:
        yield store.key_value_store(LIMITS_NAME)
    finally:
        store.close()


def _find_client() -> Any:
    """The client of the worker that runs this, if one does."""
    import sys

    if "distributed" not in sys.modules:
        return None
    from distributed import get_client, get_worker

    try:
        get_worker()
    except ValueError:
        return None
    return get_client()


@contextlib.contextmanager
def share_limits(client: Any, folder: CorpusFolder) -> Iterator[None]:
    """Give a scheduler the states of earlier runs, and keep those it has at the end: a ban outlives a cluster."""
    store = open_store(str(folder.stores / LIMITS_STORE))
    kept, scheduled = store.key_value_store(LIMITS_NAME), ScheduledLimits(client, DEFAULT_EGRESS)
    try:
        for key in json.loads(kept.get(KEYS_ENTRY) or "[]"):
            if scheduled.get(key) is None and (state := kept.get(key)):
                scheduled.put(key, state)
        yield
        states = client.get_metadata(["cite-audit", DEFAULT_EGRESS], default={}) or {}
        for key, entry in states.items():
            kept.put(key, entry["state"])
        kept.put(KEYS_ENTRY, json.dumps(sorted(states)))
    finally:
        store.close()
