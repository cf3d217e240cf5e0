"""The client against real servers that behave badly, oddly, or just as servers do."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time

import pytest

from cite_audit.resolve.check.base import Request
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.request_target import parse_target
from tests.loopback.raw import RawServer, closed_port, ok, redirect
from tests.resolve.http.support import kind, look, network


def test_a_page_is_seen_as_it_is() -> None:
    with RawServer(lambda head, number: [ok(b"<p>hi</p>", b"Content-Type: text/html", b"X-A: 1", b"X-A: 2")]) as server:
        probe = look(server.url("/page?q=1#part"))
    assert (probe.status, probe.body, probe.failure, probe.hops) == (200, b"<p>hi</p>", None, ())
    assert probe.headers[1:] == (("content-type", "text/html"), ("x-a", "1"), ("x-a", "2"))
    assert probe.url == probe.final_url == server.url("/page?q=1#part")
    assert server.requests[0].startswith(b"GET /page?q=1 HTTP/1.1\r\nHost: " + server.place.encode())


def test_both_profiles_ask_with_get_and_without_words_that_firewalls_refuse() -> None:
    with RawServer(lambda head, number: [ok(head)]) as server:
        plain, browser = look(server.url()), look(server.url(), profile="browser")
    assert b"cite-audit/" in plain.body
    for word in (b"link", b"bot", b"crawl", b"spider", b"checker", b"python", b"httpx"):
        assert word not in plain.body.lower()
    assert b"compatible" not in browser.body
    assert b"Gecko" in browser.body
    assert b"Accept-Language: " in browser.body
    for coding in (b"br", b"zstd"):
        line = next(line for line in browser.body.split(b"\r\n") if line.startswith(b"Accept-Encoding"))
        assert coding not in line


def test_redirects_are_followed_and_every_hop_recorded() -> None:
    steps = {b"/a": redirect(b"b?x", status=b"301 Moved"), b"/b?x": redirect(b"/c#frag", status=b"308 Moved")}
    with RawServer(lambda head, number: [steps.get(head.split()[1], ok(b"end"))]) as server:
        probe = look(server.url("/a"))
    assert [(hop.url, hop.status, hop.location) for hop in probe.hops] == [
        (server.url("/a"), 301, "b?x"),
        (server.url("/b?x"), 308, "/c#frag"),
    ]
    assert (probe.final_url, probe.body) == (server.url("/c#frag"), b"end")
    assert server.connections == 1  # kept alive


def test_a_site_that_wants_its_cookie_back_gets_it() -> None:
    def script(head: bytes, number: int) -> list[bytes]:
        return [ok(b"in") if b"Cookie: seen=1" in head else redirect(b"/", b"Set-Cookie: seen=1; Path=/")]

    with RawServer(script) as server:
        assert look(server.url()).body == b"in"


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/новость".encode(), b"/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("/нов".encode("cp1251"), b"/%ED%EE%E2"),
        (b"/with space", b"/with%20space"),
        (b"/caf\xe9?q=\xe9", b"/caf%E9?q=%E9"),
        (b"\\back\\slash", b"/back/slash"),
    ],
)
def test_odd_locations_are_followed_as_browsers_follow_them(location: bytes, asked: bytes) -> None:
    with RawServer(lambda head, number: [redirect(location) if number == 1 else ok(b"there")]) as server:
        assert look(server.url("/start")).body == b"there"
    assert server.requests[1].split()[1] == asked


def test_a_loop_is_named_and_five_thousand_redirects_end_after_twenty() -> None:
    with RawServer(lambda head, number: [redirect(b"/same")]) as server:
        probe = look(server.url("/same"))
    assert (kind(probe), len(server.requests)) == ("redirect-loop", 1)
    with RawServer(lambda head, number: [redirect(b"/%d" % min(number, 5000))]) as server:
        probe = look(server.url("/"))
    assert (kind(probe), len(server.requests)) == ("redirect-loop", 21)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nServer/X: 1\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n4\r\npage\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 4\n\npage",
        b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 300 + b"Content-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nContent-Security-Policy: " + b"x" * 60_000 + b"\r\nContent-Length: 4\r\n\r\npage",
        b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage",
    ],
)
def test_odd_answers_that_browsers_show_are_pages(raw: bytes) -> None:
    with RawServer(lambda head, number: [raw, "close"]) as server:
        probe = look(server.url())
    assert (probe.status, probe.body) == (200, b"page")


@pytest.mark.parametrize(
    ("steps", "why", "status"),
    [
        (["close"], "empty-reply", None),
        (["reset"], "reset", None),
        ([b"HTTP/1.1 200 OK\r\nContent-", "close"], "protocol", None),
        ([b"220 mail ESMTP\r\n\r\n", "close"], "protocol", None),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" * 30, "close"], "timeout-read", None),
        ([b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400_000, "hang"], "protocol", None),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\npart", "close"], "protocol", 200),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\npart", 0.05, "reset"], "reset", 200),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nzz\r\n", "close"], "protocol", 200),
    ],
)
def test_what_breaks_is_named_and_what_arrived_is_kept(steps: list[bytes | str], why: str, status: int | None) -> None:
    with RawServer(lambda head, number: steps) as server:
        probe = look(server.url())
    assert (kind(probe), probe.status) == (why, status)
    assert probe.body == (b"part" if status else b"")


def test_nobody_listens() -> None:
    assert kind(look(f"http://127.0.0.1:{closed_port()}/")) == "refused"


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (["hang"], "timeout-read"),
        ([*[piece for byte in b"HTTP/1.1 200 OK\r\n" for piece in (bytes([byte]), 1.0)], "hang"], "timeout-read"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b"x", 0.1] * 300], "timeout-total"),
    ],
)
def test_a_drip_does_not_hold_a_look_past_its_time(steps: list[bytes | float | str], why: str) -> None:
    with RawServer(lambda head, number: steps) as server:
        start = time.perf_counter()
        probe = look(server.url(), timeout=0.5)
    assert time.perf_counter() - start < 15  # what the drip would take
    assert kind(probe) == why


def test_an_endless_body_is_cut_at_its_cap() -> None:
    def endless(head: bytes, number: int) -> list[bytes]:
        return [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", *[b"x" * 65536] * 400, b"end"]

    with RawServer(endless) as server:
        probe = look(server.url())
    assert (probe.status, len(probe.body), probe.truncated, probe.failure) == (200, 512 * 1024, True, None)


def test_gzip_is_undone_and_what_is_no_gzip_is_kept() -> None:
    page = b"<p>" + b"word " * 300
    for body in (gzip.compress(page), page):
        with RawServer(lambda head, number, body=body: [ok(body, b"Content-Encoding: gzip")]) as server:  # type: ignore[misc]
            assert look(server.url()).body == page


def test_a_kept_connection_that_the_server_closed_is_opened_anew() -> None:
    async def run(url: str) -> list[int | None]:
        async with Client(network()) as client:
            first = await client.look(url)
            await asyncio.to_thread(server.closed.wait, 10)
            return [first.status, (await client.look(url)).status]

    with RawServer(lambda head, number: [ok(), "close"]) as server:
        assert asyncio.run(run(server.url())) == [200, 200]
        assert server.connections == 2


def test_a_request_with_a_body_and_fields_of_its_own() -> None:
    async def run(url: str) -> bytes:
        async with Client(network()) as client:
            reply = await client.fetch(Request(url, "POST", (("X-Own", "1"),), b"a=b"))
            return reply.body

    with RawServer(lambda head, number: [ok(head)]) as server:
        said = asyncio.run(run(server.url("/x")))
    assert said.startswith(b"POST /x ")
    assert b"\r\nX-Own: 1\r\n" in said
    assert b"\r\nContent-Length: 3\r\n" in said


def test_names_that_are_not_there_and_names_that_may_be() -> None:
    import socket

    def none(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def busy(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure")

    assert kind(look("http://gone.test/", lookup=none)) == "dns-no-name"
    assert kind(look("http://busy.test/", lookup=busy)) == "dns-temporary"
    assert kind(look("http://x.invalid/")) == "dns-no-name"
    assert kind(look("http://abc.onion/")) == "dns-temporary"


def test_subdomains_that_share_an_address_are_one_host() -> None:
    async def run() -> list[str]:
        places = {"a.news.com": ["127.0.0.1"], "b.news.com": ["127.0.0.1"], "c.news.com": ["127.0.0.9"]}
        async with Client(network(), lookup=lambda host, port: places[host]) as client:
            return [await client.throttle_key(parse_target(f"http://{name}/")) for name in places]

    one, two, other = asyncio.run(run())
    assert one == two != other


BOMB = """
import asyncio, resource, sys
from tests.resolve.http.support import look
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
probe = look(sys.argv[1])
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
print(probe.status, len(probe.body), grown // 1024)
"""


def test_a_compression_bomb_costs_little_memory() -> None:
    bomb = gzip.compress(b"\0" * (256 << 20), 9)
    twice = gzip.compress(bomb, 9)
    for body, coding in ((bomb, b"gzip"), (twice, b"gzip, gzip")):
        with RawServer(lambda head, number, b=body, c=coding: [ok(b, b"Content-Encoding: " + c)]) as server:  # type: ignore[misc]
            look(server.url())  # a look in this process, too: it must not fail
            ran = subprocess.run([sys.executable, "-c", BOMB, server.url()], capture_output=True, text=True, check=True)
        status, size, grown = map(int, ran.stdout.split())
        assert (status, size) == (200, 512 * 1024)
        assert grown <= 20  # MB, with everything else a first look loads
