"""What was seen, when: verdicts, the looks behind them, runs, and the shelves of other rooms. SQLite, WAL."""

from cite_audit.store.store import Kept, Seen, Store, open_store

__all__ = ["Kept", "Seen", "Store", "open_store"]
