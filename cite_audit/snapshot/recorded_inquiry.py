"""The live inquiry of an audit, recorded: the verdict on a page, and the exchanges that show what it was reached by.

The inquiry is the capture: its cookies, retries, other schemes and refreshes are those of an audit, no page is asked
twice, and whether the capture shows the page is what the judge says of the same bytes.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Health, Probe, Verdict
from cite_audit.resolve.archive.playback import encode_url
from cite_audit.resolve.check.final_looks import TransientFailure, is_transient_failure, pause_before_final_looks
from cite_audit.resolve.check.hedging import HedgedClient
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Exchange, Recording
from cite_audit.resolve.judge.detectors import assess_look
from cite_audit.resolve.judge.look import Look, LookKind
from cite_audit.urls import canonical_key

if TYPE_CHECKING:
    from cite_audit.snapshot.browser.browser_capture import BrowsedPage


@frozen_record
class InquiredPage:
    """What was found out. `exchanges` lead from the cited address to the page; none where nothing answered.

    `doubt`: a word for why it is not certain that they show the page. `service_exchanges`: those with a platform's own
    service for the page; `part_exchanges`: for what the page is shown with. `browsed`: what a browser made of it.
    `remark`: what is not whole.
    """

    verdict: Verdict
    exchanges: Sequence[Exchange]
    doubt: str = ""
    service_exchanges: Sequence[Exchange] = ()
    part_exchanges: Sequence[Exchange] = ()
    browsed: BrowsedPage | None = None
    remark: str = ""

    @property
    def is_alive(self) -> bool:
        return self.verdict.health is Health.ALIVE


class PageInquirer:
    """Inquires into pages as an audit with the client's settings does."""

    def __init__(self, client: Client, now: datetime) -> None:
        network = client.network
        self._client = client
        self._link_checker = LinkChecker(
            HedgedClient(client, network.retries),
            now,
            token=secrets.token_hex(8),
            platforms=network.platforms,
            without_platforms=network.without_platforms,
            patience=timedelta(seconds=network.patience),
        )
        self._failures: dict[str, TransientFailure] = {}
        self._retries: int | None = None

    def may_pass(self, url: str) -> bool:
        """Whether the trouble that an inquiry ended with may pass."""
        return encode_url(url) in self._failures

    async def begin_final_inquiries(self, urls: Sequence[str]) -> list[str]:
        """Wait for trouble to pass; those of the addresses that deserve one more inquiry, as in an audit."""
        clock = asyncio.get_running_loop().time
        failures = [failure for failure in self._failures.values() if failure.deserves_final_look(clock())]
        if failures:
            await asyncio.sleep(pause_before_final_looks(failures, self._client.network.backoff, clock()))
            self._link_checker.begin_final_looks()
            self._retries = 0
        deserving = {failure.link.url for failure in failures}
        return [url for url in urls if encode_url(url) in deserving]

    async def close(self) -> None:
        await self._link_checker.close()

    async def inquire(self, url: str, recording: Recording) -> InquiredPage:
        """Inquire into a page within a recording, whose exchanges are taken. Never raises for what a network did."""
        link = CitedLink(encode_url(url))
        investigation = await self._link_checker.find_verdict(link, retries=self._retries)
        if is_transient_failure(investigation.verdict):
            failed_at = asyncio.get_running_loop().time()
            self._failures[link.url] = TransientFailure(link, investigation, failed_at)
        verdict, looks = investigation.verdict, investigation.evidence.looks
        decisive = _find_decisive_look(investigation)
        exchanges = recording.take_exchanges()
        if decisive is not None and decisive.kind is LookKind.PLATFORM:
            service_exchanges = select_exchanges(exchanges, decisive.probe)
            page_probe = await self._client.look(encode_url(url), profile="browser")
            page_exchanges = select_exchanges(recording.take_exchanges(), page_probe)
            return InquiredPage(verdict, page_exchanges, service_exchanges=service_exchanges)
        if verdict.health is Health.UNKNOWN and (variant := _find_shown_variant(investigation)) is not None:
            return InquiredPage(verdict, select_exchanges(exchanges, variant.probe), verdict.reason.value)
        chain: list[Exchange] = []
        if decisive is not None and decisive.kind is LookKind.REFRESH:
            page_look = next((look for look in reversed(looks) if look.kind is LookKind.PAGE), None)
            chain += select_exchanges(exchanges, page_look.probe) if page_look else []
        chain += select_exchanges(exchanges, decisive.probe) if decisive else []
        investigation.release_pages()
        return InquiredPage(verdict, cut_detours(chain), "hijacked" if verdict.suspected_trade else "")


def select_exchanges(exchanges: Sequence[Exchange], probe: Probe) -> list[Exchange]:
    """The exchanges of one look, redirects first: the latest of each address up to the one that the look ended with."""
    last = next(
        (
            position
            for position in range(len(exchanges) - 1, -1, -1)
            if _is_answer(exchanges[position], probe) and exchanges[position].reply.status == probe.status
        ),
        None,
    )
    if last is None:
        return []
    chain = [exchanges[last]]
    for hop in reversed(probe.hops):
        found = next(
            (
                one
                for one in reversed(exchanges[:last])
                if one.request.url == hop.url and one.reply.status == hop.status
            ),
            None,
        )
        if found is not None and found is not chain[0]:
            chain.insert(0, found)
    return cut_detours(chain)


def cut_detours(chain: Sequence[Exchange]) -> list[Exchange]:
    """A chain without what led back to an address in it: a player knows no cookies, and would go round for ever."""
    latest = {canonical_key(exchange.request.url): position for position, exchange in enumerate(chain)}
    kept: list[Exchange] = []
    position = 0
    while position < len(chain):
        position = latest[canonical_key(chain[position].request.url)]
        kept.append(chain[position])
        position += 1
    return kept


def _is_answer(exchange: Exchange, probe: Probe) -> bool:
    return exchange.request.url == (probe.final_url or probe.url).partition("#")[0] or (
        exchange.reply.headers == probe.headers and exchange.reply.body.startswith(probe.body)
    )


def _find_decisive_look(investigation: Investigation) -> Look | None:
    """The look that the verdict is about; without one, the latest that had an answer."""
    looks, probe = investigation.evidence.looks, investigation.verdict.probe
    for look in reversed(looks):
        if probe is not None and look.probe.asked_at == probe.asked_at and look.probe.url == probe.url:
            return look
    return next((look for look in reversed(looks) if look.status and look.kind is LookKind.PAGE), None)


def _find_shown_variant(investigation: Investigation) -> Look | None:
    """The look at another scheme or host that shows the page, where the address itself gave no answer."""
    evidence, probe = investigation.evidence, investigation.verdict.probe
    variant = evidence.latest_look(LookKind.VARIANT)
    if variant is None or probe is None or probe.status is not None:
        return None
    if canonical_key(variant.probe.url) != canonical_key(evidence.url):
        return None  # another page, perhaps
    return variant if assess_look(variant, evidence.at_address(variant.probe.url)).is_alive else None
