"""Looks up mementos near a date in web archives: paced requests, judged captures; an error is never “not archived”."""

from cite_audit.resolve.archive.base import Archive, Clock, SystemClock
from cite_audit.resolve.archive.drivers import DRIVERS, find_mementos, open_archives

__all__ = ["DRIVERS", "Archive", "Clock", "SystemClock", "find_mementos", "open_archives"]
