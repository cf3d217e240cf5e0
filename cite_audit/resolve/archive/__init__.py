"""Where is a good memento near this date? Archives asked politely, captures judged, errors never “not archived”."""

from cite_audit.resolve.archive.base import Archive, Clock, SystemClock
from cite_audit.resolve.archive.opening import DRIVERS, find, open_archives

__all__ = ["DRIVERS", "Archive", "Clock", "SystemClock", "find", "open_archives"]
