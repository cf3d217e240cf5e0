"""The one module that imports httpx: its transport with our pool, and one bounded exchange through it."""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import Any

import httpx

from cite_audit.model import Failure, FailureKind
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.connect import ExchangeProgress
from cite_audit.resolve.http.connection_pool import ConnectionPool, Origin
from cite_audit.resolve.http.decompression import BodyDecoder
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import RequestTarget
from cite_audit.resolve.http.response_head import UNPRINTABLE, Fields, field_text

_LOG = logging.getLogger("cite_audit.requests")  # one line for each request, at DEBUG
_HTTPX_MODULE = "httpx._transports.default"  # the module of a `handle_async_request` that nobody replaced
_MAX_CACHED_VALUE = 100  # bytes of a value that may be shared


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport: whoever replaces its `handle_async_request`, as pytest-httpx does, sees every request."""

    def __init__(self, pool: ConnectionPool) -> None:
        # httpx's own would make a pool of httpcore's, which loads h2 to be ready for it: 20 ms that few runs need.
        self._pool: Any = pool

    async def run_exchange(
        self, target: RequestTarget, request: Request, progress: ExchangeProgress | None = None
    ) -> Reply:
        """One request, one answer or failure, within `request.timeout`. Raises nothing of the network's doing.

        `told` lets the caller watch it.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        progress = progress or ExchangeProgress(target.literal)
        answer = _PartialAnswer()
        failure: Failure | None = None
        try:
            async with asyncio.timeout(request.timeout):
                await self._read_answer(target, request, progress, answer)
        except TimeoutError:
            failure = Failure(progress.phase, f"after {request.timeout:g} s")
        except ExchangeError as error:
            failure = error.failure
        except Exception as error:  # one link's surprise must not end the others' run
            failure = Failure(FailureKind.PROTOCOL, f"{type(error).__name__}: {error}"[:200])
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
        )
        if _LOG.isEnabledFor(logging.DEBUG):
            _LOG.debug(_log_line(request.method, reply))
        return reply

    async def _read_answer(
        self, target: RequestTarget, request: Request, progress: ExchangeProgress, answer: _PartialAnswer
    ) -> None:
        status, fields, stream = await self._open_response(target, request, progress)
        try:
            answer.status = status
            answer.headers = _decode_headers(fields)
            codings = b",".join(value for name, value in fields if name.lower() == b"content-encoding")
            answer.body = BodyDecoder(codings.decode("latin-1"), request.max_body)
            if request.method != "HEAD":
                async for piece in stream:
                    answer.body.feed(piece)
                    if answer.body.is_full:
                        break
        finally:
            await stream.aclose()

    async def _open_response(
        self, target: RequestTarget, request: Request, progress: ExchangeProgress
    ) -> tuple[int, Fields, Any]:
        """Status, fields and body (to be closed) of the answer, straight from the pool unless somebody listens in.

        httpx's and httpcore's objects for one request cost as much as the rest of it: 40 of 110 µs.
        """
        fields = [("Host", target.authority), *request.headers, *_length_header(request)]
        if self.handle_async_request.__module__ == _HTTPX_MODULE:
            sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields]
            incoming = await self._pool.send_request(
                _origin_of(target), request.method, target.path, sent, request.content, progress
            )
            return incoming.head.status, incoming.head.fields, incoming
        response = await self.handle_async_request(
            httpx.Request(
                request.method,
                _httpx_url(target),
                headers=fields,
                stream=httpx.ByteStream(request.content),
                extensions={"exchange": progress, "target": target.path.encode("ascii")},
            )
        )
        return response.status_code, response.headers.raw, response.stream


def _origin_of(target: RequestTarget) -> Origin:
    return target.scheme, target.host, target.port


def _httpx_url(target: RequestTarget) -> httpx.URL:
    try:
        return httpx.URL(target.url)
    except httpx.InvalidURL:  # httpx is stricter than browsers; the pool needs no more than the place
        return httpx.URL(scheme=target.scheme, host=target.host, port=target.port, path="/")


def _log_line(method: str, reply: Reply) -> str:
    """A request and what came of it, in one line: `GET https://a.example/x 200 text/html, 1,234 bytes, 0.12 s`."""
    parts = [f"{reply.status} {reply.header('content-type').partition(';')[0]}".strip()] if reply.status else []
    parts += [f"{reply.failure.kind} {reply.failure.detail}".strip()] if reply.failure else []
    parts += [f"{len(reply.body):,} bytes"] if reply.status else []
    summary = ", ".join([*parts, f"{reply.elapsed:.2f} s", *reply.flags])
    return UNPRINTABLE.sub("", f"{method} {reply.url} {summary}")


class _PartialAnswer:
    """What arrived so far: kept when the exchange breaks off."""

    __slots__ = ("body", "headers", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body: BodyDecoder | None = None


def _decode_headers(raw: Fields) -> tuple[tuple[str, str], ...]:
    return tuple(
        _decode_cached(name, value) if len(value) < _MAX_CACHED_VALUE else _decode_field(name, value)
        for name, value in raw
    )


def _decode_field(name: bytes, value: bytes) -> tuple[str, str]:
    return name.lower().decode("latin-1"), field_text(name.lower(), value)


@lru_cache(maxsize=4096)
def _decode_cached(name: bytes, value: bytes) -> tuple[str, str]:
    """A field many answers share, made once: ten thousand probes are kept at a time."""
    return _decode_field(name, value)


def _length_header(request: Request) -> tuple[tuple[str, str], ...]:
    return (("Content-Length", str(len(request.content))),) if request.content or request.method == "POST" else ()
