"""One line for each finding, as editors and scripts read them: `path:line:col: error: CA101 [*] link-gone: message`.

`[*]` marks what `cite-audit fix` can mend by itself. An unread report is `path:1:1: error: unread: problem`.
Lines are never wrapped.
"""

from __future__ import annotations

from cite_audit.model import Audit, Finding, FindingState
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line


def render(audit: Audit, options: RenderOptions) -> str:
    """Unread reports, then new and known findings in the order of the reports' notes; empty without any."""
    unread = "".join(
        f"{sanitize_line(entry.path)}:1:1: error: unread: {sanitize_line(entry.problem)}\n" for entry in audit.unread
    )
    return unread + "".join(
        f"{format_finding_line(finding)}\n"
        for report in audit.reports
        for finding in audit.findings.get(report.path, ())
        if finding.is_open
    )


def format_finding_line(finding: Finding) -> str:
    """One finding on one line."""
    location = finding.location
    fixable_mark = " [*]" if finding.has_safe_fix else ""
    note = f" (note {finding.note})" if finding.note is not None else ""
    known_mark = " [known]" if finding.state == FindingState.KNOWN else ""
    body = (
        f"{sanitize_line(finding.url)}: {sanitize_line(finding.message)}"
        if finding.url
        else sanitize_line(finding.message)
    )
    head = (
        f"{sanitize_line(location.path)}:{location.line}:{location.column}: {finding.severity}: "
        f"{finding.rule}{fixable_mark} {finding.name}"
    )
    return f"{head}: {body}{note}{known_mark}"
