"""What the renderers call things: the field's words, in a person's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from cite_audit.model import Finding, FindingState, Report, Severity
from cite_audit.report.counts import format_count
from cite_audit.report.render.media.sanitizer import sanitize_line

__all__ = [
    "ARCHIVE_LABELS",
    "UNKNOWN_REASONS",
    "describe_indicators",
    "describe_states",
    "format_count",
    "format_severity_counts",
    "group_name",
    "measure_name",
]

# reason → what an editor is told about links that could not be judged
UNKNOWN_REASONS = {
    "blocked": "turned our robot away",
    "geo-blocked": "answered only in some countries",
    "login-required": "asked for a login",
    "paywall": "asked for a subscription",
    "consent-wall": "asked for consent first",
    "js-shell": "showed nothing without a browser",
    "rate-limited": "asked us to come back later",
    "server-error": "answered with a server error",
    "timeout": "did not answer in time",
    "refused": "refused the connection",
    "dns-temporary": "could not be looked up just now",
    "tls-failure": "showed a certificate that is not trusted here",
    "protocol-error": "answered in a broken way",
    "empty": "sent an empty page",
    "unsafe": "led to a private address from here",
    "offline": "went unasked: the run was offline",
    "deadline": "went unasked: time was up",
}

ARCHIVE_LABELS = {
    "archived": "archived",
    "archived_bad": "only a bad capture",
    "excluded": "kept out of the archive",
    "not_archived": "not archived",
    "unknown": "archive could not tell",
    "unchecked": "archive not asked",
}

# what a count of findings says beside the severities of the open ones
STATE_PHRASES = {
    FindingState.KNOWN: "known from the baseline",
    FindingState.RESOLVED: "of the baseline resolved",
    FindingState.IGNORED: "ignored",
}


def describe_indicators(report: Report) -> str:
    """`12 indicators, not asked` and why; empty where a report names none."""
    if not report.indicators:
        return ""
    return f"{format_count(len(report.indicators), 'indicator')} of compromise, no sources: not asked, not graded"


def group_name(name: str) -> str:
    """The readable name of a group."""
    from cite_audit.report.sources.groups import GROUPS  # the registry behind it is not needed to count links

    return GROUPS.get(name) or sanitize_line(name.replace("_", " "))


def measure_name(name: str) -> str:
    """The readable name of a measure of the grade."""
    from cite_audit.report.grading.measures import NETWORK_MEASURES  # grading is not needed to count links

    return NETWORK_MEASURES.get(name) or sanitize_line(name.replace("_", " "))


def describe_states(findings: Iterable[Finding], *, among: bool = True) -> list[str]:
    """`2 of them known from the baseline`, `1 ignored`, to stand behind a count; `among`: it counts known ones, too."""
    counts = Counter(finding.state for finding in findings)
    phrases = STATE_PHRASES | ({FindingState.KNOWN: f"of them {STATE_PHRASES[FindingState.KNOWN]}"} if among else {})
    return [f"{counts[state]} {phrase}" for state, phrase in phrases.items() if counts[state]]


def format_severity_counts(counts: Mapping[Severity, int]) -> str:
    """`2 errors, 1 warning, 5 remarks`; severities without findings are left out."""
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "remark"}  # a note is a footnote here
    return ", ".join(format_count(counts[severity], name) for severity, name in names.items() if counts.get(severity))
