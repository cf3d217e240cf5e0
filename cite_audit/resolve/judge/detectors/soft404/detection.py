"""The signs of a soft 404, in order: heading, template, wording, redirect.

Two signs that do not depend on each other are needed, one of them strong. A heading that is an error phrase decides by
itself: where the second sign is missing, the later signs are not tried.
"""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import is_home_url, is_search_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.soft404 import message
from cite_audit.resolve.judge.detectors.soft404.error_redirect import detect_error_redirect
from cite_audit.resolve.judge.detectors.soft404.proof import (
    LIST_LINK_DENSITY,
    ErrorSign,
    prove_by_control,
    prove_notice,
    prove_phrase,
)
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import PhraseKind, is_error_number, match_heading
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.signs.home_page import has_error_template
from cite_audit.resolve.judge.signs.signatures import THIN_WORDS, TINY_WORDS

NAME = "soft 404"
_NUMBER_WORDS = 10  # words; a page with less says nothing but its number
_HEADING_KINDS = (
    PhraseKind.NOT_FOUND,
    PhraseKind.REMOVED,
    PhraseKind.MAINTENANCE,
    PhraseKind.SUSPENDED,
    PhraseKind.DEFAULT_PAGE,
    PhraseKind.UNCONFIRMED,
)


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """A soft 404, a maintenance page or a suspended hosting account."""
    if not look.shows_text:
        return None
    page = look.page
    heading, kind = _match_headings(page)
    is_thin = not page.has_words(THIN_WORDS)
    if is_thin and kind is PhraseKind.MAINTENANCE:
        return _assess_maintenance(f"the page says: {heading}")
    if page.is_error_shell:
        observation = "the page is the error page of its framework"
        return prove_phrase(look, evidence, observation, ErrorSign.FRAMEWORK, is_thin=True)
    if kind is PhraseKind.SUSPENDED or (kind is PhraseKind.DEFAULT_PAGE and not is_home_url(look.probe.url)):
        return prove_phrase(look, evidence, f"the page says: {heading}", ErrorSign(kind), is_thin=is_thin)
    if kind in (PhraseKind.NOT_FOUND, PhraseKind.REMOVED):
        return prove_phrase(look, evidence, f"the page is headed: {heading}", ErrorSign(kind), is_thin=is_thin)
    if kind is PhraseKind.UNCONFIRMED:
        observation = f"the page is headed: {heading}"
        if assessment := prove_by_control(look, evidence, observation, ErrorSign.NOT_FOUND):
            return assessment
    template = "the page is drawn with its site's template for errors"
    if has_error_template(page) and (assessment := prove_by_control(look, evidence, template, ErrorSign.NOT_FOUND)):
        return assessment
    if any(is_error_number(text) for text in page.headings):
        observation = "the page is headed with the number of an error"
        if message.repeats_absence(page) or message.find_notice(page) or not page.has_words(_NUMBER_WORDS):
            return prove_phrase(look, evidence, observation, ErrorSign.NOT_FOUND, is_thin=is_thin)
        if not page.has_words(message.LONG_WORDS) and (
            assessment := prove_by_control(look, evidence, observation, ErrorSign.NOT_FOUND)
        ):
            return assessment
    return _assess_wording(look, evidence)


def _match_headings(page: WebPage) -> tuple[str, PhraseKind | None]:
    """The first heading that is an error phrase, in quotation marks, and its kind."""
    for text in page.headings:
        if kind := match_heading(text, *_HEADING_KINDS):
            return f"“{text[:100]}”", kind
    return "", None


def _assess_maintenance(observation: str) -> Assessment:
    return make_assessment(Reason.SERVER_ERROR, observation, detail="maintenance", wants=(Want.BROWSER,))


def _assess_wording(look: Look, evidence: Evidence) -> Assessment | None:
    """What the text says where no heading is an error phrase, or else where the redirects led."""
    page = look.page
    if phrase := message.find_maintenance(page):
        return _assess_maintenance(f"all the page says is: {phrase}")
    if trouble := message.find_passing_trouble(page):
        return _assess_passing_trouble(look, evidence, f"the page says: “{trouble[:100]}”")
    assessment = None
    if phrase := message.find_message(page):
        observation = f"all the page says is a message: {phrase}"
        if message.is_plain_message(page, phrase):
            return prove_phrase(look, evidence, observation, ErrorSign.MESSAGE, is_thin=True)
        assessment = prove_by_control(look, evidence, observation, ErrorSign.MESSAGE)
    elif not is_search_url(look.probe.url) and (notice := message.find_notice(page)):
        return prove_notice(look, evidence, notice)
    elif not is_search_url(look.probe.url) and (hint := message.find_missing_hint(page)):
        assessment = prove_by_control(look, evidence, f"the page says: “{hint[:100]}”", ErrorSign.NOTICE)
    elif (heading := message.find_missing_heading(page)) and _may_be_notice(page):
        assessment = prove_by_control(look, evidence, f"the page is headed: “{heading[:100]}”", ErrorSign.NOTICE)
    return assessment or detect_error_redirect(look, evidence)


def _assess_passing_trouble(look: Look, evidence: Evidence, observation: str) -> Assessment | None:
    """A page that cannot be shown for the time being: where it says no more, or an invented address gets the same."""
    if not look.page.has_words(message.MESSAGE_WORDS + 1):
        return _assess_maintenance(observation)
    assessment = prove_by_control(look, evidence, observation, ErrorSign.NOTICE)
    return _assess_maintenance(observation) if assessment and evidence.control else assessment


def _may_be_notice(page: WebPage) -> bool:
    """Whether a page has few words, or most of them are links."""
    return (not page.has_words(TINY_WORDS) or page.link_density > LIST_LINK_DENSITY) and not page.is_article
