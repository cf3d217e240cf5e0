"""Why a link has its verdict, in plain words: every look, what was seen, and what would change it."""

from __future__ import annotations

from cite_audit.model import Health, Probe, Verdict, VerdictState
from cite_audit.resolve.check.base import Evidence, LookRequest
from cite_audit.resolve.judge.assessment import find_reason_row
from cite_audit.resolve.judge.page.html_page import WebPage, sanitize_page_text

_LOOK_KINDS = {
    "page": "the page",
    "swap": "the same address, by another scheme or with www changed",
    "sibling": "an invented address beside it, to see how the site answers for what cannot exist",
    "host-sibling": "an invented address of the site",
    "home": "the home page",
    "platform": "the platform's own service for this",
    "refresh": "where the page sends its visitors on to",
    "memento": "the archived copy",
}
_PROFILES = {"plain": "as this program", "browser": "as a browser would"}


def describe_look(look_request: LookRequest, probe: Probe) -> str:
    """One look, in one sentence."""
    kind = _LOOK_KINDS.get(look_request.kind, look_request.kind)
    description = f"{kind}, {_PROFILES.get(look_request.profile, look_request.profile)}"
    return f"{description}: {look_request.url}"


def describe_answer(probe: Probe) -> list[str]:
    """What a look showed: redirects, status or failure, title, size."""
    lines = [f"{hop.status} → {hop.location}" for hop in probe.hops]
    if probe.failure and not probe.status:
        lines.append(
            f"no answer: {probe.failure.kind}" + (f" ({probe.failure.detail})" if probe.failure.detail else "")
        )
        return lines
    page = WebPage(probe)
    summary = f"status {probe.status}, {page.content_type.partition(';')[0] or 'no type'}, {len(probe.body):,} bytes"
    if page.is_textual:
        summary += f", {page.word_count:,} words"
    if page.encoding and page.encoding != "utf-8":
        summary += f", read as {page.encoding}"
    lines.append(f"{summary}, {probe.elapsed:.1f} s")
    if page.is_html and page.title:
        lines.append(f"title: {page.title[:120]}")
    if probe.failure:
        lines.append(f"then it broke off: {probe.failure.kind}; what had come was judged")
    if probe.flags:
        lines.append(f"noted: {', '.join(probe.flags)}")
    return lines


def describe_change(verdict: Verdict) -> str:
    """What would change the verdict."""
    if verdict.health is Health.ALIVE and not find_reason_row(verdict.reason)["change"]:
        return "a look that shows an error page, a wall or nothing"
    return find_reason_row(verdict.reason)["change"] or "nothing but another address"


def plain_meaning(verdict: Verdict) -> str:
    """The verdict in plain words."""
    return find_reason_row(verdict.reason)["plain"]


def describe_earlier_verdict(evidence: Evidence, earlier_verdict: Verdict) -> str:
    """When it was seen what is judged again, and what was said of it then."""
    seen_at = f"{evidence.now:%Y-%m-%d at %H:%M} UTC"
    return f"seen on {seen_at}, and then called {earlier_verdict.health}: {earlier_verdict.reason}"


def explain_verdict(evidence: Evidence, verdict: Verdict) -> list[tuple[str, list[str]]]:
    """The whole account as (heading, lines)."""
    sections = []
    for number, (look_request, probe) in enumerate(evidence.looks, 1):
        sections.append((f"Look {number}: {describe_look(look_request, probe)}", describe_answer(probe)))
    if not sections:
        sections.append(("No look was needed", ["the address itself tells"]))
    certainty = "confirmed" if verdict.state == VerdictState.CONFIRMED else "suspected: a later run would confirm it"
    head = f"{verdict.health}: {verdict.reason}" + (f" ({verdict.detail})" if verdict.detail else "")
    lines = [plain_meaning(verdict), *verdict.evidence, f"confidence {verdict.confidence:.0%}, {certainty}"]
    if verdict.moved_to:
        lines.append(f"new address: {verdict.moved_to}")
    sections.append((f"Verdict: {head}", lines))
    sections.append(("What would change it", [describe_change(verdict)]))
    return [(sanitize_page_text(heading), [sanitize_page_text(line) for line in lines]) for heading, lines in sections]
