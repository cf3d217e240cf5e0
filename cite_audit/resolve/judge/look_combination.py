"""One assessment from several looks: two request profiles, another scheme or host, the target of a refresh."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from cite_audit.model import Reason, prefix_observation
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    is_document_url,
    is_permanent_redirect,
    rank_redirect,
)
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors import assess_look
from cite_audit.resolve.judge.look import Evidence, Look, LookKind

AssessedLook = tuple[Assessment, Look]
_HOME_RANKS = (RedirectRank.HOME, RedirectRank.OWNER_HOME, RedirectRank.ERROR)
_MOVED_RANKS = (RedirectRank.MOVED, RedirectRank.OWNER)


def merge_profiles(first: AssessedLook, second: AssessedLook) -> AssessedLook:
    """The assessments of both request profiles as one: broken only when both say so."""
    (first_assessment, _), (second_assessment, second_look) = first, second
    if second_assessment.is_alive:
        return second
    if first_assessment.is_alive:
        return first
    if first_assessment.is_broken and second_assessment.is_broken:
        is_same = first_assessment.reason is second_assessment.reason
        return first if is_same and first_assessment.confidence > second_assessment.confidence else second
    if first_assessment.is_broken:
        return _doubt(second, "the first look, as a program, got: ", first_assessment)
    if second_assessment.is_broken:
        return _doubt(first, "a second look, as a browser, got: ", second_assessment)
    return first if second_look.probe.status is None else second


def _doubt(assessed: AssessedLook, introduction: str, broken: Assessment) -> AssessedLook:
    """The look that found the page not broken, with what the other one got."""
    return assessed[0].with_observations(prefix_observation(introduction, broken.observations[0])), assessed[1]


def apply_variant_look(evidence: Evidence, assessment: Assessment, look: Look) -> AssessedLook:
    """What another scheme or host showed, where the address itself gave nothing."""
    variant = evidence.latest_look(LookKind.VARIANT)
    if variant is None or variant.probe.status is None or assessment.is_alive:
        return assessment, look
    variant_assessment = assess_look(variant, evidence.at_address(variant.probe.url))
    if variant_assessment.reason is Reason.PARKED:
        return variant_assessment.with_observations(*assessment.observations), variant
    if assessment.reason is Reason.DNS_FAILURE:
        return _assess_other_host(assessment, variant_assessment, variant.probe.url), look
    if not variant_assessment.is_alive:
        return assessment, look
    return _assess_other_scheme(evidence, (assessment, look), variant)


def _assess_other_host(assessment: Assessment, variant_assessment: Assessment, variant_url: str) -> Assessment:
    """The host is gone but the domain answers: broken, with a hint for the editor."""
    moved_to = variant_url if variant_assessment.reason is Reason.OK else ""
    host_removed = replace(assessment, detail="host-removed", moved_to=moved_to)
    return host_removed.with_observations(f"{urlsplit(variant_url).hostname} still answers")


def _assess_other_scheme(evidence: Evidence, assessed: AssessedLook, variant: Look) -> AssessedLook:
    """The page is there under another address: trimmed, of another host, or of another scheme."""
    (assessment, look), variant_url = assessed, variant.probe.url
    cited_parts, variant_parts = urlsplit(evidence.url), urlsplit(variant_url)
    shown = assessment.with_observations(f"{variant_url} shows the page")
    if assessment.reason is Reason.NOT_FOUND:
        is_trimmed = evidence.url.startswith(variant_url)
        misprint_undone = make_assessment(
            Reason.OK if is_trimmed else Reason.MOVED_PERMANENTLY,
            *shown.observations,
            detail="trimmed" if is_trimmed else _name_misprint(evidence.url),
            confidence=0.7,
            moved_to=variant_url,
        )
        return misprint_undone, variant
    is_secured = (cited_parts.scheme, variant_parts.scheme) == ("http", "https")
    if cited_parts.hostname != variant_parts.hostname or is_secured:
        moved = make_assessment(
            Reason.MOVED_PERMANENTLY,
            *shown.observations,
            detail=assessment.detail or assessment.reason,
            confidence=0.8,
            moved_to=variant_url,
        )
        return moved, variant
    if assessment.reason is Reason.TLS_FAILURE:
        return assessment.with_observations(f"without encryption the page is there: {variant_url}"), look
    http_only = make_assessment(
        Reason.OK, *shown.observations, detail="http-only", confidence=0.8, moved_to=variant_url
    )
    return http_only, variant


def _name_misprint(url: str) -> str:
    return "escaped-twice" if re.search(r"%25[0-9a-f]{2}|&amp;", url, re.I) else "typeset"


def apply_refresh_look(evidence: Evidence, assessment: Assessment, look: Look) -> AssessedLook:
    """What the target of a `meta` refresh showed."""
    target_look = evidence.latest_look(LookKind.REFRESH)
    if target_look is None or Want.REFRESH not in assessment.wants:
        return assessment, look
    target_assessment = assess_look(target_look, evidence.at_address(assessment.target))
    observations = (*assessment.observations, *target_assessment.observations)
    if not target_assessment.is_alive:
        return replace(target_assessment, observations=observations), target_look
    if assessment.reason is Reason.OK:  # the page reloads itself: the second load is the page
        return replace(target_assessment, observations=observations), target_look
    final_url = target_look.page.url
    rank = rank_redirect(look.probe.url, final_url, has_hops=bool(look.probe.hops))
    if rank in _HOME_RANKS and is_document_url(look.probe.url):
        refreshed_home = make_assessment(
            Reason.SOFT_404, *assessment.observations, detail="refresh-to-home", confidence=0.8
        )
        return refreshed_home, target_look
    has_moved = rank in _MOVED_RANKS and (not target_look.probe.hops or is_permanent_redirect(target_look.probe))
    refreshed = make_assessment(
        Reason.MOVED_PERMANENTLY if has_moved else Reason.REDIRECTED,
        *observations,
        detail="meta-refresh",
        confidence=0.8,
        moved_to=final_url if has_moved else "",
    )
    return refreshed, target_look
