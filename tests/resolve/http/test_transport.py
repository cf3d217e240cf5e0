"""The guarded transport as users of httpx see it: through `httpx.AsyncClient`, and called directly."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.resolve.http.address_guard import AddressGuard
from cite_audit.resolve.http.connect import Connector, ExchangeProgress
from cite_audit.resolve.http.dns import DnsResolver, Lookup, system_lookup
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import parse_target
from cite_audit.resolve.http.tls import TrustStore
from cite_audit.resolve.http.transport import GuardedTransport
from tests.loopback.raw import RawServer, Step, closed_port, ok, redirect
from tests.resolve.http.support import LOOPBACK, look


def guarded(allow: tuple[str, ...] = LOOPBACK, lookup: Lookup = system_lookup) -> GuardedTransport:
    return GuardedTransport(Connector(DnsResolver(AddressGuard(allow), {}, lookup), TrustStore(), None))


def through_httpx(
    ask: Callable[[httpx.AsyncClient], Awaitable[Any]], transport: GuardedTransport | None = None, **options: Any
) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=transport or guarded(), trust_env=False, **options) as client:
            return await ask(client)

    return asyncio.run(run())


def test_a_client_of_httpx_gets_pages_through_it() -> None:
    with RawServer(lambda head, number: [ok(b"page", b"X-Seen: 1")]) as server:
        response = through_httpx(lambda client: client.get(server.url("/a?b=1")))
    assert (response.status_code, response.text, response.headers["x-seen"]) == (200, "page", "1")
    assert response.http_version == "HTTP/1.1"
    assert server.requests[0].startswith(b"GET /a?b=1 HTTP/1.1\r\n")


def test_redirects_and_content_are_those_of_httpx() -> None:
    def answers(head: bytes, number: int) -> list[Step]:
        return (
            [redirect(b"/end", status=b"307 Moved")]
            if number == 1
            else [ok(b"POST" if b"POST /end " in head else b"not")]
        )

    with RawServer(answers) as server:
        response = through_httpx(
            lambda client: client.post(server.url("/start"), content=b"a=b"), follow_redirects=True
        )
    assert (response.text, str(response.url)) == ("POST", server.url("/end"))
    assert all(b"Content-Length: 3" in head for head in server.requests)
    assert server.connections == 1


def test_a_body_is_streamed_and_an_unread_one_ends_its_connection() -> None:
    async def ask(client: httpx.AsyncClient) -> int:
        async with client.stream("GET", server.url()) as response:
            async for piece in response.aiter_raw():
                return len(piece)
        return 0

    with RawServer(lambda head, number: [ok(b"x" * 4_000_000)]) as server:
        transport = guarded()
        assert 0 < through_httpx(ask, transport) < 4_000_000
        assert (transport.pool.in_use, transport.pool.idle_connections) == (set(), {})


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://169.254.169.254/", httpx.ConnectError),
        ("http://[::ffff:10.0.0.1]/", httpx.ConnectError),
        ("http://inner.test/", httpx.ConnectError),
        ("http://192.0.2.1:22/", httpx.ConnectError),
        ("http://2130706433/", httpx.ConnectError),
        ("ftp://127.0.0.1/", httpx.UnsupportedProtocol),
    ],
)
def test_what_the_guard_refuses_is_refused_to_httpx(url: str, error: type[Exception]) -> None:
    transport = guarded(allow=(), lookup=lambda host, port: ["10.0.0.1"])
    with pytest.raises(error):
        through_httpx(lambda client: client.get(url), transport)
    assert transport.pool.connector.socket_count == 0


@pytest.mark.parametrize(
    ("steps", "error", "kind"),
    [
        (["close"], httpx.RemoteProtocolError, "empty-reply"),
        (["reset"], httpx.ReadError, "reset"),
        ([b"220 mail ESMTP\r\n\r\n", "close"], httpx.RemoteProtocolError, "protocol"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", "close"], httpx.RemoteProtocolError, "protocol"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", 0.05, "reset"], httpx.ReadError, "reset"),
    ],
)
def test_failures_are_those_of_httpx_and_keep_their_cause(steps: list[Step], error: type[Exception], kind: str) -> None:
    with RawServer(lambda head, number: steps) as server, pytest.raises(error) as raised:
        through_httpx(lambda client: client.get(server.url()))
    cause = raised.value.__cause__
    assert isinstance(cause, ExchangeError)
    assert cause.failure.kind == kind


def test_nobody_listens() -> None:
    with pytest.raises(httpx.ConnectError, match="refused"):
        through_httpx(lambda client: client.get(f"http://127.0.0.1:{closed_port()}/"))


def test_progress_and_target_are_extensions_of_a_request() -> None:
    async def ask(progress: ExchangeProgress) -> None:
        async with guarded() as transport:
            request = httpx.Request(
                "GET",
                server.url("/plain"),
                headers={"Host": "site.test"},
                extensions={"progress": progress, "target": b"/%7Euser/./x"},
            )
            response = await transport.handle_async_request(request)
            assert progress.head_received
            await response.aread()
            await response.aclose()

    progress = ExchangeProgress("127.0.0.1")
    with RawServer(lambda head, number: [b"HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\npage"]) as server:
        asyncio.run(ask(progress))
    assert server.requests == [b"GET /%7Euser/./x HTTP/1.1\r\nHost: site.test\r\n\r\n"]
    assert progress.flags == ["lenient-parser"]


HOSTS = st.text("abcxyz019-_.!$&'()*+,;=~é", min_size=1, max_size=12) | st.sampled_from(
    ["[::1]", "[2001:db8::7]", "127.1", "xn--p1ai.test", "xn--a.test", "мид.рф", "a_b.test", "2130706433", "ünï.test"]
)


@given(HOSTS, st.integers(1, 65535), st.sampled_from(["http", "https"]), st.text(max_size=20))
def test_httpx_reads_every_target_as_we_do(host: str, port: int, scheme: str, path: str) -> None:
    """The guard judges what httpx hands on, so both must mean the same host and port."""
    try:
        target = parse_target(f"{scheme}://{host}:{port}/{path}")
    except ExchangeError:
        return
    url = httpx.URL(target.url)
    assert (url.scheme, url.raw_host.decode("ascii")) == (target.scheme, target.host)
    assert (url.port or {"http": 80, "https": 443}[url.scheme]) == target.port


@pytest.mark.parametrize("path", ["/a b", "/%ED%EE%E2", "/a%2fb?x=[1]&y=|", "/~x//y", "/é?ж=1", "/a;b=1,2?q=%"])
def test_the_request_target_is_sent_as_it_was_parsed(path: str) -> None:
    with RawServer(lambda head, number: [ok()]) as server:
        look(server.url(path))
    assert server.requests[0].split()[1].decode() == parse_target(server.url(path)).path


def test_a_run_loads_httpx_but_none_of_what_its_own_transport_needs() -> None:
    script = """
import sys
from tests.resolve.http.support import look
import cite_audit.resolve.http.client
assert "httpx" not in sys.modules
status = look(sys.argv[1]).status
print(status, *[name for name in ("httpx", "httpcore", "h11", "anyio", "sniffio") if name in sys.modules])
"""
    with RawServer() as server:
        ran = subprocess.run([sys.executable, "-c", script, server.url()], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["200", "httpx"]
