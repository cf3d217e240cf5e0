"""The judge's answer on an archived copy: the live page's detectors, behind those for what only archives have. Pure.

A capture is read as the look that the archive's crawler took: the cited address, the archived redirects, the archived
headers and body. There is no second look at it, so a detector that asks for one leaves a suspicion only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import KW_ONLY
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Hop, Probe, Reason
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    is_home_url,
    is_same_owner,
    is_short_link,
    keeps_address_words,
)
from cite_audit.resolve.judge.assessment import Assessment, Want, find_reason_row
from cite_audit.resolve.judge.detectors import assess_look
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest
from cite_audit.resolve.judge.page.content_type import is_html_body
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.quoted_text import has_headline
from cite_audit.resolve.judge.signs.signatures import THIN_WORDS, SignatureTable, find_signatures
from cite_audit.resolve.judge.signs.trades import find_repeated_trade
from cite_audit.urls import canonical_key, registrable_domain, url_host

ORIGINAL_PREFIX = "x-archive-orig-"  # how the Wayback Machine and pywb name the headers of the captured answer
MAX_SUSPICION = 0.5  # confidence up to which an assessment is a suspicion
_MIN_SHARED_LABEL = 5  # letters of a domain's name that another one repeats (guardian, theguardian)
_DECODED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # of the bytes as sent
_LOGIN_PATH = compile_lazily(r"/(?:log-?in|sign-?in|signup|auth|accounts/login|checkpoint)(?:[/.?]|$)", re.I)
_NOT_ARCHIVED_PAGE = compile_lazily(
    r"Wayback Machine (?:has not|hasn.t) archived that URL|This URL has been excluded from the Wayback Machine"
    r"|\b(?:page|URL) (?:has not been|is not) archived\b",
    re.I,
)
_NOT_ARCHIVED_WORDS = 250  # words; a longer page is about archives
_LISTING_TITLE = compile_lazily(r"index of /|directory listing (?:for|of) /", re.I)
_EXPECTED_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd",
    ".xlsx": "application/vnd",
    ".zip": "application/",
}
# reason of the judge → word for the fault; any other reason is its own word
_REASON_WORDS = {
    Reason.LOGIN_REQUIRED: "login",
    Reason.GEO_BLOCKED: "blocked",
    Reason.RATE_LIMITED: "blocked",
    Reason.SERVER_ERROR: "maintenance",
    Reason.PROTOCOL_ERROR: "unreadable",
    Reason.CONSENT_WALL: "consent",
}
# What is not seen in a part of a body may stand in the rest, and a player runs a page's scripts.
_ABSENCE_REASONS = (Reason.JS_SHELL, Reason.EMPTY)


class CaptureGrade(StrEnum):
    """Whether a capture shows the cited page."""

    GOOD = "good"
    SUSPECT = "suspect"  # a suspicion speaks against it; never offered without a question
    BAD = "bad"


@frozen_record
class CaptureContent:
    """A capture as played back. `cited_url` is the cited address, `final_url` the one that was captured.

    `is_cut`: more of the body was captured than `body` holds.
    """

    cited_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    mimetype: str = ""
    redirected: bool = False
    _: KW_ONLY
    is_cut: bool = False


@frozen_record
class CaptureAssessment:
    """What a capture is worth: `faults` are words, the gravest first, none where it is good.

    `refresh_target` is the address to which its page sends its visitors at once; empty where it does not.
    """

    grade: CaptureGrade
    faults: tuple[str, ...] = ()
    refresh_target: str = ""


_CaptureDetector = Callable[[CaptureContent, Look], CaptureAssessment | None]


def expected_type(url: str) -> str:
    """The content type that an address promises by its ending, as a prefix; empty when it promises none."""
    path = urlsplit(url).path.lower()
    return next((kind for suffix, kind in _EXPECTED_TYPES.items() if path.endswith(suffix)), "")


def is_same_page(url: str, other_url: str) -> bool:
    """Whether two addresses are one page to an archive; it never sees a fragment."""
    return canonical_key(url.partition("#")[0]) == canonical_key(other_url.partition("#")[0])


def assess_capture(content: CaptureContent) -> CaptureAssessment:
    """The assessment of the first archive detector that has one, else that of the live page's detectors."""
    look = read_capture(content)
    for detect in _CAPTURE_DETECTORS:
        if (assessment := detect(content, look)) is not None:
            return assessment
    return _grade_page(look, content)


def read_capture(content: CaptureContent) -> Look:
    """A capture as a look at the cited address."""
    cited_url = content.cited_url.partition("#")[0]
    is_elsewhere = bool(content.final_url) and not is_same_page(cited_url, content.final_url)
    final_url = content.final_url if is_elsewhere else cited_url
    probe = Probe(
        cited_url,
        datetime.fromtimestamp(0, UTC),
        status=content.status,
        final_url=final_url,
        hops=(Hop(cited_url, 301, final_url),) if is_elsewhere and content.redirected else (),
        headers=_original_headers(content),
        body=content.body,
        truncated=content.is_cut,
    )
    return Look(LookRequest(LookKind.PAGE, cited_url), probe)


def _original_headers(content: CaptureContent) -> tuple[tuple[str, str], ...]:
    """The headers of the captured answer that still hold of its decoded body."""
    headers = tuple(
        (name.removeprefix(ORIGINAL_PREFIX), value)
        for name, value in content.headers
        if name.startswith(ORIGINAL_PREFIX) and name.removeprefix(ORIGINAL_PREFIX) not in _DECODED_HEADERS
    )
    if any(name == "content-type" for name, _ in headers):
        return headers
    declared = next((value for name, value in content.headers if name == "content-type"), content.mimetype)
    return (*headers, ("content-type", declared))


def _detect_error(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """An archived error or refusal, or a redirect whose target is not archived."""
    if 200 <= content.status < 300:
        return None
    if 300 < content.status < 400:
        return _reject("redirect-unresolved")
    assessment = _assess_page(look)
    if assessment.is_alive:
        return None
    word = _name_fault(look, assessment)
    return _reject(f"status-{content.status}", *((word,) if word in ("challenge", "blocked", "login") else ()))


def _detect_other_address(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """A capture of another page than the cited one, without an archived redirect that leads there."""
    return _reject("other-address") if look.page.url != look.probe.url and not look.probe.hops else None


def _detect_lost_way(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """An archived redirect to a login, a front page, or the site of somebody else."""
    cited_url, final_url = look.probe.url, look.page.url
    if not look.probe.hops:
        return None
    if _LOGIN_PATH.search(urlsplit(final_url).path) and not _LOGIN_PATH.search(urlsplit(cited_url).path):
        return _reject("login")
    if is_short_link(cited_url):
        return None
    if is_home_url(final_url) and not is_home_url(cited_url):
        return _reject("redirect-to-root")
    is_foreign = look.redirect_rank in (RedirectRank.OWNER, RedirectRank.OWNER_HOME)
    return _reject("other-site") if is_foreign and not _has_same_publisher(cited_url, final_url) else None


def _detect_other_type(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """An empty capture, or a page where the address promises a file."""
    if not content.body:
        return _reject("empty")
    is_page = look.page.is_html or is_html_body("", content.body)
    return _reject("type-mismatch") if is_page and expected_type(content.cited_url) else None


def _detect_archive_page(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """The archive's own word that it has no copy, shown or captured as if it were one."""
    page = look.page
    if not page.is_html or page.has_words(_NOT_ARCHIVED_WORDS) or not _NOT_ARCHIVED_PAGE.search(page.visible_text):
        return None
    return _reject("not-archived-page")


def _detect_listing(content: CaptureContent, look: Look) -> CaptureAssessment | None:
    """A server's list of files under the address of a document."""
    is_listing = _LISTING_TITLE.match(look.page.title) is not None
    return _suspect("listing") if is_listing and not urlsplit(look.probe.url).path.endswith("/") else None


_CAPTURE_DETECTORS: tuple[_CaptureDetector, ...] = (
    _detect_error,
    _detect_other_address,
    _detect_lost_way,
    _detect_other_type,
    _detect_archive_page,
    _detect_listing,
)


def _reject(*faults: str) -> CaptureAssessment:
    return CaptureAssessment(CaptureGrade.BAD, faults)


def _suspect(*faults: str) -> CaptureAssessment:
    return CaptureAssessment(CaptureGrade.SUSPECT, faults)


def _has_same_publisher(cited_url: str, final_url: str) -> bool:
    """Whether a redirect to another host stays with the publisher: the same document, or a name that holds the old."""
    if keeps_address_words(cited_url, final_url):
        return True
    cited_host, final_host = url_host(cited_url), url_host(final_url)
    names = sorted((registrable_domain(host).partition(".")[0] for host in (cited_host, final_host)), key=len)
    is_repeated = len(names[0]) >= _MIN_SHARED_LABEL and (names[1].startswith(names[0]) or names[1].endswith(names[0]))
    return is_repeated or is_same_owner(cited_host, final_host)


def _assess_page(look: Look) -> Assessment:
    return assess_look(look, Evidence(look.probe.url, look.probe.asked_at, platforms=False))


def _grade_page(look: Look, content: CaptureContent) -> CaptureAssessment:
    """What the live page's detectors say of a capture."""
    assessment = _assess_page(look)
    if Want.REFRESH in assessment.wants:
        return CaptureAssessment(CaptureGrade.SUSPECT, ("refresh",), assessment.target)
    if Want.CONTROL in assessment.wants and _is_article_about_errors(look.page):
        return CaptureAssessment(CaptureGrade.GOOD)  # no invented address can be asked in an archive
    if assessment.is_alive:
        is_trade = look.page.is_html and bool(find_repeated_trade(look.page))
        return _suspect("hijacked") if is_trade else CaptureAssessment(CaptureGrade.GOOD)
    confidence = assessment.confidence or float(find_reason_row(assessment.reason)["confidence"])
    is_absence = assessment.reason in _ABSENCE_REASONS and (content.is_cut or look.page.has_empty_mount)
    is_partial = assessment.reason is Reason.PAYWALL
    is_doubtful = confidence <= MAX_SUSPICION or is_absence or is_partial
    grade = CaptureGrade.SUSPECT if is_doubtful else CaptureGrade.BAD
    return CaptureAssessment(grade, (_name_fault(look, assessment),))


def _is_article_about_errors(page: WebPage) -> bool:
    """Whether a page whose words are those of an error is a long article under a headline of its own."""
    return has_headline(page) and page.is_article and page.main_word_count >= THIN_WORDS


def name_reason(reason: Reason) -> str:
    """The word for what a verdict found instead of the page."""
    return _REASON_WORDS.get(reason, reason.value)


def _name_fault(look: Look, assessment: Assessment) -> str:
    """The word for what the judge found instead of the page."""
    if assessment.detail == "one-for-all":
        return "unspecific"
    if assessment.reason is Reason.BLOCKED:
        return "challenge" if find_signatures(SignatureTable.WALLS, look) else "blocked"
    if assessment.reason is Reason.EMPTY:
        return "no-text"
    return name_reason(assessment.reason)
