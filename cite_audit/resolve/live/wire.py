"""One connection: bytes out, a head and the pieces of a body in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from cite_audit.model import FailureKind
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.head import MAX_HEAD, MAX_INTERIM, Head, find_end, is_frame, read_head

HIGH_WATER = 256 * 1024


class Wire(asyncio.Protocol):
    """An open connection of one host. `phase` names what is being waited for, so that a time-out can be named."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None
        self.ended = False
        self.error: Exception | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.paused = False
        self.heard = False  # any byte of the current answer
        self.flags: tuple[str, ...] = ()
        self.framed = False  # whether HTTP/2 was agreed on
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.heard = True
        if len(self.buffer) > HIGH_WATER and self.transport and not self.paused:
            self.transport.pause_reading()
            self.paused = True
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = self.error or exc
        self.transport = None  # breaks the cycle that keeps 256 kB of TLS buffers alive until the collector runs
        self._wake()

    def _wake(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    @property
    def usable(self) -> bool:
        """Idle, open and silent: may carry another request."""
        return not self.ended and not self.buffer and self.transport is not None and not self.transport.is_closing()

    def send(self, request: bytes) -> None:
        self.heard = False
        if self.transport:
            self.transport.write(request)

    def close(self) -> None:
        if self.transport:
            self.transport.abort()

    async def more(self) -> None:
        """Wait for something to happen to the connection."""
        if self.paused and self.transport and len(self.buffer) < HIGH_WATER:
            self.transport.resume_reading()
            self.paused = False
        self.waiter = asyncio.get_running_loop().create_future()
        try:
            await self.waiter
        finally:
            self.waiter = None

    async def head(self) -> Head:
        """The final head of the answer; interim ones are passed over."""
        seen = 0
        for _ in range(MAX_INTERIM + 1):
            while (end := find_end(self.buffer, seen)) < 0:
                if len(self.buffer) > MAX_HEAD:
                    raise ExchangeError(FailureKind.PROTOCOL, f"a head of more than {MAX_HEAD // 1024} kB")
                if self.buffer and is_frame(self.buffer):
                    raise ExchangeError(FailureKind.PROTOCOL, "the server speaks HTTP/2", hint=2)
                if self.ended:
                    raise self._broken_head()
                seen = len(self.buffer)
                await self.more()
            if end > MAX_HEAD:
                raise ExchangeError(FailureKind.PROTOCOL, f"a head of more than {MAX_HEAD // 1024} kB")
            raw = bytes(self.buffer[:end]).lstrip(b"\r\n")
            del self.buffer[:end]
            seen = 0
            if not raw:
                continue
            head = read_head(raw)
            if head.status >= 200 or head.status == 101:
                return head
        said = f"{MAX_INTERIM + 1} times “wait for it” (1xx), and no answer"
        raise ExchangeError(FailureKind.TIMEOUT_READ, said)  # what it would come to

    def _broken_head(self) -> ExchangeError:
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

    async def body(self, head: Head) -> AsyncIterator[bytes]:
        """The pieces of the body. Raises ExchangeError when it breaks off before its announced end."""
        if head.chunked:
            async for piece in self._chunks():
                yield piece
            return
        left = head.length
        while left is None or left > 0:
            if self.buffer:
                piece = bytes(self.buffer if left is None else self.buffer[:left])
                del self.buffer[: len(piece)]
                left = None if left is None else left - len(piece)
                yield piece
            elif self.ended:
                if left is None and not self.error:
                    return
                raise self._broken_body("" if left is None else f"{left} bytes short of the announced length")
            else:
                await self.more()

    def _broken_body(self, detail: str) -> ExchangeError:
        if self.error:
            return ExchangeError(FailureKind.RESET, "the connection was reset in the body")
        return ExchangeError(FailureKind.PROTOCOL, detail)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            size = await self._line()
            try:
                left = int(size.partition(b";")[0].strip() or b"x", 16)
            except ValueError as error:
                raise ExchangeError(FailureKind.PROTOCOL, f"no chunk size: {size[:20]!r}") from error
            if left == 0:
                while await self._line():  # trailers
                    pass
                return
            while left > 0:
                if not self.buffer:
                    await self._more_or_break()
                piece = bytes(self.buffer[:left])
                del self.buffer[: len(piece)]
                left -= len(piece)
                yield piece
            await self._line()

    async def _line(self) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > 8192:
                raise ExchangeError(FailureKind.PROTOCOL, "an endless chunk line")
            await self._more_or_break()
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line.rstrip(b"\r")

    async def _more_or_break(self) -> None:
        if self.ended:
            raise self._broken_body("closed before the last chunk")
        await self.more()
