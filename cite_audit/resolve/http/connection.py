"""One connection: requests are written to it, a head and the pieces of a body are read from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from cite_audit.model import FailureKind
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.response_head import (
    MAX_HEAD,
    MAX_INTERIM,
    ResponseHead,
    find_head_end,
    is_http2_frame,
    read_head,
)

HIGH_WATER = 256 * 1024


class Connection(asyncio.Protocol):
    """An open connection to one host. `on_closed` is called once, when its descriptor is given up."""

    def __init__(self, on_closed: Callable[[], None] = lambda: None) -> None:
        self.on_closed: Callable[[], None] | None = on_closed
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None
        self.ended = False
        self.error: Exception | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.paused = False
        self.has_data = False  # any byte of the current answer
        self.flags: tuple[str, ...] = ()
        self.is_http2 = False  # whether HTTP/2 was agreed on
        self.peer = ""  # the address at the other end; empty where that is a proxy
        self.tls_version = ""  # as OpenSSL names it: TLSv1.3
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.has_data = True
        if len(self.buffer) > HIGH_WATER and self.transport and not self.paused:
            self.transport.pause_reading()
            self.paused = True
        self._wake_waiter()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake_waiter()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = self.error or exc
        self.transport = None  # breaks the cycle that keeps 256 kB of TLS buffers alive until the collector runs
        self._report_closed()
        self._wake_waiter()

    def _report_closed(self) -> None:
        on_closed, self.on_closed = self.on_closed, None
        if on_closed:
            on_closed()

    def _wake_waiter(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    @property
    def is_reusable(self) -> bool:
        """Idle, open and silent: may carry another request."""
        return not self.ended and not self.buffer and self.transport is not None and not self.transport.is_closing()

    def send(self, request: bytes) -> None:
        self.has_data = False
        if self.transport:
            self.transport.write(request)

    def close(self) -> None:
        self._report_closed()
        if self.transport:
            self.transport.abort()

    async def wait_for_data(self) -> None:
        """Wait for data, or for the end of the connection."""
        if self.paused and self.transport and len(self.buffer) < HIGH_WATER:
            self.transport.resume_reading()
            self.paused = False
        self.waiter = asyncio.get_running_loop().create_future()
        try:
            await self.waiter
        finally:
            self.waiter = None

    async def receive_head(self) -> ResponseHead:
        """The final head of the answer; interim heads (1xx) are skipped."""
        searched = 0
        for _ in range(MAX_INTERIM + 1):
            while (end := find_head_end(self.buffer, searched)) < 0:
                if len(self.buffer) > MAX_HEAD:
                    raise ExchangeError(FailureKind.PROTOCOL, f"a head of more than {MAX_HEAD // 1024} kB")
                if self.buffer and is_http2_frame(self.buffer):
                    raise ExchangeError(FailureKind.PROTOCOL, "the server speaks HTTP/2", hint=2)
                if self.ended:
                    raise self._head_error()
                searched = len(self.buffer)
                await self.wait_for_data()
            if end > MAX_HEAD:
                raise ExchangeError(FailureKind.PROTOCOL, f"a head of more than {MAX_HEAD // 1024} kB")
            raw = bytes(self.buffer[:end]).lstrip(b"\r\n")
            del self.buffer[:end]
            searched = 0
            if not raw:
                continue
            head = read_head(raw)
            if head.status >= 200 or head.status == 101:
                return head
        detail = f"{MAX_INTERIM + 1} times “wait for it” (1xx), and no answer"
        raise ExchangeError(FailureKind.TIMEOUT_READ, detail)  # the end of a wait for the final head

    def _head_error(self) -> ExchangeError:
        hint = 0 if self.buffer.strip() else 1
        if isinstance(self.error, ConnectionResetError | BrokenPipeError):
            return ExchangeError(FailureKind.RESET, "the connection was reset", hint)
        if self.error:
            return ExchangeError(FailureKind.RESET, str(self.error)[:200], hint)
        if hint:
            return ExchangeError(FailureKind.EMPTY_REPLY, "the server closed without a word", hint)
        if not self.buffer.lstrip(b"\r\n").startswith(b"HTTP/"):
            return ExchangeError(FailureKind.PROTOCOL, f"no HTTP answer: {bytes(self.buffer[:60])!r}")
        return ExchangeError(FailureKind.PROTOCOL, "closed inside the head")

    def receive_body(self, head: ResponseHead) -> AsyncIterator[bytes]:
        """The pieces of the body. Raises ExchangeError when it breaks off before its announced end."""
        return self._receive_chunks() if head.chunked else _PlainBody(self, head.length)

    def body_error(self, detail: str) -> ExchangeError:
        """Why a body breaks off."""
        if self.error:
            return ExchangeError(FailureKind.RESET, "the connection was reset in the body")
        return ExchangeError(FailureKind.PROTOCOL, detail)

    async def _receive_chunks(self) -> AsyncIterator[bytes]:
        while True:
            size = await self._receive_line()
            try:
                remaining = int(size.partition(b";")[0].strip() or b"x", 16)
            except ValueError as error:
                raise ExchangeError(FailureKind.PROTOCOL, f"no chunk size: {size[:20]!r}") from error
            if remaining == 0:
                while await self._receive_line():  # trailers
                    pass
                return
            while remaining > 0:
                if not self.buffer:
                    await self._wait_or_fail()
                piece = bytes(self.buffer[:remaining])
                del self.buffer[: len(piece)]
                remaining -= len(piece)
                yield piece
            await self._receive_line()

    async def _receive_line(self) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > 8192:
                raise ExchangeError(FailureKind.PROTOCOL, "an endless chunk line")
            await self._wait_or_fail()
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line.rstrip(b"\r")

    async def _wait_or_fail(self) -> None:
        if self.ended:
            raise self.body_error("closed before the last chunk")
        await self.wait_for_data()


class _PlainBody:
    """The pieces of a body of a length, or up to the connection's end; no generator, of which a loop keeps account."""

    def __init__(self, connection: Connection, length: int | None) -> None:
        self.connection, self.remaining = connection, length

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        connection = self.connection
        while self.remaining != 0:
            if connection.buffer:
                piece = bytes(connection.buffer if self.remaining is None else connection.buffer[: self.remaining])
                del connection.buffer[: len(piece)]
                self.remaining = None if self.remaining is None else self.remaining - len(piece)
                return piece
            if not connection.ended:
                await connection.wait_for_data()
            elif self.remaining is not None:
                raise connection.body_error(f"{self.remaining} bytes short of the announced length")
            elif connection.error:
                raise connection.body_error("")
            else:
                break
        raise StopAsyncIteration
