"""Saves pages in the Wayback Machine of a test, in a process of its own that may be killed.

python -m tests.snapshot.save_process NETLOC JOURNAL START URL…: the time of the virtual clock at its start.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.rate_limiter import RateLimiter
from cite_audit.snapshot.credentials import ArchiveKeys
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Outcome
from cite_audit.snapshot.wayback_save import WaybackSaver
from tests.loopback.clock import VirtualClock
from tests.loopback.fetching import PlainFetcher
from tests.loopback.shelf import MemoryShelf


async def main(netloc: str, journal_path: str, start: float, urls: list[str]) -> int:
    clock = VirtualClock(start)
    with Journal(Path(journal_path)) as journal:
        verified = {entry.uri_r for entry in journal.entries("wayback") if entry.outcome is Outcome.VERIFIED}
        async with PlainFetcher(clock, {"archive.example": netloc}) as fetcher:
            limiter = RateLimiter(MemoryShelf(clock.time), clock)
            client = ArchiveClient(fetcher, limiter, clock, lambda: 0.5)
            keys = ArchiveKeys("access", "secret")
            saver = WaybackSaver("http://archive.example", client, clock, journal, keys)
            results = [one async for one in saver.save([url for url in urls if url not in verified])]
    return int(any(one.outcome is not Outcome.VERIFIED for one in results))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:])))
