"""Sites that show one page under every address: a page of few words that nothing ties to its address is checked.

What such a page is for, its words tell where we know them: something missing, or nothing at all of a template. A notice
in words we do not know may be a guard's, a regulator's or an error; it is not the document, but nobody is told that it
is dead.
"""

from __future__ import annotations

import re

from cite_audit.model import Probe, Reason
from cite_audit.resolve.check.base import Evidence
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.control_url import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.detectors.home_page import has_empty_heading
from cite_audit.resolve.judge.page.error_phrases import find_absence, has_apology, has_notice_word, vocabulary_pattern
from cite_audit.resolve.judge.page.html_page import WebPage, collapse_spaces, count_words
from cite_audit.resolve.judge.page.similarity import has_word_in_title
from cite_audit.resolve.judge.redirects import is_document_url
from cite_audit.urls import canonical_key

_MIN_SPOKEN_WORDS = 8  # words of a page that says something before a script draws it
MIN_ARTICLE_WORDS = 120  # words; below it a page is not plainly an article
_MENU_LINKS = 8  # links of a site's menu
_MAX_MESSAGE = 300  # characters under a heading
_MIN_HEADING_WORDS = 3  # words of a heading that says something
_LIST_LINK_DENSITY = 0.6  # part of the words of a list that are links
_DOCUMENT_ADDRESS = re.compile(r"(?:\d|\.\w{3,5})/?(?:\?|$)")  # the end of an address of one document, not of a list
NOTICE_WORDS = 60  # words; below it a page without any other sign may be a notice


def _resembles_notice(page: WebPage) -> bool:
    """Whether it may be no document: it does not say that this is its address, and has words that notices have."""
    if page.canonical_url and canonical_key(page.canonical_url) == canonical_key(page.url):
        return False
    return has_notice_word(f"{' '.join(page.headings)} {page.main_text[:1000]}")


def _find_domain_word(page: WebPage) -> str:
    """The word for a domain on a page of few words without a menu, unless authorities or guards speak there."""
    if page.word_count >= NOTICE_WORDS or page.has_password_field or len(page.tree.css("a[href^='/']")) >= _MENU_LINKS:
        return ""
    match = vocabulary_pattern("domain-words").search(page.visible_text)
    # A court, a regulator or a guard may keep a domain from us, and a network in front may not know it.
    return match[0] if match and not vocabulary_pattern("authorities").search(page.visible_text) else ""


def _find_framed_message(page: WebPage) -> str:
    """What a page tells its visitors under its heading, inside a site's menu; guards and regulators have no menu."""
    if page.has_empty_mount or page.tree.css_first("iframe, form input[type=email]"):
        return ""
    menu = page.tree.css("nav a[href], header a[href], footer a[href]")[: 2 * _MENU_LINKS]
    heading = page.tree.css_first("h1")
    if len(menu) < _MENU_LINKS or heading is None:
        return ""
    heading_text, next_node = collapse_spaces(heading.text(separator=" ")), heading.next
    while next_node is not None and next_node.tag == "-text":
        next_node = next_node.next
    paragraph = next_node.text(separator=" ") if next_node is not None and next_node.tag == "p" else ""
    text = f"{heading_text} {collapse_spaces(paragraph)}"[:_MAX_MESSAGE]
    return text if count_words(heading_text) >= _MIN_HEADING_WORDS and has_apology(text) else ""


def _is_link_list(page: WebPage) -> bool:
    """Whether a page under a document's address has no heading, and is mostly links to other pages."""
    return (
        not any(page.h1_texts)
        and page.link_density >= _LIST_LINK_DENSITY
        and _DOCUMENT_ADDRESS.search(page.url) is not None
    )


def detect(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """The same text under an invented address: nothing of this one, unless a script has yet to draw the page."""
    if (
        not page.is_html
        or not page.visible_text
        or page.word_count >= 4 * MIN_ARTICLE_WORDS
        or not is_document_url(probe.url)
    ):
        return None
    looks_templated = page.has_noindex or page.script_count or has_empty_heading(page) or not page.title
    is_list = _is_link_list(page)
    if page.is_article or (
        page.main_word_count >= (MIN_ARTICLE_WORDS if looks_templated else NOTICE_WORDS) and not is_list
    ):
        return None
    if (
        has_word_in_title(probe.url, " ".join(page.headings))
        or probe.status == 300
        or (page.refresh_directive and page.refresh_directive[0] <= 5)
    ):
        return None
    if not looks_templated and not is_list and not _resembles_notice(page):
        return None
    observation = f"the page has {page.main_word_count} words and none of its address in its title"
    control = evidence.latest_look("sibling")
    if control is None:
        return Assessment(Reason.SOFT_404, (observation,), "one-for-all", wants="sibling", confidence=0.5)
    if compare_with_control(page, probe, control) is not ControlAnswer.SAME:
        return None
    same_observation = "an invented address gets the same text"
    # A page that is “not available” may well be, in another country or with an account.
    main_start = vocabulary_pattern("available-words").sub("", page.main_text[:1000])
    absence_phrase = (
        find_absence(main_start) if page.main_word_count >= _MIN_SPOKEN_WORDS or not page.script_count else ""
    )
    if absence_phrase:
        absence_observation = f"and speaks of something missing: “{absence_phrase}”"
        return Assessment(
            Reason.SOFT_404,
            (observation, same_observation, absence_observation),
            "one-for-all",
            wants="browser",
            confidence=0.8,
        )
    if domain_word := _find_domain_word(page):
        domain_observation = f"and is about a domain, with no site around it: “{domain_word}”"
        return Assessment(
            Reason.PARKED,
            (observation, same_observation, domain_observation),
            "one-for-all",
            wants="browser",
            confidence=0.7,
        )
    if page.has_password_field:
        return Assessment(
            Reason.LOGIN_REQUIRED,
            (observation, same_observation, "it has a field for a password"),
            "login-form",
            wants="browser",
        )
    if framed_message := _find_framed_message(page):
        message_observation = f"and tells its visitors in the site's own frame: “{framed_message[:100]}”"
        return Assessment(
            Reason.SOFT_404,
            (observation, same_observation, message_observation),
            "one-for-all",
            wants="browser",
            confidence=0.7,
        )
    if page.script_count:
        return Assessment(
            Reason.JS_SHELL,
            (observation, same_observation, "a script may draw the rest"),
            "one-for-all",
            wants="browser",
        )
    if has_empty_heading(page):
        return Assessment(
            Reason.SOFT_404,
            (observation, same_observation, "its heading is empty"),
            "one-for-all",
            wants="browser",
            confidence=0.7,
        )
    unknown_observation = "it may be an error, a guard or a notice: its words tell nothing we know"
    return Assessment(
        Reason.BLOCKED,
        (observation, same_observation, unknown_observation),
        "one-for-all",
        wants="browser",
        confidence=0.5,
    )
