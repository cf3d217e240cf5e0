"""Asks the archive's index for the neighbours of dead links that no archive has: one request for each section."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.config.settings import Archiving
from cite_audit.errors import ArchiveError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.model import Archived, CitedLink, Health, NeverSeen, NewHome, Reason, Verdict, VerdictState
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore, Request
from cite_audit.resolve.check.new_home_search import NewHomeSearch, deserves_search
from cite_audit.resolve.judge.look import Evidence
from cite_audit.resolve.judge.neighbours.section import Section, find_section
from cite_audit.resolve.judge.neighbours.unseen_page import (
    ArchivedSection,
    judge_mistyped_folder,
    judge_never_seen,
    judge_unknown_site,
    knows_site_badly,
)
from cite_audit.resolve.judge.platforms import find_adapter
from cite_audit.urls import registrable_domain, url_host

if TYPE_CHECKING:
    from cite_audit.resolve.archive.rate_limiter import RateClass

MAX_ROWS = 3000  # pages of a section that are listed
MAX_BODY = 2 << 20  # bytes of that list
INDEX_TIMEOUT = 75.0  # seconds
KEEP = 24 * 3600.0  # seconds an answer is kept
GONE = (Reason.NOT_FOUND, Reason.GONE, Reason.SOFT_404, Reason.DNS_FAILURE, Reason.PARKED, Reason.HIJACKED)
MIN_CONFIDENCE = 0.8  # of a suspicion that the page is gone


@dataclass(slots=True, kw_only=True)
class SectionSearch:
    """Searches for links that are gone and that all archives asked say they do not have, into `found`."""

    archiving: Archiving
    new_home_search: NewHomeSearch
    cache: KeyValueStore
    answers: Mapping[str, ArchiveAnswer]
    now: datetime
    found: dict[str, tuple[NeverSeen, list[NewHome]]] = field(default_factory=dict)

    async def search_links(self, links: Iterable[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Ask for each section once. Ends early where the archive wants a pause or gives no answer."""
        base = _wayback_base(self.archiving)
        wanted: dict[Section, list[CitedLink]] = {}
        for link in links:
            if self._is_unseen(link, verdicts.get(link.url)) and (section := self._find_section(link, verdicts)):
                wanted.setdefault(section, []).append(link)
        missed, archived = self._count_living(verdicts)
        hosts = [url_host(verdict.url) for verdict in verdicts.values() if verdict.health is Health.ALIVE]
        read: dict[Section, ArchivedSection] = {}
        for section, cited in wanted.items() if base else ():
            domain = registrable_domain(url_host(cited[0].url))
            if knows_site_badly(archived[domain], missed[domain]):
                continue
            try:
                known = await self._read_section(base, section)
            except ArchiveError:
                continue  # not asked, or excluded: nothing is told
            read[section] = known
            for link in cited:
                if told := _judge_link(link, section, known, hosts):
                    self.found[link.url] = told
        for section, known in read.items():
            for link in wanted[section] if not known.pages else ():
                if told := judge_mistyped_folder(link.url, section, read):
                    self.found[link.url] = told

    def add_neighbours(self, verdict: Verdict) -> Verdict:
        """A verdict with what was found for its link."""
        told = self.found.get(verdict.url) if verdict.health is Health.BROKEN else None
        return replace(verdict, never_seen=told[0], suggestions=tuple(told[1])) if told else verdict

    def _is_unseen(self, link: CitedLink, verdict: Verdict | None) -> bool:
        answer = self.answers.get(link.url)
        return (
            deserves_search(link, verdict)
            and verdict is not None
            and verdict.reason in GONE
            and (verdict.state is VerdictState.CONFIRMED or verdict.confidence >= MIN_CONFIDENCE)
            and answer is not None
            and answer.outcome is Archived.NOT_ARCHIVED
            and not self.new_home_search.found.get(link.url)
            and find_adapter(Evidence(link.url, self.now)) is None
        )

    def _find_section(self, link: CitedLink, verdicts: Mapping[str, Verdict]) -> Section | None:
        if verdicts[link.url].reason is Reason.DNS_FAILURE:
            return Section(registrable_domain(url_host(link.url)), "")
        near: date | None = link.near
        return find_section(link.url, near)

    def _count_living(self, verdicts: Mapping[str, Verdict]) -> tuple[Counter[str], Counter[str]]:
        """The living pages of each site that are not archived, and those that are."""
        missed: Counter[str] = Counter()
        archived: Counter[str] = Counter()
        for verdict in verdicts.values():
            answer = self.answers.get(verdict.url)
            if verdict.health is Health.ALIVE and answer is not None:
                domain = registrable_domain(url_host(verdict.url))
                missed[domain] += answer.outcome is Archived.NOT_ARCHIVED
                archived[domain] += answer.outcome is Archived.ARCHIVED
        return missed, archived

    async def _read_section(self, base: str, section: Section) -> ArchivedSection:
        """What the index lists of a section. Raises ArchiveError."""
        from cite_audit.resolve.archive import cdx
        from cite_audit.resolve.archive.rate_limiter import rate_class_at

        match = "prefix" if section.prefix else "domain"
        endpoint = f"{base}/cdx/search/cdx"
        url = cdx.section_request_url(endpoint, section.name, match=match, years=section.years, limit=MAX_ROWS)
        key = f"section {url}"
        if (kept := self._recall(key)) is not None:
            return kept
        rate_class: RateClass = rate_class_at("cdx", urlsplit(base).netloc)
        request = Request(url, max_body=MAX_BODY, timeout=INDEX_TIMEOUT)
        reply = await self.new_home_search.archive_client().fetch_answer(rate_class, request, retries=0)
        rows = cdx.parse_section(reply.status, reply.body)
        pages = dict(rows)
        self.cache.put(key, json.dumps([list(pages.items()), len(rows) < MAX_ROWS]), keep=KEEP)
        return ArchivedSection(tuple(pages.items()), len(rows) < MAX_ROWS)

    def _recall(self, key: str) -> ArchivedSection | None:
        try:
            pages, is_complete = parse_foreign_json(self.cache.get(key) or "null")
            return ArchivedSection(tuple((str(url), int(count)) for url, count in pages), bool(is_complete))
        except (ValueError, TypeError, LookupError):
            return None


def _judge_link(
    link: CitedLink, section: Section, known: ArchivedSection, hosts: list[str]
) -> tuple[NeverSeen, list[NewHome]] | None:
    if section.prefix:
        return judge_never_seen(link.url, section, known)
    if not known.pages:
        return judge_unknown_site(link.url, section.host, hosts)
    own_section = find_section(link.url, None)  # the site went as a whole: its archived pages are told apart here
    return judge_never_seen(link.url, own_section, known) if own_section and known.is_complete else None


def _wayback_base(archiving: Archiving) -> str:
    """The archive with an index, among those of the run; empty without one."""
    for text in archiving.archives:
        kind, _, place = text.strip().partition(":")
        if kind == "wayback":
            return (place or archiving.wayback).rstrip("/")
    return ""
