"""The address guard at work: servers that must never be reached, and are not."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable

import pytest
import trustme

from cite_audit.resolve.check.base import Request
from cite_audit.resolve.http.client import Client
from tests.loopback.raw import RawServer, Step, ok, redirect
from tests.resolve.http.support import kind, look, network

PUBLIC = "127.0.1.1"  # the public web of these tests; every other address is private to them
ALLOWED = ("127.0.1.0/24",)


def knows(**names: list[str]) -> Callable[[str, int], list[str]]:
    def lookup(host: str, port: int) -> list[str]:
        return names[host.replace(".", "_")]

    return lookup


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost", "[::ffff:127.0.0.1]",
     "127.0.0.1.", "１２７.0.0.1", "127。0。0。1", "x.localhost", "%31%32%37.0.0.1"],
)  # fmt: skip
def test_no_spelling_of_loopback_is_reached(host: str) -> None:
    with RawServer() as wire:
        probe = look(f"http://{host}:{wire.port}/", allow_addresses=())
    assert kind(probe) == "unsafe-literal"
    assert (probe.status, wire.connections) == (None, 0)


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "192.168.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "[fd00:ec2::254]", "[::1]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "224.0.0.1", "0.0.0.0", "255.255.255.255"],
)  # fmt: skip
def test_private_and_metadata_literals_are_unsafe_without_a_packet(host: str) -> None:
    # conftest fails the test when a socket is so much as connected
    assert kind(look(f"http://{host}/latest/meta-data/", allow_addresses=())) == "unsafe-literal"


def test_a_name_that_resolves_to_a_private_address_is_not_reached() -> None:
    with RawServer() as wire:
        url = f"http://intranet.test:{wire.port}/"
        probe = look(url, allow_addresses=(), lookup=knows(intranet_test=["127.0.0.1"]))
    assert (kind(probe), wire.connections) == ("unsafe-name", 0)


def test_one_private_answer_among_public_ones_condemns_the_name() -> None:
    with RawServer() as wire, RawServer(address=PUBLIC) as public:
        lookup = knows(mixed_test=[PUBLIC, "127.0.0.1"])
        probe = look(f"http://mixed.test:{public.port}/", allow_addresses=ALLOWED, lookup=lookup)
    assert (kind(probe), wire.connections, public.connections) == ("unsafe-name", 0, 0)


def test_rebinding_finds_no_second_look_up() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    calls: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        calls.append(host)
        return answers[min(len(calls), 2) - 1]

    def script(head: bytes, number: int) -> list[Step]:
        return [redirect(b"/again", b"Connection: close") if number == 1 else ok(b"public"), "close"]

    with RawServer(script, address=PUBLIC) as public:
        probe = look(f"http://turning.test:{public.port}/", allow_addresses=ALLOWED, lookup=turning)
    assert (probe.status, probe.body, len(calls)) == (200, b"public", 1)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://inner.test:{port}/"]
)
def test_a_redirect_inwards_is_not_followed(target: str) -> None:
    with RawServer() as wire:
        to = target.format(port=wire.port).encode()
        with RawServer(lambda head, number: [redirect(to)], address=PUBLIC) as public:
            probe = look(public.url(), allow_addresses=ALLOWED, lookup=knows(inner_test=["127.0.0.1"]))
    assert kind(probe) in ("unsafe-literal", "unsafe-name")
    assert (len(probe.hops), wire.connections) == (1, 0)


@pytest.mark.parametrize("target", [b"file:///etc/passwd", b"gopher://127.0.0.1/", b"javascript:alert(1)"])
def test_a_redirect_out_of_the_web_is_not_followed(target: bytes) -> None:
    with RawServer(lambda head, number: [redirect(target)]) as server:
        probe = look(server.url())
    assert kind(probe) == "redirect-scheme"
    assert probe.hops[0].location == target.decode()


@pytest.mark.parametrize(
    ("target", "why"), [(b"http://127.0.0.1:99999/", "invalid-url"), (b"http://a:22/", "unsafe-literal")]
)
def test_a_redirect_to_a_port_that_is_none_or_not_for_the_web(target: bytes, why: str) -> None:
    with RawServer(lambda head, number: [redirect(target)]) as server:
        assert kind(look(server.url())) == why


def test_proxies_see_only_what_the_user_meant_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer() as proxy, RawServer(lambda head, number: [ok(b"direct")]) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.place}")
        monkeypatch.setenv("http_proxy", f"http://{proxy.place}")
        assert look(server.url(), proxy="none").body == b"direct"
        assert proxy.connections == 0


def test_an_archive_request_goes_through_the_same_guard() -> None:
    async def run(url: str) -> str:
        async with Client(network(allow_addresses=())) as client:
            reply = await client.fetch(Request(url))
            return reply.failure.kind.value if reply.failure else ""

    with RawServer() as wire:
        assert asyncio.run(run(wire.url())) == "unsafe-literal"
        assert wire.connections == 0


def test_connect_to_is_judged_like_any_other_address() -> None:
    with RawServer(lambda head, number: [ok(head)]) as server:
        told = {"site.test:80": server.place}
        assert kind(look("http://site.test/", allow_addresses=(), connect_to=told)) == "unsafe-name"
        assert server.connections == 0
        probe = look("http://site.test/", connect_to=told)
        assert b"Host: site.test\r\n" in probe.body


def test_a_wildcard_of_connect_to_does_not_open_literals() -> None:
    with RawServer() as server:
        told = {"*:80": server.place}
        assert look("http://any.test/", connect_to=told).status == 200
        assert kind(look("http://169.254.169.254/", connect_to=told)) == "unsafe-literal"


def test_credentials_in_an_address_are_not_sent() -> None:
    with RawServer(lambda head, number: [ok(head)]) as server:
        probe = look(f"http://user:secret@{server.place}/")
    assert b"uthorization" not in probe.body
    assert b"secret" not in probe.body


def test_cookies_are_not_taken_to_another_host_nor_to_another_look() -> None:
    with RawServer(lambda head, number: [ok(head)], address="127.0.0.2") as other:
        to = other.url().encode()
        with RawServer(lambda head, number: [redirect(to, b"Set-Cookie: id=1; Path=/")]) as server:
            assert b"Cookie:" not in look(server.url()).body


def test_a_line_break_in_an_address_never_reaches_a_server() -> None:
    with RawServer(lambda head, number: [ok(head)]) as server:
        assert kind(look(f"http://{server.place}/\r\nX-Evil: 1")) == "invalid-url"
        assert server.connections == 0
        probe = look(f"http://{server.place}/%0d%0aX-Evil: 1")
    assert b"GET /%0d%0aX-Evil:%201 HTTP/1.1" in probe.body


def test_a_missing_certificate_is_not_fetched_from_a_private_address(tmp_path: object) -> None:
    with RawServer() as wire:
        leaf, _ = chain_with_aia(f"http://127.0.0.1:{wire.port}/ca.der", "pinned.test")
        with RawServer(address=PUBLIC, tls=leaf) as site:
            lookup = knows(pinned_test=[PUBLIC])
            probe = look(f"https://pinned.test:{site.port}/", allow_addresses=ALLOWED, lookup=lookup)
        assert (kind(probe), wire.connections) == ("tls-unknown-issuer", 0)


def chain_with_aia(address: str, host: str) -> tuple[ssl.SSLContext, bytes]:
    """A server that sends its leaf only, whose issuer can be had at `address`; and the issuer as DER."""
    from tests.resolve.http.certificates import leaf_only

    made = leaf_only(trustme.CA(), address, host)
    return made.server, made.intermediate


def test_the_tests_of_this_file_can_tell() -> None:
    """A tripwire does fire: its address is reachable when allowed."""
    with RawServer() as wire:
        assert look(wire.url()).body == b"SECRET"
        assert wire.connections == 1
        assert socket.AF_INET
