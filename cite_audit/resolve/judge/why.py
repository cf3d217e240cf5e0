"""Why a link has its verdict, in plain words: every look, what was seen, and what would change it."""

from __future__ import annotations

from cite_audit.model import Health, Probe, Verdict
from cite_audit.resolve.base import Ask, Evidence
from cite_audit.resolve.judge.page import Page, tame
from cite_audit.resolve.judge.view import reason_row

_KINDS = {
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


def look_line(ask: Ask, probe: Probe) -> str:
    """One look, in one sentence."""
    asked = f"{_KINDS.get(ask.kind, ask.kind)}, {_PROFILES.get(ask.profile, ask.profile)}"
    return f"{asked}: {ask.url}"


def seen_lines(probe: Probe) -> list[str]:
    """What a look showed: redirects, status or failure, title, size."""
    lines = [f"{hop.status} → {hop.location}" for hop in probe.hops]
    if probe.failure and not probe.status:
        lines.append(
            f"no answer: {probe.failure.kind}" + (f" ({probe.failure.detail})" if probe.failure.detail else "")
        )
        return lines
    page = Page(probe)
    seen = f"status {probe.status}, {page.content_type.partition(';')[0] or 'no type'}, {len(probe.body):,} bytes"
    if page.textual:
        seen += f", {page.words:,} words"
    if page.encoding and page.encoding != "utf-8":
        seen += f", read as {page.encoding}"
    lines.append(f"{seen}, {probe.elapsed:.1f} s")
    if page.html and page.title:
        lines.append(f"title: {page.title[:120]}")
    if probe.failure:
        lines.append(f"then it broke off: {probe.failure.kind}; what had come was judged")
    if probe.flags:
        lines.append(f"noted: {', '.join(probe.flags)}")
    return lines


def change_line(verdict: Verdict) -> str:
    """What would change the verdict."""
    if verdict.health is Health.ALIVE and not reason_row(verdict.reason)["change"]:
        return "a look that shows an error page, a wall or nothing"
    return reason_row(verdict.reason)["change"] or "nothing but another address"


def meaning(verdict: Verdict) -> str:
    """The verdict in plain words."""
    return reason_row(verdict.reason)["plain"]


def seen_before(evidence: Evidence, then: Verdict) -> str:
    """When it was seen what is judged again, and what was said of it then."""
    return f"seen on {evidence.now:%Y-%m-%d at %H:%M} UTC, and then called {then.health}: {then.reason}"


def explain(evidence: Evidence, verdict: Verdict) -> list[tuple[str, list[str]]]:
    """The whole account as (heading, lines)."""
    account = []
    for number, (ask, probe) in enumerate(evidence.looks, 1):
        account.append((f"Look {number}: {look_line(ask, probe)}", seen_lines(probe)))
    if not account:
        account.append(("No look was needed", ["the address itself tells"]))
    sure = "confirmed" if verdict.state == "confirmed" else "suspected: a later run would confirm it"
    head = f"{verdict.health}: {verdict.reason}" + (f" ({verdict.detail})" if verdict.detail else "")
    lines = [meaning(verdict), *verdict.evidence, f"confidence {verdict.confidence:.0%}, {sure}"]
    if verdict.moved_to:
        lines.append(f"new address: {verdict.moved_to}")
    account.append((f"Verdict: {head}", lines))
    account.append(("What would change it", [change_line(verdict)]))
    return [(tame(heading), [tame(line) for line in lines]) for heading, lines in account]
