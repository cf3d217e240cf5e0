"""A server that speaks HTTP/2 alone, the protocol kept by h2 on its side."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError

from tests.loopback.raw import RawServer, Script

HEAD_ONLY = b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"  # SETTINGS, as a server begins
GOODBYE = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"  # GOAWAY, protocol error
FRAMES = HEAD_ONLY + GOODBYE  # what such a server says to HTTP/1.1


class Talk:
    """One connection, from the side of the server: the request, and ways to answer it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.connection = H2Connection(H2Configuration(client_side=False, validate_outbound_headers=False))
        self.asked: dict[str, str] = {}
        self.stream = 0
        self.gone = False

    async def request(self) -> dict[str, str] | None:
        """The fields of the next request, or None when there is none."""
        if not self.stream:
            self.connection.initiate_connection()
            self._flush()
        self.asked, self.stream = {}, 0
        while not self.asked and not self.gone:
            await self._listen()
        return self.asked or None

    def head(self, status: int | str, *fields: tuple[str, str], end: bool = False) -> None:
        self.connection.send_headers(self.stream, [(":status", str(status)), *fields], end_stream=end)
        self._flush()

    async def body(self, data: bytes, size: int = 16_384, end: bool = True) -> None:
        """The body in frames of at most `size`, as far as the windows allow; nothing more when the client is gone."""
        while data and not self.gone:
            room = min(size, self.connection.local_flow_control_window(self.stream), len(data))
            if room:
                self.connection.send_data(self.stream, data[:room])
                self._flush()
                await self.writer.drain()
                data = data[room:]
            else:
                await self._listen()
        if end and not self.gone:
            self.connection.end_stream(self.stream)
            self._flush()

    def reset(self, code: int) -> None:
        self.connection.reset_stream(self.stream, code)
        self._flush()

    def raw(self, frame: bytes) -> None:
        self.writer.write(frame)

    async def _listen(self) -> None:
        data = await self.reader.read(65_536)
        self.gone = not data
        for event in self.connection.receive_data(data) if data else []:
            if isinstance(event, RequestReceived):
                self.stream = event.stream_id
                self.asked = {name.decode(): value.decode() for name, value in event.headers}
            elif isinstance(event, ConnectionTerminated) or (isinstance(event, StreamReset) and event.remote_reset):
                self.gone = True
            else:
                assert isinstance(event, StreamEnded) or not hasattr(event, "data"), "requests have no content"
        self._flush()

    def _flush(self) -> None:
        self.writer.write(self.connection.data_to_send())


Answering = Callable[[Talk], Awaitable[None]]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering) -> None:
    """Answer the requests of one connection."""
    talk = Talk(reader, writer)
    with contextlib.suppress(OSError, asyncio.CancelledError, ProtocolError):
        while await talk.request():
            await answering(talk)
            await writer.drain()
    writer.close()


class Http2Server(RawServer):
    """Answers each HTTP/2 request as `answering` does; `asked` are their fields.

    Whoever has not agreed on h2 gets the steps of `plain`, by default what such servers say to HTTP/1.1.
    """

    def __init__(self, answering: Answering, tls: ssl.SSLContext, plain: Script | None = None) -> None:
        super().__init__(plain or (lambda head, number: [FRAMES, "close"]), tls=tls)
        self.answering = answering
        self.asked: list[dict[str, str]] = []

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
            await super()._connection(reader, writer)
            return
        self.connections += 1

        async def answering(talk: Talk) -> None:
            self.asked.append(talk.asked)
            await self.answering(talk)

        await serve(reader, writer, answering)


class Picky(RawServer):
    """Stands before an HTTP/2 server and refuses handshakes that offer no h2, in the words of RFC 7301 §3.2."""

    def __init__(self, behind: RawServer) -> None:
        super().__init__()
        self.behind = behind
        self.refused = 0

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.read(65_536)
        if b"\x02h2" not in hello:
            self.refused += 1
            writer.write(b"\x15\x03\x03\x00\x02\x02\x78")  # alert, fatal: no_application_protocol
            writer.close()
            return
        inside, outside = await asyncio.open_connection(self.behind.address, self.behind.port)
        outside.write(hello)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(_pump(reader, outside), _pump(inside, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()
