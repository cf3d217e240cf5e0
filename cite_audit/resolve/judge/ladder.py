"""The look ladder: which look comes next, and when the verdict stands.

A rung is climbed only when the one before was not conclusive: the page with this program's headers; the same with a
browser's; another scheme or `www` for certificates, refusals and names; an invented address beside it; the archived
copy. Both request profiles must agree before a link is called broken, and no link costs more than six requests.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from cite_audit.model import Health, Reason, Verdict
from cite_audit.resolve.judge import drift
from cite_audit.resolve.judge.address.address_check import assess_address
from cite_audit.resolve.judge.address.control_url import make_control_url
from cite_audit.resolve.judge.address.url_variants import swap_scheme_or_www, undo_misprints
from cite_audit.resolve.judge.assessment import Assessment, Want, make_verdict
from cite_audit.resolve.judge.cited_capture import assess_cited_capture
from cite_audit.resolve.judge.detectors import assess_look
from cite_audit.resolve.judge.look import REQUEST_BUDGET, Evidence, Look, LookKind, LookRequest, RequestProfile
from cite_audit.resolve.judge.look_combination import apply_refresh_look, apply_variant_look, merge_profiles
from cite_audit.resolve.judge.platforms import assess_platform, find_adapter


def judge(evidence: Evidence) -> Verdict | LookRequest:
    """The verdict on a link from all that is known of it, or the look that is wanted next. Pure."""
    if address_assessment := assess_address(evidence.url):
        return make_verdict(evidence.url, address_assessment)
    if (adapter := find_adapter(evidence)) and adapter.can_judge:
        platform_answer = assess_platform(evidence, adapter, assess_cited_capture)
        if isinstance(platform_answer, LookRequest):
            return platform_answer
        return _conclude(evidence, *platform_answer)
    looks = evidence.latest_page_looks()
    if not looks:
        return LookRequest(LookKind.PAGE, evidence.url)
    assessment, look = assess_look(looks[0], evidence), looks[0]
    if len(looks) > 1:
        assessment, look = merge_profiles((assessment, look), (assess_look(looks[1], evidence), looks[1]))
    if not _is_budget_spent(evidence) and (look_request := _choose_next_look(evidence, assessment)):
        return look_request
    assessment, look = apply_variant_look(evidence, assessment, look)
    assessment, look = apply_refresh_look(evidence, assessment, look)
    lacks_control = Want.CONTROL in assessment.wants and evidence.control is None
    lacks_front = Want.FRONT in assessment.wants and evidence.front_page is None
    if assessment.is_broken and (lacks_control or lacks_front):
        assessment = replace(assessment, health=Health.UNKNOWN)
        assessment = assessment.with_observations("too many looks were needed to be sure")
    if assessment.is_alive and evidence.memento and evidence.memento.is_good:
        return _compare_with_copy(evidence, assessment, look)
    return _conclude(evidence, assessment, look)


def _conclude(evidence: Evidence, assessment: Assessment, look: Look | None) -> Verdict:
    return make_verdict(evidence.url, assessment, look.probe if look else None, evidence.request_count)


def _is_budget_spent(evidence: Evidence) -> bool:
    return evidence.request_count >= REQUEST_BUDGET


def _compare_with_copy(evidence: Evidence, assessment: Assessment, look: Look) -> Verdict | LookRequest:
    """A live page compared with its archived copy, which has to be fetched first."""
    archived_copy = evidence.archived_copy
    if archived_copy is None:
        return _request_memento(evidence)
    copy_assessment = assess_look(archived_copy, Evidence(archived_copy.probe.url, evidence.now))
    is_bad_copy = not copy_assessment.is_alive and copy_assessment.reason is not Reason.PAYWALL
    if archived_copy.probe.status == 200 and is_bad_copy:
        return _conclude(evidence, assessment.with_observations("the archived copy shows no such page"), look)
    if not _is_budget_spent(evidence) and (look_request := _request_long_look(evidence)):
        return look_request
    drift_assessment = drift.assess_drift(evidence, look, archived_copy, assessment)
    needs_recheck = drift_assessment.is_broken and not _is_budget_spent(evidence)
    recheck = replace(drift_assessment, wants=(Want.BROWSER,))
    if needs_recheck and (look_request := _choose_next_look(evidence, recheck)):
        return look_request
    return _conclude(evidence, drift_assessment, look)


def _choose_next_look(evidence: Evidence, assessment: Assessment) -> LookRequest | None:
    """The first look that the assessment wants and that was not taken yet."""
    if assessment.reason is Reason.NOT_FOUND and _is_misprinted(evidence):
        return None
    for want in assessment.wants:
        if want is Want.VARIANT and not _was_redirected(evidence):
            # The last resort: where no variant is left, no other look helps.
            return _request_variant(evidence, swap_scheme_or_www(evidence.url, assessment.detail or assessment.reason))
        if look_request := _request_wanted(want, evidence, assessment):
            return look_request
    return None


def _request_wanted(want: Want, evidence: Evidence, assessment: Assessment) -> LookRequest | None:
    """The look that fulfils a want; None where it was taken."""
    match want:
        case Want.BROWSER:
            return _request_other_profile(evidence)
        case Want.CONTROL if evidence.control is None:
            return LookRequest(LookKind.CONTROL, make_control_url(evidence.url, evidence.token), shared=True)
        case Want.FRONT if evidence.front_page is None:
            return LookRequest(LookKind.FRONT, urljoin(evidence.url, "/"), shared=True)
        case Want.LONG:
            return _request_long_look(evidence)
        case Want.MISPRINT:
            return _request_variant(evidence, undo_misprints(evidence.url))
        case Want.MEMENTO if evidence.memento and evidence.archived_copy is None:
            return _request_memento(evidence)
        case Want.REFRESH:
            return _request_refresh_target(evidence, assessment)
    return None


def _request_other_profile(evidence: Evidence) -> LookRequest | None:
    profiles = {look.request.profile for look in evidence.looks if look.kind is LookKind.PAGE}
    if len(profiles) != 1:
        return None
    return LookRequest(LookKind.PAGE, evidence.url, profile=next(iter(profiles)).other)


def _request_memento(evidence: Evidence) -> LookRequest:
    assert evidence.memento is not None
    return LookRequest(LookKind.MEMENTO, drift.raw_memento_url(evidence.memento.uri_m), shared=True, is_long=True)


def _request_long_look(evidence: Evidence) -> LookRequest | None:
    """A look that reads on where the latest one was cut; once a link."""
    if any(look.request.is_long and look.kind is LookKind.PAGE for look in evidence.looks):
        return None
    look = next((look for look in evidence.latest_page_looks() if look.can_read_on), None)
    return replace(look.request, is_long=True) if look else None


def _request_variant(evidence: Evidence, addresses: list[str]) -> LookRequest | None:
    """A look at the first of the addresses that has had none, unless one gave an answer already."""
    variants = {look.request.url: look for look in evidence.looks if look.kind is LookKind.VARIANT}
    if any(look.probe.status is not None and look.status < 400 for look in variants.values()):
        return None
    return next((LookRequest(LookKind.VARIANT, address) for address in addresses if address not in variants), None)


def _request_refresh_target(evidence: Evidence, assessment: Assessment) -> LookRequest | None:
    """A look at the target of a `meta` refresh, and one in the other profile where the first found no page.

    The cookies of the page go with it: many a page only sets one and reloads itself.
    """
    page_looks = evidence.latest_page_looks()
    cookies = page_looks[-1].probe.cookies if page_looks else ()
    for profile in RequestProfile:
        look = evidence.latest_look(LookKind.REFRESH, profile)
        if look is None:
            return LookRequest(LookKind.REFRESH, assessment.target, profile=profile, cookies=cookies)
        if assess_look(look, evidence.at_address(assessment.target)).is_alive:
            return None
    return None


def _is_misprinted(evidence: Evidence) -> bool:
    """Whether the address with a misprint undone shows a page."""
    variant = evidence.latest_look(LookKind.VARIANT)
    return variant is not None and assess_look(variant, evidence.at_address(variant.probe.url)).is_alive


def _was_redirected(evidence: Evidence) -> bool:
    """Whether the trouble is at the end of a redirect, not at the address itself."""
    return any(look.probe.hops for look in evidence.looks if look.kind is LookKind.PAGE)
