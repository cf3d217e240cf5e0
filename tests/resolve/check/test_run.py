"""The whole run: what is asked, how often, in which order, and what cuts it short."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.errors import UsageError
from cite_audit.model import Archived, CitedLink, Health, Reason
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.check.hedging import LookResults
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.http.client import Client
from cite_audit.store import open_store
from tests.loopback.raw import RawServer, Step, closed_port, ok, redirect
from tests.resolve.checking import check, said
from tests.resolve.http.support import network

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PAGE = b"<html><head><title>Bridge reopened</title></head><body><p>" + b"The bridge is open again after repairs. " * 40
PAGE += b"</p></body></html>"
HTML = b"Content-Type: text/html"


def pages(head: bytes, number: int) -> Iterable[Step]:
    """A plain site: /gone is gone, the rest is there."""
    return [ok(b"gone", HTML, status=b"410 Gone") if b" /gone" in head else ok(PAGE, HTML)]


def asked(server: RawServer) -> Counter[str]:
    return Counter(head.split()[1].decode() for head in server.requests)


def test_every_link_gets_its_verdict_and_is_asked_once() -> None:
    with RawServer(pages) as server:
        urls = [server.url(path) for path in ("/a", "/b", "/a", "/c#one", "/c#two", "/gone")]
        result = check(urls)
    assert set(result.verdicts) == set(urls)
    assert said(result)[server.url("/a")] == "alive ok"
    assert said(result)[server.url("/gone")] == "broken gone"
    assert (result.incomplete, result.offline, result.remarks) == (False, False, ())
    seen = asked(server)
    assert (seen["/a"], seen["/b"], seen["/c"]) == (1, 1, 1)


def test_a_verdict_says_when_how_often_and_on_what_it_rests() -> None:
    with RawServer(pages) as server:
        url = server.url("/a")
        verdict = check([url]).verdicts[url]
    assert verdict.checked_at is not None
    assert (verdict.attempts, verdict.from_cache, verdict.archived) == (1, False, Archived.UNCHECKED)
    assert verdict.probe is not None
    assert (verdict.probe.status, verdict.probe.body) == (200, b"")  # ten thousand pages are not kept in memory


def test_trouble_that_passes_costs_one_more_request() -> None:
    first: dict[bytes, int] = {}

    def flaky(head: bytes, number: int) -> Iterable[Step]:
        path = head.split()[1]
        first[path] = first.get(path, 0) + 1
        if first[path] > 1:
            return [ok(PAGE, HTML)]
        trouble: dict[bytes, list[Step]] = {
            b"/busy": [ok(b"busy", status=b"503 Service Unavailable")],
            b"/error": [ok(b"oops", status=b"500 Internal Server Error")],
            b"/reset": ["reset"],
            b"/empty": ["close"],
            b"/wait": [ok(b"slow down", b"Retry-After: 0", status=b"429 Too Many Requests")],
        }
        return trouble[path]

    with RawServer(flaky) as server:
        urls = [server.url(path) for path in ("/busy", "/error", "/reset", "/empty", "/wait")]
        result = check(urls)
    assert set(said(result).values()) == {"alive ok"}
    assert max(verdict.attempts for verdict in result.verdicts.values()) == 2
    assert all(count == 2 for count in asked(server).values())


def test_what_fails_to_the_end_is_looked_at_once_more_then() -> None:
    with RawServer(lambda head, number: [ok(PAGE, HTML) if number >= 6 else ok(b"", status=b"503 Busy")]) as server:
        url = server.url("/late")
        result = check([url], retries=1)
    assert said(result)[url] == "alive ok"
    assert result.verdicts[url].attempts == len(server.requests) <= 6


def test_no_link_costs_more_than_six_requests() -> None:
    with RawServer(lambda head, number: [ok(b"", status=b"500 Internal Server Error")]) as server:
        url = server.url("/x")
        verdict = check([url], retries=5).verdicts[url]
    assert (verdict.health, verdict.reason) == (Health.UNKNOWN, "server-error")
    assert len(server.requests) <= 6


def test_retry_after_holds_the_whole_host() -> None:
    moments: list[float] = []

    def limited(head: bytes, number: int) -> Iterable[Step]:
        moments.append(time.monotonic())
        return [ok(b"", b"Retry-After: 1", status=b"429 Too Many Requests") if number == 1 else ok(PAGE, HTML)]

    with RawServer(limited) as server:
        result = check([server.url(f"/{n}") for n in range(5)], per_host=1)
    assert set(said(result).values()) == {"alive ok"}
    assert moments[1] - moments[0] >= 0.95
    assert len(moments) == 6


def test_a_server_that_wants_an_hour_is_not_waited_for() -> None:
    with RawServer(lambda head, number: [ok(b"", b"Retry-After: 3600", status=b"429 Too Many")]) as server:
        url = server.url()
        begun = time.monotonic()
        result = check([url], deadline=60)
    assert said(result)[url] == "unknown rate-limited"
    assert time.monotonic() - begun < 60  # the deadline


def test_a_hang_is_hedged_and_costs_one_time_out() -> None:
    with RawServer(lambda head, number: ["hang"]) as server:
        url = server.url()
        result = check([url], timeout=1.0, silence=0.2)
    assert said(result)[url] == "unknown timeout"
    agents = {b"compatible" in head for head in server.requests}
    assert (len(server.requests), agents) == (2, {True, False})


def test_a_page_that_answers_only_browsers_is_found_by_the_twin() -> None:
    with RawServer(lambda head, number: ["hang"] if b"compatible" in head else [ok(PAGE, HTML)]) as server:
        url = server.url()
        begun = time.monotonic()
        result = check([url], timeout=60.0, silence=0.1)
    assert said(result)[url] == "alive ok"
    assert time.monotonic() - begun < 60  # the first look's time-out


def test_a_hang_among_quick_pages_is_not_waited_for_to_the_end() -> None:
    with RawServer(lambda head, number: ["hang"] if b"/hang" in head else pages(head, number)) as server:
        urls = [*(server.url(f"/{n}") for n in range(30)), server.url("/hang")]
        begun = time.monotonic()
        result = check(urls, timeout=60.0, silence=0.3, per_host=6)
    assert said(result)[server.url("/hang")] == "unknown timeout"
    assert "other pages of its host" in " ".join(result.verdicts[server.url("/hang")].evidence)
    assert time.monotonic() - begun < 60  # its time-out


def test_a_slow_page_is_waited_for_while_anything_else_goes_on() -> None:
    def slow(head: bytes, number: int) -> Iterable[Step]:
        return [1.2, *pages(head, number)] if b"/slow" in head else pages(head, number)

    with RawServer(slow) as server, RawServer(lambda head, number: [1.6, *pages(head, number)], "127.0.0.8") as other:
        urls = [*(server.url(f"/{n}") for n in range(30)), server.url("/slow")]
        result = check([*urls, other.url("/")], timeout=10.0, silence=0.2, per_host=6)
    assert set(said(result).values()) == {"alive ok"}


def test_an_answer_that_has_begun_is_not_silence() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
    pieces: list[Step] = [head, *(step for n in range(0, len(PAGE), 200) for step in (PAGE[n : n + 200], 0.1))]
    with RawServer(lambda head, number: pieces) as server:
        url = server.url()
        result = check([url], timeout=5.0, silence=0.2)
    assert said(result) == {url: "alive ok"}
    assert len(server.requests) == 1


def test_a_hanging_host_costs_only_its_own_links() -> None:
    def slow(head: bytes, number: int) -> Iterable[Step]:
        return ["hang"]

    with RawServer(slow, address="127.0.0.2") as hanging, RawServer(pages, address="127.0.0.3") as well:
        urls = [hanging.url(f"/{n}") for n in range(20)] + [well.url(f"/{n}") for n in range(40)]
        result = check(urls, jobs=4, timeout=30.0, silence=0.05, deadline=2.0)
    done = [url for url, verdict in result.verdicts.items() if verdict.health is Health.ALIVE]
    assert len(done) == 40


def test_redirects_are_charged_to_the_host_they_lead_to() -> None:
    running: list[int] = [0, 0]

    def target(head: bytes, number: int) -> Iterable[Step]:
        running[0] += 1
        running[1] = max(running)
        yield 0.02
        running[0] -= 1
        yield ok(PAGE, HTML)

    with RawServer(target, address="127.0.0.9") as end:
        to = end.url("/end").encode()
        sites = [RawServer(lambda head, number: [redirect(to)], address=f"127.0.0.{n}") for n in range(2, 8)]
        for site in sites:
            site.__enter__()
        try:
            check([site.url(f"/{n}") for site in sites for n in range(3)], per_host=2)
        finally:
            for site in sites:
                site.__exit__(None, None, None)
    assert len(end.requests) == 18
    assert running[1] <= 2


def nothing(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


HOSTS = [f"http://site{n}.test/" for n in range(8)]


def test_a_machine_without_a_network_accuses_nobody(tmp_path: Path) -> None:
    store = str(tmp_path / "store.sqlite")
    begun = time.monotonic()
    result = check(HOSTS, lookup=nothing, canaries=("canary.test:443",), store=store)
    assert set(said(result).values()) == {"unchecked offline"}
    assert (result.incomplete, result.offline) == (True, True)
    assert result.remarks[0].startswith("this machine reaches no network")
    assert time.monotonic() - begun < 60
    again = check(HOSTS, lookup=nothing, store=store)
    assert not any(verdict.from_cache for verdict in again.verdicts.values())


def test_names_that_are_gone_are_gone_when_a_canary_answers() -> None:
    with RawServer() as canary:
        places = {"canary.test": ["127.0.0.1"]}
        lookup = lambda host, port: places.get(host) or nothing(host, port)  # noqa: E731
        result = check(HOSTS, lookup=lookup, canaries=(f"canary.test:{canary.port}",))
    assert set(said(result).values()) == {"broken dns-failure"}
    assert (result.incomplete, result.offline) == (False, False)
    assert canary.requests == []  # a connection, and not a word


def test_when_most_hosts_are_silent_the_network_is_to_blame(tmp_path: Path) -> None:
    store = str(tmp_path / "store.sqlite")
    shut = closed_port()
    with RawServer(pages, address="127.0.0.2") as one, RawServer(pages, address="127.0.0.3") as two:
        dead = [f"http://127.0.0.{n}:{shut}/" for n in range(20, 23)]
        urls = [one.url("/"), two.url("/"), *dead]
        result = check(urls, store=store)
        assert (result.incomplete, result.offline) == (True, True)
        assert said(result)[one.url("/")] == "alive ok"
        assert {said(result)[url] for url in dead} == {"unchecked offline"}
        again = check([one.url("/")], store=store)
        assert not again.verdicts[one.url("/")].from_cache  # nothing of that run was kept


def test_a_later_run_over_the_rest_blames_no_network(tmp_path: Path) -> None:
    store, shut = str(tmp_path / "store.sqlite"), closed_port()
    sites = [RawServer(pages, address=f"127.0.0.{n}") for n in range(2, 9)]
    for site in sites:
        site.__enter__()
    try:
        dead = [f"http://127.0.0.{n}:{shut}/" for n in range(20, 26)]
        urls = [*(site.url("/") for site in sites), *dead]
        check(urls, store=store)
        again = check([*urls, f"http://127.0.0.30:{shut}/"], store=store)
    finally:
        for site in sites:
            site.__exit__(None, None, None)
    assert not again.offline
    assert {said(again)[url] for url in dead} == {"unknown refused"}


def test_offline_asks_nothing(tmp_path: Path) -> None:
    with RawServer() as server:
        result = check([server.url("/")], offline=True, archiving=Archiving())
        assert server.connections == 0
    assert set(said(result).values()) == {"unchecked offline"}
    assert (result.incomplete, result.offline) == (False, True)
    assert "--offline" in result.remarks[0]


@pytest.mark.parametrize("how", ["deadline", "stop_after"])
def test_a_deadline_keeps_what_is_known(how: str) -> None:
    with RawServer(lambda head, number: ["hang"] if b"/hang" in head else pages(head, number)) as server:
        begun = time.monotonic()
        end: Any = {how: 0.5}
        result = check([server.url("/a"), server.url("/hang")], timeout=30.0, **end)
    assert time.monotonic() - begun < 30  # the look's time-out
    assert said(result) == {server.url("/a"): "alive ok", server.url("/hang"): "unchecked deadline"}
    assert (result.incomplete, result.offline) == (True, False)
    assert result.remarks


def test_ten_thousand_links_to_a_dead_host_do_not_hold_the_run() -> None:
    shut = closed_port()
    begun = time.monotonic()
    result = check([f"http://127.0.0.1:{shut}/{n}" for n in range(10_000)])
    assert Counter(said(result).values()) == {"unknown refused": 10_000}
    assert time.monotonic() - begun < 120
    assert sum(verdict.attempts for verdict in result.verdicts.values()) < 500


def test_what_is_no_web_address_or_unsafe_is_told_without_a_packet() -> None:
    urls = ["mailto:a@b.example", "http://" + "a" * 1_000_000, "http://127.0.0.1:22/", "http://10.0.0.1/", "ftp://x/y"]
    result = check(urls, allow_addresses=())
    reasons = [said(result)[url] for url in urls]
    assert reasons == ["skipped skipped", "broken invalid", "broken unsafe", "broken unsafe", "skipped skipped"]


def test_a_second_run_asks_nothing_that_is_still_fresh(tmp_path: Path) -> None:
    store = str(tmp_path / "store.sqlite")
    with RawServer(pages) as server:
        urls = [server.url("/a"), server.url("/gone")]
        first = check(urls, store=store)
        count = len(server.requests)
        second = check(urls, store=store)
        assert len(server.requests) == count
        assert all(verdict.from_cache for verdict in second.verdicts.values())
        assert said(first) == said(second)
        assert first.verdicts[urls[0]].checked_at == second.verdicts[urls[0]].checked_at
        stale = check(urls, store=store, max_age=0)
    assert not any(verdict.from_cache for verdict in stale.verdicts.values())


def test_results_of_another_web_are_not_reused(tmp_path: Path) -> None:
    store = str(tmp_path / "store.sqlite")
    with RawServer(pages) as server:
        check(["http://site.test/"], store=store, connect_to={"site.test:80": server.place})
        result = check(["http://site.test/"], store=store, lookup=nothing)
    assert said(result) == {"http://site.test/": "broken dns-failure"}


def test_an_archive_in_trouble_leaves_the_live_verdict_alone() -> None:
    shut = f"http://127.0.0.1:{closed_port()}"
    with RawServer(pages) as server:
        url = server.url("/a")
        result = check([url], archiving=Archiving(wayback=shut, availability=f"{shut}/available", budget=0.5))
    assert said(result) == {url: "alive ok"}
    assert result.verdicts[url].archived in (Archived.UNKNOWN, Archived.UNCHECKED)


def test_an_unknown_archive_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no archive is called"):
        check(["http://127.0.0.1:9/"], archiving=Archiving(archives=("atlantis",)))


CARELESS = (
    "<title>Bridge reopened</title><link rel=canonical href='https://[lang].a.example/'>"
    "<meta http-equiv=refresh content='9;url=http://[site]/x'><script>location.href='http://[domain]/y'</script>"
)


def test_a_page_with_forgotten_placeholders_or_an_odd_date_ends_nobodys_run() -> None:
    def careless(head: bytes, number: int) -> Iterable[Step]:
        late = b"Retry-After: Mon, 01 Jan 2026 00:00:00 +99999999999999999999"
        return [ok(PAGE.replace(b"<title>Bridge reopened</title>", CARELESS.encode()), HTML + b"\r\n" + late)]

    with RawServer(careless) as server:
        urls = [server.url("/a"), server.url("/b#x%0Ay"), server.url("/c#%00")]
        result = check(urls)
    assert {verdict.health for verdict in result.verdicts.values()} == {Health.ALIVE}
    assert result.remarks == ()


def test_a_fault_of_ours_costs_one_link_and_is_told() -> None:
    class Faulty:
        async def look_with_retries(self, *_: object) -> LookResults:
            raise KeyError("nobody thought of this")

    link_checker = LinkChecker(Faulty(), NOW, token="x", platforms=False)  # type: ignore[arg-type]
    investigation = asyncio.run(link_checker.find_verdict(CitedLink("http://a.test/")))
    verdict = investigation.verdict
    assert (verdict.health, verdict.reason, investigation.look_records) == (Health.UNKNOWN, Reason.PROTOCOL_ERROR, [])
    assert "fault of this program: KeyError" in link_checker.faults[0]


def test_nothing_goes_on_after_the_deadline() -> None:
    settings = Settings(network=network(deadline=0.3, backoff=0.2, platforms=False), archive=False, store=None)

    async def work(server: RawServer) -> tuple[int, int]:
        links = [CitedLink(server.url("/x#one")), CitedLink(server.url("/x#two"))]  # one page, and so one look for both
        result = await resolve(links, settings, SilentObserver(), NOW, client=Client(settings.network))
        assert result.incomplete
        left = asyncio.all_tasks() - {asyncio.current_task()}
        return len(left), count_connections(server)

    def count_connections(server: RawServer) -> int:
        with socket.create_connection(("127.0.0.1", server.port)) as own:  # accepted after all that came before it
            own.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                own.recv(1)
        return server.connections

    with RawServer(lambda head, number: ["reset"]) as server:
        left, connections = asyncio.run(work(server))
        assert left == 0
        assert count_connections(server) == connections + 1


def test_what_is_kept_are_the_looks_the_verdict_rests_on(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")

    def falters(head: bytes, number: int) -> Iterable[Step]:
        return [ok(b"", status=b"500 Oops")] if number <= 4 else ["close"]

    with RawServer(falters) as server:
        verdict = check([server.url("/x")], store=path, retries=1).verdicts[server.url("/x")]
    store = open_store(path)
    seen = store.load_looks(verdict.url)
    past = store.load_history([verdict.url])[verdict.url]
    store.close()
    assert verdict.reason is Reason.SERVER_ERROR
    assert seen
    assert seen.looks
    assert {probe.status for _, probe in seen.looks} == {500}
    assert len(past) == 1, "a run has one word on a link"
