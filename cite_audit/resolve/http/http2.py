"""One request by HTTP/2 (RFC 9113), on a connection of its own, for servers that speak nothing else.

`h2` handles the protocol: frames, HPACK, windows, stream states. It is fed one frame at a time, so that a fault in one
frame loses nothing of the frames before, and frames without a part of the answer can be counted.
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
from cite_audit.resolve.http.connection import HIGH_WATER, Connection
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.response_head import MAX_FIELDS, MAX_HEAD, Fields, ResponseHead

IDLE_FRAMES = 100  # in a row, none of which brings a part of the answer
_MAX_FRAME_SIZE = 16_384  # bytes of a frame: we allow no more (SETTINGS_MAX_FRAME_SIZE)
_SETTINGS = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.MAX_HEADER_LIST_SIZE: MAX_HEAD,
    SettingCodes.INITIAL_WINDOW_SIZE: HIGH_WATER,
}
_FRAME_HEADER_SIZE = 9  # bytes before what a frame holds
_GOAWAY = 7
_STREAM_ID = 1
_CONNECTION_FIELDS = {
    b"host",
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"transfer-encoding",
    b"upgrade",
    b"te",
}


class Http2Stream:
    """A request and its answer. Raises ExchangeError; the caller closes the connection."""

    def __init__(self, server_connection: Connection) -> None:
        self.server_connection = server_connection
        self.h2 = H2Connection(H2Configuration(validate_inbound_headers=False))  # lenient, as with HTTP/1.1
        self.h2.local_settings = Settings(initial_values=_SETTINGS)
        self.h2.decoder.max_header_list_size = MAX_HEAD
        self.idle_frames = 0  # frames since one brought something
        self.answered = self.ended = False

    async def send_request(self, method: str, path: str, fields: Fields) -> ResponseHead:
        """Send a request without content and wait for the final head; interim heads are skipped."""
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(HIGH_WATER)
        try:
            self.h2.send_headers(_STREAM_ID, _request_headers(method, path, fields), end_stream=True)
        except H2Error as error:
            raise _protocol_error(error) from error
        self.server_connection.send(self.h2.data_to_send())
        while True:
            for event in await self._receive_frame():
                if isinstance(event, ResponseReceived):
                    self.answered, self.idle_frames = True, 0
                    return _final_head(event.headers)

    async def receive_body(self) -> AsyncIterator[bytes]:
        """The pieces of the body; each lets the server send as much again."""
        while not self.ended:
            for event in await self._receive_frame():
                if isinstance(event, DataReceived):
                    if event.data:
                        self.idle_frames = 0
                        yield event.data
                    if not self.ended:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, _STREAM_ID)
                        self.server_connection.send(self.h2.data_to_send())

    async def _receive_frame(self) -> list[Event]:
        """The events of the next frame."""
        frame = await self._read_frame()
        self.idle_frames += 1
        if self.idle_frames > IDLE_FRAMES:
            raise ExchangeError(FailureKind.PROTOCOL, f"{IDLE_FRAMES} frames of HTTP/2 without a part of the answer")
        if frame[3] == _GOAWAY:
            _check_goaway(frame)
            return []
        try:
            events = self.h2.receive_data(frame)
        except H2Error as error:
            raise _protocol_error(error) from error
        for event in events:
            if isinstance(event, StreamReset):
                raise ExchangeError(FailureKind.RESET, f"the stream was reset: {_error_name(event.error_code)}")
            self.ended = self.ended or isinstance(event, StreamEnded)
        if answer := self.h2.data_to_send():  # settings and pings are acknowledged
            self.server_connection.send(answer)
        return events

    async def _read_frame(self) -> bytes:
        await self._wait_for_bytes(_FRAME_HEADER_SIZE)
        size = int.from_bytes(self.server_connection.buffer[:3], "big")
        if size > _MAX_FRAME_SIZE:
            raise ExchangeError(FailureKind.PROTOCOL, f"a frame of HTTP/2 of {size:,} bytes")
        await self._wait_for_bytes(_FRAME_HEADER_SIZE + size)
        frame = bytes(self.server_connection.buffer[: _FRAME_HEADER_SIZE + size])
        del self.server_connection.buffer[: _FRAME_HEADER_SIZE + size]
        return frame

    async def _wait_for_bytes(self, size: int) -> None:
        while len(self.server_connection.buffer) < size:
            if self.server_connection.ended:
                raise self._closing_error()
            await self.server_connection.wait_for_data()

    def _closing_error(self) -> ExchangeError:
        if self.server_connection.error:
            return ExchangeError(FailureKind.RESET, "the connection was reset")
        if not self.answered:
            return ExchangeError(FailureKind.EMPTY_REPLY, "the server closed without an answer")
        return ExchangeError(FailureKind.PROTOCOL, "closed before the end of the stream")


def _request_headers(method: str, path: str, fields: Fields) -> list[tuple[bytes, bytes]]:
    """RFC 9113 §8.3.1: pseudo-fields first, names in small letters, nothing that is about a connection."""
    lower_fields = [(name.lower(), value) for name, value in fields]
    authority = next((value for name, value in lower_fields if name == b"host"), b"")
    lines = [(b":method", method.encode("ascii")), (b":scheme", b"https")]
    lines += [(b":authority", authority), (b":path", path.encode("latin-1"))]
    return lines + [field for field in lower_fields if field[0] not in _CONNECTION_FIELDS]


def _final_head(received: Fields) -> ResponseHead:
    status_text = next((value for name, value in received if name == b":status"), b"")
    if len(status_text) != 3 or not status_text.isdigit() or status_text < b"200":
        raise ExchangeError(FailureKind.PROTOCOL, f"no status: {status_text[:20]!r}")
    fields = [(name.lower(), value.strip()) for name, value in received if not name.startswith(b":")]
    if len(fields) > MAX_FIELDS:
        raise ExchangeError(FailureKind.PROTOCOL, f"more than {MAX_FIELDS} header fields")
    return ResponseHead(int(status_text), fields, None, chunked=False, reusable=False, strict=True)


def _check_goaway(frame: bytes) -> None:
    """GOAWAY that still covers our stream is no failure: nginx sends it with a connection's last answer."""
    last_stream, code = int.from_bytes(frame[9:13], "big") & 0x7FFFFFFF, int.from_bytes(frame[13:17], "big")
    if code or last_stream < _STREAM_ID:
        raise ExchangeError(FailureKind.RESET, f"the server went away: {_error_name(code)}")


def _error_name(code: ErrorCodes | int | None) -> str:
    with suppress(ValueError):
        return ErrorCodes(code or 0).name.lower().replace("_", " ")
    return f"error {code}"


def _protocol_error(error: H2Error) -> ExchangeError:
    return ExchangeError(FailureKind.PROTOCOL, f"HTTP/2: {error}"[:200])
