"""What pages and archives name leads to no private address: each is a tripwire's, none is ever connected to."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.http.client import Client
from tests.loopback.raw import RawServer, Step, ok, redirect
from tests.resolve.http.support import network

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PUBLIC = "127.0.1.1"  # the public web of these tests; every other address is private to them
HOSTS = ("127.0.0.1:{port}", "localhost:{port}", "inner.test:{port}", "[::1]:{port}", "10.0.0.1", "169.254.169.254")
Answer = Callable[[str], bytes]


def _head(element: str, text: str = "Moved.") -> bytes:
    return ok(f"<html><head><title>A page</title>{element}</head><body>{text}</body></html>".encode())


# what a page of the cited site says, by what says it
PAGES: dict[str, Answer] = {
    "meta refresh": lambda to: _head(f'<meta http-equiv="refresh" content="0; url={to}">'),
    "script": lambda to: _head(f"<script>location.href = '{to}'</script>"),
    "canonical": lambda to: _head(f'<link rel="canonical" href="{to}">', "Page not found. " * 20),
    "oEmbed": lambda to: _head(f'<link rel="alternate" type="application/json+oembed" href="{to}">'),
    "original": lambda to: _head(f'<link rel="original timegate" href="{to}">'),
    "base": lambda to: _head(f'<base href="{to}"><meta http-equiv="refresh" content="0; url=next">'),
    "Location": lambda to: redirect(to.encode()),
    "Link": lambda to: redirect(b"/next", f'Link: <{to}>; rel="original"'.encode()),
    "site map": lambda to: ok(f"<urlset><url><loc>{to}</loc></url></urlset>".encode()),
    "robots": lambda to: ok(f"Sitemap: {to}\nUser-agent: *\nAllow: /\n".encode()),
}
# what an archive says of a page that has gone
STAMP, DIGEST = "20201001000000", "A" * 32
ROW = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
ARCHIVES: dict[str, Answer] = {
    "Memento-Location": lambda to: redirect(to.encode(), b"Vary: accept-datetime"),
    "Content-Location": lambda to: ok(b"{}").replace(b"\r\n\r\n", f"\r\nContent-Location: {to}\r\n\r\n".encode(), 1),
    "CDX row": lambda to: ok(json.dumps([ROW, ["test,cited)/", STAMP, to, "text/html", "200", DIGEST, "9"]]).encode()),
    "TimeMap": lambda to: ok(
        f'<{to}>; rel="original", <{to}>; rel="first memento"; datetime="Thu, 01 Oct 2020 00:00:00 GMT"'.encode()
    ),
}


GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _resolve(table: dict[str, Answer], hosts: Sequence[str], allowed: str, *, by_archive: bool) -> tuple[int, set[str]]:
    """How many connections the tripwire got, and the rows of the table that led to it: a link each for each host."""
    rows = list(table)
    with RawServer() as wire:

        def answer(head: bytes, number: int) -> list[Step]:
            if (found := re.search(rb"case-(\d+)-(\d+)", head)) is None:
                return [GONE]
            row, host = rows[int(found[1])], hosts[int(found[2])].format(port=wire.port)
            return [table[row](f"http://{host}/secret/{int(found[1])}")]

        with RawServer(answer, address=PUBLIC) as told, RawServer(lambda head, number: [GONE], address=PUBLIC) as other:
            site, shelf = (other, told) if by_archive else (told, other)
            archiving = Archiving(
                wayback=shelf.url(""),
                availability=shelf.url("/wayback/available"),
                archives=("wayback", f"memento:{shelf.url('/timegate/')}"),
                drift=True,
            )
            reach = network(allow_addresses=(allowed,), timeout=2.0, retries=0)
            names = {"inner.test": ["127.0.0.1"], "localhost": ["127.0.0.1"], "cited.test": [PUBLIC]}
            client = Client(reach, lookup=lambda name, port: names[name])
            settings = Settings(network=reach, archiving=archiving, store=None)
            cases = [(row, host) for row in range(len(rows)) for host in range(len(hosts))]
            links = [
                CitedLink(f"http://cited.test:{site.port}/case-{r}-{h}/story", date(2020, 10, 1)) for r, h in cases
            ]
            asyncio.run(resolve(links, settings, SilentObserver(), NOW, client=client))
            assert len(told.requests) >= len(links)
            led = {int(found[1]) for head in wire.requests if (found := re.search(rb"/secret/(\d+)", head))}
            return wire.connections, {rows[number] for number in led}


def test_no_page_leads_to_a_private_address() -> None:
    """Connections to the addresses that are not loopback end the test by themselves (conftest)."""
    assert _resolve(PAGES, HOSTS, "127.0.1.0/24", by_archive=False) == (0, set())


def test_no_archive_leads_to_a_private_address() -> None:
    assert _resolve(ARCHIVES, HOSTS, "127.0.1.0/24", by_archive=True) == (0, set())


def test_the_tests_of_this_file_can_tell() -> None:
    """What is followed at all is followed to an address that is allowed."""
    _, led = _resolve(PAGES, HOSTS[:1], "127.0.0.0/8", by_archive=False)
    _, led_by_archive = _resolve(
        {"Memento-Location": ARCHIVES["Memento-Location"]}, HOSTS[:1], "127.0.0.0/8", by_archive=True
    )
    assert led >= {"meta refresh", "Location"}
    assert led_by_archive == {"Memento-Location"}
