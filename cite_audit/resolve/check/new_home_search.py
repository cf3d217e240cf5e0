"""The search for the new homes of pages that are gone: on archives' word, on the site's own, and never on faith.

At most SEARCH_BUDGET requests for a dead link, at the paces of its hosts and archives (docs/decisions/0406).
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError, ArchivePausedError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.model import CitedLink, Health, NewHome, Reason, Verdict
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore, Request
from cite_audit.resolve.check.host_queues import drain_queues, group_by_host
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.judge.address.plain_forms import list_plain_forms
from cite_audit.resolve.judge.address.redirects import is_home_url
from cite_audit.resolve.judge.drift import raw_memento_url
from cite_audit.resolve.judge.look import Look, LookKind, LookRequest
from cite_audit.resolve.judge.new_home import CitedCopy, HomeCandidate, original_canonical, prove_new_home
from cite_audit.resolve.judge.page.site_listing import ListedPage, choose_map, find_listed_pages, read_listing
from cite_audit.urls import canonical_key, registrable_domain, unwrap_url, url_host

if TYPE_CHECKING:
    from cite_audit.resolve.archive.archive_client import ArchiveClient
    from cite_audit.resolve.archive.playback import PlaybackAnswer

SEARCH_BUDGET = 10  # requests for one dead link, those for its site's listings not counted twice
MAX_CANDIDATES = 3  # addresses that are looked at
CANDIDATE_BUDGET = 2  # requests for each: the page, and an invented address beside it
LISTING_PATHS = ("/sitemap.xml", "/feed")
ARCHIVE_TIMEOUT = 30.0  # seconds
WORKERS_PER_HOST = 2
NO_SEARCH = (Reason.INVALID, Reason.UNSAFE, Reason.SKIPPED)


def deserves_search(link: CitedLink, verdict: Verdict | None) -> bool:
    """Whether a link is one to a page that is gone, and not itself an archived copy or a front page."""
    return (
        verdict is not None
        and verdict.health is Health.BROKEN
        and verdict.reason not in NO_SEARCH
        and link.url.lower().startswith(("http://", "https://"))
        and unwrap_url(link.url) is None
        and not is_home_url(link.url)
    )


@dataclass(slots=True, kw_only=True)
class NewHomeSearch:
    """Searches for dead links, into `found`. `basis` and `keep` (seconds): whose results are kept, and how long.

    `limits`: where the archives' rate limits are shared. `archive_deadline`: the monotonic time after which no archive
    is asked.
    """

    link_checker: LinkChecker
    cache: KeyValueStore
    limits: KeyValueStore
    answers: Mapping[str, ArchiveAnswer]
    now: datetime
    basis: str
    keep: float
    archive_deadline: float | None = None
    found: dict[str, tuple[NewHome, ...]] = field(default_factory=dict)
    listings: dict[str, asyncio.Task[tuple[ListedPage, ...]]] = field(default_factory=dict)
    _archive_client: ArchiveClient | None = None

    async def search_links(self, links: Iterable[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Search for every dead link; what an earlier run found is used again while it is fresh."""
        self.link_checker = replace(self.link_checker, on_first_look=lambda url, probe: None, past_verdicts={})
        wanted = [link for link in links if deserves_search(link, verdicts.get(link.url)) and not self._recall(link)]
        await drain_queues(
            group_by_host(wanted, lambda link: url_host(link.url)),
            lambda link: self._search_link(link, verdicts[link.url]),
            WORKERS_PER_HOST,
        )

    def add_suggestions(self, verdict: Verdict) -> Verdict:
        """A verdict with what was found for its link."""
        homes = self.found.get(verdict.url) if verdict.health is Health.BROKEN else None
        return replace(verdict, suggestions=homes) if homes else verdict

    def archive_client(self) -> ArchiveClient:
        """The client of the run's archive requests, made by the first of them."""
        if self._archive_client is None:
            from cite_audit.resolve.archive.archive_client import ArchiveClient
            from cite_audit.resolve.archive.base import SystemClock
            from cite_audit.resolve.archive.rate_limiter import RateLimiter

            clock = SystemClock()
            left = None if self.archive_deadline is None else self.archive_deadline - time.monotonic()
            limiter = RateLimiter(self.limits, clock, None if left is None else clock.time() + left)
            fetcher = self.link_checker.hedged_client.client
            self._archive_client = ArchiveClient(fetcher, limiter, clock, random.random)
        return self._archive_client

    async def wait_for_archive(self, uri_m: str) -> bool:
        """Whether the archive may be asked for a copy, once it is its turn."""
        from cite_audit.resolve.archive.rate_limiter import rate_class_at

        limiter = self.archive_client().limiter
        try:
            await limiter.wait_for_turn(rate_class_at("playback", urlsplit(uri_m).netloc))
        except ArchivePausedError:
            return False
        return True

    def _recall(self, link: CitedLink) -> bool:
        try:
            kept = parse_foreign_json(self.cache.get(self._key(link)) or "null")
            self.found[link.url] = tuple(
                NewHome(**{**record, "evidence": tuple(record["evidence"])}) for record in kept
            )
        except (ValueError, TypeError, LookupError):
            return False
        return True

    def _key(self, link: CitedLink) -> str:
        return f"new-home {self.basis} {link.url}"

    async def _search_link(self, link: CitedLink, verdict: Verdict) -> None:
        search = _LinkSearch(self, link, verdict, self.answers.get(link.url))
        home = await search.find_new_home()
        self.found[link.url] = (home,) if home else ()
        if search.is_complete:
            kept = json.dumps([asdict(each) for each in self.found[link.url]])
            self.cache.put(self._key(link), kept, keep=self.keep)


class _LinkSearch:
    """The search for one link: candidates one by one until one is proved, or the budget is spent."""

    def __init__(self, search: NewHomeSearch, link: CitedLink, verdict: Verdict, answer: ArchiveAnswer | None) -> None:
        self.search, self.link, self.verdict = search, link, verdict
        self.mementos = [each for each in answer.mementos if each.uri_m.startswith("http")] if answer else []
        self.copy: CitedCopy | None = None
        self.left = SEARCH_BUDGET
        self.is_complete = True  # whether all were asked, so that the result may be kept
        self.site = link.url  # an address of the site that has the page's listings
        self.seen = {canonical_key(link.url)}

    async def find_new_home(self) -> NewHome | None:
        await self._read_copy()
        looked_at = 0
        async for candidate in self._candidates():
            key = canonical_key(candidate.url)
            if key in self.seen or is_home_url(candidate.url) or unwrap_url(candidate.url) is not None:
                continue
            self.seen.add(key)
            if looked_at == MAX_CANDIDATES or self.left < CANDIDATE_BUDGET:
                return None
            looked_at += 1
            if home := await self._look_at(candidate):
                return home
        return None

    async def _look_at(self, candidate: HomeCandidate) -> NewHome | None:
        link_checker = self.search.link_checker
        investigation = await link_checker.find_verdict(CitedLink(candidate.url), CANDIDATE_BUDGET, retries=0)
        self.left -= investigation.verdict.attempts
        looks = investigation.evidence.latest_page_looks()
        page = looks[-1].page if looks else None
        day = self.search.now.date()
        return prove_new_home(self.link.url, candidate, investigation.verdict, page, self.copy, day)

    async def _candidates(self) -> AsyncIterator[HomeCandidate]:
        """Addresses to try, those of the strongest evidence first."""
        async for redirect in self._recorded_redirects():
            yield redirect
        if self.copy and (canonical := self._canonical_of_copy(self.copy)):
            yield HomeCandidate(canonical, "canonical", "its archived copy names it as its proper address")
        for form in list_plain_forms(self.link.url) if self.verdict.probe and self.verdict.probe.status else ():
            yield HomeCandidate(form, "form", "it is the plain form of the cited address")
        titles = self.copy.titles if self.copy else ()
        async for pages, name in self._site_listings():
            for url, reason in find_listed_pages(pages, self.link.url, titles):
                yield HomeCandidate(url, "listing", f"{name} of the site lists it, and {reason}")

    def _canonical_of_copy(self, copy: CitedCopy) -> str:
        from cite_audit.resolve.archive.playback import split_playback_url

        return original_canonical(copy.page, self.link.url, split_playback_url(copy.page.canonical_url)[2])

    async def _read_copy(self) -> None:
        """The good copy nearest to the citation, which shows what was cited."""
        memento = next((each for each in self.mementos if each.is_good), None)
        if memento is None or not await self.search.wait_for_archive(memento.uri_m):
            return
        request = LookRequest(LookKind.MEMENTO, raw_memento_url(memento.uri_m))
        results = await self.search.link_checker.hedged_client.look_with_retries(request, 1, 0)
        look = Look(*results[-1])
        self.left -= look.request_count
        if look.status == 200 and look.page.is_html:
            self.copy = CitedCopy(memento, look.page)
        else:
            self.is_complete = look.has_answer

    async def _recorded_redirects(self) -> AsyncIterator[HomeCandidate]:
        """Where later copies of the page redirect to: the latest one, then one halfway to the cited copy."""
        from cite_audit.resolve.archive.playback import PlaybackKind, playback_url, split_playback_url

        known = self.mementos[0] if self.mementos else None
        base = split_playback_url(known.uri_m)[0] if known else ""
        if known is None or not base:
            return
        for when in (self.search.now, known.captured_at + (self.search.now - known.captured_at) / 2):
            uri_m = playback_url(base, when, self.link.url)
            answer = await self._fetch_playback(uri_m)
            if answer and answer.kind is PlaybackKind.ELSEWHERE and answer.location.startswith(base):
                answer = await self._fetch_playback(answer.location)  # the copy nearest to the instant
            if answer is None or answer.captured_at is None or answer.captured_at <= known.captured_at:
                return  # no answer, or no later copy
            target = split_playback_url(answer.location)[2]
            if answer.kind is PlaybackKind.REDIRECT and target:
                for candidate in self._follow_recorded(target, answer.captured_at):
                    yield candidate

    def _follow_recorded(self, target: str, captured_at: datetime) -> list[HomeCandidate]:
        """The target of a recorded redirect; where it is another site, also the cited path there."""
        recorded = f"a copy of {captured_at:%Y-%m-%d} records a redirect to"
        candidates = [HomeCandidate(target, "redirect", f"{recorded} it")]
        old, new = urlsplit(self.link.url), urlsplit(target)
        if registrable_domain(url_host(target)) != registrable_domain(url_host(self.link.url)):
            self.site = target
            same_path = old._replace(scheme=new.scheme, netloc=new.netloc, fragment="").geturl()
            candidates.append(HomeCandidate(same_path, "redirect", f"{recorded} this site"))
        return candidates

    async def _fetch_playback(self, uri_m: str) -> PlaybackAnswer | None:
        """The archive's answer at a playback address, when it is this link's turn; None without one."""
        from cite_audit.resolve.archive.playback import read_playback
        from cite_audit.resolve.archive.rate_limiter import rate_class_at

        if self.left <= 0:
            return None
        self.left -= 1
        request = Request(uri_m, max_body=1 << 14, timeout=ARCHIVE_TIMEOUT)
        rate_class = rate_class_at("playback", urlsplit(uri_m).netloc)
        try:
            return read_playback(await self.search.archive_client().fetch_answer(rate_class, request, retries=0))
        except (ArchiveError, ValueError):
            self.is_complete = False
            return None

    async def _site_listings(self) -> AsyncIterator[tuple[tuple[ListedPage, ...], str]]:
        """The site's map, the further map that suits the address best, and its feed; each with its name."""
        has_answered = bool(self.verdict.probe and self.verdict.probe.status)
        if self.site == self.link.url and not has_answered:
            return
        parts = urlsplit(self.site)
        for path in LISTING_PATHS:
            url = f"{parts.scheme}://{parts.netloc}{path}"
            pages = await self._read_listing(url)
            yield pages, f"the {'site map' if 'map' in path else 'feed'} ({url})"
            further_url = choose_map(pages, self.link.url)
            if further_url and registrable_domain(url_host(further_url)) == registrable_domain(url_host(self.site)):
                yield await self._read_listing(further_url), f"the site map ({further_url})"

    async def _read_listing(self, url: str) -> tuple[ListedPage, ...]:
        """The entries of a listing that lie on its own site; asked once a run."""
        if url not in self.search.listings:
            if self.left <= 0:
                return ()
            self.left -= 1
            self.search.listings[url] = asyncio.ensure_future(self._fetch_listing(url))
        return await asyncio.shield(self.search.listings[url])

    async def _fetch_listing(self, url: str) -> tuple[ListedPage, ...]:
        request = LookRequest(LookKind.VARIANT, url, is_long=True)
        results = await self.search.link_checker.hedged_client.look_with_retries(request, 1, 0)
        look = Look(*results[-1])
        site = registrable_domain(url_host(url))
        pages = read_listing(look.probe.body, look.probe.final_url or url) if look.status == 200 else ()
        return tuple(page for page in pages if registrable_domain(url_host(page.url)) == site)
