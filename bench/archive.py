"""Bars of the archives: look-ups (pacing in virtual time, work in real time) and captures on disk.

`make bench-archive` runs it; loopback only. Exit code 1 when a bar is missed.
"""

from __future__ import annotations

import asyncio
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from cite_audit.config.settings import Archiving, Network
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import find_mementos, open_archives
from cite_audit.resolve.archive.drivers.warc import WarcDirectory
from cite_audit.resolve.archive.rate_limiter import RATES
from cite_audit.resolve.check.base import KeyValueStore, Reply, Request
from cite_audit.resolve.http.client import Client
from cite_audit.snapshot.collection import bundle_captures
from cite_audit.snapshot.fixity import JOURNAL_NAME, check_folder
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.local_capture import LocalCapture
from cite_audit.snapshot.model import CaptureRequest, Outcome
from cite_audit.snapshot.wacz import write_wacz
from cite_audit.snapshot.warc_files import WarcFile
from cite_audit.store import open_store
from tests.loopback.clock import VirtualClock
from tests.loopback.fetching import PlainFetcher
from tests.loopback.wayback import Capture, LoopbackWayback, too_many

LINKS = 10_000
NEAR = date(2024, 1, 15)
NOW = datetime(2025, 10, 9, 9, tzinfo=UTC)
LATENCY = 1.0  # seconds of the virtual clock that every exchange takes
PAGE = 48_000  # bytes

failed = False


def bar(name: str, value: float, limit: float, *, least: bool = False, unit: str = "") -> None:
    """Print a figure beside its bar."""
    global failed
    good = value >= limit if least else value <= limit
    failed = failed or not good
    sign = "≥" if least else "≤"
    print(f"{'ok  ' if good else 'MISS'} {name:<58} {value:>10,.3f} {unit:<4} ({sign} {limit:,g})", flush=True)


class Finder:
    """Look-ups in an archive on loopback, all against one shelf and one virtual clock."""

    def __init__(self, wayback: LoopbackWayback, clock: VirtualClock, shelf: KeyValueStore) -> None:
        self.wayback, self.clock, self.shelf = wayback, clock, shelf
        self.settings = Archiving(wayback=wayback.url, availability=wayback.availability)

    def find(self, links: list[CitedLink]) -> tuple[int, dict[Archived, int]]:
        """The requests made, and how many links came to each outcome."""
        return asyncio.run(self._find(links))

    async def _find(self, links: list[CitedLink]) -> tuple[int, dict[Archived, int]]:
        counts: dict[Archived, int] = {}
        async with PlainFetcher(self.clock, self.wayback.routes, LATENCY) as fetcher:
            archives = open_archives(self.settings, fetcher, self.shelf, NOW, clock=self.clock, jitter=lambda: 0.5)
            async for answer in find_mementos(links, archives):
                counts[answer.outcome] = counts.get(answer.outcome, 0) + 1
            return fetcher.count, counts


def make_story(url: str) -> bytes:
    """A page that is plainly an article."""
    text = "<p>Those who stood at the quay told us how many went aboard that day, and who counted them.</p>" * 15
    return f"<!DOCTYPE html><title>Article of {url}</title><h1>The article</h1><p>{url}</p>{text}".encode()


def look_ups() -> None:
    clock = VirtualClock()
    wanted = [CitedLink(f"https://site{n % 997}.example/article/{n}", NEAR) for n in range(LINKS)]
    with (
        LoopbackWayback(clock=clock.time, name="archive.example") as wayback,
        tempfile.TemporaryDirectory() as directory,
    ):
        for link in wanted[: LINKS // 2]:
            wayback.add(Capture(link.url, "20240114101112", body=make_story(link.url)))
        store = open_store(f"{directory}/store.db")
        finder = Finder(wayback, clock, store.key_value_store("archive"))
        first_run(finder, wanted)
        started = time.perf_counter()
        asked, _ = finder.find(wanted)
        print(f"     second run: {time.perf_counter() - started:.2f} s")
        bar("requests of the second run", asked, 0)
        refused_run(finder)
        store.close()


def first_run(finder: Finder, wanted: list[CitedLink]) -> None:
    wayback, began, started = finder.wayback, finder.clock.now, time.process_time()
    _, counts = finder.find(wanted)
    work, paced = time.process_time() - started, finder.clock.now - began  # the archive on loopback included
    floor = LINKS / RATES["playback"] * 60
    told = ", ".join(f"{count:,} {outcome.value}" for outcome, count in counts.items())
    print(f"     {LINKS:,} look-ups at {LATENCY:g} s each: {told}; paced {paced / 60:.1f} min, own work {work:.1f} s")
    bar("bulk requests", len(wayback.asked("bulk")), LINKS / 100)
    bar("playback requests for each link", len(wayback.asked("playback")) / LINKS, 1)
    bar("index requests", len(wayback.asked("cdx")), 0)
    bar("time over the floor of the rate", paced / floor, 1.2)
    bar("most playback requests in any minute", wayback.most_in("playback"), RATES["playback"])
    bar("own work for each link", work / LINKS * 1000, 60_000 / RATES["playback"] / 10, unit="ms")


def bad_captures() -> None:
    """The nearest capture of every fifth page shows “not found”; one in four of these has no good one at all."""
    clock = VirtualClock()
    wanted = [CitedLink(f"https://site{n % 997}.example/article/{n}", NEAR) for n in range(LINKS)]
    with (
        LoopbackWayback(clock=clock.time, name="archive.example") as wayback,
        tempfile.TemporaryDirectory() as directory,
    ):
        for number, link in enumerate(wanted):
            is_bad = number % 5 == 0
            for stamp in ("20231214101112", "20240113101112", "20240114101112") if is_bad else ("20240114101112",):
                error = f"<title>Page not found</title><h1>Page not found</h1><p>{number} {stamp}</p>".encode()
                wayback.add(Capture(link.url, stamp, body=error if is_bad else make_story(link.url)))
            if is_bad and number % 20:
                wayback.add(Capture(link.url, "20190511101112", body=make_story(link.url)))
        store = open_store(f"{directory}/store.db")
        finder, began = Finder(wayback, clock, store.key_value_store("archive")), clock.now
        _, counts = finder.find(wanted)
        told = ", ".join(f"{count:,} {outcome.value}" for outcome, count in counts.items())
        print(
            f"     {LINKS:,} look-ups, the nearest of every fifth bad: {told}; paced {(clock.now - began) / 60:.1f} min"
        )
        bar("good captures found, of those there are", counts.get(Archived.ARCHIVED, 0) / (LINKS * 0.95), 1, least=True)
        bar("playback requests for each link", len(wayback.asked("playback")) / LINKS, 1.8)
        bar("index requests for each link", len(wayback.asked("cdx")) / LINKS, 0.05)
        bar("most playback requests in any minute", wayback.most_in("playback"), RATES["playback"])
        bar("most index requests in any minute", wayback.most_in("cdx"), RATES["cdx"])
        store.close()


def refused_run(finder: Finder) -> None:
    """The archive says once that it is asked too much."""
    finder.wayback.log.clear()
    finder.wayback.trouble("playback", too_many(), times=1, after=200)
    finder.find([CitedLink(f"https://other.example/{n}", NEAR) for n in range(500)])
    log = finder.wayback.asked("playback")
    heard = log[200].at + LATENCY
    late = sum(1 for one in log[201:] if heard <= one.at < heard + 60)
    bar("requests after a 429 was heard, until its pause ends", late, 1)


class Source(httpx.AsyncBaseTransport):
    """A web that makes pages up, so that only our own work is measured."""

    def __init__(self, size: int) -> None:
        self._noise = random.Random(7)
        self._size = size

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = f"<html><head><title>Article {request.url.path}</title></head><body>".encode()
        body += b"<p>Those who stood at the quay told us how many went aboard.</p>" * 20
        body += self._noise.randbytes(self._size // 4).hex().encode()
        headers = [("content-type", "text/html; charset=utf-8"), ("server", "bench")]
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))


def no_names(host: str, port: int) -> list[str]:
    return ["93.184.215.14"]


def captures(count: int, size: int = PAGE) -> None:
    """In a process of its own: captures a second of its work, of the clock, and the memory it took, on stdout."""

    async def run(directory: Path) -> int:
        network = Network(host_interval=0.0, platforms=False, proxy="none")
        async with Client(network, transport=Source(size), lookup=no_names) as client:
            with Journal(directory / "journal") as journal:
                local = LocalCapture(client, CaptureFolder(directory), journal, lambda: datetime.now(UTC))
                wishes = [CaptureRequest(f"https://site{n % 50}.example/{n}") for n in range(count)]
                good = 0
                async for made in local.save(wishes):
                    good += made.outcome is Outcome.VERIFIED
                local.close()
                for file in local.files:
                    bundle_captures(CaptureFolder(directory), journal, file)
                return good

    with tempfile.TemporaryDirectory() as name:
        started, worked = time.perf_counter(), time.process_time()
        good = asyncio.run(run(Path(name)))
        rates = good / (time.process_time() - worked), good / (time.perf_counter() - started)
        print(*rates, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
        look_up = [sys.executable, "-m", "bench.archive", "look-up", name, str(count)]
        print(subprocess.run(look_up, capture_output=True, text=True, check=True).stdout)


def look_up_on_disk(directory: str, count: int) -> None:
    """In a process of its own: seconds of work and memory for `count` look-ups in a captures folder, on stdout."""

    async def run() -> int:
        links = [CitedLink(f"https://site{n % 50}.example/{n}") for n in range(count)]
        archive = WarcDirectory(Path(directory), datetime.now(UTC))
        return sum([answer.outcome is Archived.ARCHIVED async for answer in archive.lookup(links)])

    assert asyncio.run(run()) == count
    print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(count: int) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.archive", str(count)], capture_output=True, text=True, check=True
    )
    rate, by_clock, memory, *_ = map(float, done.stdout.split())
    return rate, by_clock, memory


def small_pages() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.archive", str(LINKS), "8000"], capture_output=True, text=True, check=True
    )
    rate, _, memory, look_up_time, look_up_memory = map(float, done.stdout.split())
    bar("10,000 small pages captured and bundled", LINKS / rate, 60, unit="s")
    bar("memory for them", memory, 150, unit="MB")
    print(f"     looked up again in {look_up_time:.1f} s of work")
    bar("memory to look them up again", look_up_memory, 100, unit="MB")


def verified(pages: int = 1200, size: int = 120_000) -> None:
    """Fixity of a bundle of large pages, by the clock, since it is read in two threads."""
    noise, words = (
        random.Random(7),
        ["those", "who", "stood", "at", "the", "quay", "told", "us", "how", "many", "went", "aboard", "that", "day"],
    )
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with WarcFile(directory / "report" / "one.warc.gz") as warc:
            for number in range(pages):
                url = f"https://site.example/{number}"
                body = " ".join([f"{noise.choice(words)} {noise.randrange(10**4)}" for _ in range(size // 9)]).encode()
                warc.write(Request(url), Reply(url, 200, (("content-type", "text/html"),), body), NOW)
        write_wacz(warc.path, directory / "report" / "one.wacz", [])
        with Journal(directory / JOURNAL_NAME) as journal:
            journal.record_file(CaptureFolder(directory).measure_file("report/one.wacz"))
        started, worked = time.perf_counter(), time.process_time()
        result = check_folder(directory)
        elapsed, work = time.perf_counter() - started, time.process_time() - worked
        assert result.records == 2 * pages + 1
        megabytes = result.block_bytes / 1e6
        print(f"     {megabytes:.0f} MB in {result.records:,} records: {megabytes / work:.0f} MB a second of work")
        bar("captures verified a second", megabytes / elapsed, 150, least=True, unit="MB/s")


def main() -> None:
    if sys.argv[1:2] == ["verify"]:
        verified()
        return
    if sys.argv[1:2] == ["look-up"]:
        look_up_on_disk(sys.argv[2], int(sys.argv[3]))
        return
    if len(sys.argv) > 1:
        captures(*map(int, sys.argv[1:3]))
        return
    look_ups()
    bad_captures()
    rate, by_clock, memory = measured(1000)
    *_, more = measured(3000)
    print(f"     captures a second by the clock, beside whatever else runs here: {by_clock:.0f}")
    bar("captures to WARC a second of work, each read back", rate, 300, least=True)
    bar("memory for 1,000 captures", memory, 200, unit="MB")
    bar("more memory for 3,000", more - memory, 20, unit="MB")
    small_pages()
    verified()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
