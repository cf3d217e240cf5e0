"""A proxy on this machine that asks the web through the guarded client, and records what it got: a browser's only way.

The client's guard, pacing and pauses hold for every request of a page. What cannot be recorded is refused: web sockets,
and whatever is over the limits of a page.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cite_audit.loopback_peer import is_foreign_peer
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Recording, record_exchanges
from cite_audit.resolve.http.user_agents import BROWSER_HEADERS

MAX_PARTS = 500  # requests of one page
MAX_BYTES = 96 << 20  # of all bodies of one page
MAX_POST = 1 << 20  # bytes that a page may send at once
MAX_FIELDS = 200  # of one request
MAX_AT_ONCE = 16  # requests of one page; each may hold a whole body
TIMEOUT = 60.0  # seconds for one request
_CONNECTION_FIELDS = frozenset(
    [
        "connection",
        "content-encoding",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "accept-encoding",
        "alt-svc",
    ]
)
_ACCEPT_ENCODING = tuple(field for field in BROWSER_HEADERS if field[0] == "Accept-Encoding")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """How much one page may ask for: requests, and bytes of all bodies."""

    parts: int = MAX_PARTS
    size: int = MAX_BYTES


class RecordingProxy:
    """The proxy of one page, for as long as it is open; `recording` gets the exchanges, if there is one.

    `is_cut`: the limits of a page left something out. `busy_until`: when the last request ended, in loop time.
    """

    def __init__(
        self,
        client: Client,
        recording: Recording | None,
        tls_context: ssl.SSLContext,
        limits: ProxyLimits = ProxyLimits(),
    ) -> None:
        self._limits = limits
        self._client = client
        self._recording = recording
        self._tls_context = tls_context
        self._connections: set[asyncio.StreamWriter] = set()
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._wholes: dict[str, Reply] = {}  # answers of which parts are asked for again
        self.open_requests = 0
        self.busy_until = 0.0
        self.count = 0
        self.size = 0
        self.is_cut = False
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for connection in list(self._connections):
            connection.transport.abort()

    async def wait_for_silence(self, quiet: float, limit: float) -> None:
        """Wait until nothing was asked for `quiet` seconds, for `limit` seconds at most."""
        loop = asyncio.get_running_loop()
        start, end = loop.time(), loop.time() + limit
        while loop.time() < end:
            silent_since = max(start, self.busy_until)
            if not self.open_requests and loop.time() - silent_since >= quiet:
                return
            await asyncio.sleep(0.1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if is_foreign_peer(writer.get_extra_info("peername"), writer.get_extra_info("sockname")):
            writer.close()  # what the user's cookies open, and what is recorded, is the user's own
            return
        self._connections.add(writer)
        try:
            with suppress(OSError, ValueError, EOFError, asyncio.LimitOverrunError):
                await self._serve_requests(reader, writer)
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _serve_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin = ""
        while line := await reader.readline():
            method, target, _ = line.decode("latin-1").split(" ", 2)
            fields = await _read_fields(reader)
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                await writer.start_tls(self._tls_context)
                origin = f"https://{target.removesuffix(':443')}"
                continue
            content = await _read_content(reader, fields)
            url = target if "://" in target else origin + target
            self.open_requests += 1
            try:
                async with self._slots:
                    writer.write(await self._answer(method, url, fields, content))
                await writer.drain()
            finally:
                self.open_requests -= 1
                self.busy_until = asyncio.get_running_loop().time()

    async def _answer(self, method: str, url: str, fields: Sequence[tuple[str, str]], content: bytes) -> bytes:
        names = {name.lower(): value for name, value in fields}
        if method not in _METHODS or "websocket" in names.get("upgrade", "").lower():
            return _write_refusal(501)
        if len(content) > MAX_POST or self.count >= self._limits.parts or self.size >= self._limits.size:
            self.is_cut = True
            return _write_refusal(503)
        self.count += 1
        is_part = method == "GET" and self._recording is not None  # what is not recorded may come in parts
        part = _RANGE.fullmatch(names.get("range", "")) if is_part else None
        whole = self._wholes.get(url) if part else None
        if whole is None:
            whole = await self._ask(method, url, fields, content, without_range=bool(part))
        if part and whole.status == 200 and not whole.truncated:
            self._wholes[url] = whole
            return _write_part(whole, int(part[1]), int(part[2]) if part[2] else None)
        return _write_answer(whole) if whole.status else _write_refusal(502)

    async def _ask(
        self, method: str, url: str, fields: Sequence[tuple[str, str]], content: bytes, *, without_range: bool
    ) -> Reply:
        """The answer of the web. A part of a file is asked for as the whole, which can be replayed."""
        left_out = _CONNECTION_FIELDS | ({"range", "if-range"} if without_range else set())
        headers = tuple(field for field in fields if field[0].lower() not in left_out) + _ACCEPT_ENCODING
        max_body = self._recording.max_body if self._recording else MAX_BYTES
        request = Request(url, method, headers, content, max_body=max_body, timeout=TIMEOUT)
        with record_exchanges(self._recording):
            reply = await self._client.fetch_in_turn(request)
        self.size += len(reply.body)
        return reply


async def _read_fields(reader: asyncio.StreamReader) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while (line := await reader.readline()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        fields.append((name.strip(), value.strip()))
        if len(fields) > MAX_FIELDS:
            raise ValueError(len(fields))
    return fields


async def _read_content(reader: asyncio.StreamReader, fields: Sequence[tuple[str, str]]) -> bytes:
    """The body of a request. Raises ValueError for one that is no number of bytes, or far too many."""
    length = next((value for name, value in fields if name.lower() == "content-length"), "0")
    if int(length) > 64 * MAX_POST:
        raise ValueError(length)
    return await reader.readexactly(int(length))


def _write_answer(reply: Reply, status: int = 0, body: bytes | None = None, *more: tuple[str, str]) -> bytes:
    content = reply.body if body is None else body
    fields = [field for field in reply.headers if field[0] not in _CONNECTION_FIELDS]
    lines = [f"HTTP/1.1 {status or reply.status} Recorded", *(f"{name}: {value}" for name, value in (*fields, *more))]
    head = "\r\n".join([*lines, f"Content-Length: {len(content)}", "Connection: keep-alive", "", ""])
    return head.encode("latin-1", "replace") + content


def _write_part(reply: Reply, start: int, end: int | None) -> bytes:
    """The part of a whole answer that was asked for (RFC 9110 §14.2)."""
    size = len(reply.body)
    if start >= size:
        return _write_answer(reply, 416, b"", ("Content-Range", f"bytes */{size}"))
    last = size - 1 if end is None else min(end, size - 1)
    place = ("Content-Range", f"bytes {start}-{last}/{size}")
    return _write_answer(reply, 206, reply.body[start : last + 1], place, ("Accept-Ranges", "bytes"))


def _write_refusal(status: int) -> bytes:
    return f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n".encode()
