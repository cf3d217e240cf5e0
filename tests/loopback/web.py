"""A hostile web on loopback: many named sites on one address, answering with raw bytes, every request on record.

Sites are told apart by the Host field, and by SNI where they are encrypted. `LoopbackWeb.network()` gives the settings
under which the program reaches them; names the web does not serve get `NXDOMAIN` from `lookup`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from cite_audit.config.settings import Network
from tests.loopback import http2

LOOPBACK = ("127.0.0.0/8",)
OWN_DOOR = ("old", "no-common-cipher", "mute")  # faults of the handshake, which no name in it can choose between


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a site saw it; `count` is the how-manieth for this host and target."""

    host: str
    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    count: int = 1
    secure: bool = False

    @property
    def browser(self) -> bool:
        """Whether it came in the browser-like profile."""
        agent = self.headers.get("user-agent", "")
        return "Mozilla/5.0" in agent and "compatible" not in agent

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site sends. `raw` replaces status, headers and body by the bytes given.

    `delay` seconds before the first byte; `drip` seconds between single bytes; `then`: keep, close, reset or hang.
    `declared` is sent as the length although the body has another.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str | bytes], ...] = ()
    raw: bytes | None = None
    delay: float = 0.0
    drip: float = 0.0
    then: str = "keep"
    declared: int | None = None

    def wire(self) -> bytes:
        """The answer as bytes."""
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} X".encode()]
        names = {name.lower() for name, _ in self.headers}
        if "content-length" not in names and "transfer-encoding" not in names and self.then != "close":
            size = len(self.body) if self.declared is None else self.declared
            lines.append(f"Content-Length: {size}".encode())
        if "content-type" not in names and self.body:
            lines.append(b"Content-Type: text/html; charset=utf-8")
        for name, value in self.headers:
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    def plus(self, *headers: tuple[str, str | bytes]) -> Answer:
        return replace(self, headers=(*self.headers, *headers))


Respond = Callable[[Asked], Answer]
NOT_FOUND = Answer(404, b"<html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>")


@dataclass(frozen=True, slots=True)
class Site:
    """A site: how it answers, and which doors are shut.

    `certificate` names a fault that `TlsWorkshop` can make, or is `mute`: nobody ever begins to encrypt. With `http2`
    there is no fault, and nothing but HTTP/2 is spoken.
    """

    respond: Respond
    certificate: str = "valid"
    refuses: frozenset[int] = frozenset()


class LoopbackWeb:
    """Serves sites on 127.0.0.1 while the context lasts.

    `sites`: host name → how it answers. `contexts`: certificate name → server context, for https; without them the web
    is plain HTTP only, and https connections are refused.
    """

    def __init__(
        self,
        sites: Mapping[str, Respond | Site],
        contexts: Callable[[str, str], ssl.SSLContext] | None = None,
        ca_bundle: str = "",
    ) -> None:
        self.sites = {name: site if isinstance(site, Site) else Site(site) for name, site in sites.items()}
        self.contexts = contexts
        self.ca_bundle = ca_bundle
        self.log: list[Asked] = []
        self.ports: dict[int, int] = {}
        self.doors: dict[str, int] = {}  # of the faults of `OWN_DOOR`
        self._counts: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="loopback web", daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self._closed_port = unused.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        stop = self._stop
        assert stop is not None
        self._loop.call_soon_threadsafe(stop.set)
        self._thread.join(10)

    def network(self, **settings: Any) -> Network:
        """The settings under which these sites, and no others, are reached; more settings by keyword."""
        return Network(
            allow_addresses=LOOPBACK,
            connect_to=self.connect_to,
            ca_bundle=self.ca_bundle,
            **{"timeout": 3.0, **settings},
        )

    @property
    def connect_to(self) -> dict[str, str]:
        """ "host:port" → "address:port" for every site, as `Network.connect_to` takes it."""
        places = {}
        for name, site in self.sites.items():
            for port in (80, 443):
                shut = port in site.refuses or port not in self.ports
                door = self.ports.get(port)
                if port == 443:
                    door = self.doors.get(site.certificate, door)
                places[f"{name}:{port}"] = f"127.0.0.1:{self._closed_port if shut else door}"
        return places

    def lookup(self, host: str, port: int) -> list[str]:
        """A resolver that knows no other name; `host` in `temporary.test` gets no answer at all."""
        if host.endswith("temporary.test"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if any(name == host or name.endswith("." + host) for name in self.sites):
            raise socket.gaierror(
                getattr(socket, "EAI_NODATA", socket.EAI_NONAME), "No address associated with hostname"
            )
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def asked(self, host: str) -> list[Asked]:
        """The requests a host got, in order."""
        return [seen for seen in self.log if seen.host == host]

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        servers = [await asyncio.start_server(self._plain, "127.0.0.1", 0, backlog=512)]
        self.ports[80] = servers[0].sockets[0].getsockname()[1]
        if self.contexts:
            server = await asyncio.start_server(self._secure, "127.0.0.1", 0, backlog=512, ssl=self._front())
            servers.append(server)
            self.ports[443] = server.sockets[0].getsockname()[1]
            servers += [await self._own_door(fault) for fault in OWN_DOOR if self._has(fault)]
        self._ready.set()
        await self._stop.wait()
        for listening in (one for server in servers for one in server.sockets):
            self._loop.remove_reader(listening.fileno())
        for _ in range(5):  # a connection just accepted becomes a task that closes it, as long as its server is open
            await asyncio.sleep(0)
        for server in servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _has(self, fault: str) -> bool:
        return any(site.certificate == fault for site in self.sites.values())

    async def _own_door(self, fault: str) -> asyncio.Server:
        assert self.contexts is not None
        if fault == "mute":
            server = await asyncio.start_server(self._mute, "127.0.0.1", 0)
        else:
            server = await asyncio.start_server(self._secure, "127.0.0.1", 0, ssl=self.contexts(fault, "front.test"))
        self.doors[fault] = server.sockets[0].getsockname()[1]
        return server

    async def _mute(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    def _front(self) -> ssl.SSLContext:
        """The context that chooses each site's own by the name in the handshake."""
        contexts = self.contexts
        assert contexts is not None
        front = contexts("valid", "front.test")

        def choose(wire: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            site = self.sites.get(name or "")
            wire.context = contexts(site.certificate if site else "valid", name or "front.test")

        front.sni_callback = choose
        return front

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._talk(reader, writer, secure=False)

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            await http2.serve(reader, writer, self._framed)
            return
        await self._talk(reader, writer, secure=True)

    async def _framed(self, talk: http2.Talk) -> None:
        fields = [f"{name}: {value}" for name, value in talk.asked.items() if not name.startswith(":")]
        first = f"{talk.asked[':method']} {talk.asked[':path']} HTTP/2"
        asked = self._note("\r\n".join([first, f"host: {talk.asked[':authority']}", *fields]).encode(), secure=True)
        answer = self.sites[asked.host].respond(asked)
        talk.head(answer.status, ("content-type", "text/html; charset=utf-8"))
        await talk.body(answer.body)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, secure: bool) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head, writer, secure):
                    break
        except (asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter, secure: bool) -> bool:
        asked = self._note(head, secure)
        site = self.sites.get(asked.host)
        answer = site.respond(asked) if site else NOT_FOUND
        if secure and site and site.certificate == "http2":
            answer = Answer(raw=http2.FRAMES, then="close")
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.drip:
            for place in range(len(answer.wire())):
                writer.write(answer.wire()[place : place + 1])
                await writer.drain()
                await asyncio.sleep(answer.drip)
        else:
            writer.write(answer.wire())
            await writer.drain()
        if answer.then == "hang":
            await asyncio.sleep(60)
        if answer.then == "reset":
            wire = writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        return answer.then == "keep"

    def _note(self, head: bytes, secure: bool) -> Asked:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = (*first.split(" "), "", "", "")[:3]
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        self._counts[host, target] += 1
        asked = Asked(host.lower(), target, method, headers, self._counts[host, target], secure)
        self.log.append(asked)
        return asked
