"""A server that says exactly what a test wants, byte by byte, at any loopback address."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Self

# A step: bytes to send, seconds to stay silent, or "reset", "close", "hang".
Step = bytes | float | str
Script = Callable[[bytes, int], Iterable[Step]]


class RawServer:
    """Answers each request with the steps `script(request head, number of the request)` gives.

    `requests` are the heads received, `connections` counts those opened. Without a script it is a tripwire: it
    accepts, records, and answers with a secret. `await_requests` and `closed` let a test wait for what it needs.
    """

    def __init__(
        self,
        script: Script | None = None,
        address: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        greeting: bytes = b"",
    ) -> None:
        self.script = script or (lambda request, number: [ok(b"SECRET")])
        self.address = address
        self.greeting = greeting
        self.tls = tls
        self.port = 0
        self.requests: list[bytes] = []
        self.connections = 0
        self.closed = threading.Event()  # set when the server has closed a connection
        self._arrivals = threading.Condition()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="raw server", daemon=True)

    @property
    def place(self) -> str:
        return f"{self.address}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.tls else 'http'}://{self.place}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def await_requests(self, count: int, timeout: float = 20.0) -> bool:
        """Wait until so many requests have arrived; False where they do not in time."""
        with self._arrivals:
            return self._arrivals.wait_for(lambda: len(self.requests) >= count, timeout)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, self.address, 0, ssl=self.tls, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        for listening in server.sockets:
            self._loop.remove_reader(listening.fileno())
        for _ in range(5):  # a connection just accepted becomes a task that closes it, as long as its server is open
            await asyncio.sleep(0)
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self.greeting)
        try:
            async for head in _requests(reader):
                with self._arrivals:
                    self.requests.append(head)
                    self._arrivals.notify_all()
                for step in self.script(head, len(self.requests)):
                    if not await self._do(step, writer):
                        return
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self.closed.set()

    async def _do(self, step: Step, writer: asyncio.StreamWriter) -> bool:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif isinstance(step, float):
            await asyncio.sleep(step)
        elif step == "hang":
            await self._stop.wait()
        elif step == "reset":
            link = writer.get_extra_info("socket")
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        return step != "close"


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        try:
            yield await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            return


def ok(body: bytes = b"<p>hello</p>", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer as bytes."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def redirect(to: bytes, *headers: bytes, status: bytes = b"302 Found") -> bytes:
    return ok(b"", b"Location: " + to, *headers, status=status)


def closed_port() -> int:
    """A port of loopback that refuses."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
