"""The explanation of a verdict in plain words: every look, what was seen, and what would change the verdict."""

from __future__ import annotations

from cite_audit.model import Health, Verdict, VerdictState
from cite_audit.resolve.judge.assessment import find_reason_row
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, RequestProfile
from cite_audit.resolve.judge.page.text import sanitize_page_text

_LOOK_KINDS = {
    LookKind.PAGE: "the page",
    LookKind.VARIANT: "the same address, by another scheme or with www changed",
    LookKind.CONTROL: "an invented address beside it, to see how the site answers for what cannot exist",
    LookKind.PLATFORM: "the platform's own service for this",
    LookKind.FRONT: "the front page of the site, to see whether it is what stands here",
    LookKind.REFRESH: "where the page sends its visitors on to",
    LookKind.MEMENTO: "the archived copy",
}
_PROFILES = {RequestProfile.PLAIN: "as this program", RequestProfile.BROWSER: "as a browser would"}


def describe_look(look: Look) -> str:
    """A look, in one sentence."""
    return f"{_LOOK_KINDS[look.kind]}, {_PROFILES[look.request.profile]}: {look.request.url}"


def describe_answer(look: Look) -> list[str]:
    """What a look showed: redirects, status or failure, title, size."""
    probe = look.probe
    lines = [f"{hop.status} → {hop.location}" for hop in probe.hops]
    if probe.failure and not probe.status:
        lines.append(
            f"no answer: {probe.failure.kind}" + (f" ({probe.failure.detail})" if probe.failure.detail else "")
        )
        return lines
    page = look.page
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
    """When the looks that are judged again were taken, and the verdict of then."""
    seen_at = f"{evidence.now:%Y-%m-%d at %H:%M} UTC"
    return f"seen on {seen_at}, and then called {earlier_verdict.health}: {earlier_verdict.reason}"


def explain_verdict(evidence: Evidence, verdict: Verdict) -> list[tuple[str, list[str]]]:
    """The explanation as sections of (heading, lines), fit for display."""
    sections = []
    for number, look in enumerate(evidence.looks, 1):
        sections.append((f"Look {number}: {describe_look(look)}", describe_answer(look)))
    if not sections:
        sections.append(("No look was needed", ["the address itself tells"]))
    certainty = "confirmed" if verdict.state is VerdictState.CONFIRMED else "suspected: a later run would confirm it"
    head = f"{verdict.health}: {verdict.reason}" + (f" ({verdict.detail})" if verdict.detail else "")
    lines = [plain_meaning(verdict), *verdict.evidence, f"confidence {verdict.confidence:.0%}, {certainty}"]
    if verdict.moved_to:
        lines.append(f"new address: {verdict.moved_to}")
    sections.append((f"Verdict: {head}", lines))
    sections.append(("What would change it", [describe_change(verdict)]))
    return [(sanitize_page_text(heading), [sanitize_page_text(line) for line in lines]) for heading, lines in sections]
