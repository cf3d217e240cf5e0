"""The connection pool: idle connections by origin, and the fallback to HTTP/2.

httpcore's pool scans every connection at every event: 133 million calls for 2,000 links. This one is a dict. A server
that seems to speak HTTP/2 alone is asked by HTTP/2 once, and from then on when it answers.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from types import TracebackType

from cite_audit.model import FailureKind
from cite_audit.resolve.http.connect import Connector, ExchangeProgress
from cite_audit.resolve.http.connection import Connection
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.response_head import Fields, ResponseHead

IDLE_TIMEOUT = 15.0  # seconds a connection waits for another request
MAX_IDLE = 128  # idle connections in all

Origin = tuple[str, str, int]
RequestParts = tuple[str, str, Fields]  # method, path, fields
# What is known of HTTP/2 at a host: not offered; offered; the only protocol it speaks.
H2_NEVER, H2_OFFERED, H2_ALONE = 0, 1, 3
_REPEATABLE = {"GET", "HEAD"}  # what may be sent twice


class ConnectionPool:
    """Opens, lends and keeps connections; idle ones give way when the connector's budget is spent."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        connector.free_connection = self.close_oldest_idle
        self.idle_connections: dict[Origin, list[Connection]] = {}
        self.idle_order: OrderedDict[Connection, Origin] = OrderedDict()  # idle ones, oldest first
        self.in_use: set[Connection] = set()
        self.closed = False
        self.http2_support: dict[Origin, int] = {}  # hosts that were asked by HTTP/2
        self.http2_locks: dict[Origin, asyncio.Lock] = {}  # of finding that out

    async def send_request(
        self, origin: Origin, method: str, path: str, fields: Fields, content: bytes, progress: ExchangeProgress
    ) -> IncomingResponse:
        """Send a request and wait for the head of its answer. Raises ExchangeError."""
        if self.closed:
            raise ExchangeError(FailureKind.UNREACHABLE, "the run is over")
        if self.http2_support and self.http2_support.get(origin) == H2_ALONE and method in _REPEATABLE:
            connection = await self.connector.open_connection(*origin, progress, http2=True)
            if connection.is_http2:
                return await self._send_http2(connection, origin, (method, path, fields), progress)
            connection.close()
            self.http2_support[origin] = H2_NEVER
        try:
            plain = await self._send_http1(origin, method, path, fields, content, progress)
        except ExchangeError as error:
            sent = error.failure.kind is not FailureKind.TLS_HANDSHAKE
            http2_answer = await self._try_http2(error.hint, sent, origin, (method, path, fields), progress)
            if http2_answer is None:
                raise
            return http2_answer
        if plain.head.status == 505:  # HTTP Version Not Supported
            return await self._retry_by_http2(plain, (method, path, fields), progress)
        return plain

    async def _send_http1(
        self, origin: Origin, method: str, path: str, fields: Fields, content: bytes, progress: ExchangeProgress
    ) -> IncomingResponse:
        message = self._request_bytes(origin, method, path, fields) + content
        while True:
            connection = self._take_idle(origin)
            reused = connection is not None
            if connection is None:
                connection = await self.connector.open_connection(*origin, progress)
            self.in_use.add(connection)
            progress.phase = FailureKind.TIMEOUT_READ
            try:
                connection.send(message)
                head = await connection.receive_head()
                break
            except BaseException as error:
                self._drop_connection(connection)
                # A kept connection that closes before its first byte was idle for too long: RFC 9112 §9.3.1.
                if not (reused and isinstance(error, ExchangeError) and not connection.has_data):
                    raise
        progress.phase = FailureKind.TIMEOUT_TOTAL
        progress.flags.extend(connection.flags)
        if not head.strict:
            progress.flags.append("lenient-parser")
        return IncomingResponse(self, connection, head, origin, connection.receive_body(head))

    async def _retry_by_http2(
        self, plain: IncomingResponse, parts: RequestParts, progress: ExchangeProgress
    ) -> IncomingResponse:
        try:
            http2_answer = await self._try_http2(2, True, plain.origin, parts, progress)
        except BaseException:
            self._drop_connection(plain.connection)
            raise
        progress.phase = FailureKind.TIMEOUT_TOTAL
        if http2_answer:
            self._drop_connection(plain.connection)
        return http2_answer or plain

    async def _try_http2(
        self, hint: int, sent: bool, origin: Origin, parts: RequestParts, progress: ExchangeProgress
    ) -> IncomingResponse | None:
        """The answer by HTTP/2 where HTTP/1.1 failed; None when the server has none to offer, or trouble explains it.

        `hint` as in ExchangeError; `sent`: whether the first request left.
        """
        if not hint or origin[0] != "https" or parts[0] not in _REPEATABLE:
            return None
        async with self.http2_locks.setdefault(origin, asyncio.Lock()):
            has_answered_http1 = origin in self.idle_connections
            if has_answered_http1 or self.http2_support.get(origin) == H2_NEVER:
                return None
            connection = await self._open_http2(origin, progress)
            if connection is None:
                self.http2_support[origin] = H2_NEVER
                return None
            self.http2_support[origin] = (
                H2_ALONE if hint > 1 else max(H2_OFFERED, self.http2_support.get(origin, H2_OFFERED))
            )
        progress.extra_requests += sent
        try:
            http2_answer = await self._send_http2(connection, origin, parts, progress)
        except BaseException:
            if self.http2_support[origin] != H2_ALONE:
                self.http2_support[origin] = H2_NEVER  # both ways fail, or one lasts too long: the server is in trouble
            raise
        self.http2_support[origin] = min(H2_ALONE, self.http2_support[origin] + hint)
        return http2_answer

    async def _open_http2(self, origin: Origin, progress: ExchangeProgress) -> Connection | None:
        try:
            connection = await self.connector.open_connection(*origin, progress, http2=True)
        except ExchangeError:
            return None
        if not connection.is_http2:
            connection.close()
            return None
        return connection

    async def _send_http2(
        self, connection: Connection, origin: Origin, parts: RequestParts, progress: ExchangeProgress
    ) -> IncomingResponse:
        self.in_use.add(connection)
        progress.phase = FailureKind.TIMEOUT_READ
        progress.flags.extend(["http2", *connection.flags])
        try:
            # h2 takes 10 ms or more to load, and few runs need it.
            from cite_audit.resolve.http.http2 import Http2Stream

            stream = Http2Stream(connection)
            head = await stream.send_request(*parts)
        except BaseException:
            self._drop_connection(connection)
            raise
        progress.phase = FailureKind.TIMEOUT_TOTAL
        return IncomingResponse(self, connection, head, origin, stream.receive_body())

    def _request_bytes(self, origin: Origin, method: str, path: str, fields: Fields) -> bytes:
        target = path.encode("latin-1")
        lines = [b"%b: %b" % field for field in fields]
        proxy = self.connector.proxy
        if proxy and origin[0] == "http" and not proxy.bypasses_host(origin[1], origin[2]):
            host = next(value for name, value in fields if name.lower() == b"host")
            target = b"http://" + host + target
            if proxy.authorization:
                lines.append(b"Proxy-Authorization: " + proxy.authorization.encode("ascii"))
        return b"%b %b HTTP/1.1\r\n%b\r\n\r\n" % (method.encode("ascii"), target, b"\r\n".join(lines))

    def _take_idle(self, origin: Origin) -> Connection | None:
        idle = self.idle_connections.get(origin)
        while idle:
            connection = idle.pop()
            self.idle_order.pop(connection, None)
            if connection.is_reusable and asyncio.get_running_loop().time() - connection.idle_since < IDLE_TIMEOUT:
                return connection
            connection.close()
        return None

    def give_back(self, connection: Connection, origin: Origin) -> None:
        """Keep a connection whose answer was read to its end."""
        self.in_use.discard(connection)
        if not connection.is_reusable:
            connection.close()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self.idle_connections.setdefault(origin, []).append(connection)
        self.idle_order[connection] = origin
        if len(self.idle_order) > MAX_IDLE:
            self.close_oldest_idle()

    def close_oldest_idle(self) -> None:
        """Close the connection that has been idle for longest, if there is one."""
        if not self.idle_order:
            return
        oldest, origin = self.idle_order.popitem(last=False)
        self.idle_connections[origin].remove(oldest)
        if not self.idle_connections[origin]:
            del self.idle_connections[origin]
        oldest.close()

    def _drop_connection(self, connection: Connection) -> None:
        self.in_use.discard(connection)
        connection.close()

    async def aclose(self) -> None:
        self.closed = True
        for connection in [*self.idle_order, *self.in_use]:
            connection.close()
        self.idle_connections.clear()
        self.idle_order.clear()
        self.in_use.clear()
        await asyncio.sleep(0)  # aborted transports close in the next turn of the loop

    async def __aenter__(self) -> ConnectionPool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class IncomingResponse:
    """An answer whose head is there. Closing it gives the connection back, or ends it when not all was read."""

    def __init__(
        self,
        pool: ConnectionPool,
        connection: Connection,
        head: ResponseHead,
        origin: Origin,
        body: AsyncIterator[bytes],
    ) -> None:
        self.pool, self.connection, self.head, self.origin, self.body = pool, connection, head, origin, body
        self.is_complete = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self.body)
        except StopAsyncIteration:
            self.is_complete = True
            raise

    async def aclose(self) -> None:
        if self.is_complete and self.head.reusable:
            self.pool.give_back(self.connection, self.origin)
        else:
            self.pool._drop_connection(self.connection)
