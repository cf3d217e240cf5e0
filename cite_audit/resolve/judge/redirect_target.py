"""Live pages: the one cited, or where it has moved; and the place in it that the link names."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urlsplit

from cite_audit.model import Probe, Reason
from cite_audit.resolve.check.base import Evidence
from cite_audit.resolve.judge import platforms, redirects
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.detectors import lapsed_domain
from cite_audit.resolve.judge.page.html_page import WebPage, collapse_spaces
from cite_audit.resolve.judge.page.similarity import is_title_cited, shingle_similarity
from cite_audit.resolve.judge.redirects import RedirectRank

_FILE_SUFFIX = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|csv|zip)$", re.I)


def assess_arrival(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment:
    """The verdict on a page that shows no fault."""
    if probe.status == 300:
        return Assessment(Reason.REDIRECTED, ("the server offers several addresses (300)",), "choices")
    if (
        (page.is_html or not page.body)
        and page.refresh_directive
        and page.refresh_directive[0] <= 5
        and page.word_count < 120
    ):
        return _assess_refresh(evidence, probe, page)
    rank = redirects.rank_redirect(probe, page.url)
    assessment = assess_redirect(evidence, probe, page, rank, redirects.is_permanent_redirect(probe))
    if assessment.reason is Reason.OK and _FILE_SUFFIX.search(urlsplit(probe.url).path) and page.is_html:
        return Assessment(
            Reason.REDIRECTED, ("the address of a file now shows a page",), "type-changed", confidence=0.7
        )
    return _check_fragment(evidence, page, assessment)


def assess_redirect(
    evidence: Evidence, probe: Probe, page: WebPage, rank: RedirectRank, is_permanent: bool
) -> Assessment:
    """How a redirect that led to a page is told: nothing of note, a detour, or a move worth a new address."""
    if rank in (RedirectRank.NONE, RedirectRank.SAME):
        suspected_trade = lapsed_domain.find_suspected_trade(page) if page.is_html and evidence.memento is None else ""
        return Assessment(
            Reason.OK,
            (f"the server answers {probe.status}", *_title_observation(page)),
            detail=suspected_trade or _format_flags(probe),
        )
    proof = _find_move_proof(evidence, probe, page)
    observations = (f"the redirect leads to {page.url}", *_title_observation(page))
    if not is_permanent or redirects.is_short_link(probe.url) or redirects.is_home_url(probe.url):
        return Assessment(Reason.REDIRECTED, observations, rank)
    if proof:
        return Assessment(Reason.MOVED_PERMANENTLY, (*observations, proof), rank, confidence=0.9, moved_to=page.url)
    if rank is RedirectRank.MOVED:
        return Assessment(Reason.MOVED_PERMANENTLY, observations, rank, confidence=0.75)
    return Assessment(Reason.REDIRECTED, observations, rank, confidence=0.7)


def _find_move_proof(evidence: Evidence, probe: Probe, page: WebPage) -> str:
    """Why the new page is the one that was cited; empty where nothing shows it."""
    if is_title_cited(page.title, evidence.quotes):
        return "its title is the one cited"
    if (memento := evidence.latest_look("memento")) and shingle_similarity(
        page.main_text, WebPage(memento).main_text
    ) >= 0.6:
        return "its text is the archived one"
    return "the new address keeps the words of the old" if redirects.keeps_address_words(probe.url, page.url) else ""


def _assess_refresh(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment:
    """A page that sends its visitors on by `meta` refresh: where they arrive decides."""
    assert page.refresh_directive is not None
    target = page.refresh_directive[1]
    if redirects.rank_redirect(probe, target) in (RedirectRank.NONE, RedirectRank.SAME):
        return Assessment(Reason.OK, ("the page reloads itself",), confidence=0.7)
    observation = f"the page sends its visitors on to {target}"
    return Assessment(Reason.REDIRECTED, (observation,), "meta-refresh", wants="refresh", target=target, confidence=0.6)


def _title_observation(page: WebPage) -> tuple[str, ...]:
    return (f"its title: “{page.title[:120]}”",) if page.title else ()


def _format_flags(probe: Probe) -> str:
    return ",".join((*probe.flags, *(("truncated",) if probe.truncated or probe.failure else ())))


def _check_fragment(evidence: Evidence, page: WebPage, assessment: Assessment) -> Assessment:
    """The fragment of a link: `#name`, or a text fragment `#:~:text=`."""
    fragment = urldefrag(evidence.url).fragment
    if (
        not fragment
        or not page.is_html
        or assessment.reason not in (Reason.OK, Reason.REDIRECTED, Reason.MOVED_PERMANENTLY)
    ):
        return assessment
    if (adapter := platforms.find_adapter(evidence)) and not adapter.has_fragments:
        return assessment
    name, _, directive = fragment.partition(":~:")
    for text_fragment in re.findall(r"(?:^|&)text=([^&]*)", directive):
        if not _has_fragment_text(page, text_fragment):
            excerpt = collapse_spaces(unquote(text_fragment))[:100]
            observation = f"the page does not hold the text that the link points to: “{excerpt}”"
            return Assessment(
                Reason.FRAGMENT_MISSING, (*assessment.observations, observation), "text", moved_to=assessment.moved_to
            )
    if name and _is_plain_anchor(name) and not page.has_anchor(unquote(name)) and not page.has_anchor(name):
        observation = f"the page has no place named “{unquote(name)[:60]}”"
        return Assessment(
            Reason.FRAGMENT_MISSING, (*assessment.observations, observation), "anchor", moved_to=assessment.moved_to
        )
    return assessment


def _is_plain_anchor(name: str) -> bool:
    """Names with `!`, `/`, `=` or a line number are the page's own script's business, and `#top` is everywhere."""
    return not re.search(r"[!/=?&]|^L\d|^top$|^$|^xtor|^ixzz|^sthash|^\.", name, re.I)


def _has_fragment_text(page: WebPage, text_fragment: str) -> bool:
    parts = [
        unquote(part)
        for part in text_fragment.split(",")
        if part and not part.endswith("-") and not part.startswith("-")
    ]
    text = collapse_spaces(page.visible_text).casefold()
    return all(collapse_spaces(part).casefold() in text for part in parts)
