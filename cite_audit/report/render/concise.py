"""One line for each finding, as editors and scripts read them: `path:line:col: CA101 [*] link-gone: message`.

`[*]` marks what `cite-audit fix` can mend by itself. A report that could not be read is `path:1:1: unread: problem`.
Lines are never wrapped.
"""

from __future__ import annotations

from cite_audit.model import Audit, Finding
from cite_audit.report.render.clean import clean

OPTIONS: tuple[str, ...] = ()


def render(audit: Audit) -> str:
    """Unread reports, then new and known findings in the order of the reports' notes; empty without any."""
    unread = "".join(f"{clean(one.path)}:1:1: unread: {clean(one.problem)}\n" for one in audit.unread)
    return unread + "".join(
        f"{line(finding)}\n"
        for report in audit.reports
        for finding in audit.findings.get(report.path, ())
        if finding.state in ("new", "known")
    )


def line(finding: Finding) -> str:
    """One finding on one line."""
    where = finding.location
    mendable = " [*]" if any(fix.applicability == "safe" for fix in finding.fixes) else ""
    note = f" (note {finding.note})" if finding.note is not None else ""
    known = " [known]" if finding.state == "known" else ""
    said = f"{clean(finding.url)}: {clean(finding.message)}" if finding.url else clean(finding.message)
    head = f"{clean(where.path)}:{where.line}:{where.column}: {finding.rule}{mendable} {finding.name}"
    return f"{head}: {said}{note}{known}"
