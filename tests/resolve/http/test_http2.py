"""A server that speaks HTTP/2 alone is read, over either event loop; one that does not costs a second look, once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from cite_audit.model import Probe
from cite_audit.resolve.check.base import Request
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.transport import GuardedTransport
from tests.loopback.http2 import FRAMES, HEAD_ONLY, Answering, Http2Server, Picky, Talk
from tests.loopback.http2_answers import (
    PAGE,
    closes,
    cut_off,
    empty_frames,
    endless,
    garbage,
    goes_away,
    goes_away_when_done,
    half,
    in_pieces,
    large_fields,
    large_frame,
    many_fields,
    no_status,
    not_found,
    page,
    pings,
    pushes,
    resets,
    resets_in_body,
    silent,
)
from tests.loopback.raw import RawServer, Script, Step, ok
from tests.loopback.web_tls import TlsWorkshop
from tests.resolve.http.certificates import leaf_only
from tests.resolve.http.support import LoopFactory, kind, look, network


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> TlsWorkshop:
    return TlsWorkshop(tmp_path_factory.mktemp("tls"))


def over_http2(workshop: TlsWorkshop, loop: LoopFactory, says: Answering, **settings: object) -> Probe:
    with Http2Server(says, workshop.context("http2", "site.test")) as server:
        url = f"https://site.test:{server.port}/story?id=1"
        return look(url, loop=loop, ca_bundle=workshop.bundle, lookup=lambda *_: ["127.0.0.1"], **settings)  # type: ignore[arg-type]


def test_a_page_in_many_frames_is_read(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    probe = over_http2(workshop, loop, in_pieces)
    assert (probe.status, kind(probe), probe.body, probe.flags) == (200, "", PAGE, ("http2",))
    assert probe.header("content-type") == "text/html"
    assert probe.attempts == 2, "one by HTTP/1.1, one by HTTP/2"


def test_the_request_is_the_same_as_by_http1(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    with Http2Server(page, workshop.context("http2", "site.test")) as server:
        place = f"site.test:{server.port}"
        look(f"https://{place}/a?b", loop=loop, ca_bundle=workshop.bundle, lookup=lambda *_: ["127.0.0.1"])
    (asked,) = server.asked
    plain = dict(line.split(": ", 1) for line in server.requests[0].decode().split("\r\n")[1:] if line)
    fields = {name: value for name, value in asked.items() if not name.startswith(":")}
    assert fields == {name.lower(): value for name, value in plain.items() if name != "Host"}
    pseudo = {name: value for name, value in asked.items() if name.startswith(":")}
    assert pseudo == {":method": "GET", ":scheme": "https", ":authority": place, ":path": "/a?b"}


def test_an_honest_404(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    assert over_http2(workshop, loop, not_found).status == 404


def test_a_redirect_is_followed_and_asked_by_http2_at_once(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    async def says(talk: Talk) -> None:
        if talk.asked[":path"] == "/story?id=1":
            talk.head(302, ("location", "/moved"), ("set-cookie", "a=b"), end=True)
        else:
            talk.head(200, ("x-cookie", talk.asked.get("cookie", "")), end=True)

    probe = over_http2(workshop, loop, says)
    assert (probe.status, len(probe.hops), probe.header("x-cookie")) == (200, 1, "a=b")
    assert probe.attempts == 2, "redirects followed are not counted"


@pytest.mark.parametrize(
    ("says", "why", "detail"),
    [
        (resets, "reset", "the stream was reset: refused stream"),
        (goes_away, "reset", "the server went away: protocol error"),
        (closes, "empty-reply", "the server closed without an answer"),
        (silent, "timeout-read", "after 0.5 s"),
        (half, "timeout-total", "after 0.5 s"),
        (cut_off, "protocol", "closed before the end of the stream"),
        (resets_in_body, "reset", "the stream was reset: internal error"),
        (pings, "protocol", "100 frames of HTTP/2 without a part of the answer"),
        (empty_frames, "protocol", "100 frames of HTTP/2 without a part of the answer"),
        (many_fields, "protocol", "more than 512 header fields"),
        (large_fields, "protocol", "HTTP/2: Oversized header block"),
        (large_frame, "protocol", "a frame of HTTP/2 of 16,385 bytes"),
        (pushes, "protocol", "HTTP/2: "),
        (garbage, "protocol", "a frame of HTTP/2 of "),
        (no_status, "protocol", "no status: b'abc'"),
    ],
)  # fmt: skip
def test_trouble_has_its_name(workshop: TlsWorkshop, loop: LoopFactory, says: Answering, why: str, detail: str) -> None:
    probe = over_http2(workshop, loop, says, timeout=0.5 if why.startswith("timeout") else 3.0)
    assert kind(probe) == why
    assert probe.failure
    assert probe.failure.detail.startswith(detail)
    assert probe.body == (b"half" if says in (half, cut_off, resets_in_body) else b"")


def test_a_farewell_after_which_the_answer_comes_is_none(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    probe = over_http2(workshop, loop, goes_away_when_done)
    assert (probe.status, kind(probe), probe.body) == (200, "", b"<p>page")


def test_of_an_endless_body_no_more_is_read_than_is_kept(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    probe = over_http2(workshop, loop, endless)
    assert (probe.status, len(probe.body), probe.truncated) == (200, 512 * 1024, True)


@pytest.mark.parametrize(
    ("steps", "looks"),
    [
        (["close"], [2, 2, 1]),  # may be plain trouble: believed the second time
        (["reset"], [2, 2, 1]),
        ([FRAMES, "close"], [2, 1, 1]),
        ([HEAD_ONLY, "hang"], [2, 1, 1]),
        ([FRAMES + b"\r\n\r\n", "close"], [2, 1, 1]),
        ([ok(b"old", status=b"505 HTTP Version Not Supported")], [2, 1, 1]),
    ],
)
def test_a_host_found_to_speak_http2_alone_is_asked_so_at_once(
    workshop: TlsWorkshop, loop: LoopFactory, steps: list[Step], looks: list[int]
) -> None:
    seen = several(workshop, loop, page, lambda head, number: steps)
    assert [(probe.status, probe.body) for probe in seen.probes] == [(200, b"<p>page")] * 3
    assert [probe.attempts for probe in seen.probes] == looks
    assert seen.client.request_count == sum(looks) == len(seen.server.requests) + len(seen.server.asked)


@dataclass
class Seen:
    """What became of three pages of one host: `hellos` are the handshakes begun."""

    probes: list[Probe]
    client: Client
    server: Http2Server
    hellos: int


def several(
    workshop: TlsWorkshop,
    loop: LoopFactory,
    says: Answering,
    plain: Script,
    context: str = "http2",
    together: bool = False,
    timeout: float = 3.0,
) -> Seen:
    """Three pages, one after the other or at once; afterwards nothing is open."""

    async def run(port: int) -> tuple[list[Probe], Client]:
        settings = network(ca_bundle=workshop.bundle, timeout=timeout)
        async with Client(settings, lookup=lambda *_: ["127.0.0.1"]) as client:
            urls = [f"https://site.test:{port}/{n}" for n in range(3)]
            if together:
                probes = list(await asyncio.gather(*map(client.look, urls)))
            else:
                probes = [await client.look(url) for url in urls]
            assert isinstance(client.transport, GuardedTransport)
            assert not client.transport.pool.in_use, "what was opened is closed"
        return probes, client

    hellos: list[str | None] = []
    tls = workshop.context(context, "site.test")
    tls.sni_callback = lambda wire, name, own: hellos.append(name)
    with Http2Server(says, tls, plain) as server, asyncio.Runner(loop_factory=loop) as runner:
        probes, client = runner.run(run(server.port))
    return Seen(probes, client, server, len(hellos))


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    ("steps", "why"),
    [(["close"], "empty-reply"), (["reset"], "reset"), ([FRAMES, "close"], "protocol")],
)
def test_without_an_offer_the_first_failure_stands_and_a_host_is_tried_once(
    workshop: TlsWorkshop, loop: LoopFactory, steps: list[Step], why: str, together: bool
) -> None:
    seen = several(workshop, loop, page, lambda head, number: steps, "valid", together)
    assert [kind(probe) for probe in seen.probes] == [why] * 3
    assert [(probe.attempts, probe.flags) for probe in seen.probes] == [(1, ())] * 3
    assert (seen.client.request_count, len(seen.server.requests), seen.server.asked) == (3, 3, [])
    assert seen.hellos == 4


def test_without_an_offer_a_505_stays_what_it_was(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    seen = several(
        workshop, loop, page, lambda head, number: [ok(b"old", status=b"505 HTTP Version Not Supported")], "valid"
    )
    assert [(probe.status, probe.body, probe.attempts) for probe in seen.probes] == [(505, b"old", 1)] * 3
    assert seen.hellos <= 4


def test_a_host_that_has_answered_by_http1_is_in_trouble_when_it_closes(
    workshop: TlsWorkshop, loop: LoopFactory
) -> None:
    def plain(head: bytes, number: int) -> list[Step]:
        return [ok(b"page")] if b"GET /0 " in head else ["close"]

    seen = several(workshop, loop, page, plain)
    assert [kind(probe) for probe in seen.probes] == ["", "empty-reply", "empty-reply"]
    assert seen.server.asked == []


@pytest.mark.parametrize(("says", "why", "timeout"), [(resets, "reset", 20), (silent, "timeout-read", 2)])
def test_a_server_that_fails_both_ways_is_in_trouble(
    workshop: TlsWorkshop, loop: LoopFactory, says: Answering, why: str, timeout: float
) -> None:
    seen = several(workshop, loop, says, lambda head, number: ["close"], timeout=timeout)
    assert [kind(probe) for probe in seen.probes] == [why, "empty-reply", "empty-reply"]
    assert [probe.attempts for probe in seen.probes] == [2, 1, 1]
    assert len(seen.server.asked) == 1


def test_a_refused_handshake_for_want_of_http2_costs_no_request(workshop: TlsWorkshop, loop: LoopFactory) -> None:
    with Http2Server(page, workshop.context("http2", "site.test")) as server, Picky(server) as front:
        url = f"https://site.test:{front.port}/"
        probe = look(url, loop=loop, ca_bundle=workshop.bundle, lookup=lambda *_: ["127.0.0.1"])
    assert (probe.status, probe.flags, probe.attempts) == (200, ("http2",), 1)
    assert (front.refused, len(server.asked)) == (1, 1)


def test_what_may_not_be_sent_twice_is_not(workshop: TlsWorkshop) -> None:
    async def run(port: int) -> str:
        async with Client(network(ca_bundle=workshop.bundle), lookup=lambda *_: ["127.0.0.1"]) as client:
            reply = await client.fetch(Request(f"https://site.test:{port}/", "POST", content=b"x"))
        return reply.failure.kind if reply.failure else ""

    with Http2Server(page, workshop.context("http2", "site.test")) as server:
        assert asyncio.run(run(server.port)) == "protocol"
    assert server.asked == []


def test_plain_http_is_never_tried_by_http2(loop: LoopFactory) -> None:
    with RawServer(lambda head, number: ["close"]) as server:
        assert kind(look(server.url(), loop=loop)) == "empty-reply"
    assert server.connections == 1


@pytest.mark.parametrize("fault", ["expired", "mismatch", "unknown-issuer"])
def test_a_bad_certificate_is_no_better_by_http2(workshop: TlsWorkshop, fault: str) -> None:
    context = workshop.context(fault, "site.test")
    context.set_alpn_protocols(["h2"])
    with Http2Server(page, context) as server:
        url = f"https://site.test:{server.port}/"
        assert kind(look(url, ca_bundle=workshop.bundle, lookup=lambda *_: ["127.0.0.1"])).startswith("tls-")
    assert server.asked == []


def test_a_forgotten_intermediate_is_fetched_for_http2_too(tmp_path: Path, loop: LoopFactory) -> None:
    root = trustme.CA()
    root.cert_pem.write_to_path(str(tmp_path / "root.pem"))
    forgotten: list[bytes] = []
    with RawServer(lambda head, number: [ok(forgotten[0])]) as shelf:
        chain = leaf_only(root, shelf.url("/ca.der"), "site.test")
        forgotten.append(chain.intermediate)
        chain.server.set_alpn_protocols(["h2"])
        with Http2Server(page, chain.server) as server:
            url = f"https://site.test:{server.port}/"
            probe = look(url, loop=loop, ca_bundle=str(tmp_path / "root.pem"), lookup=lambda *_: ["127.0.0.1"])
    assert (probe.status, probe.flags) == (200, ("http2", "tls-incomplete-chain"))


def test_runs_that_never_need_it_do_not_load_it() -> None:
    said = "import sys, cite_audit.resolve.http.transport, cite_audit.resolve.check.run; print('h2' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
