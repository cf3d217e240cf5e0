"""Looks that did not end in a page: failures of the network, and statuses other than success."""

from __future__ import annotations

from cite_audit.model import FailureKind, Health, Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge import marks, siblings
from cite_audit.resolve.judge.likeness import covers, shared
from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.phrases import heading_is, holds, is_number
from cite_audit.resolve.judge.tables import rows
from cite_audit.resolve.judge.view import View
from cite_audit.urls import host

ARTICLE = 250  # words; error pages are shorter


def failed(probe: Probe) -> View:
    """A look without an answer."""
    assert probe.failure is not None
    row = next(row for row in rows("failures") if row["kind"] == probe.failure.kind)
    says = row["says"]
    if probe.failure.detail and probe.failure.detail not in says:
        says = f"{says} ({probe.failure.detail})"
    view = View(Reason(row["reason"]), (says,), row["detail"], wants=row["next"])
    if probe.failure.kind is FailureKind.UNSAFE_NAME:
        return View(view.reason, view.says, view.detail, health=Health.UNKNOWN, confidence=0.9)
    if probe.failure.kind is FailureKind.TLS_INCOMPLETE_CHAIN:
        return View(view.reason, view.says, view.detail, confidence=0.6)
    if view.reason in (Reason.TIMEOUT, Reason.REFUSED) and fenced(probe.url):
        return view.also(f"hosts under {fenced(probe.url)} often answer only inside their country")
    return view


def fenced(url: str) -> str:
    """The suffix of hosts known to answer only at home that an address is under, or the empty string."""
    name = host(url)
    for row in rows("fenced"):
        if name == row["suffix"] or name.endswith("." + row["suffix"]):
            return row["suffix"]
    return ""


def refused(evidence: Evidence, probe: Probe, page: Page) -> View:
    """A status that is no success and shows no guard: what the table says, unless the page itself says more."""
    status = probe.status or 0
    view = by_status(status)
    if status >= 400 and page.html and page.words >= ARTICLE and (shown := _article(evidence, probe, page)):
        return shown
    gate = next(iter(marks.found("gates", probe, page)), None)
    if gate and (gate.reason != Reason.PAYWALL or status != 404):
        return View(Reason(gate.reason), (gate.says, *view.says), gate.rule)
    if status == 403 and (suffix := fenced(probe.url)):
        says = f"a bare refusal by a host under {suffix}; such hosts often answer only inside their country"
        return View(Reason.GEO_BLOCKED, (says,), "geo-or-blocked", wants="browser", confidence=0.6)
    if status == 401 and probe.header("www-authenticate"):
        return View(Reason.LOGIN_REQUIRED, ("the server asks for a name and a password (401)",), "http-auth")
    if status == 429 and probe.header("retry-after"):
        return View(view.reason, view.says, view.detail)
    return view


def by_status(status: int) -> View:
    """What the table says of a status."""
    table = {row["status"]: row for row in rows("statuses")}
    row = table.get(str(status)) or table.get(f"{status // 100}xx") or table["4xx"]
    says = row["says"] if str(status) in row["says"] else f"{row['says']} ({status})"
    return View(Reason(row["reason"]), (says,), row["detail"], wants=row["next"])


def _article(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """The article although the status says otherwise: a wrongly set server shows it to every reader.

    Proof is the citing sentence or the archived copy; without them a page that calls itself an article and that
    invented addresses do not get.
    """
    if any(heading_is(text, "not-found", "removed", "maintenance") or is_number(text) for text in page.headings):
        return None
    says = f"the page is there although the status says {probe.status}"
    if covers(page.title, evidence.quotes):
        return View(Reason.OK, (says, "its title is the one cited"), "wrong-status", confidence=0.8)
    if memento := evidence.look("memento"):
        if shared(page.main, Page(memento).main) >= 0.6:
            return View(Reason.OK, (says, "its text is the archived one"), "wrong-status", confidence=0.8)
        return None
    if evidence.memento and evidence.memento.good:
        return View(by_status(probe.status or 0).reason, (says,), wants="memento")
    if holds(page.main[:600], "not-found"):
        return None
    other = evidence.look("sibling")
    if other is None:
        return View(by_status(probe.status or 0).reason, (says,), wants="sibling")
    if other.status is not None and siblings.likeness(page, probe, other) < 0.5:
        proof = "an invented address beside it gets another text"
        return View(Reason.OK, (says, proof), "wrong-status", confidence=0.6)
    return None
