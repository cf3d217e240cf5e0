"""Opens connections: to judged addresses only, with every phase bounded and named."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cite_audit.model import FailureKind
from cite_audit.resolve.live import tls
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.guard import literal
from cite_audit.resolve.live.intermediates import missing_intermediates
from cite_audit.resolve.live.names import Names, Place
from cite_audit.resolve.live.proxy import Proxy, open_tunnel
from cite_audit.resolve.live.wire import Wire

CONNECT = 10.0  # seconds for all addresses of a name
HANDSHAKE = 10.0
STAGGER = 0.3  # seconds before the next address is tried beside a silent one (RFC 8305 §5)

_ERRNO = {
    errno.ECONNREFUSED: FailureKind.REFUSED,
    errno.ECONNRESET: FailureKind.RESET,
    errno.EHOSTUNREACH: FailureKind.UNREACHABLE,
    errno.ENETUNREACH: FailureKind.UNREACHABLE,
    errno.ENETDOWN: FailureKind.UNREACHABLE,
    errno.EADDRNOTAVAIL: FailureKind.UNREACHABLE,
    errno.ETIMEDOUT: FailureKind.TIMEOUT_CONNECT,
}
Door = tuple[str, int, bool]  # host, port, and whether HTTP/2 is offered


@dataclass(slots=True)
class Exchange:
    """What an exchange tells while it runs: the phase it is in, and flags of the connection and the reader."""

    literal: str | None = None
    phase: FailureKind = FailureKind.DNS_TEMPORARY  # what a time-out now would mean
    flags: list[str] = field(default_factory=list)
    again: int = 0  # requests sent besides the first

    @property
    def heard(self) -> bool:
        """Whether the head of an answer came."""
        return self.phase is FailureKind.TIMEOUT_TOTAL


class Dialler:
    """Dials hosts for the pool. `fetch` gets a missing intermediate certificate, through the same guard."""

    def __init__(self, names: Names, trust: tls.Trust, proxy: Proxy | None) -> None:
        self.names = names
        self.trust = trust
        self.proxy = proxy
        self.fetch: Callable[[str], Awaitable[bytes]] | None = None
        self.proxy_places: list[Place] = []
        self.opened = 0  # connections made: the network is there
        self.mended: dict[Door, ssl.SSLContext] = {}  # hosts whose chain we completed

    async def open(self, scheme: str, host: str, port: int, told: Exchange, http2: bool = False) -> Wire:
        """A connection ready for requests; with `http2` that is offered, and `Wire.framed` tells whether it was taken.

        Raises ExchangeError.
        """
        told.phase = FailureKind.DNS_TEMPORARY
        places, tunnel = await self._places(scheme, host, port, told.literal)
        told.phase = FailureKind.TIMEOUT_CONNECT
        wire = await self._tcp(places, (host, port) if tunnel else None)
        self.opened += 1
        if scheme == "http":
            return wire
        told.phase = FailureKind.TIMEOUT_TLS
        door = (host, port, http2)
        mended = self.mended.get(door)
        try:
            await self._secure(wire, host, mended or (self.trust.framed if http2 else self.trust.context))
        except ExchangeError as error:
            if error.failure.kind is not FailureKind.TLS_UNKNOWN_ISSUER:
                raise
            wire = await self._mend(places, door, tunnel, error)
            mended = self.mended[door]
        if mended:
            self._check_root(wire)
            wire.flags = (FailureKind.TLS_INCOMPLETE_CHAIN.value,)
        return wire

    async def reach(self, host: str, port: int) -> Wire:
        """A bare connection to a host, or to the proxy that leads there. Raises ExchangeError."""
        places, _ = await self._places("http", host, port, literal(host))
        return await self._tcp(places, None)

    async def _places(self, scheme: str, host: str, port: int, address: str | None) -> tuple[list[Place], bool]:
        if self.proxy and not self.proxy.passes_by(host, port):
            self.proxy_places = self.proxy_places or await self.proxy.places()
            return self.proxy_places, scheme == "https"
        return await self.names.places(host, port, address), False

    async def _tcp(self, places: list[Place], tunnel: tuple[str, int] | None) -> Wire:
        try:
            async with asyncio.timeout(CONNECT):
                wire = await self._race(places)
                if tunnel:
                    await self._tunnel(wire, tunnel)
        except TimeoutError as error:
            raise ExchangeError(FailureKind.TIMEOUT_CONNECT, f"no connection in {CONNECT:g} s") from error
        return wire

    async def _tunnel(self, wire: Wire, to: tuple[str, int]) -> None:
        assert self.proxy
        try:
            await open_tunnel(wire, self.proxy, *to)
        except BaseException:
            wire.close()
            raise

    async def _race(self, places: list[Place]) -> Wire:
        try:
            return await _race(places)
        except ExchangeError as error:
            if self.proxy and places is self.proxy_places:
                said = f"the proxy {self.proxy.host} cannot be reached: {error.failure.detail}"
                raise ExchangeError(FailureKind.NO_NETWORK, said) from error
            raise

    async def _secure(self, wire: Wire, host: str, context: ssl.SSLContext) -> None:
        assert wire.transport
        if wire.buffer:  # what came is lost to the handshake, which would wait for it
            wire.close()
            raise ExchangeError(FailureKind.TLS_HANDSHAKE, f"the server spoke first: {bytes(wire.buffer[:40])!r}")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(HANDSHAKE):
                # SNI and verification use the name, never the address dialled.
                secured = await loop.start_tls(wire.transport, wire, context, server_hostname=host)
        except TimeoutError as error:
            wire.close()
            raise ExchangeError(FailureKind.TIMEOUT_TLS, f"no handshake in {HANDSHAKE:g} s") from error
        except (ssl.SSLError, OSError, ValueError) as error:
            wire.close()
            raise tls.named(error if isinstance(error, OSError) else OSError(str(error))) from error
        except asyncio.CancelledError:
            wire.close()
            raise
        if secured is None:
            raise ExchangeError(FailureKind.TLS_HANDSHAKE, "the server closed during the handshake")
        wire.transport = secured
        wire.framed = secured.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"

    async def _mend(self, places: list[Place], door: Door, tunnel: bool, error: ExchangeError) -> Wire:
        """Look at the refused certificate: a national root, or an intermediate the server forgot to send."""
        host = door[0]
        target = door[:2] if tunnel else None
        wire = await self._tcp(places, target)
        await self._secure(wire, host, self.trust.blind)
        assert wire.transport
        leaf: bytes = wire.transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        wire.close()
        if tls.is_national(leaf):
            raise ExchangeError(FailureKind.TLS_NATIONAL_ROOT, error.failure.detail) from error
        context = self.trust.with_intermediates(await self._links(leaf, error), door[2])
        wire = await self._tcp(places, target)
        await self._secure(wire, host, context)
        self.mended[door] = context
        return wire

    async def _links(self, leaf: bytes, error: ExchangeError) -> list[bytes]:
        """The intermediates between a leaf and the store. Raises `error` when they cannot be had."""
        try:
            links = await missing_intermediates(leaf, self.trust.roots, self.fetch) if self.fetch else []
        except ImportError as missing:
            detail = f"{error.failure.detail}; a missing intermediate cannot be checked without cryptography: {missing}"
            raise ExchangeError(error.failure.kind, detail) from error
        if not links:
            raise error
        return links

    def _check_root(self, wire: Wire) -> None:
        """Close a connection whose chain does not end in the store: what was fetched may never be its end."""
        assert wire.transport
        if not self.trust.is_end_of(wire.transport.get_extra_info("ssl_object")):
            wire.close()
            raise ExchangeError(FailureKind.TLS_UNKNOWN_ISSUER, "the chain of certificates does not end in the store")


async def _race(places: list[Place]) -> Wire:
    """The first address that answers; the next one starts when one fails or stays silent for `STAGGER`."""
    if len(places) == 1:
        return await _dial(places[0])
    waiting = list(places)
    dials: set[asyncio.Task[Wire]] = set()  # but for those that failed
    problem: ExchangeError | None = None
    try:
        while waiting or dials:
            if waiting:
                dials.add(asyncio.ensure_future(_dial(waiting.pop(0))))
            patience = STAGGER if waiting else None
            done, _ = await asyncio.wait(dials, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                dials.remove(task)
                error = task.exception()
                if error is None:
                    return task.result()
                problem = problem or (error if isinstance(error, ExchangeError) else None)
    finally:
        for task in dials:  # under way, or as quick as the one taken
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, ExchangeError):
                (await task).close()
    raise problem or ExchangeError(FailureKind.UNREACHABLE, "no address answers")


async def _dial(place: Place) -> Wire:
    loop = asyncio.get_running_loop()
    address, port = place
    try:
        transport, wire = await loop.create_connection(Wire, address, port)
    except OSError as error:
        kind = _ERRNO.get(error.errno or 0, FailureKind.UNREACHABLE)
        raise ExchangeError(kind, f"{address}: {os.strerror(error.errno) if error.errno else error}") from error
    peer = transport.get_extra_info("peername")
    if peer and peer[0] != address:
        transport.abort()
        raise ExchangeError(FailureKind.UNSAFE_NAME, f"connected to {peer[0]}, not to {address}")
    return wire
