"""Catch-all sites, which show one page under every address: a short page is compared with an invented address.

What such a page is for, its words tell where the tables know them: something missing, or nothing but a template. A
notice in other words may be a bot wall's, a regulator's or an error: it is not the document, but it is no proof that
the document is gone.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import is_document_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.script_shell import QUICK_REFRESH
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import (
    find_absence,
    has_apology,
    has_notice_word,
    search_vocabulary,
    vocabulary_pattern,
)
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.similarity import has_word_in_title
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.page.visible_text import read_text
from cite_audit.resolve.judge.signs.control_answer import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.signs.folder_listing import find_other_folder
from cite_audit.resolve.judge.signs.home_page import has_empty_heading
from cite_audit.urls import canonical_key

NAME = "catch-all"
_MIN_SPOKEN_WORDS = 8  # words of a page that says something without its script
MIN_ARTICLE_WORDS = 120  # words; a shorter page is not plainly an article
_MAX_WORDS = 4 * MIN_ARTICLE_WORDS
_MENU_LINKS = 8  # links of a site's menu
_MAX_MESSAGE = 300  # characters under a heading
_MIN_HEADING_WORDS = 3  # words of a heading that says something
_LIST_LINK_DENSITY = 0.6  # part of the words of a list that are links
_DOCUMENT_ADDRESS = compile_lazily(
    r"(?:\d|\.\w{3,5})/?(?:\?|$)"
)  # the end of an address of one document, not of a list
NOTICE_WORDS = 60  # words; a shorter page without any other sign may be a notice


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """The same text under an invented address, on a page of few words that nothing ties to its address."""
    if not _is_suspect(look):
        return None
    observation = f"the page has {look.page.main_word_count} words and none of its address in its title"
    if evidence.control is None:
        return make_assessment(
            Reason.SOFT_404, observation, detail="one-for-all", wants=(Want.CONTROL,), confidence=0.5
        )
    if compare_with_control(look, evidence.control) is not ControlAnswer.SAME:
        return None
    reason, proof, confidence = _explain_page(look.page)
    return make_assessment(
        reason,
        observation,
        "an invented address gets the same text",
        proof,
        detail="login-form" if reason is Reason.LOGIN_REQUIRED else "one-for-all",
        wants=(Want.BROWSER,),
        confidence=confidence,
    )


def _is_suspect(look: Look) -> bool:
    """Whether a page of few words may be what the site shows everywhere: a template, a list, or a notice."""
    page, url = look.page, look.probe.url
    if not look.shows_text or not page.is_html or not page.has_words(1) or look.whole_page is None:
        return False
    if not is_document_url(url) or page.shows_words(_MAX_WORDS) or page.is_article or page.has_words(_MAX_WORDS):
        return False
    looks_templated = page.has_noindex or page.script_count or has_empty_heading(page) or not page.title
    is_list = _is_link_list(page)
    if page.main_word_count >= (MIN_ARTICLE_WORDS if looks_templated else NOTICE_WORDS) and not is_list:
        return False
    if has_word_in_title(_last_part(url) if is_list else url, " ".join(page.headings)) or look.status == 300:
        return False
    if page.refresh_directive and page.refresh_directive[0] <= QUICK_REFRESH:
        return False
    return bool(looks_templated or is_list or _resembles_notice(page))


def _explain_page(page: WebPage) -> tuple[Reason, str, float]:
    """What a page that stands under every address is: reason, observation, confidence (0: the table's)."""
    if absence_phrase := _find_spoken_absence(page):
        return Reason.SOFT_404, f"and speaks of something missing: “{absence_phrase}”", 0.8
    if domain_word := _find_domain_word(page):
        return Reason.PARKED, f"and is about a domain, with no site around it: “{domain_word}”", 0.7
    if page.has_password_field:
        return Reason.LOGIN_REQUIRED, "it has a field for a password", 0.0
    if framed_message := _find_framed_message(page):
        return Reason.SOFT_404, f"and tells its visitors in the site's own frame: “{framed_message[:100]}”", 0.7
    if find_other_folder(page, page.url):
        return Reason.SOFT_404, "it lists a folder of its server", 0.7
    if page.script_count:
        return Reason.JS_SHELL, "a script may draw the rest", 0.0
    if has_empty_heading(page):
        return Reason.SOFT_404, "its heading is empty", 0.7
    return Reason.BLOCKED, "it may be an error, a guard or a notice: its words tell nothing we know", 0.5


def _find_spoken_absence(page: WebPage) -> str:
    """The words that speak of something missing, unless a script has yet to draw the page."""
    if page.main_word_count < _MIN_SPOKEN_WORDS and page.script_count:
        return ""
    # A page that is “not available” may well be, in another country or with an account.
    return find_absence(vocabulary_pattern("available-words").sub("", page.main_text[:1000]))


def _resembles_notice(page: WebPage) -> bool:
    """Whether a page may be no document: it does not declare this address as its own, and has words of notices."""
    if page.canonical_url and canonical_key(page.canonical_url) == canonical_key(page.url):
        return False
    return has_notice_word(f"{' '.join(page.headings)} {page.main_text[:1000]}")


def _find_domain_word(page: WebPage) -> str:
    """The word for a domain on a page of few words without a menu, unless authorities or bot walls speak there."""
    if page.has_words(NOTICE_WORDS) or page.has_password_field or len(page.tree.css("a[href^='/']")) >= _MENU_LINKS:
        return ""
    match = search_vocabulary("domain-words", page.visible_text)
    # A court, a regulator or a bot wall may withhold a domain, and a network in front of it may not know it.
    return match[0] if match and not search_vocabulary("authorities", page.visible_text) else ""


def _find_framed_message(page: WebPage) -> str:
    """What a page tells its visitors under its heading, inside a site's menu; bot walls and regulators have no menu."""
    if page.has_empty_mount or page.tree.css_first("iframe, form input[type=email]"):
        return ""
    menu = page.tree.css("nav a[href], header a[href], footer a[href]")[: 2 * _MENU_LINKS]
    heading = page.tree.css_first("h1")
    if len(menu) < _MENU_LINKS or heading is None:
        return ""
    heading_text, next_node = read_text(heading), heading.next
    while next_node is not None and next_node.tag == "-text":
        next_node = next_node.next
    paragraph = read_text(next_node) if next_node is not None and next_node.tag == "p" else ""
    text = f"{heading_text} {paragraph}"[:_MAX_MESSAGE]
    return text if count_words(heading_text) >= _MIN_HEADING_WORDS and has_apology(text) else ""


def _last_part(url: str) -> str:
    """An address without the sections before its last part."""
    parts = urlsplit(url)
    return parts._replace(path=f"/{parts.path.rstrip('/').rpartition('/')[2]}").geturl()


def _is_link_list(page: WebPage) -> bool:
    """Whether a page under a document's address has no heading but its section's, and is mostly links to others."""
    return (
        page.link_density >= _LIST_LINK_DENSITY
        and _DOCUMENT_ADDRESS.search(page.url) is not None
        and not has_word_in_title(_last_part(page.url), " ".join(page.h1_texts))
    )
