"""The store: verdicts, the looks behind them, runs, and key-value parts for other packages. SQLite, WAL."""

from cite_audit.store.store import Store, StoredLooks, StoredVerdict, open_store

__all__ = ["Store", "StoredLooks", "StoredVerdict", "open_store"]
