"""Looks that did not end in a page: failures of the network, and statuses other than success."""

from __future__ import annotations

from cite_audit.model import FailureKind, Health, Probe, Reason
from cite_audit.resolve.check.base import Evidence
from cite_audit.resolve.judge import control_url, signatures
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.page.error_phrases import find_phrase, is_error_number, match_heading
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.similarity import is_title_cited, shingle_similarity
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls import url_host

ARTICLE_WORDS = 250  # words; error pages are shorter


def assess_failure(probe: Probe) -> Assessment:
    """A look without an answer."""
    assert probe.failure is not None
    row = next(row for row in read_table("failures") if row["kind"] == probe.failure.kind)
    observation = row["says"]
    if probe.failure.detail and probe.failure.detail not in observation:
        observation = f"{observation} ({probe.failure.detail})"
    assessment = Assessment(Reason(row["reason"]), (observation,), row["detail"], wants=row["next"])
    if probe.failure.kind is FailureKind.UNSAFE_NAME:
        return Assessment(
            assessment.reason, assessment.observations, assessment.detail, health=Health.UNKNOWN, confidence=0.9
        )
    if probe.failure.kind is FailureKind.TLS_INCOMPLETE_CHAIN:
        return Assessment(assessment.reason, assessment.observations, assessment.detail, confidence=0.6)
    if assessment.reason in (Reason.TIMEOUT, Reason.REFUSED) and find_geo_fence(probe.url):
        return assessment.with_observations(
            f"hosts under {find_geo_fence(probe.url)} often answer only inside their country"
        )
    return assessment


def find_geo_fence(url: str) -> str:
    """The suffix of hosts known to answer only at home that an address is under, or the empty string."""
    hostname = url_host(url)
    for row in read_table("fenced"):
        if hostname == row["suffix"] or hostname.endswith("." + row["suffix"]):
            return row["suffix"]
    return ""


def assess_refusal(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment:
    """A status that is no success and shows no guard: what the table says, unless the page itself says more."""
    status = probe.status or 0
    assessment = assess_status(status)
    if (
        status >= 400
        and page.is_html
        and page.word_count >= ARTICLE_WORDS
        and (article_assessment := _assess_wrong_status(evidence, probe, page))
    ):
        return article_assessment
    gate_signature = next(iter(signatures.find_signatures("gates", probe, page)), None)
    if gate_signature and (gate_signature.reason != Reason.PAYWALL or status != 404):
        return Assessment(
            Reason(gate_signature.reason), (gate_signature.says, *assessment.observations), gate_signature.rule
        )
    if status == 403 and (suffix := find_geo_fence(probe.url)):
        observation = f"a bare refusal by a host under {suffix}; such hosts often answer only inside their country"
        return Assessment(Reason.GEO_BLOCKED, (observation,), "geo-or-blocked", wants="browser", confidence=0.6)
    if status == 401 and probe.header("www-authenticate"):
        return Assessment(Reason.LOGIN_REQUIRED, ("the server asks for a name and a password (401)",), "http-auth")
    if status == 429 and probe.header("retry-after"):
        return Assessment(assessment.reason, assessment.observations, assessment.detail)
    return assessment


def assess_status(status: int) -> Assessment:
    """What the table says of a status."""
    rows_by_status = {row["status"]: row for row in read_table("statuses")}
    row = rows_by_status.get(str(status)) or rows_by_status.get(f"{status // 100}xx") or rows_by_status["4xx"]
    observation = row["says"] if str(status) in row["says"] else f"{row['says']} ({status})"
    return Assessment(Reason(row["reason"]), (observation,), row["detail"], wants=row["next"])


def _assess_wrong_status(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """The article although the status says otherwise: a wrongly set server shows it to every reader.

    Proof is the citing sentence or the archived copy; without them a page that calls itself an article and that
    invented addresses do not get.
    """
    if any(
        match_heading(text, "not-found", "removed", "maintenance") or is_error_number(text) for text in page.headings
    ):
        return None
    observation = f"the page is there although the status says {probe.status}"
    if is_title_cited(page.title, evidence.quotes):
        return Assessment(Reason.OK, (observation, "its title is the one cited"), "wrong-status", confidence=0.8)
    if memento := evidence.latest_look("memento"):
        if shingle_similarity(page.main_text, WebPage(memento).main_text) >= 0.6:
            return Assessment(Reason.OK, (observation, "its text is the archived one"), "wrong-status", confidence=0.8)
        return None
    if evidence.memento and evidence.memento.is_good:
        return Assessment(assess_status(probe.status or 0).reason, (observation,), wants="memento")
    if find_phrase(page.main_text[:600], "not-found"):
        return None
    control = evidence.latest_look("sibling")
    if control is None:
        return Assessment(assess_status(probe.status or 0).reason, (observation,), wants="sibling")
    if control.status is not None and control_url.control_similarity(page, probe, control) < 0.5:
        proof = "an invented address beside it gets another text"
        return Assessment(Reason.OK, (observation, proof), "wrong-status", confidence=0.6)
    return None
