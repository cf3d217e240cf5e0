"""Redirects to the home page, a section, an error page or a search instead of the document."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    is_document_url,
    is_search_url,
    is_short_link,
    is_word_search_url,
)
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.gate import offers_login
from cite_audit.resolve.judge.detectors.script_shell import is_drawn_by_script
from cite_audit.resolve.judge.detectors.soft404.proof import ErrorSign, prove_by_control
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import find_absence
from cite_audit.resolve.judge.signs.home_page import calls_itself_home

_HOME_WORDS = 2000  # words; a page with more is a document, whatever it is called


def detect_error_redirect(look: Look, evidence: Evidence) -> Assessment | None:
    """A redirect that leads away from the document, or a page that calls itself the home page."""
    page, rank = look.page, look.expanded_rank
    observation = f"the redirect leads to {page.url}"
    if _leads_to_empty_search(look):
        search_observation = f"{observation}, a search that finds nothing"
        return _accept_redirect(search_observation, ErrorSign.TO_SEARCH, 0.7)
    if rank is RedirectRank.ERROR:
        return _accept_redirect(f"{observation}, an error page by its name", ErrorSign.TO_ERROR)
    if rank in (RedirectRank.HOME, RedirectRank.OWNER_HOME) and not is_short_link(look.expanded_url):
        if not is_document_url(look.expanded_url):
            return prove_by_control(look, evidence, f"{observation}, a home page", ErrorSign.TO_HOME)
        destination = "the home page" if rank is RedirectRank.HOME else "the home page of another site"
        return _accept_redirect(f"{observation}, {destination}", ErrorSign.TO_HOME, 0.8)
    if _leads_to_search(look) and is_word_search_url(page.url) and is_document_url(look.expanded_url):
        return prove_by_control(look, evidence, f"{observation}, a search", ErrorSign.TO_SEARCH)
    if rank is RedirectRank.SECTION:
        return prove_by_control(look, evidence, f"{observation}, a section", ErrorSign.TO_SECTION)
    if (
        rank in (RedirectRank.NONE, RedirectRank.SAME)
        and is_document_url(look.probe.url)
        and not page.shows_words(_HOME_WORDS)
        and calls_itself_home(page)
        and not page.has_words(_HOME_WORDS)
    ):
        return _assess_home_instead(look, evidence)
    return None


def _assess_home_instead(look: Look, evidence: Evidence) -> Assessment | None:
    """A home page at the document's address: a login or a script's shell stands there for every document."""
    page, observation = look.page, "the page calls itself the home page"
    assessment = prove_by_control(look, evidence, observation, ErrorSign.HOME_INSTEAD)
    if assessment is None or evidence.control is None:
        return None if is_drawn_by_script(page) else assessment
    if offers_login(page):
        return make_assessment(
            Reason.LOGIN_REQUIRED, observation, "and asks its visitors to log in", detail="login-form"
        )
    if is_drawn_by_script(page):
        return make_assessment(Reason.JS_SHELL, observation, "a script may draw the rest", wants=(Want.BROWSER,))
    return assessment


def _leads_to_empty_search(look: Look) -> bool:
    return _leads_to_search(look) and bool(find_absence(look.page.main_text[:2000]))


def _leads_to_search(look: Look) -> bool:
    return bool(look.probe.hops) and is_search_url(look.page.url) and not is_search_url(look.expanded_url)


def _accept_redirect(observation: str, sign: ErrorSign, confidence: float = 0.0) -> Assessment:
    return make_assessment(Reason.SOFT_404, observation, detail=sign, wants=(Want.BROWSER,), confidence=confidence)
