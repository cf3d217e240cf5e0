"""The test bed: all rows on one loopback web, looked at by the real client and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cite_audit.model import CitedLink, FailureKind, Health, Memento, Verdict
from cite_audit.resolve.check.hedging import HedgedClient
from cite_audit.resolve.check.investigation import Investigation, LookRecords
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.http.client import Client
from tests.loopback.web import NOT_FOUND, Answer, Asked, LoopbackWeb, Respond, Site
from tests.loopback.web_pages import bare
from tests.loopback.web_tls import TlsWorkshop
from tests.resolve.judge.rows import Row

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARCHIVE = "archive.copies.test"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row."""

    row: Row
    verdict: Verdict
    requests: int  # requests that the row's own sites saw
    live: int  # tries for the link: looks, retries, other profiles, invented addresses, platforms' services
    mute: int  # of these, the ones that carried no request: refused connections, failed look-ups and handshakes
    hops: int  # redirects followed in them, which any client makes

    @property
    def right(self) -> bool:
        return self.verdict.reason is self.row.reason and (self.verdict.health is Health.BROKEN) is self.row.broken

    @property
    def false_dead(self) -> bool:
        return self.verdict.health is Health.BROKEN and not self.row.broken

    @property
    def false_alive(self) -> bool:
        return self.verdict.health is Health.ALIVE and self.row.broken


def run(rows: Sequence[Row], folder: Path) -> list[Outcome]:
    """Check every row, all at once."""
    workshop = TlsWorkshop(folder)
    sites = _sites(rows) | {"middle.test": lambda asked: Answer(body=workshop.middle)}
    with LoopbackWeb(sites, workshop.context, workshop.bundle) as web:
        found = asyncio.run(_check(rows, web))
        return [
            Outcome(row, one.verdict, _requests(web, row), *_spent(one.verdict, one.look_records))
            for row, one in zip(rows, found, strict=True)
        ]


def _sites(rows: Sequence[Row]) -> dict[str, Respond | Site]:
    """The sites of all rows; where rows share a host, the first that knows the target answers."""
    shared: dict[str, list[Respond]] = {}
    sites: dict[str, Respond | Site] = {}
    for row in rows:
        for host, site in row.sites.items():
            shared.setdefault(host, []).append(site.respond if isinstance(site, Site) else site)
            sites[host] = site
    for host, responds in shared.items():
        if not isinstance(sites[host], Site) and (len(responds) > 1 or not host.endswith(".test")):
            sites[host] = _first_that_knows(responds)
    sites[ARCHIVE] = _copies(rows)
    return sites


def _first_that_knows(responds: list[Respond]) -> Respond:
    def respond(asked: Asked) -> Answer:
        for candidate in responds:
            try:
                return candidate(asked)
            except LookupError:
                continue
        return Answer(body=bare("Platform", "Open the app."))

    return respond


def _copies(rows: Sequence[Row]) -> Respond:
    kept = {f"/web/20190501000000id_/{row.url.partition('#')[0]}": row.copy for row in rows if row.copy}

    def respond(asked: Asked) -> Answer:
        found = kept.get(asked.target)
        return Answer(body=found) if found else NOT_FOUND

    return respond


def _memento(row: Row) -> Memento | None:
    if row.copy is None:
        return None
    at = datetime(2019, 5, 1, tzinfo=UTC)
    return Memento(
        row.url, f"http://{ARCHIVE}/web/20190501000000/{row.url}", captured_at=at, archive="wayback", status=200
    )


async def _check(rows: Sequence[Row], web: LoopbackWeb) -> list[Investigation]:
    network = web.network(timeout=4.0, host_interval=0.0, per_host=6)
    async with Client(network, lookup=web.lookup) as client:
        link_checker = LinkChecker(HedgedClient(client, retries=1, jitter=lambda: 0.0), NOW, token="x7k2q9")
        return await asyncio.gather(
            *(link_checker.find_verdict(CitedLink(row.url, quotes=row.quotes), memento=_memento(row)) for row in rows)
        )


def _spent(verdict: Verdict, looks: LookRecords) -> tuple[int, int, int]:
    """Tries for the link, without its archived copy, those that carried no request, and redirects followed in them."""
    asked = [probe for kind, probe in looks if kind != "memento"]
    copies = sum(probe.attempts for kind, probe in looks if kind == "memento")
    mute = sum(probe.attempts for probe in asked if not probe.hops and probe.failure and _before(probe.failure.kind))
    return verdict.attempts - copies, mute, sum(len(probe.hops) for probe in asked)


def _before(kind: FailureKind) -> bool:
    """Whether a failure comes before any request is sent."""
    return kind.startswith(("dns", "tls", "refused", "unreachable", "timeout-connect", "timeout-tls", "unsafe"))


def _requests(web: LoopbackWeb, row: Row) -> int:
    return sum(len(web.asked(host)) for host in row.sites)
