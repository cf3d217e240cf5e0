"""A web and an archive on loopback for `bench.corpus`: what an address answers follows from its own digest.

`python -m bench.corpus_web LOG [RATE]` serves the web on one port and the archive on another, prints both, and writes
one line a request to LOG: time, pool, host, target. The archive refuses more than RATE playbacks in any second.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import zlib
from collections import deque
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import IO
from urllib.parse import parse_qs

WORDS = (
    "harbour",
    "stood",
    "quiet",
    "while",
    "those",
    "who",
    "counted",
    "ships",
    "told",
    "what",
    "they",
    "saw",
    "that",
)
CAPTURED = datetime.fromisoformat("2019-06-01T10:11:12+00:00")
ARCHIVE_RATE = 1250  # playbacks a second; 600 a minute, 125 times as fast, as our own rate on loopback is of 480
SLOW, HANG = 0.3, 30.0  # seconds


def share(text: str) -> float:
    """A number from 0 to 1 that a text has."""
    return zlib.crc32(text.encode()) / 2**32


def story(url: str) -> bytes:
    """A page that is plainly an article, different from those of other addresses."""
    seed = zlib.crc32(url.encode())
    lines = [" ".join((*WORDS[(seed >> n % 24) % 7 :], str(seed + n))) for n in range(24)]
    text = "".join(f"<p>{line}.</p>" for line in lines)
    return f"<!DOCTYPE html><title>Article {seed}</title><h1>Article {seed}</h1><p>{url}</p>{text}".encode()


def is_archived(url: str) -> bool:
    return share(f"archived {url}") < 0.6


def answer_page(host: str, target: str, asked_before: int) -> tuple[float, int, str, bytes]:
    """Seconds to wait, status, a header and the body of a page: 8 % 404, 1 % hang, some hosts refuse a burst once."""
    url = f"http://{host}{target}"
    fate = share(url)
    delay = 0.02 + SLOW * share(f"delay {host}") ** 3
    if not target.startswith("/p/"):
        return delay, 404, "", b"<title>404 Not Found</title><h1>Not Found</h1>"
    if share(f"busy {host}") < 0.02 and fate < 0.3 and not asked_before:
        return delay, 429, "Retry-After: 1\r\n", b"<h1>Too Many Requests</h1>"
    if fate < 0.08:
        return delay, 404, "", b"<title>404 Not Found</title><h1>Not Found</h1>"
    if fate < 0.085:
        return HANG, 200, "", b""
    return delay, 200, "", story(url)


class LoopbackSites:
    """The sites and the archive."""

    def __init__(self, log: IO[str], rate: int) -> None:
        self.log, self.rate = log, rate
        self.asked: dict[str, int] = {}
        self.played: deque[float] = deque()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.split("\r\n")
                method, target, _ = first.split(" ", 2)
                fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                await self.answer(writer, method, fields.get("host", ""), target, body)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def answer(self, writer: asyncio.StreamWriter, method: str, host: str, target: str, body: bytes) -> None:
        if target.startswith(("/web/", "/wayback/", "/cdx/")):
            delay, status, fields, content = self.answer_archive(host, target, body)
        else:
            key = f"{host}{target}"
            delay, status, fields, content = answer_page(host, target, self.asked.get(key, 0))
            self.asked[key] = self.asked.get(key, 0) + 1
            self.note("page", host, target)
        await asyncio.sleep(delay)
        kind = "" if "Content-Type" in fields else "Content-Type: text/html; charset=utf-8\r\n"
        writer.write(f"HTTP/1.1 {status} X\r\n{kind}{fields}Content-Length: {len(content)}\r\n\r\n".encode())
        writer.write(b"" if method == "HEAD" else content)
        await writer.drain()

    def answer_archive(self, host: str, target: str, body: bytes) -> tuple[float, int, str, bytes]:
        pool = target.split("/")[1]
        self.note({"web": "playback", "wayback": "bulk", "cdx": "index"}[pool], host, target)
        if pool == "wayback":
            results = [self.describe_capture(line) for line in body.decode().splitlines()]
            return 0.05, 200, "Content-Type: application/json\r\n", json.dumps({"results": results}).encode()
        if pool == "cdx":
            return 0.2, 200, "Content-Type: application/json\r\n", b"[]"
        now = time.monotonic()
        while self.played and now - self.played[0] > 1:
            self.played.popleft()
        self.played.append(now)
        if len(self.played) > self.rate:
            self.note("refused", host, target)
            return 0.0, 429, "", b"<h1>429 Too Many Requests</h1>"
        return self.play(host, target)

    def play(self, host: str, target: str) -> tuple[float, int, str, bytes]:
        stamp, _, url = target.removeprefix("/web/").partition("/")
        captured = capture_time(url)
        if not is_archived(url):
            title = "The Wayback Machine has not archived that URL."
            return 0.05, 404, "x-ts: 404\r\n", f"<title>{title}</title><h1>{title}</h1>".encode()
        if stamp.removesuffix("id_") != f"{captured:%Y%m%d%H%M%S}":
            mark = "id_" if stamp.endswith("id_") else ""
            return 0.05, 302, f"Location: http://{host}/web/{captured:%Y%m%d%H%M%S}{mark}/{url}\r\n", b""
        fields = (
            f"Memento-Datetime: {format_datetime(captured, usegmt=True)}\r\nx-archive-src: a.warc.gz\r\nx-ts: 200\r\n"
        )
        return 0.05, 200, f"{fields}Content-Type: text/html; charset=utf-8\r\n", story(url)

    def describe_capture(self, line: str) -> dict[str, object]:
        query = parse_qs(line)
        url = query["url"][0]
        found = {}
        if is_archived(url):
            stamp = f"{capture_time(url):%Y%m%d%H%M%S}"
            address = f"http://web.archive.org/web/{stamp}/{url}"
            found = {"closest": {"status": "200", "available": True, "url": address, "timestamp": stamp}}
        return {"url": url, "tag": query["tag"][0], "archived_snapshots": found}

    def note(self, pool: str, host: str, target: str) -> None:
        self.log.write(f"{time.time():.3f} {pool} {host} {target}\n")


def capture_time(url: str) -> datetime:
    return CAPTURED + timedelta(days=int(1500 * share(f"when {url}")))


async def main(log: IO[str], rate: int) -> None:
    sites = LoopbackSites(log, rate)
    servers = [await asyncio.start_server(sites.serve, "127.0.0.1", 0, backlog=4096) for _ in range(2)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    import contextlib

    with open(sys.argv[1], "a", buffering=1) as log_file, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(log_file, int(sys.argv[2]) if len(sys.argv) > 2 else ARCHIVE_RATE))
