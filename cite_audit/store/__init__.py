"""What was seen, when: verdicts, the looks behind them, runs, and the shelves of other rooms. SQLite, WAL."""

from cite_audit.store.store import Store, StoredLooks, StoredVerdict, open_store

__all__ = ["Store", "StoredLooks", "StoredVerdict", "open_store"]
