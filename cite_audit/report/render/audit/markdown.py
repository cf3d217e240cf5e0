"""Markdown for a job summary or a pull-request comment: GitHub's dialect, nothing in it acts by itself.

Remote text cannot link, mention, reference, format or break out; addresses stand in code spans. What is new comes
first, what is known is folded. Services refuse what is too long: both stay within bytes and say what they leave out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cite_audit.model import Audit, Finding, FindingState, Fix, Grade, Report, Severity
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import (
    describe_states,
    format_count,
    format_severity_counts,
    group_name,
    measure_name,
)
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.media.markdown import escape_markdown, format_code_span, format_link
from cite_audit.report.render.media.size_limit import DocumentPart, fit_parts
from cite_audit.urls import unwrap_url

MAX_SUMMARY_BYTES = 1_000_000  # a job's summary may hold 1 MiB
MAX_COMMENT_BYTES = 60_000  # a comment may hold 65,536 characters
COMMENT_MARK = "<!-- cite-audit -->"  # by which the comment is found again; ci/github_post.py knows it, too
TABLE_HEAD = (
    "| report | grade | citations | errors | warnings | remarks |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
)
ICONS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as a Markdown document: a table of reports, then each report's findings, new and worst ones first."""
    return fit_parts(list(_list_parts(audit)), MAX_SUMMARY_BYTES)


def render_comment(audit: Audit, options: RenderOptions) -> str:
    """The same for a comment that is found again by its mark and written anew."""
    mark = DocumentPart(rank=0, items=(), opening=(COMMENT_MARK,), closing=())
    return fit_parts([mark, *_list_parts(audit)], MAX_COMMENT_BYTES)


def _list_parts(audit: Audit) -> Iterator[DocumentPart]:
    yield DocumentPart(rank=0, opening=("# Citation audit", "", _summarize_audit(audit)), items=())
    if audit.reports:
        rows = [_render_summary_row(audit, report) for report in audit.reports]
        yield DocumentPart(rank=2, opening=TABLE_HEAD, items=rows, noun="reports")
    unread = [
        f"- ❌ {format_code_span(unread.path)} could not be read: {escape_markdown(unread.problem)}"
        for unread in audit.unread
    ]
    remarks = [f"> {escape_markdown(format_sentence(remark))}\n" for remark in audit.remarks]
    if unread or remarks:
        yield DocumentPart(rank=1, items=[*unread, *remarks], closing=(), noun="remarks")
    for report in audit.reports:
        yield from _list_report_parts(audit, report)


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


def _list_report_parts(audit: Audit, report: Report) -> Iterator[DocumentPart]:
    findings = audit.findings.get(report.path, ())
    open_findings = sorted((finding for finding in findings if finding.is_open), key=_worst_first)
    counts = format_severity_counts(Counter(finding.severity for finding in open_findings)) or "Nothing to mend"
    heading = (
        f"## {format_code_span(report.path)}",
        "",
        f"{', '.join([counts, *describe_states(findings)])}.",
        "",
    )
    new = [finding for finding in open_findings if finding.state != FindingState.KNOWN]
    known = [finding for finding in open_findings if finding.state == FindingState.KNOWN]
    problems = _render_findings(report, [finding for finding in new if finding.severity is not Severity.NOTE])
    remarks = _render_findings(report, [finding for finding in new if finding.severity is Severity.NOTE])
    yield DocumentPart(rank=3, opening=heading, items=problems, closing=("",) if problems else (), noun="findings")
    if remarks:
        yield _fold(remarks, "remark", rank=5)
    if known:
        yield _fold(_render_findings(report, known), "known finding", rank=6)
    if grade := audit.grades.get(report.path):
        yield DocumentPart(rank=4, items=["\n".join(_render_grade_markdown(grade))], closing=(), noun="grades")


def _fold(items: Sequence[str], noun: str, rank: int) -> DocumentPart:
    opening = ("<details>", f"<summary>{format_count(len(items), noun)}</summary>", "")
    return DocumentPart(rank=rank, opening=opening, items=items, closing=("", "</details>", ""), noun=f"{noun}s")


def _worst_first(finding: Finding) -> tuple[int, int, int, int]:
    return (list(Severity).index(finding.severity), finding.note or 0, finding.location.line, finding.location.column)


def _format_offer(fix: Fix) -> str:
    """An archived copy is a link with its date; any other replacement is spelled out."""
    if unwrap_url(fix.replacement) is not None and fix.title:
        return f" {format_link(fix.title, fix.replacement)}"
    return f" {escape_markdown(fix.title)} {format_link(fix.replacement, fix.replacement)}"


def _render_findings(report: Report, findings: Sequence[Finding]) -> list[str]:
    raw_by_citation = {(c.note, c.link.url): c.link.raw for c in reversed(report.citations)}
    return [_render_finding(report, finding, raw_by_citation) for finding in findings]


def _render_finding(report: Report, finding: Finding, raw_by_citation: Mapping[tuple[int | None, str], str]) -> str:
    place_label = escape_markdown(describe_place(report, finding))
    raw = raw_by_citation.get((finding.note, finding.url), finding.url)
    address = f" {format_code_span(raw)}" if finding.url else ""
    place_text = place_label and f" **{place_label}**"
    head = f"{ICONS[finding.severity]}{place_text}{address} {finding.rule} {finding.name}"
    offers = "".join(map(_format_offer, finding.fixes[:2]))
    return f"- {head}: {escape_markdown(finding.message)}{offers}"


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
