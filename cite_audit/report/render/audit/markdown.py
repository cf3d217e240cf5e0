"""Markdown for a job summary or a pull-request comment: GitHub's dialect, nothing in it acts by itself.

Remote text cannot link, mention, reference, format or break out; addresses stand in code spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cite_audit.model import Audit, Finding, FindingState, Fix, Grade, Report, Severity
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import (
    SETTLED_STATES,
    format_count,
    format_severity_counts,
    group_name,
    measure_name,
)
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.media.markdown import escape_markdown, format_code_span, format_link
from cite_audit.urls import unwrap_url

MAX_FINDINGS = 150  # findings a report; a comment may hold 65,536 characters, a summary 1 MiB
ICONS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as a Markdown document: a table of reports, then each report's findings, worst first."""
    lines = ["# Citation audit", "", _summarize_audit(audit), ""]
    if audit.reports:
        lines += [
            "| report | grade | citations | errors | warnings | remarks |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
        ]
        lines += [_render_summary_row(audit, report) for report in audit.reports]
        lines.append("")
    for unread in audit.unread:
        lines.append(f"- ❌ {format_code_span(unread.path)} could not be read: {escape_markdown(unread.problem)}")
    lines += [f"> {escape_markdown(format_sentence(remark))}\n" for remark in audit.remarks]
    for report in audit.reports:
        lines += _render_report_markdown(audit, report)
    return "\n".join(lines).rstrip("\n") + "\n"


def _summarize_audit(audit: Audit) -> str:
    counts = audit.counts
    summary = f"{format_count(counts['citations'], 'citation')} of {format_count(counts['links'], 'link')} in "
    summary += f"{format_count(counts['reports'], 'report')}: {counts['alive']} alive, {counts['broken']} broken, "
    summary += f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked."
    return summary + (" **The run is incomplete.**" if audit.incomplete else "")


def _render_summary_row(audit: Audit, report: Report) -> str:
    count_by_severity = Counter(f.severity for f in audit.findings.get(report.path, ()) if f.is_open)
    grade = audit.grades.get(report.path)
    cells = [
        format_code_span(report.path, cell=True),
        (grade.letter if grade else None) or "–",
        str(len(report.citations)),
    ]
    return f"| {' | '.join([*cells, *(str(count_by_severity[severity]) for severity in Severity)])} |"


def _render_report_markdown(audit: Audit, report: Report) -> Iterator[str]:
    findings = audit.findings.get(report.path, ())
    states = Counter(finding.state for finding in findings)
    open_findings = [finding for finding in findings if finding.is_open]
    yield f"## {format_code_span(report.path)}"
    yield ""
    debt = [f"{states[state]} {state}" for state in SETTLED_STATES if states[state]]
    yield (
        ", ".join(
            [format_severity_counts(Counter(finding.severity for finding in open_findings)) or "Nothing to mend", *debt]
        )
        + "."
    )
    yield ""
    problems = sorted((finding for finding in open_findings if finding.severity is not Severity.NOTE), key=_worst_first)
    yield from _render_finding_list(report, problems)
    remarks = sorted((finding for finding in open_findings if finding.severity is Severity.NOTE), key=_worst_first)
    if remarks:
        yield from ("<details>", f"<summary>{format_count(len(remarks), 'remark')}</summary>", "")
        yield from _render_finding_list(report, remarks)
        yield from ("</details>", "")
    if grade := audit.grades.get(report.path):
        yield from _render_grade_markdown(grade)


def _worst_first(finding: Finding) -> tuple[bool, int, int, int]:
    return (finding.severity is not Severity.ERROR, finding.note or 0, finding.location.line, finding.location.column)


def _format_offer(fix: Fix) -> str:
    """An archived copy is a link with its date; any other replacement is spelled out."""
    if unwrap_url(fix.replacement) is not None and fix.title:
        return f" {format_link(fix.title, fix.replacement)}"
    return f" {escape_markdown(fix.title)} {format_link(fix.replacement, fix.replacement)}"


def _render_finding_list(report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    raw_by_citation = {(c.note, c.link.url): c.link.raw for c in reversed(report.citations)}
    for finding in findings[:MAX_FINDINGS]:
        place_label = escape_markdown(describe_place(report, finding))
        address = (
            f" {format_code_span(raw_by_citation.get((finding.note, finding.url), finding.url))}" if finding.url else ""
        )
        known_mark = " (known)" if finding.state == FindingState.KNOWN else ""
        place_text = place_label and f" **{place_label}**"
        head = f"{ICONS[finding.severity]}{place_text}{address} {finding.rule} {finding.name}{known_mark}"
        offers = "".join(map(_format_offer, finding.fixes[:2]))
        yield f"- {head}: {escape_markdown(finding.message)}{offers}"
    if len(findings) > MAX_FINDINGS:
        yield f"- … and {len(findings) - MAX_FINDINGS} more; the other formats show all"
    if findings:
        yield ""


def _render_grade_markdown(grade: Grade) -> Iterator[str]:
    if grade.groups:
        yield from ("| who is cited | citations | share |", "| --- | ---: | ---: |")
        for name, share in sorted(grade.groups.items(), key=lambda row: -row[1].share):
            if share.citations:
                yield f"| {escape_markdown(group_name(name))} | {share.citations} | {share.share:.0%} |"
        yield ""
    for deduction in grade.deductions:
        yield f"- −{deduction.points:.1f} {escape_markdown(deduction.text or measure_name(deduction.measure))}"
    if grade.deductions:
        yield ""
    if grade.gradable:
        score = "" if grade.score is None else f" ({grade.score:.1f} of 100)"
        left_out = (
            f" Not counted: {escape_markdown(', '.join(map(measure_name, grade.not_run)))}." if grade.not_run else ""
        )
        caveat = ", provisional" if grade.provisional else ""
        yield f"**Grade {grade.letter or 'without a letter'}**{score}{caveat}.{left_out}"
    else:
        yield f"Not gradable: {escape_markdown(grade.text or 'there are no notes')}"
    yield ""
