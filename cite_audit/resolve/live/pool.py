"""Connections by host, put in the place of httpcore's pool.

httpcore's scans every connection at every event: 133 million calls for 2,000 links. This one keeps idle connections in
a dict, opens them through the guard, and otherwise speaks httpcore's own request and response types. A server that
seems to speak HTTP/2 alone is asked so, once, and from then on when it answers.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING

from cite_audit.model import FailureKind
from cite_audit.resolve.live.dial import Dialler, Exchange
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.head import Fields, Head
from cite_audit.resolve.live.wire import Wire

if TYPE_CHECKING:
    import httpcore

IDLE = 15.0  # seconds a connection waits for another request
KEPT = 128  # idle connections in all

Key = tuple[str, str, int]
Question = tuple[str, str, Fields]  # method, path, fields
NEVER, OFFERED, ALONE = 0, 1, 3  # what is known of a host's HTTP/2: not offered; offered; and nothing else spoken
_REPEATED = {"GET", "HEAD"}  # what may be sent twice


class Pool:
    """Opens, lends and keeps connections."""

    def __init__(self, dialler: Dialler) -> None:
        self.dialler = dialler
        self.idle: dict[Key, list[Wire]] = {}
        self.order: OrderedDict[Wire, Key] = OrderedDict()  # idle ones, oldest first
        self.lent: set[Wire] = set()
        self.closed = False
        self.framed: dict[Key, int] = {}  # hosts that were asked by HTTP/2
        self.turns: dict[Key, asyncio.Lock] = {}  # of finding that out

    async def ask(
        self, key: Key, method: str, path: str, fields: Fields, content: bytes, exchange: Exchange
    ) -> Incoming:
        """Send a request and wait for the head of its answer. Raises ExchangeError."""
        if self.closed:
            raise ExchangeError(FailureKind.UNREACHABLE, "the run is over")
        if self.framed and self.framed.get(key) == ALONE and method in _REPEATED:
            wire = await self.dialler.open(*key, exchange, http2=True)
            if wire.framed:
                return await self._by_http2(wire, key, (method, path, fields), exchange)
            wire.close()
            self.framed[key] = NEVER
        try:
            plain = await self._by_http1(key, method, path, fields, content, exchange)
        except ExchangeError as error:
            sent = error.failure.kind is not FailureKind.TLS_HANDSHAKE
            framed = await self._second(error.hint, sent, key, (method, path, fields), exchange)
            if framed is None:
                raise
            return framed
        if plain.head.status == 505:  # HTTP Version Not Supported
            return await self._instead(plain, (method, path, fields), exchange)
        return plain

    async def _by_http1(
        self, key: Key, method: str, path: str, fields: Fields, content: bytes, exchange: Exchange
    ) -> Incoming:
        message = self._message(key, method, path, fields) + content
        while True:
            wire = self._take(key)
            reused = wire is not None
            if wire is None:
                wire = await self.dialler.open(*key, exchange)
            self.lent.add(wire)
            exchange.phase = FailureKind.TIMEOUT_READ
            try:
                wire.send(message)
                head = await wire.head()
                break
            except BaseException as error:
                self._drop(wire)
                # A kept connection that closes before its first byte was idle for too long: RFC 9112 §9.3.1.
                if not (reused and isinstance(error, ExchangeError) and not wire.heard):
                    raise
        exchange.phase = FailureKind.TIMEOUT_TOTAL
        exchange.flags.extend(wire.flags)
        if not head.strict:
            exchange.flags.append("lenient-parser")
        return Incoming(self, wire, head, key, wire.body(head))

    async def _instead(self, plain: Incoming, question: Question, exchange: Exchange) -> Incoming:
        try:
            framed = await self._second(2, True, plain.key, question, exchange)
        except BaseException:
            self._drop(plain.wire)
            raise
        exchange.phase = FailureKind.TIMEOUT_TOTAL
        if framed:
            self._drop(plain.wire)
        return framed or plain

    async def _second(self, hint: int, sent: bool, key: Key, question: Question, exchange: Exchange) -> Incoming | None:
        """The answer by HTTP/2 where HTTP/1.1 failed; None when the server has none to offer, or trouble explains it.

        `hint` as in ExchangeError; `sent`: whether the first request left.
        """
        if not hint or key[0] != "https" or question[0] not in _REPEATED:
            return None
        async with self.turns.setdefault(key, asyncio.Lock()):
            if key in self.idle or self.framed.get(key) == NEVER:  # it has answered by HTTP/1.1, or offers nothing else
                return None
            wire = await self._offered(key, exchange)
            if wire is None:
                self.framed[key] = NEVER
                return None
            self.framed[key] = ALONE if hint > 1 else max(OFFERED, self.framed.get(key, OFFERED))
        exchange.again += sent
        try:
            framed = await self._by_http2(wire, key, question, exchange)
        except BaseException:
            if self.framed[key] != ALONE:
                self.framed[key] = NEVER  # both ways fail, or one lasts too long: the server is in trouble
            raise
        self.framed[key] = min(ALONE, self.framed[key] + hint)
        return framed

    async def _offered(self, key: Key, exchange: Exchange) -> Wire | None:
        try:
            wire = await self.dialler.open(*key, exchange, http2=True)
        except ExchangeError:
            return None
        if not wire.framed:
            wire.close()
            return None
        return wire

    async def _by_http2(self, wire: Wire, key: Key, question: Question, exchange: Exchange) -> Incoming:
        self.lent.add(wire)
        exchange.phase = FailureKind.TIMEOUT_READ
        exchange.flags.extend(["http2", *wire.flags])
        try:
            from cite_audit.resolve.live.http2 import Stream  # h2 takes 10 ms or more to load, and few runs need it

            stream = Stream(wire)
            head = await stream.ask(*question)
        except BaseException:
            self._drop(wire)
            raise
        exchange.phase = FailureKind.TIMEOUT_TOTAL
        return Incoming(self, wire, head, key, stream.body())

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """The same in httpcore's terms: this is what httpx's transport calls."""
        url = request.url
        scheme, host = url.scheme.decode(), url.host.decode().strip("[]")
        if scheme not in ("http", "https"):
            raise ExchangeError(FailureKind.INVALID_URL, f"{scheme} is not the web")
        key = (scheme, host, url.port or (443 if scheme == "https" else 80))
        content = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]
        exchange = request.extensions.get("exchange") or Exchange()
        method, path = request.method.decode(), url.target.decode("latin-1")
        incoming = await self.ask(key, method, path, request.headers, content, exchange)
        import httpcore  # it would load h2, for connections that are never made

        return httpcore.Response(incoming.head.status, headers=incoming.head.fields, content=incoming)

    def _message(self, key: Key, method: str, path: str, fields: Fields) -> bytes:
        target = path.encode("latin-1")
        lines = [b"%b: %b" % field for field in fields]
        proxy = self.dialler.proxy
        if proxy and key[0] == "http" and not proxy.passes_by(key[1], key[2]):
            host = next(value for name, value in fields if name.lower() == b"host")
            target = b"http://" + host + target
            if proxy.authorization:
                lines.append(b"Proxy-Authorization: " + proxy.authorization.encode("ascii"))
        return b"%b %b HTTP/1.1\r\n%b\r\n\r\n" % (method.encode("ascii"), target, b"\r\n".join(lines))

    def _take(self, key: Key) -> Wire | None:
        waiting = self.idle.get(key)
        while waiting:
            wire = waiting.pop()
            self.order.pop(wire, None)
            if wire.usable and asyncio.get_running_loop().time() - wire.idle_since < IDLE:
                return wire
            wire.close()
        return None

    def give_back(self, wire: Wire, key: Key) -> None:
        """Keep a connection whose answer was read to its end."""
        self.lent.discard(wire)
        if not wire.usable:
            wire.close()
            return
        wire.idle_since = asyncio.get_running_loop().time()
        self.idle.setdefault(key, []).append(wire)
        self.order[wire] = key
        if len(self.order) > KEPT:
            oldest, its_key = self.order.popitem(last=False)
            self.idle[its_key].remove(oldest)
            if not self.idle[its_key]:
                del self.idle[its_key]
            oldest.close()

    def _drop(self, wire: Wire) -> None:
        self.lent.discard(wire)
        wire.close()

    async def aclose(self) -> None:
        self.closed = True
        for wire in [*self.order, *self.lent]:
            wire.close()
        self.idle.clear()
        self.order.clear()
        self.lent.clear()
        await asyncio.sleep(0)  # aborted transports close in the next turn of the loop

    async def __aenter__(self) -> Pool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Incoming:
    """An answer whose head is there. Closing it gives the connection back, or ends it when not all was read."""

    def __init__(self, pool: Pool, wire: Wire, head: Head, key: Key, body: AsyncIterator[bytes]) -> None:
        self.pool, self.wire, self.head, self.key, self.body = pool, wire, head, key, body
        self.done = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self.body:
            yield piece
        self.done = True

    async def aclose(self) -> None:
        if self.done and self.head.reusable:
            self.pool.give_back(self.wire, self.key)
        else:
            self.pool._drop(self.wire)
