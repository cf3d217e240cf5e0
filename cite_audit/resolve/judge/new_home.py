"""The new home of a page that is gone: whether a page found elsewhere is the one that was cited. Pure.

A candidate is never taken on faith: it must be judged alive, carry the cited page's title, and where both have a text,
much of that text.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Health, Memento, NewHome, Verdict
from cite_audit.resolve.judge.address.redirects import is_home_url
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.similarity import (
    address_words,
    cosine_similarity,
    strip_site_name,
    title_likeness,
    tokenize_text,
    transliterate_cyrillic,
)
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.urls import canonical_key

MIN_TITLE_LIKENESS = 0.8  # of the copy's title and the candidate's
MIN_TEXT_LIKENESS = 0.4  # cosine of their texts
MIN_TEXT_WORDS = 50  # words of a copy's text that must be found again
MIN_SLUG_SHARE = 0.8  # of the address's words in the title, where there is no copy
MIN_SLUG_WORDS = 3


@frozen_record
class HomeCandidate:
    """An address where a page may be now. `found_by`: redirect, canonical, form or listing; `reason`: in words."""

    url: str
    found_by: str
    reason: str


@frozen_record
class CitedCopy:
    """The archived copy of the page that is gone, as far as it shows the page."""

    memento: Memento
    page: WebPage

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(strip_site_name(heading) for heading in self.page.headings)


def prove_new_home(
    cited_url: str, candidate: HomeCandidate, verdict: Verdict, page: WebPage | None, copy: CitedCopy | None, day: date
) -> NewHome | None:
    """The candidate as a new home with its evidence; None where anything speaks against it."""
    if verdict.health is not Health.ALIVE or verdict.suspected_trade or page is None or not page.is_html:
        return None
    if is_home_url(page.url) or canonical_key(page.url) == canonical_key(cited_url):
        return None
    likeness, described = _compare_with_copy(page, copy) if copy else _compare_with_address(page, cited_url)
    if not described:
        return None
    evidence = (candidate.reason, described, f"seen alive on {day:%Y-%m-%d}")
    return NewHome(
        page.url, found_by=candidate.found_by, title=page.title, likeness=round(likeness, 2), evidence=evidence
    )


def original_canonical(copy_page: WebPage, cited_url: str, original_of: str) -> str:
    """The canonical address that a copy declares, as an address of the original site.

    `original_of`: the address within the archive's own, empty where it holds none.
    """
    canonical = copy_page.canonical_url
    if not canonical or original_of:
        return original_of
    if urlsplit(canonical).netloc != urlsplit(copy_page.url).netloc:
        return canonical
    origin, target = urlsplit(cited_url), urlsplit(canonical)
    return target._replace(scheme=origin.scheme, netloc=origin.netloc).geturl()


def _compare_with_copy(page: WebPage, copy: CitedCopy) -> tuple[float, str]:
    """The likeness (0-1) of the titles with a sentence about it, which is empty where the pages are not one."""
    new_titles = [strip_site_name(heading) for heading in page.headings]
    likeness = max((title_likeness(old, new) for old in copy.titles for new in new_titles), default=0.0)
    described = f"its title is like that of the copy of {copy.memento.captured_at:%Y-%m-%d} ({likeness:.2f})"
    if likeness < MIN_TITLE_LIKENESS:
        return likeness, ""
    if count_words(copy.page.main_text) < MIN_TEXT_WORDS:
        return likeness, described
    text_likeness = cosine_similarity(copy.page.main_text, page.main_text)
    if text_likeness < MIN_TEXT_LIKENESS:
        return likeness, ""
    return likeness, f"{described}, and so is its text ({text_likeness:.2f})"


def _compare_with_address(page: WebPage, cited_url: str) -> tuple[float, str]:
    """The same, where no copy shows the page: the share of the address's words in the candidate's title."""
    words = {word[:4] for word in address_words(cited_url) if len(word) > 3 and not re.search(r"\d", word)}
    shares = [
        len(words & {transliterate_cyrillic(word)[:4] for word in tokenize_text(heading)}) / max(len(words), 1)
        for heading in page.headings
    ]
    share = max(shares, default=0.0)
    if len(words) < MIN_SLUG_WORDS or share < MIN_SLUG_SHARE:
        return share, ""
    return share, f"no copy shows the cited page; its title has the words of the address ({share:.2f})"
