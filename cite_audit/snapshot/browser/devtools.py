"""A Chromium of our own, spoken to over its debugging pipe (chromedevtools.github.io/devtools-protocol).

A pipe, not a port: no other process of the machine can reach it.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from cite_audit.snapshot.screenshot import BROWSER_FLAGS, sandbox_flags

CALL_TIMEOUT = 60.0  # seconds for one answer
MAX_MESSAGE = 256 << 20  # bytes of one message
_FIRST_SPARE_DESCRIPTOR = 10
_REFUSED_PROXY = "http://127.0.0.1:9"  # what no page asks for, such as updates, reaches nothing

Listener = Callable[[dict[str, Any]], None]


class BrowserError(Exception):
    """The browser did not do what it was asked."""


class DevTools:
    """A running Chromium. It is an async context manager; entering it raises BrowserError."""

    def __init__(self, chromium: str) -> None:
        self._chromium = chromium
        self._pid = 0
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listeners: dict[tuple[str, str], Listener] = {}
        self._count = 0
        self._transports: list[asyncio.BaseTransport] = []
        self._writer: asyncio.WriteTransport | None = None

    async def __aenter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory(prefix="cite-audit-", ignore_cleanup_errors=True)
        try:
            await self._start()
        except OSError as error:
            await self.__aexit__(None, None, None)
            raise BrowserError(f"{self._chromium}: {error.strerror or error}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports:
            transport.close()
        if self._pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                await asyncio.to_thread(os.waitpid, self._pid, 0)
        self._profile.cleanup()

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        browser_input, own_output = map(_move_up, os.pipe())
        own_input, browser_output = map(_move_up, os.pipe())
        try:
            self._pid = os.posix_spawn(  # noqa: ASYNC221  a few ms; asyncio's own gives no descriptors 3 and 4
                self._chromium,
                build_command(self._chromium, self._profile.name),
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_DUP2, browser_input, 3),
                    (os.POSIX_SPAWN_DUP2, browser_output, 4),
                ],
                setpgroup=0,
            )
        finally:
            os.close(browser_input)
            os.close(browser_output)
        reading, _ = await loop.connect_read_pipe(lambda: _MessageReader(self._receive), os.fdopen(own_input, "rb"))
        self._writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(own_output, "wb"))
        self._transports = [reading, self._writer]

    @property
    def has_ended(self) -> bool:
        """Whether the browser is gone, and another has to be started."""
        return self._writer is None or self._writer.is_closing()

    def listen(self, session: str, method: str, listener: Listener) -> None:
        """Call `listener` with the parameters of each event of that name."""
        self._listeners[session, method] = listener

    async def call(
        self,
        method: str,
        session: str = "",
        *,
        timeout: float = CALL_TIMEOUT,  # noqa: ASYNC109
        **parameters: Any,
    ) -> dict[str, Any]:
        """What a method of the protocol returns. Raises BrowserError."""
        if self._writer is None or self.has_ended:
            raise BrowserError("the browser has ended")
        self._count += 1
        message: Mapping[str, Any] = {
            "id": self._count,
            "method": method,
            "params": parameters,
            **({"sessionId": session} if session else {}),
        }
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._calls[self._count] = answer
        self._writer.write(json.dumps(message).encode() + b"\0")
        try:
            return await asyncio.wait_for(answer, timeout)
        except TimeoutError as error:
            raise BrowserError(f"no answer to {method} in {timeout:g} s") from error
        finally:
            self._calls.pop(message["id"], None)

    def _receive(self, content: bytes | None) -> None:
        """A message of the browser; None when it has ended. One that cannot be read ends it."""
        try:
            message = None if content is None else json.loads(content)
        except ValueError:
            message = None
        if message is None:
            if self._writer:
                self._writer.close()
            for call in self._calls.values():
                if not call.done():
                    call.set_exception(BrowserError("the browser has ended"))
            return
        if answer := self._calls.get(message.get("id", 0)):
            if answer.done():
                return
            if "error" in message:
                answer.set_exception(BrowserError(str(message["error"].get("message", ""))[:200]))
            else:
                answer.set_result(message.get("result", {}))
        elif listener := self._listeners.get((message.get("sessionId", ""), message.get("method", ""))):
            listener(message.get("params", {}))


def build_command(chromium: str, profile: str) -> list[str]:
    """The command of a browser whose own traffic is refused; each page's goes to the proxy of its context."""
    run_flags = (f"--proxy-server={_REFUSED_PROXY}", f"--user-data-dir={profile}", "--remote-debugging-pipe")
    return [chromium, *BROWSER_FLAGS, *sandbox_flags(), *run_flags, "--mute-audio", "about:blank"]


class _MessageReader(asyncio.Protocol):
    """Splits what the browser writes at its NUL bytes."""

    def __init__(self, receive: Callable[[bytes | None], None]) -> None:
        self._receive = receive
        self._parts: list[bytes] = []
        self._size = 0
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *ends, rest = data.split(b"\0")
        for end in ends:
            self._receive(b"".join([*self._parts, end]))
            self._parts, self._size = [], 0
        self._parts.append(rest)
        self._size += len(rest)
        if self._size > MAX_MESSAGE and self._transport:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._receive(None)


def _move_up(descriptor: int) -> int:
    """The same pipe under a number that is none of those the browser gets."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_SPARE_DESCRIPTOR)
    os.close(descriptor)
    return moved
