"""Compares what notes name with what addresses show: pages, archived copies, records of DOIs, channels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import CitedLink, Health, OtherWork, Verdict
from cite_audit.resolve.check.base import KeyValueStore, Request
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.user_agents import PLAIN_HEADERS
from cite_audit.resolve.judge.look import LookKind
from cite_audit.resolve.judge.new_home import CitedCopy
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.stated_work import StatedWork, read_page_work, read_registry_record
from cite_audit.resolve.judge.work_comparison import compare_page, compare_record
from cite_audit.urls import join_url

MAX_RECORDS = 100  # DOIs of one run whose records are asked for, one at a time
MAX_REDIRECTS = 4  # on the way to a record
MAX_RECORD_SIZE = 256 << 10  # bytes
RECORD_TYPE = "application/vnd.citationstyles.csl+json"
MAX_LINK_DENSITY = 0.6  # share of a page's words that are links; more is a list, whose entries change
_CHANNEL = compile_lazily(r"^https?://(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?([A-Za-z]\w{3,31})/?(?:[?#]|$)", re.I)
_POST = compile_lazily(r"^https?://(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?([A-Za-z]\w{3,31})/\d+", re.I)
_DOI = compile_lazily(r"^https?://(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}[^?#]*)", re.I)


@dataclass(slots=True)
class IdentitySearch:
    """`client` asks for the records of DOIs; without one none are asked for. `keep`: seconds a record is kept."""

    client: Client | None
    cache: KeyValueStore
    keep: float
    found: dict[str, tuple[OtherWork, ...]] = field(default_factory=dict)
    last_posts: dict[str, int] = field(default_factory=dict)  # of the Telegram channels whose pages were seen
    _asked: int = 0

    def compare_investigation(self, link: CitedLink, investigation: Investigation) -> None:
        """Compare the page that was looked at, if it is there; keep the number of a channel's last post."""
        channel_look = investigation.evidence.latest_look(LookKind.PLATFORM)
        if channel_look and (match := _CHANNEL.match(link.url)):
            numbers = re.findall(rf'data-post="{match[1]}/(\d{{1,12}})"', channel_look.page.source, re.I)
            self.last_posts[match[1].lower()] = max(map(int, numbers), default=0)
        looks = investigation.evidence.latest_page_looks() if link.works else []
        if looks and looks[-1].shows_text and investigation.verdict.health is Health.ALIVE:
            self._compare(link, looks[-1].page, "the page")

    def compare_copies(self, links: Iterable[CitedLink], copies: Mapping[str, CitedCopy]) -> None:
        """Compare the archived copies of dead pages that were looked at, by address."""
        for link in links:
            if copy := copies.get(link.url):
                self._compare(link, copy.page, f"the copy of {copy.memento.captured_at:%Y-%m-%d}")

    async def compare_records(self, links: Iterable[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Compare the records of DOIs that are registered."""
        for link in links:
            verdict = verdicts.get(link.url)
            match = _DOI.match(link.url) if link.works else None
            if self.client is None or match is None or verdict is None or verdict.health is not Health.ALIVE:
                continue
            if record := await self._find_record(self.client, f"https://doi.org/{match[1]}"):
                others = [compare_record(work, record) for work in link.works]
                self.found[link.url] = tuple(other for other in others if other)

    async def _find_record(self, client: Client, url: str) -> StatedWork | None:
        key = f"record {url}"
        text = self.cache.get(key)
        if text is None:
            if self._asked == MAX_RECORDS:
                return None
            self._asked += 1
            text = (await _fetch_record(client, url)).decode("utf-8", "replace")
            self.cache.put(key, text, keep=self.keep)
        return read_registry_record(text)

    def add_identity(self, verdict: Verdict) -> Verdict:
        """A verdict with the works that were found to be others than those cited, and its channel's last post."""
        match = _POST.match(verdict.url) if self.last_posts else None
        if last_post := self.last_posts.get(match[1].lower(), 0) if match else 0:
            verdict = replace(verdict, last_post=last_post)
        others = self.found.get(verdict.url)
        return replace(verdict, other_works=others) if others else verdict

    def _compare(self, link: CitedLink, page: WebPage, seen_in: str) -> None:
        if not page.is_html or page.link_density > MAX_LINK_DENSITY:
            return
        stated = read_page_work(page)
        addresses = f"{link.url} {page.url}"
        others = [compare_page(work, stated, addresses, seen_in, link.language) for work in link.works]
        self.found[link.url] = tuple(other for other in others if other)


async def _fetch_record(client: Client, url: str) -> bytes:
    """The record that content negotiation gives for a DOI (https://citation.doi.org); empty without one."""
    for _ in range(MAX_REDIRECTS + 1):
        headers = (PLAIN_HEADERS[0], ("Accept", RECORD_TYPE))
        reply = await client.fetch(Request(url, headers=headers, max_body=MAX_RECORD_SIZE))
        target = join_url(url, reply.header("location")) if 300 < reply.status < 400 else ""
        if not target:
            return reply.body if reply.status == 200 and not reply.failure else b""
        url = target
    return b""
