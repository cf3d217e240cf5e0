"""Live pages: the one cited, or where it has moved; and the place in it that the link names."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urldefrag, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    is_home_url,
    is_same_owner,
    is_short_link,
    keeps_address_words,
    rank_redirect,
)
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.script_shell import QUICK_REFRESH
from cite_audit.resolve.judge.detectors.wrong_status import COPY_SIMILARITY
from cite_audit.resolve.judge.look import Evidence, Look, LookKind
from cite_audit.resolve.judge.page.error_phrases import find_absence
from cite_audit.resolve.judge.page.fragments import find_missing_anchor, find_missing_text
from cite_audit.resolve.judge.page.similarity import is_title_cited, shingle_similarity
from cite_audit.resolve.judge.platforms import find_adapter
from cite_audit.resolve.judge.signs.trades import find_suspected_trade
from cite_audit.urls import url_host

NAME = "live page"
_REFRESH_WORDS = 120  # words; a page with more is read before it reloads
_FILE_SUFFIX = compile_lazily(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|csv|zip)$", re.I)
_CODE_PATH = compile_lazily(
    r"/-/(?:blob|tree)/|/src/branch/"
)  # GitLab and Gitea draw the file, and its headings, by script
_SAME_PAGE = (RedirectRank.NONE, RedirectRank.SAME)


def detect(look: Look, evidence: Evidence) -> Assessment:
    """The last detector: a page that no other has found fault with."""
    page = look.page
    if look.status == 300:
        if absence_phrase := find_absence(page.main_text[:1000]):
            observation = f"the server offers other addresses (300), and says of this one: “{absence_phrase}”"
            return make_assessment(Reason.SOFT_404, observation, detail="choices", wants=(Want.BROWSER,))
        return make_assessment(Reason.REDIRECTED, "the server offers several addresses (300)", detail="choices")
    if (
        (page.is_html or not page.body)
        and not page.has_words(_REFRESH_WORDS)
        and page.refresh_directive
        and page.refresh_directive[0] <= QUICK_REFRESH
    ):
        return _assess_refresh(look, page.refresh_directive[1])
    if is_short_link(look.probe.url) and not is_home_url(look.probe.url) and _stays_with_shortener(look):
        observation = "the link shortener answers with a page of its own and leads nowhere"
        return make_assessment(Reason.BLOCKED, observation, detail="short-link", wants=(Want.BROWSER,), confidence=0.7)
    assessment = _assess_redirect(look, evidence)
    if assessment.reason is Reason.OK and _FILE_SUFFIX.search(urlsplit(look.probe.url).path) and page.is_html:
        observation = "the address of a file now shows a page"
        return make_assessment(Reason.REDIRECTED, observation, detail="type-changed", confidence=0.7)
    if look.can_read_on and page.is_html and not page.has_words(_REFRESH_WORDS):
        assessment = replace(assessment, wants=(Want.LONG,))  # what stands at its end may be all of its text
    return _check_fragment(look, evidence, assessment)


def _stays_with_shortener(look: Look) -> bool:
    return is_same_owner(url_host(look.probe.url), url_host(look.page.url)) and look.page.is_html


def _assess_refresh(look: Look, target: str) -> Assessment:
    """A page that sends its visitors on by `meta` refresh: the page at the target decides."""
    if rank_redirect(look.probe.url, target, has_hops=bool(look.probe.hops)) in _SAME_PAGE:
        wants = (Want.REFRESH,) if look.probe.cookies and look.kind is not LookKind.REFRESH else ()
        return make_assessment(Reason.OK, "the page reloads itself", confidence=0.7, wants=wants, target=target)
    return make_assessment(
        Reason.REDIRECTED,
        f"the page sends its visitors on to {target}",
        detail="meta-refresh",
        wants=(Want.REFRESH,),
        target=target,
        confidence=0.6,
    )


def _assess_redirect(look: Look, evidence: Evidence) -> Assessment:
    """No redirect of note, a detour, or a move to a new address."""
    page, probe, rank = look.page, look.probe, look.redirect_rank
    title_observation = (f"its title: “{page.title[:120]}”",) if page.title else ()
    if rank in _SAME_PAGE:
        trade = find_suspected_trade(page) if page.is_html and evidence.memento is None else ""
        return make_assessment(
            Reason.OK,
            f"the server answers {probe.status}",
            *title_observation,
            detail=f"trade:{trade}" if trade else _format_flags(look),
            suspected_trade=trade,
        )
    observations = (f"the redirect leads to {page.url}", *title_observation)
    if not look.is_permanent_redirect or is_short_link(probe.url) or is_home_url(probe.url):
        return make_assessment(Reason.REDIRECTED, *observations, detail=rank)
    if proof := _find_move_proof(look, evidence):
        return make_assessment(
            Reason.MOVED_PERMANENTLY, *observations, proof, detail=rank, confidence=0.9, moved_to=page.url
        )
    if rank is RedirectRank.MOVED:
        return make_assessment(Reason.MOVED_PERMANENTLY, *observations, detail=rank, confidence=0.75)
    return make_assessment(Reason.REDIRECTED, *observations, detail=rank, confidence=0.7)


def _find_move_proof(look: Look, evidence: Evidence) -> str:
    """Why the new page is the one that was cited; empty without proof."""
    page = look.page
    if is_title_cited(page.title, evidence.quotes):
        return "its title is the one cited"
    archived_copy = evidence.archived_copy
    if archived_copy and shingle_similarity(page.main_text, archived_copy.page.main_text) >= COPY_SIMILARITY:
        return "its text is the archived one"
    return "the new address keeps the words of the old" if keeps_address_words(look.probe.url, page.url) else ""


def _format_flags(look: Look) -> str:
    return ",".join((*look.probe.flags, *(() if look.is_complete else ("truncated",))))


def _check_fragment(look: Look, evidence: Evidence, assessment: Assessment) -> Assessment:
    """The assessment of the page, or that the place which the link's fragment names is missing."""
    page = look.page
    fragment = urldefrag(evidence.url).fragment
    if (
        not fragment
        or _CODE_PATH.search(urlsplit(page.url).path)
        or not page.is_html
        or assessment.reason not in (Reason.OK, Reason.REDIRECTED, Reason.MOVED_PERMANENTLY)
    ):
        return assessment
    if (adapter := find_adapter(evidence)) and not adapter.has_fragments:
        return assessment
    whole_page = look.whole_page
    if whole_page is None:
        return replace(assessment, wants=(Want.LONG,)) if look.can_read_on else assessment
    if missing_text := find_missing_text(whole_page, fragment):
        observation = f"the page does not hold the text that the link points to: “{missing_text[:100]}”"
        return _miss_fragment(assessment, observation, "text")
    if missing_anchor := find_missing_anchor(whole_page, fragment):
        observation = f"the page has no place named “{missing_anchor[:60]}”"
        return _miss_fragment(assessment, observation, "anchor")
    return assessment


def _miss_fragment(assessment: Assessment, observation: str, detail: str) -> Assessment:
    observations = assessment.with_observations(observation).observations
    return make_assessment(Reason.FRAGMENT_MISSING, *observations, detail=detail, moved_to=assessment.moved_to)
