"""The look ladder: which look comes next, and when the verdict stands.

Each rung only when the one before was not conclusive: the page as an honest program; the same as a browser would ask;
another scheme or `www` for certificates, refusals and names; an invented address beside it; the archived copy. Two
request profiles agree before anything is called dead, and no link costs more than six requests.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from cite_audit.model import Health, Probe, Reason, Verdict, prefix_observation
from cite_audit.resolve.check.base import Evidence, LookRequest
from cite_audit.resolve.judge import control_url, drift, page_checks, platforms, status_checks
from cite_audit.resolve.judge.assessment import Assessment, make_verdict
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.redirects import RedirectRank, is_document_url, is_permanent_redirect, rank_redirect
from cite_audit.resolve.judge.url_variants import swap_scheme_or_www, undo_misprints

REQUEST_BUDGET = 6  # requests a link
_MAX_ADDRESS = 8192  # characters of an address that servers still take
_CONTROL_CHARACTER = re.compile(r"[\x00-\x20\x7f]")
_PROTECTED_EMAIL_PATH = "/cdn-cgi/l/email-protection"


def judge(evidence: Evidence) -> Verdict | LookRequest:
    """The verdict on a link from all that is known of it, or the look that is wanted next. Pure."""
    if address_assessment := _assess_address(evidence.url):
        return make_verdict(evidence.url, address_assessment)
    if (adapter := platforms.find_adapter(evidence)) and adapter.can_judge:
        platform_answer = platforms.assess_platform(evidence, adapter)
        return (
            platform_answer
            if isinstance(platform_answer, LookRequest)
            else make_verdict(evidence.url, *platform_answer, _count_look_requests(evidence))
        )
    looks = _latest_page_looks(evidence)
    if not looks:
        return LookRequest("page", evidence.url)
    assessment, probe = assess_look(evidence, looks[0]), looks[0]
    if len(looks) > 1:
        assessment, probe = _merge_profiles(evidence, looks[0], looks[1])
    if not _is_budget_spent(evidence) and (look_request := _choose_next_look(evidence, assessment)):
        return look_request
    assessment, probe = _apply_variant_look(evidence, assessment, probe)
    assessment, probe = _apply_refresh_look(evidence, assessment, probe)
    if assessment.is_broken and "sibling" in assessment.wants and evidence.latest_look("sibling") is None:
        assessment = replace(
            assessment,
            health=Health.UNKNOWN,
            observations=(*assessment.observations, "too many looks were needed to be sure"),
        )
    if assessment.is_alive and evidence.memento and evidence.memento.is_good:
        return _compare_with_copy(evidence, assessment, probe)
    return make_verdict(evidence.url, assessment, probe, _count_look_requests(evidence))


def _compare_with_copy(evidence: Evidence, assessment: Assessment, probe: Probe) -> Verdict | LookRequest:
    """A live page compared with its archived copy, which has to be fetched first."""
    assert evidence.memento is not None
    memento = evidence.latest_look("memento")
    if memento is None:
        return LookRequest("memento", drift.raw_memento_url(evidence.memento.uri_m), shared=True)
    copy_assessment = assess_look(Evidence(memento.url, evidence.now), memento)
    if memento.status == 200 and not copy_assessment.is_alive and copy_assessment.reason is not Reason.PAYWALL:
        return make_verdict(
            evidence.url,
            assessment.with_observations("the archived copy shows no such page"),
            probe,
            _count_look_requests(evidence),
        )
    drift_assessment = drift.assess_drift(evidence, WebPage(probe), memento, assessment)
    needs_recheck = drift_assessment.is_broken and not _is_budget_spent(evidence)
    if needs_recheck and (look_request := _choose_next_look(evidence, replace(drift_assessment, wants="browser"))):
        return look_request
    return make_verdict(evidence.url, drift_assessment, probe, _count_look_requests(evidence))


def _latest_page_looks(evidence: Evidence) -> list[Probe]:
    """The latest look at the page of each profile, in the order they were had; without those nobody had time for."""
    latest: dict[str, Probe] = {}
    for look_request, probe in evidence.looks:
        if look_request.kind == "page" and "not-asked" not in probe.flags:
            latest[look_request.profile] = probe
    return list(latest.values())


@lru_cache(maxsize=2048)
def _assess_address(url: str) -> Assessment | None:
    """What an address tells by itself: no packet is sent for it."""
    scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", url, re.I)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return Assessment(Reason.SKIPPED, (f"“{scheme[1]}:” is not a web address",), "scheme")
    if len(url) > _MAX_ADDRESS:
        return Assessment(Reason.INVALID, (f"the address has {len(url):,} characters",), "too-long")
    if _CONTROL_CHARACTER.search(url):
        return Assessment(Reason.INVALID, ("the address holds spaces or control characters",), "control-characters")
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if not has_host or not scheme:
        return Assessment(Reason.INVALID, ("the address cannot be read as a web address",), "unreadable")
    if parts.path.startswith(_PROTECTED_EMAIL_PATH):
        return Assessment(Reason.SKIPPED, ("an e-mail address hidden by Cloudflare, not a page",), "email-protection")
    return None


def assess_look(evidence: Evidence, probe: Probe) -> Assessment:
    """What one look shows."""
    status = probe.status or 0
    page = WebPage(probe)
    is_silent = status == 200 and not probe.body  # the head of an answer, and then nothing
    if probe.failure and (not status or 300 < status < 400 or is_silent):
        gate = page_checks.detect_gate(probe, page) if probe.hops else None
        return gate or status_checks.assess_failure(probe)
    if wall := page_checks.detect_wall(probe, page):
        return page_checks.detect_gate(probe, page) or wall if wall.detail == "generic" else wall
    if 200 <= status <= 300 and status not in (204, 205):
        return page_checks.assess_page(evidence, probe, page)
    if status in (401, 403) and (gate := page_checks.detect_gate(probe, page)) and gate.reason is Reason.LOGIN_REQUIRED:
        return gate
    return page_checks.detect_domain_sale(probe, page) or status_checks.assess_refusal(evidence, probe, page)


def _merge_profiles(evidence: Evidence, program_probe: Probe, browser_probe: Probe) -> tuple[Assessment, Probe]:
    """The views of both request profiles as one: dead only when both say so."""
    program_assessment, browser_assessment = assess_look(evidence, program_probe), assess_look(evidence, browser_probe)
    if browser_assessment.is_alive:
        return browser_assessment, browser_probe
    if program_assessment.is_alive:
        return program_assessment, program_probe
    if program_assessment.is_broken and browser_assessment.is_broken:
        return (
            (program_assessment, program_probe)
            if program_assessment.reason is browser_assessment.reason
            and program_assessment.confidence > browser_assessment.confidence
            else (browser_assessment, browser_probe)
        )
    if program_assessment.is_broken:
        return browser_assessment.with_observations(
            prefix_observation("the first look, as a program, got: ", program_assessment.observations[0])
        ), browser_probe
    if browser_assessment.is_broken:
        return program_assessment.with_observations(
            prefix_observation("a second look, as a browser, got: ", browser_assessment.observations[0])
        ), program_probe
    return (program_assessment, program_probe) if browser_probe.status is None else (browser_assessment, browser_probe)


def _choose_next_look(evidence: Evidence, assessment: Assessment) -> LookRequest | None:
    """The look that the view wants and that was not yet had."""
    url = evidence.url
    if assessment.reason is Reason.NOT_FOUND and _is_misprinted(evidence):
        return None
    pages_asked = {look_request.profile for look_request, _ in evidence.looks if look_request.kind == "page"}
    for look_kind in assessment.wants.split():
        if look_kind == "browser" and len(pages_asked) == 1:
            return LookRequest("page", url, "plain" if "browser" in pages_asked else "browser")
        if look_kind == "sibling" and evidence.latest_look("sibling") is None:
            return LookRequest("sibling", control_url.make_control_url(url, evidence.token), shared=True)
        if look_kind == "mend" and (look_request := _request_variant(evidence, undo_misprints(url))):
            return look_request
        if look_kind == "memento" and evidence.memento and evidence.latest_look("memento") is None:
            return LookRequest("memento", drift.raw_memento_url(evidence.memento.uri_m), shared=True)
        if look_kind == "refresh" and (look_request := _request_refresh_target(evidence, assessment)):
            return look_request
        if look_kind == "swap" and not _was_redirected(evidence):
            return _request_variant(evidence, swap_scheme_or_www(url, assessment.detail or assessment.reason))
    return None


def _is_misprinted(evidence: Evidence) -> bool:
    """Whether the address was misprinted, and the page that was meant is there."""
    variant = evidence.latest_look("swap")
    return variant is not None and assess_look(replace(evidence, url=variant.url), variant).is_alive


def _request_variant(evidence: Evidence, addresses: list[str]) -> LookRequest | None:
    """A look at the first of the addresses that was not yet looked at, unless one gave an answer already."""
    variant_probes = {look_request.url: probe for look_request, probe in evidence.looks if look_request.kind == "swap"}
    if any(probe.status is not None and probe.status < 400 for probe in variant_probes.values()):
        return None
    return next((LookRequest("swap", address) for address in addresses if address not in variant_probes), None)


def _request_refresh_target(evidence: Evidence, assessment: Assessment) -> LookRequest | None:
    """A look where a `meta` refresh leads, and a second one, as a browser, where the first found no page."""
    for profile in ("plain", "browser"):
        probe = evidence.latest_look("refresh", profile)
        if probe is None:
            return LookRequest("refresh", assessment.target, profile)
        if assess_look(replace(evidence, url=assessment.target), probe).is_alive:
            return None
    return None


def _was_redirected(evidence: Evidence) -> bool:
    """Whether the trouble is at the end of a redirect, not at the address itself."""
    return any(probe.hops for look_request, probe in evidence.looks if look_request.kind == "page")


def _count_look_requests(evidence: Evidence) -> int:
    return sum(probe.attempts for _, probe in evidence.looks)


def _is_budget_spent(evidence: Evidence) -> bool:
    return _count_look_requests(evidence) >= REQUEST_BUDGET


def _apply_variant_look(evidence: Evidence, assessment: Assessment, probe: Probe) -> tuple[Assessment, Probe]:
    """What another scheme or `www` showed, where the address itself gave nothing."""
    variant = evidence.latest_look("swap")
    if variant is None or variant.status is None or assessment.is_alive:
        return assessment, probe
    variant_assessment = assess_look(replace(evidence, url=variant.url), variant)
    if variant_assessment.reason is Reason.PARKED:
        return variant_assessment.with_observations(*assessment.observations), variant
    if assessment.reason is Reason.DNS_FAILURE:
        return _assess_other_host(assessment, variant_assessment, variant), probe
    if not variant_assessment.is_alive:
        return assessment, probe
    return _assess_other_scheme(evidence, assessment, variant_assessment, variant, probe)


def _assess_other_host(assessment: Assessment, variant_assessment: Assessment, variant: Probe) -> Assessment:
    """The host is gone but the domain answers: dead for the reader, with a hint for the editor."""
    observation = f"{urlsplit(variant.url).hostname} still answers"
    moved_to = variant.url if variant_assessment.reason is Reason.OK else ""
    return replace(
        assessment, detail="host-removed", observations=(*assessment.observations, observation), moved_to=moved_to
    )


def _assess_other_scheme(
    evidence: Evidence, assessment: Assessment, variant_assessment: Assessment, variant: Probe, probe: Probe
) -> tuple[Assessment, Probe]:
    cited_parts, variant_parts = urlsplit(evidence.url), urlsplit(variant.url)
    observations = (*assessment.observations, f"{variant.url} shows the page")
    if assessment.reason is Reason.NOT_FOUND:
        detail = "trimmed" if evidence.url.startswith(variant.url) else "escaped-twice"
        reason = Reason.OK if detail == "trimmed" else Reason.MOVED_PERMANENTLY
        return Assessment(reason, observations, detail, confidence=0.7, moved_to=variant.url), variant
    if cited_parts.hostname != variant_parts.hostname or (cited_parts.scheme, variant_parts.scheme) == (
        "http",
        "https",
    ):
        moved_assessment = Assessment(
            Reason.MOVED_PERMANENTLY,
            observations,
            assessment.detail or assessment.reason,
            confidence=0.8,
            moved_to=variant.url,
        )
        return moved_assessment, variant
    if assessment.reason is Reason.TLS_FAILURE:
        return assessment.with_observations(f"without encryption the page is there: {variant.url}"), probe
    return Assessment(Reason.OK, observations, "http-only", confidence=0.8, moved_to=variant.url), variant


def _apply_refresh_look(evidence: Evidence, assessment: Assessment, probe: Probe) -> tuple[Assessment, Probe]:
    """Where a `meta` refresh led."""
    target_probe = evidence.latest_look("refresh")
    if target_probe is None or assessment.detail != "meta-refresh":
        return assessment, probe
    target_assessment = assess_look(replace(evidence, url=assessment.target), target_probe)
    final_url = WebPage(target_probe).url
    if not target_assessment.is_alive:
        return replace(
            target_assessment, observations=(*assessment.observations, *target_assessment.observations)
        ), target_probe
    if rank_redirect(probe, final_url) in (
        RedirectRank.HOME,
        RedirectRank.OWNER_HOME,
        RedirectRank.ERROR,
    ) and is_document_url(probe.url):
        return Assessment(Reason.SOFT_404, assessment.observations, "refresh-to-home", confidence=0.8), target_probe
    has_moved = rank_redirect(probe, final_url) in (RedirectRank.MOVED, RedirectRank.OWNER) and (
        not target_probe.hops or is_permanent_redirect(target_probe)
    )
    reason = Reason.MOVED_PERMANENTLY if has_moved else Reason.REDIRECTED
    return Assessment(
        reason,
        (*assessment.observations, *target_assessment.observations),
        "meta-refresh",
        confidence=0.8,
        moved_to=final_url if has_moved else "",
    ), target_probe
