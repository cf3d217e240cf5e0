"""Gates: login, consent, geo-block or paywall."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import PhraseKind, has_notice_word, match_heading, search_vocabulary
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.signs.home_page import text_below_heading
from cite_audit.resolve.judge.signs.signatures import (
    TEASER_WORDS,
    THIN_WORDS,
    TINY_WORDS,
    Signature,
    SignaturePlace,
    SignatureTable,
    find_signatures,
)

NAME = "gate"
# Rules whose words a part of a live page may have too: its headline, its player, its form.
_PARTIAL_RULES = ("login-notice", "consent-page", "country", "rate", "js-required")
_NEWS_ITEM_WORDS = 8  # words
_MATCH_START = 20  # characters
_LOGIN_PAGE_WORDS = 350  # words; a longer page has a login box
_LOGIN_TEXT = 600  # characters of a login's text
_BARE_LOGIN_WORDS = 80  # words; a page with a password field and less is nothing but a login


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """The gate in front of a page; under 401 and 403 only a login, since the status says the rest."""
    if look.shows_text:
        return find_gate(look)
    if look.status in (401, 403):
        gate = find_gate(look)
        return gate if gate and gate.reason is Reason.LOGIN_REQUIRED else None
    return None


def find_gate(look: Look) -> Assessment | None:
    """The gate that a look shows, whatever its status."""
    page = look.page
    for signature in find_signatures(SignatureTable.GATES, look):
        if signature.rule not in _PARTIAL_RULES or not _is_beside_text(signature, page):
            return make_assessment(Reason(signature.reason), signature.observe(), detail=signature.rule)
    if _is_login_page(look) or _asks_user_name(page):
        return make_assessment(Reason.LOGIN_REQUIRED, "the page is a login form", detail="login-form")
    if not page.has_words(TEASER_WORDS) and page.declares_paywall:
        observation = "the page declares itself not free (isAccessibleForFree) and shows only a teaser"
        return make_assessment(Reason.PAYWALL, observation, detail="teaser")
    return None


def _is_beside_text(signature: Signature, page: WebPage) -> bool:
    """Whether the text under the heading is about something else: then the signature is only a part of the page."""
    if signature.place not in (SignaturePlace.TEXT, SignaturePlace.TITLE):
        return False
    article_text = text_below_heading(page)
    return (
        count_words(article_text) >= _NEWS_ITEM_WORDS
        and not _begins_in(signature, page, article_text)
        and not has_notice_word(article_text)
    )


def _begins_in(signature: Signature, page: WebPage, text: str) -> bool:
    """Whether what a signature finds in a page begins in a text of it; it may end at a button below."""
    if signature.pattern.search(text):
        return True
    return any(match[0][:_MATCH_START] in text for match in signature.pattern.finditer(page.visible_text))


def _asks_user_name(page: WebPage) -> bool:
    """Whether a page is a login that asks for the name first, and for the password on its next page."""
    if page.has_words(TINY_WORDS) or not any(match_heading(text, PhraseKind.LOGIN) for text in page.headings):
        return False
    return page.tree.css_first("form input[type=email], form input[type=text], form input[autocomplete]") is not None


def offers_login(page: WebPage) -> bool:
    """Whether a page of few words has a form and speaks of logging in: a login, or the choice of one."""
    if (
        page.has_words(_LOGIN_PAGE_WORDS)
        or page.tree.css_first("form input, form select, input[type=password]") is None
    ):
        return False
    return page.has_password_field or search_vocabulary("login-words", page.main_text[:_LOGIN_TEXT]) is not None


def _is_login_page(look: Look) -> bool:
    """Whether a page with a password field is a login page, by its heading or for want of other text; else a box."""
    page = look.page
    if page.has_words(_LOGIN_PAGE_WORDS) or not page.has_password_field:
        return False
    if any(match_heading(text, PhraseKind.LOGIN) for text in page.headings):
        return True
    if (article_text := text_below_heading(page)) and not has_notice_word(f"{' '.join(page.h1_texts)} {article_text}"):
        return False
    stands_for_pdf = look.probe.url.lower().endswith(".pdf") and not page.has_words(THIN_WORDS)
    return page.word_count < _BARE_LOGIN_WORDS or stands_for_pdf
