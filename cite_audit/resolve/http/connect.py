"""Opens connections, to judged addresses only; every phase has a time limit and a name."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cite_audit.model import FailureKind
from cite_audit.resolve.http import tls
from cite_audit.resolve.http.address_guard import literal_address
from cite_audit.resolve.http.connection import Connection
from cite_audit.resolve.http.descriptors import RETRY_PAUSES, UNLIMITED, is_shortage
from cite_audit.resolve.http.dns import DnsResolver, Endpoint
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.intermediates import missing_intermediates
from cite_audit.resolve.http.proxy import Proxy, open_tunnel

CONNECT_TIMEOUT = 10.0  # seconds for all addresses of a name
HANDSHAKE_TIMEOUT = 10.0
ATTEMPT_DELAY = 0.3  # seconds before the next address is tried beside a silent one (RFC 8305 §5)

_KIND_OF_ERRNO = {
    errno.ECONNREFUSED: FailureKind.REFUSED,
    errno.ECONNRESET: FailureKind.RESET,
    errno.EHOSTUNREACH: FailureKind.UNREACHABLE,
    errno.ENETUNREACH: FailureKind.UNREACHABLE,
    errno.ENETDOWN: FailureKind.UNREACHABLE,
    errno.EADDRNOTAVAIL: FailureKind.UNREACHABLE,
    errno.ETIMEDOUT: FailureKind.TIMEOUT_CONNECT,
}
ServerKey = tuple[str, int, bool]  # host, port, and whether HTTP/2 is offered


@dataclass(slots=True)
class ExchangeProgress:
    """The state of an exchange under way: its phase, and flags of the connection and the reader."""

    literal: str | None = None
    phase: FailureKind = FailureKind.DNS_TEMPORARY  # the meaning of a time-out now
    flags: list[str] = field(default_factory=list)
    extra_requests: int = 0  # requests sent besides the first

    @property
    def head_received(self) -> bool:
        """Whether the head of an answer has arrived."""
        return self.phase is FailureKind.TIMEOUT_TOTAL


class Connector:
    """Opens connections for the pool, `budget` of them at once.

    `fetch_certificate` gets a missing intermediate certificate through the same guard; `free_connection` closes a
    connection that nobody uses, for the sake of a new one.
    """

    def __init__(
        self, resolver: DnsResolver, trust: tls.TrustStore, proxy: Proxy | None, budget: int = UNLIMITED
    ) -> None:
        self.budget = budget
        self.socket_count = 0  # sockets open or being opened
        self.free_connection: Callable[[], None] = lambda: None
        self.resolver = resolver
        self.trust = trust
        self.proxy = proxy
        self.fetch_certificate: Callable[[str], Awaitable[bytes]] | None = None
        self.proxy_endpoints: list[Endpoint] = []
        self.opened_count = 0  # connections made: a proof that there is a network
        self.completed_contexts: dict[ServerKey, ssl.SSLContext] = {}  # hosts whose chain we completed

    async def open_connection(
        self, scheme: str, host: str, port: int, progress: ExchangeProgress, http2: bool = False
    ) -> Connection:
        """A connection ready for requests; `http2` offers HTTP/2, `Connection.is_http2` says whether it was agreed on.

        Raises ExchangeError.
        """
        progress.phase = FailureKind.DNS_TEMPORARY
        endpoints, tunnel = await self._endpoints_of(scheme, host, port, progress.literal)
        progress.phase = FailureKind.TIMEOUT_CONNECT
        connection = await self._connect_tcp(endpoints, (host, port) if tunnel else None, progress)
        self.opened_count += 1
        if scheme == "http":
            return connection
        progress.phase = FailureKind.TIMEOUT_TLS
        server = (host, port, http2)
        completed_context = self.completed_contexts.get(server)
        try:
            await self._start_tls(
                connection, host, completed_context or (self.trust.http2_context if http2 else self.trust.context)
            )
        except ExchangeError as error:
            if error.failure.kind is not FailureKind.TLS_UNKNOWN_ISSUER:
                raise
            connection = await self._complete_chain(endpoints, server, tunnel, error, progress)
            completed_context = self.completed_contexts[server]
        if completed_context:
            self._check_root(connection)
            connection.flags = (FailureKind.TLS_INCOMPLETE_CHAIN.value,)
        return connection

    async def connect_bare(self, host: str, port: int) -> Connection:
        """A bare connection to a host, or to the proxy that leads there. Raises ExchangeError."""
        progress = ExchangeProgress(literal_address(host))
        endpoints, _ = await self._endpoints_of("http", host, port, progress.literal)
        return await self._connect_tcp(endpoints, None, progress)

    async def _endpoints_of(
        self, scheme: str, host: str, port: int, address: str | None
    ) -> tuple[list[Endpoint], bool]:
        if self.proxy and not self.proxy.bypasses_host(host, port):
            self.proxy_endpoints = self.proxy_endpoints or await self.proxy.resolve_endpoints()
            return self.proxy_endpoints, scheme == "https"
        return await self.resolver.safe_endpoints(host, port, address), False

    async def _connect_tcp(
        self, endpoints: list[Endpoint], tunnel: tuple[str, int] | None, progress: ExchangeProgress
    ) -> Connection:
        progress.phase = FailureKind.TIMEOUT_CONNECT
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                connection = await self._connect_any(endpoints, progress)
                if self.proxy and endpoints is self.proxy_endpoints:
                    connection.peer = ""
                if tunnel:
                    await self._open_proxy_tunnel(connection, tunnel)
        except TimeoutError as error:
            raise ExchangeError(progress.phase, f"no connection in {CONNECT_TIMEOUT:g} s") from error
        return connection

    async def _open_proxy_tunnel(self, connection: Connection, destination: tuple[str, int]) -> None:
        assert self.proxy
        try:
            await open_tunnel(connection, self.proxy, *destination)
        except BaseException:
            connection.close()
            raise

    async def _connect_any(self, endpoints: list[Endpoint], progress: ExchangeProgress) -> Connection:
        try:
            return await self._race_endpoints(endpoints, progress)
        except ExchangeError as error:
            if self.proxy and endpoints is self.proxy_endpoints and error.failure.kind is not FailureKind.LOCAL:
                detail = f"the proxy {self.proxy.host} cannot be reached: {error.failure.detail}"
                raise ExchangeError(FailureKind.NO_NETWORK, detail) from error
            raise

    async def _start_tls(self, connection: Connection, host: str, context: ssl.SSLContext) -> None:
        if connection.buffer:  # the handshake would wait for bytes that have already been read
            connection.close()
            raise ExchangeError(FailureKind.TLS_HANDSHAKE, f"the server spoke first: {bytes(connection.buffer[:40])!r}")
        if not connection.transport or connection.ended or connection.transport.is_closing():
            connection.close()  # uvloop would start a handshake on a closed socket, and print a traceback
            raise tls.tls_failure(ConnectionResetError())
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT):
                # SNI and verification use the name, never the address connected to.
                secured = await loop.start_tls(connection.transport, connection, context, server_hostname=host)
        except TimeoutError as error:
            connection.close()
            raise ExchangeError(FailureKind.TIMEOUT_TLS, f"no handshake in {HANDSHAKE_TIMEOUT:g} s") from error
        except (ssl.SSLError, OSError, ValueError) as error:
            connection.close()
            raise tls.tls_failure(error if isinstance(error, OSError) else OSError(str(error))) from error
        except asyncio.CancelledError:
            connection.close()
            raise
        if secured is None:
            connection.close()
            raise ExchangeError(FailureKind.TLS_HANDSHAKE, "the server closed during the handshake")
        connection.transport = secured
        ssl_object = secured.get_extra_info("ssl_object")
        connection.is_http2 = ssl_object.selected_alpn_protocol() == "h2"
        connection.tls_version = ssl_object.version() or ""

    async def _complete_chain(
        self,
        endpoints: list[Endpoint],
        server: ServerKey,
        tunnel: bool,
        error: ExchangeError,
        progress: ExchangeProgress,
    ) -> Connection:
        """Read the refused certificate: a national root, or an intermediate that the server did not send."""
        host = server[0]
        target = server[:2] if tunnel else None
        connection = await self._connect_tcp(endpoints, target, progress)
        progress.phase = FailureKind.TIMEOUT_TLS
        await self._start_tls(connection, host, self.trust.unverified_context)
        assert connection.transport
        leaf: bytes = connection.transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        connection.close()
        if tls.is_national_issuer(leaf):
            raise ExchangeError(FailureKind.TLS_NATIONAL_ROOT, error.failure.detail) from error
        context = self.trust.context_with_intermediates(await self._links(leaf, error), server[2])
        connection = await self._connect_tcp(endpoints, target, progress)
        progress.phase = FailureKind.TIMEOUT_TLS
        await self._start_tls(connection, host, context)
        self.completed_contexts[server] = context
        return connection

    async def _links(self, leaf: bytes, error: ExchangeError) -> list[bytes]:
        """The intermediates between a leaf and the store. Raises `error` when they cannot be had."""
        try:
            links = (
                await missing_intermediates(leaf, self.trust.roots, self.fetch_certificate)
                if self.fetch_certificate
                else []
            )
        except ImportError as missing:
            detail = f"{error.failure.detail}; a missing intermediate cannot be checked without cryptography: {missing}"
            raise ExchangeError(error.failure.kind, detail) from error
        if not links:
            raise error
        return links

    def _check_root(self, connection: Connection) -> None:
        """Close a connection whose chain does not end in the store: a fetched certificate is never an end."""
        assert connection.transport
        if not self.trust.is_end_of(connection.transport.get_extra_info("ssl_object")):
            connection.close()
            raise ExchangeError(FailureKind.TLS_UNKNOWN_ISSUER, "the chain of certificates does not end in the store")

    async def _race_endpoints(self, endpoints: list[Endpoint], progress: ExchangeProgress) -> Connection:
        """The first address that answers; the next one starts when one fails or is silent for `ATTEMPT_DELAY`."""
        if len(endpoints) == 1:
            return await self._connect_endpoint(endpoints[0], progress)
        remaining = list(endpoints)
        attempts: set[asyncio.Task[Connection]] = set()  # without those that failed
        problem: ExchangeError | None = None
        try:
            while remaining or attempts:
                if remaining and (not attempts or self.socket_count < self.budget):
                    attempts.add(asyncio.ensure_future(self._connect_endpoint(remaining.pop(0), progress)))
                wait_limit = ATTEMPT_DELAY if remaining else None
                finished, _ = await asyncio.wait(attempts, timeout=wait_limit, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    attempts.remove(task)
                    error = task.exception()
                    if error is None:
                        return task.result()
                    problem = problem or (error if isinstance(error, ExchangeError) else None)
        finally:
            for task in attempts:  # under way, or as quick as the one taken
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, ExchangeError):
                    (await task).close()
        raise problem or ExchangeError(FailureKind.UNREACHABLE, "no address answers")

    async def _connect_endpoint(self, endpoint: Endpoint, progress: ExchangeProgress) -> Connection:
        """A connection to an address. Raises ExchangeError: LOCAL when this machine lacks descriptors for it."""
        for pause in RETRY_PAUSES:
            try:
                return await self._open_socket(endpoint)
            except ExchangeError as error:
                if error.failure.kind is not FailureKind.LOCAL:
                    raise
            self.free_connection()
            progress.phase = FailureKind.LOCAL
            await asyncio.sleep(pause)
            progress.phase = FailureKind.TIMEOUT_CONNECT
        return await self._open_socket(endpoint)

    async def _open_socket(self, endpoint: Endpoint) -> Connection:
        address, port = endpoint
        if self.socket_count >= self.budget:
            self.free_connection()
        connection = Connection(self._count_closed)
        self.socket_count += 1
        try:
            transport, _ = await asyncio.get_running_loop().create_connection(lambda: connection, address, port)
        except OSError as error:
            connection.close()
            raise _connect_failure(error, address) from error
        except BaseException:
            connection.close()
            raise
        connection.peer = address
        peer = transport.get_extra_info("peername")
        if peer and peer[0] != address:
            connection.close()
            raise ExchangeError(FailureKind.UNSAFE_NAME, f"connected to {peer[0]}, not to {address}")
        return connection

    def _count_closed(self) -> None:
        self.socket_count -= 1


def _connect_failure(error: OSError, address: str) -> ExchangeError:
    if is_shortage(error):
        return ExchangeError(FailureKind.LOCAL, f"{os.strerror(error.errno or 0)}")
    kind = _KIND_OF_ERRNO.get(error.errno or 0, FailureKind.UNREACHABLE)
    return ExchangeError(kind, f"{address}: {os.strerror(error.errno) if error.errno else error}")
