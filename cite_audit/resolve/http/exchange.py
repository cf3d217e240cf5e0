"""One bounded exchange over a transport of httpx: a request in, a reply or a failure out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import lru_cache

import httpx

from cite_audit.model import Failure, FailureKind
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.connect import ExchangeProgress
from cite_audit.resolve.http.decompression import BodyDecoder
from cite_audit.resolve.http.descriptors import is_shortage
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import RequestTarget
from cite_audit.resolve.http.response_head import UNPRINTABLE, Fields, field_text
from cite_audit.resolve.http.target_request import TargetRequest

_LOG = logging.getLogger("cite_audit.requests")  # one line for each request, at DEBUG
_MAX_CACHED_VALUE = 100  # bytes of a value that may be shared

# Failures of a transport that is not ours; the first class that fits counts.
_FAILURE_KINDS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (httpx.ConnectTimeout, FailureKind.TIMEOUT_CONNECT),
    (httpx.PoolTimeout, FailureKind.LOCAL),
    (httpx.TimeoutException, FailureKind.TIMEOUT_READ),
    (httpx.ConnectError, FailureKind.UNREACHABLE),
    (httpx.ProxyError, FailureKind.UNREACHABLE),
    (httpx.NetworkError, FailureKind.RESET),
    (httpx.UnsupportedProtocol, FailureKind.INVALID_URL),
    (httpx.InvalidURL, FailureKind.INVALID_URL),
)


async def run_exchange(
    transport: httpx.AsyncBaseTransport, target: RequestTarget, request: Request, progress: ExchangeProgress
) -> Reply:
    """Send one request and read its answer, within `request.timeout` seconds. Raises nothing of the network's doing.

    `progress` tells what a time-out means: the phase it interrupts.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    answer = _PartialAnswer()
    failure: Failure | None = None
    try:
        async with asyncio.timeout(request.timeout) as time_limit:
            answer.on_head = lambda: _extend_limit(time_limit, start + request.body_timeout)
            await _read_answer(transport, target, request, progress, answer)
    except TimeoutError:
        failure = Failure(progress.phase, f"after {request.timeout:g} s")
    except Exception as error:  # one link's surprise must not end the others' run
        failure = _failure_of(error)
    body = answer.body
    reply = Reply(
        target.url,
        answer.status,
        answer.headers,
        bytes(body.data) if body else b"",
        bool(body and body.is_full) or (answer.status > 0 and failure is not None),
        failure,
        loop.time() - start,
        tuple(progress.flags),
        answer.peer,
        answer.protocols,
    )
    if _LOG.isEnabledFor(logging.DEBUG):
        _LOG.debug(_log_line(request.method, reply))
    return reply


async def _read_answer(
    transport: httpx.AsyncBaseTransport,
    target: RequestTarget,
    request: Request,
    progress: ExchangeProgress,
    answer: _PartialAnswer,
) -> None:
    response = await transport.handle_async_request(_httpx_request(target, request, progress))
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    try:
        fields = response.headers.raw
        answer.status = response.status_code
        answer.headers = _decode_headers(fields)
        codings = b",".join(value for name, value in fields if name.lower() == b"content-encoding")
        answer.peer = response.extensions.get("peer", "")
        answer.protocols = response.extensions.get("protocols", ())
        answer.on_head()
        answer.body = BodyDecoder(codings.decode("latin-1"), request.max_body)
        if request.method != "HEAD":
            async for piece in stream:
                answer.body.feed(piece)
                if answer.body.is_full:
                    break
    finally:
        await stream.aclose()


def _extend_limit(time_limit: asyncio.Timeout, end: float) -> None:
    if end > (time_limit.when() or end):
        time_limit.reschedule(end)


def _httpx_request(target: RequestTarget, request: Request, progress: ExchangeProgress) -> httpx.Request:
    """The request for a transport; httpx adds no field to it, since its stream is given."""
    length = len(request.content) if request.content or request.method == "POST" else None
    fields = _encode_fields(target.authority, request.headers, length)
    return TargetRequest(target, request.method, fields, request.content, progress)


@lru_cache(maxsize=1024)
def _encode_fields(authority: str, headers: tuple[tuple[str, str], ...], length: int | None) -> httpx.Headers:
    """The fields of a request, made once for all that are alike; httpx takes a copy."""
    fields = [("Host", authority), *headers]
    if length is not None:
        fields.append(("Content-Length", str(length)))
    return httpx.Headers([(name.encode("ascii"), value.encode("latin-1")) for name, value in fields])


def _failure_of(error: Exception) -> Failure:
    cause = error.__cause__
    if isinstance(cause, ExchangeError):
        return cause.failure
    if is_shortage(error):
        return Failure(FailureKind.LOCAL, f"{error}")
    kind = next((kind for foreign, kind in _FAILURE_KINDS if isinstance(error, foreign)), FailureKind.PROTOCOL)
    return Failure(kind, f"{type(error).__name__}: {error}"[:200])


def _log_line(method: str, reply: Reply) -> str:
    """A request and its outcome in one line: `GET https://a.example/x 200 text/html, 1,234 bytes, 0.12 s`."""
    parts = [f"{reply.status} {reply.header('content-type').partition(';')[0]}".strip()] if reply.status else []
    parts += [f"{reply.failure.kind} {reply.failure.detail}".strip()] if reply.failure else []
    parts += [f"{len(reply.body):,} bytes"] if reply.status else []
    summary = ", ".join([*parts, f"{reply.elapsed:.2f} s", *reply.flags])
    return UNPRINTABLE.sub("", f"{method} {reply.url} {summary}")


class _PartialAnswer:
    """The part of an answer that has arrived; it is kept when the exchange breaks off."""

    __slots__ = ("body", "headers", "on_head", "peer", "protocols", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body: BodyDecoder | None = None
        self.peer = ""
        self.protocols: tuple[str, ...] = ()
        self.on_head: Callable[[], None] = lambda: None


def _decode_headers(raw: Fields) -> tuple[tuple[str, str], ...]:
    return tuple(
        _decode_cached(name, value) if len(value) < _MAX_CACHED_VALUE else _decode_field(name, value)
        for name, value in raw
    )


def _decode_field(name: bytes, value: bytes) -> tuple[str, str]:
    return name.lower().decode("latin-1"), field_text(name.lower(), value)


@lru_cache(maxsize=4096)
def _decode_cached(name: bytes, value: bytes) -> tuple[str, str]:
    """A field that many answers share, decoded once: ten thousand probes may be in memory."""
    return _decode_field(name, value)
