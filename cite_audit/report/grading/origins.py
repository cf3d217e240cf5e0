"""Pages that carry one text: an agency's wire, a reprint, a copy. Read from the pages that the run has seen.

Three kinds of evidence, the strongest first: a canonical link to another publisher's page (RFC 6596), the same
paragraphs, an agency's name where a byline stands (`data/agencies.csv`). Pages that were not read have no origin.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cite_audit.model import OriginChain, Source, Verdict
from cite_audit.report.grading.claims import Claim
from cite_audit.urls import join_url, registrable_domain, url_host

MIN_PARAGRAPH = 140  # characters; shorter ones are greetings, cookie notices, captions
MIN_SHARED = 2  # paragraphs in common from which two pages are one text
BYLINE_REACH = 400  # characters from the start of the first paragraph, or the end of the last, where bylines stand


class OriginClues(NamedTuple):
    """What of a page tells its origin: paragraphs, its canonical address, the agency of its byline."""

    paragraphs: frozenset[str]
    canonical: str
    agency: str


class PageOrigin(NamedTuple):
    """The voice that a page shares with others, and why."""

    voice: str
    evidence: str


@lru_cache(maxsize=1)
def _load_bylines() -> tuple[tuple[re.Pattern[str], str], ...]:
    """`(Reuters)`, `Reuters –`, `/TASS/`, `By the Associated Press`: a name as a byline, never as a mention."""
    lines = (Path(__file__).parent / "data" / "agencies.csv").read_text("utf-8").splitlines()[1:]
    return tuple(
        (
            re.compile(
                rf"[(/]\s*{re.escape(byline)}\s*[)/]|(?:^|[.,]\s){re.escape(byline)}\s*[–—-]\s"
                rf"|(?:©|Source:|Источник:)\s*{re.escape(byline)}(?!\w)"
            ),
            agency,
        )
        for agency, _, byline in (line.partition(",") for line in lines)
    )


def read_page(body: bytes, url: str) -> OriginClues:
    """What of a page's HTML tells its origin."""
    from cite_audit.foreign_html import parse_foreign_html  # only audits have bodies

    tree = parse_foreign_html(body)
    paragraphs = [text for node in tree.css("p") if (text := " ".join(node.text(separator=" ").split()))]
    long_paragraphs = [paragraph for paragraph in paragraphs if len(paragraph) >= MIN_PARAGRAPH]
    ends = (paragraphs[0][:BYLINE_REACH], *(p[-BYLINE_REACH:] for p in paragraphs[-2:])) if paragraphs else ()
    agency = next((name for pattern, name in _load_bylines() if any(pattern.search(end) for end in ends)), "")
    canonical = next(iter(tree.css('link[rel="canonical"]')), None)
    address = join_url(url, (canonical.attributes.get("href") if canonical else "") or "")
    return OriginClues(frozenset(paragraph.casefold() for paragraph in long_paragraphs), address, agency)


def find_origins(verdicts: Mapping[str, Verdict], sources: Mapping[str, Source]) -> dict[str, PageOrigin]:
    """The origin of each page that shares one with somebody else's, by URL as cited."""
    pages = {
        url: read_page(verdict.probe.body, verdict.probe.final_url or url)
        for url, verdict in verdicts.items()
        if url in sources and sources[url].is_known and verdict.probe is not None and verdict.probe.body
    }
    origins: dict[str, PageOrigin] = {}
    for url, page in pages.items():
        home = registrable_domain(url_host(page.canonical)) if page.canonical else ""
        if home and home != registrable_domain(url_host(url)):
            origins[url] = PageOrigin(home, f"its canonical address is {page.canonical}")
        elif page.agency:
            origins[url] = PageOrigin(page.agency, f"bears the byline of {page.agency}")
    _merge_copies(pages, origins)
    return origins


def _merge_copies(pages: Mapping[str, OriginClues], origins: dict[str, PageOrigin]) -> None:
    """Give pages with the same paragraphs one origin: that of the first of them that has one."""
    urls_by_paragraph: defaultdict[str, list[str]] = defaultdict(list)
    for url in sorted(pages):
        for paragraph in pages[url].paragraphs:
            urls_by_paragraph[paragraph].append(url)
    shared: defaultdict[tuple[str, str], int] = defaultdict(int)
    for urls in urls_by_paragraph.values():
        for other in urls[1:]:
            shared[urls[0], other] += 1
    for (first, other), count in sorted(shared.items()):
        if count >= MIN_SHARED and registrable_domain(url_host(first)) != registrable_domain(url_host(other)):
            given = origins.get(first) or origins.get(other)
            voice = given.voice if given else f"the text of {registrable_domain(url_host(first))}"
            for url in (first, other):
                origins[url] = PageOrigin(voice, f"{count} paragraphs are the same on both pages")


def collect_chains(claims: Iterable[Claim], origins: Mapping[str, PageOrigin]) -> tuple[OriginChain, ...]:
    """The origins that stand behind pages of several publishers."""
    citations_by_voice: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for claim in claims:
        for citation in claim.known_citations:
            if citation.url in origins:
                publisher = citation.source.publisher or citation.source.id
                citations_by_voice[origins[citation.url].voice].append((claim.note, citation.url, publisher))
    return tuple(
        OriginChain(
            origin=voice,
            publishers=tuple(sorted({publisher for _, _, publisher in cited})),
            urls=tuple(dict.fromkeys(url for _, url, _ in cited)),
            notes=tuple(sorted({note for note, _, _ in cited})),
            evidence=origins[cited[0][1]].evidence,
        )
        for voice, cited in sorted(citations_by_voice.items())
        if len({publisher for _, _, publisher in cited}) > 1
    )
