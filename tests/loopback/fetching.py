"""A plain Fetcher for tests of rooms that only need one: http over loopback, kept-alive connections, no redirects."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from cite_audit.model import Failure, FailureKind
from cite_audit.resolve.check.base import Reply, Request
from tests.loopback.clock import VirtualClock

_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PlainFetcher:
    """Implements Fetcher. `clock`: a virtual clock that stands still during an exchange. `count`: exchanges made.

    `routes`: names that lead to another "host:port". `latency`: seconds of the clock that each exchange takes.
    """

    def __init__(
        self, clock: VirtualClock | None = None, routes: Mapping[str, str] | None = None, latency: float = 0.0
    ) -> None:
        self._latency = latency
        self._routes = routes or {}
        self.count = 0
        self._clock = clock
        self._idle: dict[str, list[_Stream]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for streams in self._idle.values():
            for _, writer in streams:
                writer.close()
        await asyncio.sleep(0)

    async def fetch(self, request: Request) -> Reply:
        self.count += 1
        if self._clock is None:
            return await self._bounded(request)
        with self._clock.busy():
            reply = await self._bounded(request)
        if self._latency:
            await self._clock.sleep(self._latency)
        return reply

    async def _bounded(self, request: Request) -> Reply:
        try:
            async with asyncio.timeout(request.timeout):
                return await self._exchange(request)
        except TimeoutError:
            return Reply(request.url, failure=Failure(FailureKind.TIMEOUT_READ))
        except ConnectionRefusedError:
            return Reply(request.url, failure=Failure(FailureKind.REFUSED))
        except (OSError, EOFError, ValueError):
            return Reply(request.url, failure=Failure(FailureKind.RESET))

    async def _exchange(self, request: Request) -> Reply:
        parts = urlsplit(request.url)
        place = self._routes.get(parts.netloc, parts.netloc)
        idle = self._idle.setdefault(place, [])
        address, _, port = place.rpartition(":")
        reader, writer = idle.pop() if idle else await asyncio.open_connection(address, int(port))
        try:
            target = quote(parts.path or "/", safe="%/:?&=+,;@!$'()*~[]|-._") + (
                f"?{parts.query}" if parts.query else ""
            )
            headers = [("host", parts.netloc), *request.headers, ("content-length", str(len(request.content)))]
            head = f"{request.method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers)
            writer.write(head.encode() + b"\r\n" + request.content)
            reply = await self._read(request, reader)
        except BaseException:
            writer.close()
            raise
        if reply.failure or reader.at_eof():
            writer.close()
        else:
            idle.append((reader, writer))
        return reply

    async def _read(self, request: Request, reader: asyncio.StreamReader) -> Reply:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = tuple(
            (k.strip().lower(), v.strip()) for k, _, v in (line.partition(":") for line in lines[1:] if line)
        )
        length = int(next((v for k, v in headers if k == "content-length"), "0"))
        failure = None
        try:
            body = await reader.readexactly(length if request.method != "HEAD" else 0)
        except asyncio.IncompleteReadError as error:
            body, failure = error.partial, Failure(FailureKind.RESET)
        cut = len(body) > request.max_body
        return Reply(request.url, int(lines[0].split()[1]), headers, body[: request.max_body], cut, failure)
