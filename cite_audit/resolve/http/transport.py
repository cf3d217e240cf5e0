"""The guarded transport of httpx: each request goes through the address guard and the connection pool of the run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache

import httpx

from cite_audit.model import FailureKind
from cite_audit.resolve.http.address_guard import BAD_PORTS, literal_address
from cite_audit.resolve.http.connect import Connector, ExchangeProgress
from cite_audit.resolve.http.connection_pool import ConnectionPool, IncomingResponse, Origin
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import DEFAULT_PORTS
from cite_audit.resolve.http.target_request import TargetRequest

# What a user of httpx expects for a failure; every other kind is a ConnectError.
_HTTPX_ERRORS: dict[FailureKind, type[httpx.TransportError]] = {
    FailureKind.TIMEOUT_CONNECT: httpx.ConnectTimeout,
    FailureKind.TIMEOUT_TLS: httpx.ConnectTimeout,
    FailureKind.TIMEOUT_READ: httpx.ReadTimeout,
    FailureKind.RESET: httpx.ReadError,
    FailureKind.PROTOCOL: httpx.RemoteProtocolError,
    FailureKind.EMPTY_REPLY: httpx.RemoteProtocolError,
    FailureKind.INVALID_URL: httpx.UnsupportedProtocol,
}


class GuardedTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`, or to be called itself: `await transport.handle_async_request(request)`.

    Two extensions of a request are read: `target` (bytes, as in httpcore), the request target as it is sent; and
    `progress` (ExchangeProgress), which is kept up to date with the phase, the flags and the number of requests.
    Raises httpx.TransportError, whose cause is the ExchangeError with the failure. The time for connection and TLS is
    limited; the caller limits the whole with `asyncio.timeout`.
    """

    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self.pool = ConnectionPool(connector)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            origin = _origin_of(request)
            progress = request.extensions.get("progress") or ExchangeProgress(_literal_of(origin))
            target: bytes = request.extensions.get("target") or request.url.raw_path
            incoming = await self.pool.send_request(
                origin,
                request.method,
                target.decode("latin-1"),
                request.headers.raw,
                await _read_content(request.stream),
                progress,
            )
        except ExchangeError as error:
            raise _httpx_error(error, request) from error
        connection = incoming.connection
        return httpx.Response(
            incoming.head.status,
            headers=incoming.head.fields,
            stream=_ResponseStream(incoming, request),
            extensions={
                "http_version": b"HTTP/2" if connection.is_http2 else b"HTTP/1.1",
                "peer": connection.peer,
                "protocols": _name_protocols(connection.is_http2, connection.tls_version),
            },
        )

    async def aclose(self) -> None:
        await self.pool.aclose()


class _ResponseStream(httpx.AsyncByteStream):
    """The body of a response as it arrives, in its content coding."""

    def __init__(self, incoming: IncomingResponse, request: httpx.Request) -> None:
        self.incoming, self.request = incoming, request

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self.incoming)
        except ExchangeError as error:
            raise _httpx_error(error, self.request) from error

    async def aclose(self) -> None:
        await self.incoming.aclose()


async def _read_content(stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> bytes:
    if isinstance(stream, httpx.SyncByteStream):  # bytes in memory are both
        return b"".join(stream)
    return b"".join([piece async for piece in stream])


@lru_cache(maxsize=16)
def _name_protocols(is_http2: bool, tls_version: str) -> tuple[str, ...]:
    """The protocols of a connection, as WARC-Protocol names them."""
    protocols = ("h2" if is_http2 else "http/1.1", tls_version.lower().replace("v", "/"))
    return tuple(filter(None, protocols))


def _origin_of(request: httpx.Request) -> Origin:
    """Scheme, host and port. Raises ExchangeError for what a guarded request may not lead to."""
    if isinstance(request, TargetRequest):  # `parse_target` has refused the rest
        return request.target.scheme, request.target.host, request.target.port
    url = request.url
    scheme, host = url.scheme, url.raw_host.decode("ascii")
    if scheme not in DEFAULT_PORTS or not host:
        raise ExchangeError(FailureKind.INVALID_URL, "not a web address")
    port = url.port or DEFAULT_PORTS[scheme]
    if port in BAD_PORTS:
        raise ExchangeError(FailureKind.UNSAFE_LITERAL, f"port {port} is not for the web")
    return scheme, host, port


def _literal_of(origin: Origin) -> str | None:
    try:
        return literal_address(origin[1])
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, str(error)) from error


def _httpx_error(error: ExchangeError, request: httpx.Request) -> httpx.TransportError:
    return _HTTPX_ERRORS.get(error.failure.kind, httpx.ConnectError)(str(error), request=request)
