"""The one module that imports httpx: its transport with our pool, and one bounded exchange through it."""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import Any

import httpx

from cite_audit.model import Failure, FailureKind
from cite_audit.resolve.base import Reply, Request
from cite_audit.resolve.live.dial import Exchange
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.head import UNPRINTABLE, Fields, text_of
from cite_audit.resolve.live.inflate import Body
from cite_audit.resolve.live.pool import Key, Pool
from cite_audit.resolve.live.target import Target

_LOG = logging.getLogger("cite_audit.requests")  # one line for each request, at DEBUG
_ITS_OWN = "httpx._transports.default"  # the module of a `handle_async_request` that nobody replaced
_SHORT = 100  # bytes of a value that may be shared


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport: whoever replaces its `handle_async_request`, as pytest-httpx does, sees every request."""

    def __init__(self, pool: Pool) -> None:
        # httpx's own would make a pool of httpcore's, which loads h2 to be ready for it: 20 ms that few runs need.
        self._pool: Any = pool

    async def exchange(self, target: Target, request: Request, told: Exchange | None = None) -> Reply:
        """One request, one answer or failure, within `request.timeout`. Raises nothing of the network's doing.

        `told` lets the caller watch it.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        told = told or Exchange(target.literal)
        answer = _Answer()
        failure: Failure | None = None
        try:
            async with asyncio.timeout(request.timeout):
                await self._run(target, request, told, answer)
        except TimeoutError:
            failure = Failure(told.phase, f"after {request.timeout:g} s")
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
            bool(body and body.full) or (answer.status > 0 and failure is not None),
            failure,
            loop.time() - start,
            tuple(told.flags),
        )
        if _LOG.isEnabledFor(logging.DEBUG):
            _LOG.debug(_line(request.method, reply))
        return reply

    async def _run(self, target: Target, request: Request, told: Exchange, answer: _Answer) -> None:
        status, fields, stream = await self._open(target, request, told)
        try:
            answer.status = status
            answer.headers = _headers(fields)
            codings = b",".join(value for name, value in fields if name.lower() == b"content-encoding")
            answer.body = Body(codings.decode("latin-1"), request.max_body)
            if request.method != "HEAD":
                async for piece in stream:
                    answer.body.feed(piece)
                    if answer.body.full:
                        break
        finally:
            await stream.aclose()

    async def _open(self, target: Target, request: Request, told: Exchange) -> tuple[int, Fields, Any]:
        """Status, fields and body (to be closed) of the answer, straight from the pool unless somebody listens in.

        httpx's and httpcore's objects for one request cost as much as the rest of it: 40 of 110 µs.
        """
        fields = [("Host", target.authority), *request.headers, *_length(request)]
        if self.handle_async_request.__module__ == _ITS_OWN:
            sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields]
            incoming = await self._pool.ask(_key(target), request.method, target.path, sent, request.content, told)
            return incoming.head.status, incoming.head.fields, incoming
        response = await self.handle_async_request(
            httpx.Request(
                request.method,
                _url(target),
                headers=fields,
                stream=httpx.ByteStream(request.content),
                extensions={"exchange": told, "target": target.path.encode("ascii")},
            )
        )
        return response.status_code, response.headers.raw, response.stream


def _key(target: Target) -> Key:
    return target.scheme, target.host, target.port


def _url(target: Target) -> httpx.URL:
    try:
        return httpx.URL(target.url)
    except httpx.InvalidURL:  # httpx is stricter than browsers; the pool needs no more than the place
        return httpx.URL(scheme=target.scheme, host=target.host, port=target.port, path="/")


def _line(method: str, reply: Reply) -> str:
    """A request and what came of it, in one line: `GET https://a.example/x 200 text/html, 1,234 bytes, 0.12 s`."""
    parts = [f"{reply.status} {reply.header('content-type').partition(';')[0]}".strip()] if reply.status else []
    parts += [f"{reply.failure.kind} {reply.failure.detail}".strip()] if reply.failure else []
    parts += [f"{len(reply.body):,} bytes"] if reply.status else []
    said = ", ".join([*parts, f"{reply.elapsed:.2f} s", *reply.flags])
    return UNPRINTABLE.sub("", f"{method} {reply.url} {said}")


class _Answer:
    """What arrived so far: kept when the exchange breaks off."""

    __slots__ = ("body", "headers", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body: Body | None = None


def _headers(raw: Fields) -> tuple[tuple[str, str], ...]:
    return tuple(_seen(name, value) if len(value) < _SHORT else _field(name, value) for name, value in raw)


def _field(name: bytes, value: bytes) -> tuple[str, str]:
    return name.lower().decode("latin-1"), text_of(name.lower(), value)


@lru_cache(maxsize=4096)
def _seen(name: bytes, value: bytes) -> tuple[str, str]:
    """A field many answers share, made once: ten thousand probes are kept at a time."""
    return _field(name, value)


def _length(request: Request) -> tuple[tuple[str, str], ...]:
    return (("Content-Length", str(len(request.content))),) if request.content or request.method == "POST" else ()
