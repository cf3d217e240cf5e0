"""One request by HTTP/2 (RFC 9113), on a connection of its own, for servers that speak nothing else.

`h2` keeps the protocol: frames, HPACK, windows, the states of a stream. It is fed one frame at a time: what a frame
brought is not lost to a fault in the next, and frames that bring nothing can be counted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings

from cite_audit.model import FailureKind
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.head import MAX_FIELDS, MAX_HEAD, Fields, Head
from cite_audit.resolve.live.wire import HIGH_WATER, Wire

IDLE_FRAMES = 100  # in a row, none of which brings a part of the answer
_LARGEST = 16_384  # bytes of a frame: we allow no more (SETTINGS_MAX_FRAME_SIZE)
_SETTINGS = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.MAX_HEADER_LIST_SIZE: MAX_HEAD,
    SettingCodes.INITIAL_WINDOW_SIZE: HIGH_WATER,
}
_PREFIX = 9  # bytes before what a frame holds
_GOAWAY = 7
_STREAM = 1
_LEFT_OUT = {b"host", b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade", b"te"}


class Stream:
    """A request and its answer. Raises ExchangeError; whoever opened the wire closes it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.connection = H2Connection(H2Configuration(validate_inbound_headers=False))  # lenient, as with HTTP/1.1
        self.connection.local_settings = Settings(initial_values=_SETTINGS)
        self.connection.decoder.max_header_list_size = MAX_HEAD
        self.idle = 0  # frames since one brought something
        self.answered = self.ended = False

    async def ask(self, method: str, path: str, fields: Fields) -> Head:
        """Send a request without content and wait for the final head; interim ones are passed over."""
        self.connection.initiate_connection()
        self.connection.increment_flow_control_window(HIGH_WATER)
        try:
            self.connection.send_headers(_STREAM, _lines(method, path, fields), end_stream=True)
        except H2Error as error:
            raise _fault(error) from error
        self.wire.send(self.connection.data_to_send())
        while True:
            for event in await self._frame():
                if isinstance(event, ResponseReceived):
                    self.answered, self.idle = True, 0
                    return _head(event.headers)

    async def body(self) -> AsyncIterator[bytes]:
        """The pieces of the body; each lets the server send as much again."""
        while not self.ended:
            for event in await self._frame():
                if isinstance(event, DataReceived):
                    if event.data:
                        self.idle = 0
                        yield event.data
                    if not self.ended:
                        self.connection.acknowledge_received_data(event.flow_controlled_length, _STREAM)
                        self.wire.send(self.connection.data_to_send())

    async def _frame(self) -> list[Event]:
        """What the next frame brings."""
        frame = await self._read()
        self.idle += 1
        if self.idle > IDLE_FRAMES:
            raise ExchangeError(FailureKind.PROTOCOL, f"{IDLE_FRAMES} frames of HTTP/2 without a part of the answer")
        if frame[3] == _GOAWAY:
            _heed(frame)
            return []
        try:
            events = self.connection.receive_data(frame)
        except H2Error as error:
            raise _fault(error) from error
        for event in events:
            if isinstance(event, StreamReset):
                raise ExchangeError(FailureKind.RESET, f"the stream was reset: {_name(event.error_code)}")
            self.ended = self.ended or isinstance(event, StreamEnded)
        if answer := self.connection.data_to_send():  # settings and pings are acknowledged
            self.wire.send(answer)
        return events

    async def _read(self) -> bytes:
        await self._holds(_PREFIX)
        size = int.from_bytes(self.wire.buffer[:3], "big")
        if size > _LARGEST:
            raise ExchangeError(FailureKind.PROTOCOL, f"a frame of HTTP/2 of {size:,} bytes")
        await self._holds(_PREFIX + size)
        frame = bytes(self.wire.buffer[: _PREFIX + size])
        del self.wire.buffer[: _PREFIX + size]
        return frame

    async def _holds(self, size: int) -> None:
        while len(self.wire.buffer) < size:
            if self.wire.ended:
                raise self._broken()
            await self.wire.more()

    def _broken(self) -> ExchangeError:
        if self.wire.error:
            return ExchangeError(FailureKind.RESET, "the connection was reset")
        if not self.answered:
            return ExchangeError(FailureKind.EMPTY_REPLY, "the server closed without an answer")
        return ExchangeError(FailureKind.PROTOCOL, "closed before the end of the stream")


def _lines(method: str, path: str, fields: Fields) -> list[tuple[bytes, bytes]]:
    """RFC 9113 §8.3.1: pseudo-fields first, names in small letters, nothing that is about a connection."""
    named = [(name.lower(), value) for name, value in fields]
    authority = next((value for name, value in named if name == b"host"), b"")
    lines = [(b":method", method.encode("ascii")), (b":scheme", b"https")]
    lines += [(b":authority", authority), (b":path", path.encode("latin-1"))]
    return lines + [field for field in named if field[0] not in _LEFT_OUT]


def _head(received: Fields) -> Head:
    said = next((value for name, value in received if name == b":status"), b"")
    if len(said) != 3 or not said.isdigit() or said < b"200":
        raise ExchangeError(FailureKind.PROTOCOL, f"no status: {said[:20]!r}")
    fields = [(name.lower(), value.strip()) for name, value in received if not name.startswith(b":")]
    if len(fields) > MAX_FIELDS:
        raise ExchangeError(FailureKind.PROTOCOL, f"more than {MAX_FIELDS} header fields")
    return Head(int(said), fields, None, chunked=False, reusable=False, strict=True)


def _heed(frame: bytes) -> None:
    """A farewell that still answers our request is none: nginx sends it with a connection's last answer."""
    last, code = int.from_bytes(frame[9:13], "big") & 0x7FFFFFFF, int.from_bytes(frame[13:17], "big")
    if code or last < _STREAM:
        raise ExchangeError(FailureKind.RESET, f"the server went away: {_name(code)}")


def _name(code: ErrorCodes | int | None) -> str:
    with suppress(ValueError):
        return ErrorCodes(code or 0).name.lower().replace("_", " ")
    return f"error {code}"


def _fault(error: H2Error) -> ExchangeError:
    return ExchangeError(FailureKind.PROTOCOL, f"HTTP/2: {error}"[:200])
