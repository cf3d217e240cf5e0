"""The second sign of a soft 404: an invented address gets the same, or the page says little else."""

from __future__ import annotations

from enum import StrEnum

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.soft404.message import (
    BARE_WORDS,
    has_other_heading,
    has_story_paragraph,
    repeats_absence,
    repeats_error_phrase,
    repeats_site_error,
    stands_late,
    tells_other_story,
)
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import PhraseKind
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.quoted_text import has_headline
from cite_audit.resolve.judge.signs.control_answer import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.signs.signatures import THIN_WORDS, TINY_WORDS

LIST_LINK_DENSITY = 0.4  # share of the words that are links, on a page that lists other things


class ErrorSign(StrEnum):
    """The first sign of a soft 404: the detail of its verdict."""

    NOT_FOUND = "not-found"
    REMOVED = "removed"
    SUSPENDED = "suspended"
    DEFAULT_PAGE = "default-page"
    FRAMEWORK = "next-error"  # the error page of Next.js
    MESSAGE = "message"  # all that the page says
    NOTICE = "notice"  # a sentence near the top
    TO_HOME = "redirect-to-home"
    TO_SECTION = "redirect-to-section"
    TO_ERROR = "redirect-to-error"
    TO_SEARCH = "redirect-to-search"
    HOME_INSTEAD = "home-instead"


def prove_by_control(look: Look, evidence: Evidence, observation: str, sign: ErrorSign) -> Assessment | None:
    """A soft 404 where an invented address gets the same page; the want of a look at one where none was taken."""
    if evidence.control is None:
        return make_assessment(Reason.SOFT_404, observation, detail=sign, wants=(Want.CONTROL,), confidence=0.5)
    if compare_with_control(look, evidence.control) is not ControlAnswer.SAME:
        return None
    proof = "an invented address gets the same"
    return make_assessment(Reason.SOFT_404, observation, proof, detail=sign, wants=(Want.BROWSER,))


def prove_phrase(
    look: Look, evidence: Evidence, observation: str, sign: ErrorSign, *, is_thin: bool
) -> Assessment | None:
    """An error phrase: enough on a page that says little else; elsewhere an invented address must get the same."""
    page, control = look.page, evidence.control
    answer = compare_with_control(look, control)
    is_same_error = answer is ControlAnswer.OTHER and control and page.headings == control.page.headings
    if is_same_error and control and tells_other_story(page, control.page):
        return None
    if answer is ControlAnswer.SAME or is_same_error:
        proof = "an invented address gets the same page"
        return make_assessment(Reason.SOFT_404, observation, proof, detail=sign, wants=(Want.BROWSER,))
    if has_headline(page):
        return None if control else prove_by_control(look, evidence, observation, sign)
    if _says_little_else(page, sign):
        return make_assessment(
            Reason.SOFT_404, observation, "it says little else", detail=sign, wants=(Want.BROWSER,), confidence=0.8
        )
    if control is None:
        wants = (Want.BROWSER, Want.CONTROL)
        return make_assessment(Reason.SOFT_404, observation, detail=sign, wants=wants, confidence=0.5)
    if answer is ControlAnswer.HONEST or sign is ErrorSign.MESSAGE or not (is_thin or sign is ErrorSign.REMOVED):
        return None
    return make_assessment(Reason.SOFT_404, observation, detail=sign, wants=(Want.BROWSER,), confidence=0.7)


def _says_little_else(page: WebPage, sign: ErrorSign) -> bool:
    """Whether the page is nearly empty apart from the phrase, or its text repeats it."""
    has_little_text = page.word_count * (1 - page.link_density) < (
        BARE_WORDS if sign is ErrorSign.MESSAGE else TINY_WORDS
    )
    if has_little_text and not has_story_paragraph(page) and not has_other_heading(page):
        return True
    if page.is_error_shell:
        return True
    if sign in (ErrorSign.DEFAULT_PAGE, ErrorSign.SUSPENDED):
        return repeats_site_error(page, PhraseKind(sign))
    return repeats_error_phrase(page) or repeats_absence(page)


def prove_notice(look: Look, evidence: Evidence, notice: str) -> Assessment | None:
    """A notice: enough where an invented address gets the same, or where the rest is little or a list of links."""
    page, observation = look.page, f"the page says: “{notice[:100]}”"
    if evidence.control is None:
        wants = (Want.BROWSER, Want.CONTROL)
        return make_assessment(Reason.SOFT_404, observation, detail=ErrorSign.NOTICE, wants=wants, confidence=0.5)
    if compare_with_control(look, evidence.control) is ControlAnswer.SAME:
        proof = "an invented address gets the same page"
        return make_assessment(Reason.SOFT_404, observation, proof, detail=ErrorSign.NOTICE, wants=(Want.BROWSER,))
    is_all = page.link_density >= LIST_LINK_DENSITY or page.main_word_count < THIN_WORDS // 2
    if not is_all or stands_late(page, notice):
        return None
    return make_assessment(
        Reason.SOFT_404,
        observation,
        "and what else it holds is little, or links to other things",
        detail=ErrorSign.NOTICE,
        wants=(Want.BROWSER,),
        confidence=0.7,
    )
