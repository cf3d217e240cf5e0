"""What was seen, when: verdicts, the probes behind them, runs, and the shelves of other rooms. SQLite, WAL."""

from cite_audit.store.store import Kept, Store, open_store

__all__ = ["Kept", "Store", "open_store"]
