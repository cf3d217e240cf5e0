"""Front pages under the address of a document, where the site shows its front page for what is lost.

An invented address tells little here: many a site reads the number in an address and not the words behind it, and shows
the right page for any words. The front page itself tells all; one look serves all links of a site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import RedirectRank, is_document_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.gate import offers_login
from cite_audit.resolve.judge.detectors.script_shell import is_drawn_by_script
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.shared_facts import MAX_SHARED, shared_fact
from cite_audit.resolve.judge.page.similarity import has_word_in_title
from cite_audit.resolve.judge.signs.control_answer import (
    MIN_SIMILARITY,
    ControlAnswer,
    compare_with_control,
    control_similarity,
)
from cite_audit.resolve.judge.signs.home_page import is_site_name
from cite_audit.urls import canonical_key, url_host

NAME = "front page"
_MIN_LINKS, _LINKS_READ = 5, 60  # to the site itself, among the first ones: a front page leads on
_MIN_WORDS = 60  # words; a shorter page is compared with an invented address (`catch_all`)
_OUTER_LINK = compile_lazily(r"[a-z]+:|//|#|$")  # or one to the page itself
_HREF = compile_lazily(r"""[hH][rR][eE][fF]\s*+=\s*+(?:"([^"]*+)|'([^']*+)|([^\s>"']*+))""")
_NUMBER = compile_lazily(r"\d{2,}")
_LONG_NUMBER = compile_lazily(r"(?<!\d)\d{3,}(?!\d)")
_PERIOD = compile_lazily(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?(?:index\.\w+)?$")  # the edition or the archive of a time


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """The title and the text of the site's front page, at an address that names a document."""
    if not _is_suspect(look):
        return None
    if evidence.control and compare_with_control(look, evidence.control) is not ControlAnswer.SAME:
        return None  # what is lost gets another page here
    observation = "the title and headings have no word of the address"
    front = evidence.front_page
    if front is None:
        return make_assessment(Reason.SOFT_404, observation, detail="front-page", wants=(Want.FRONT,), confidence=0.5)
    if not _shows_front_page(look, front):
        return None
    proof = "the front page of the site has the same title and text"
    if offers_login(look.page):
        return make_assessment(Reason.LOGIN_REQUIRED, observation, proof, detail="login-form")
    if is_drawn_by_script(look.page):
        return make_assessment(Reason.JS_SHELL, observation, proof, wants=(Want.BROWSER,))
    parts = urlsplit(look.probe.url)
    is_numbered = _NUMBER.search(f"{parts.path}?{parts.query}") and not _PERIOD.search(parts.path)
    if not is_numbered:  # `/eingang.html` and `/2019/05/` may always have been the front page
        return make_assessment(
            Reason.BLOCKED, observation, proof, detail="front-page", wants=(Want.BROWSER,), confidence=0.5
        )
    return make_assessment(
        Reason.SOFT_404, observation, proof, detail="front-page", wants=(Want.BROWSER,), confidence=0.7
    )


def _is_suspect(look: Look) -> bool:
    page, url = look.page, look.probe.url
    if not look.shows_text or not page.is_html or look.status != 200 or not is_document_url(url):
        return False
    if look.redirect_rank not in (RedirectRank.NONE, RedirectRank.SAME) or not page.title:
        return False
    if _lacks_links(page) or has_word_in_title(url, " ".join(page.headings)):
        return False
    if not set(_LONG_NUMBER.findall(urlsplit(url).path)).isdisjoint(_LONG_NUMBER.findall(" ".join(page.headings))):
        return False
    if page.canonical_url and canonical_key(page.canonical_url) == canonical_key(page.url):
        return False
    if page.begins_as_article or _is_headed_like_document(page) or page.is_article:  # in the order of what they cost
        return False
    return _leads_on(look) and page.has_main_words(_MIN_WORDS)


def _is_headed_like_document(page: WebPage) -> bool:
    """Whether the title repeats a heading that is not the name of the site."""
    title, host = page.title.casefold(), re.sub(r"\W", "", page.hostname)
    return any(
        text.casefold() in title and re.sub(r"\W", "", text.casefold()) not in host and not is_site_name(page, text)
        for text in page.h1_texts
        if text
    )


@shared_fact
def _lacks_links(page: WebPage) -> bool:
    """Whether a short page has too few links; a quick answer, before they are looked at."""
    return len(page.decoded) <= MAX_SHARED and page.decoded.count("<a ") < _MIN_LINKS


def _leads_on(look: Look) -> bool:
    """Whether a page has several links to other pages of its site."""
    page, host = look.page, url_host(look.page.url)
    first_links = page.opening.links[:_LINKS_READ] if page.opening else []
    if _are_inner((node.attributes.get("href") or "" for node in first_links), host):
        return True
    if len(first_links) == _LINKS_READ or not _may_lead_on(page, host):
        return False
    links = page.find_nodes("a[href]", _LINKS_READ, "a")
    return _are_inner((node.attributes.get("href") or "" for node in links), host)


def _may_lead_on(page: WebPage, host: str) -> bool:
    """The same for all of a page, by what looks like a link in it: a tenth of the work of parsing it."""
    return _are_inner(map("".join, _HREF.findall(page.decoded, max(0, page.decoded.find("<body")))), host)


def _are_inner(hrefs: Iterable[str], host: str) -> bool:
    inner = [href for href in set(hrefs) if not _OUTER_LINK.match(href) or url_host(href) == host]
    return len(inner) >= _MIN_LINKS


def _shows_front_page(look: Look, front: Look) -> bool:
    if front.status != 200 or front.page.title != look.page.title:
        return False
    return look.page.main_text == front.page.main_text or control_similarity(look, front) >= MIN_SIMILARITY
