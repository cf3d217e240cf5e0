"""A site on loopback whose pages change or die between the runs that capture it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cite_audit.config.settings import Settings
from cite_audit.progress import SilentObserver
from cite_audit.resolve.http.client import Client
from cite_audit.snapshot.capture_extras import SnapshotContext, SnapshotOptions
from cite_audit.snapshot.model import CaptureRequest, CitationPlace, SnapshotResult
from cite_audit.snapshot.run import run_snapshot
from tests.loopback.clock import VirtualClock
from tests.loopback.serving import Serving
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import Answer
from tests.resolve.http.support import network

HTML = (("Content-Type", "text/html"),)
WEEK = timedelta(weeks=1).total_seconds()


class Site:
    """Pages that change or die between runs."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.answers: dict[str, Answer] = {}
        self.text = "As it stood."
        self.serving = Serving(self._respond)
        self.clock = VirtualClock()

    def time(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        if target in self.answers:
            return self.answers[target]
        if target in self.gone:
            return Answer(404, b"<title>Page not found</title>", HTML)
        return Answer(200, f"<title>An article</title><p>{self.text}</p>{target * 30}".encode(), HTML)

    def snapshot(
        self, directory: Path, report: str, *paths: str, again: bool = False, journal: Path | None = None
    ) -> SnapshotResult:
        """One run over a report that cites `paths`; `again`: also what was captured before."""
        base = f"http://{self.serving.netloc}"
        requests = [
            CaptureRequest(base + path, date(2026, 1, 1), (CitationPlace(report, number, base + path),))
            for number, path in enumerate(paths, start=1)
        ]
        options = SnapshotOptions(
            ("local",),
            directory,
            journal or directory / "captures.journal",
            newer_than=timedelta(0) if again else None,
        )

        async def run() -> SnapshotResult:
            async with Client(network(backoff=0.05), clock=self.time) as client:
                context = SnapshotContext(Settings(), client, MemoryShelf(), self.clock, None, SilentObserver())
                return await run_snapshot(requests, options, context)

        return asyncio.run(run())
