"""Markdown for a job summary or a pull-request comment: GitHub's dialect, nothing in it acts by itself.

Remote text cannot link, mention, reference, format or break out; addresses stand in code spans.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from cite_audit.model import Audit, Finding, Fix, Grade, Report, Severity
from cite_audit.report.render.clean import clean
from cite_audit.report.render.places import place
from cite_audit.report.render.wording import amount, count, group, measure
from cite_audit.report.rules import sentence
from cite_audit.urls import unwrap

OPTIONS: tuple[str, ...] = ()
SHOWN = 150  # findings a report; a comment may hold 65,536 characters, a summary 1 MiB
ICONS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}
_MARKS = re.compile(r"^[-+=]|[\\`*_{}\[\]()<>#!|~$^]")


def render(audit: Audit) -> str:
    """The audit as a Markdown document: a table of reports, then each report's findings, worst first."""
    lines = ["# Citation audit", "", _summary(audit), ""]
    if audit.reports:
        lines += [
            "| report | grade | citations | errors | warnings | remarks |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
        ]
        lines += [_row(audit, report) for report in audit.reports]
        lines.append("")
    for unread in audit.unread:
        lines.append(f"- ❌ {code(unread.path)} could not be read: {escape(unread.problem)}")
    lines += [f"> {escape(sentence(remark))}\n" for remark in audit.remarks]
    for report in audit.reports:
        lines += _report(audit, report)
    return "\n".join(lines).rstrip("\n") + "\n"


def escape(text: str) -> str:
    """Text that stays text: no markup, links, mentions or references come of it."""
    text = _MARKS.sub(r"\\\g<0>", clean(text).replace("&", "&amp;"))
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "@&#8203;")
    return re.sub(r"^(\d+)\.", r"\1\\.", text).replace("\\#", "\\#&#8203;")


def code(text: str, *, cell: bool = False) -> str:
    """A code span whose fence is longer than any run of backticks inside; in a table's cell bars are escaped."""
    text = clean(text) or " "
    text = text.replace("|", "\\|") if cell else text
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def link(text: str, url: str) -> str:
    """A link where the address is one of the web; a code span where it is not."""
    url = clean(url)
    if not re.match(r"https?://[^\s/]", url, re.I):
        return code(url)
    return f"[{escape(text)}](<{quote(url, safe=':/?#[]@!$&()*+,;=%~_.-' + chr(39))}>)"


def _summary(audit: Audit) -> str:
    counts = audit.counts
    said = f"{count(counts['citations'], 'citation')} of {count(counts['links'], 'link')} in "
    said += f"{count(counts['reports'], 'report')}: {counts['alive']} alive, {counts['broken']} broken, "
    said += f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked."
    return said + (" **The run is incomplete.**" if audit.incomplete else "")


def _row(audit: Audit, report: Report) -> str:
    found = Counter(f.severity for f in audit.findings.get(report.path, ()) if f.state in ("new", "known"))
    grade = audit.grades.get(report.path)
    cells = [code(report.path, cell=True), (grade.letter if grade else None) or "–", str(len(report.citations))]
    return f"| {' | '.join([*cells, *(str(found[severity]) for severity in Severity)])} |"


def _report(audit: Audit, report: Report) -> Iterator[str]:
    findings = audit.findings.get(report.path, ())
    states = Counter(f.state for f in findings)
    open_ = [f for f in findings if f.state in ("new", "known")]
    yield f"## {code(report.path)}"
    yield ""
    debt = [f"{states[s]} {s}" for s in ("known", "resolved", "ignored") if states[s]]
    yield ", ".join([amount(Counter(f.severity for f in open_)) or "Nothing to mend", *debt]) + "."
    yield ""
    loud = sorted((f for f in open_ if f.severity is not Severity.NOTE), key=_worst_first)
    yield from _list(report, loud)
    quiet = sorted((f for f in open_ if f.severity is Severity.NOTE), key=_worst_first)
    if quiet:
        yield from ("<details>", f"<summary>{count(len(quiet), 'remark')}</summary>", "")
        yield from _list(report, quiet)
        yield from ("</details>", "")
    if grade := audit.grades.get(report.path):
        yield from _grade(grade)


def _worst_first(finding: Finding) -> tuple[bool, int, int, int]:
    return (finding.severity is not Severity.ERROR, finding.note or 0, finding.location.line, finding.location.column)


def _offer(fix: Fix) -> str:
    """An archived copy is a link with its date; any other replacement is spelled out."""
    if unwrap(fix.replacement) is not None and fix.title:
        return f" {link(fix.title, fix.replacement)}"
    return f" {escape(fix.title)} {link(fix.replacement, fix.replacement)}"


def _list(report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    raws = {(c.note, c.link.url): c.link.raw for c in reversed(report.citations)}
    for finding in findings[:SHOWN]:
        where = place(report, finding)
        address = f" {code(raws.get((finding.note, finding.url), finding.url))}" if finding.url else ""
        known = " (known)" if finding.state == "known" else ""
        head = f"{ICONS[finding.severity]}{where and f' **{where}**'}{address} {finding.rule} {finding.name}{known}"
        offers = "".join(map(_offer, finding.fixes[:2]))
        yield f"- {head}: {escape(finding.message)}{offers}"
    if len(findings) > SHOWN:
        yield f"- … and {len(findings) - SHOWN} more; the other formats show all"
    if findings:
        yield ""


def _grade(grade: Grade) -> Iterator[str]:
    if grade.groups:
        yield from ("| who is cited | citations | share |", "| --- | ---: | ---: |")
        for name, share in sorted(grade.groups.items(), key=lambda row: -row[1].share):
            if share.citations:
                yield f"| {escape(group(name))} | {share.citations} | {share.share:.0%} |"
        yield ""
    for deduction in grade.deductions:
        yield f"- −{deduction.points:.1f} {escape(deduction.text or measure(deduction.measure))}"
    if grade.deductions:
        yield ""
    if grade.gradable:
        score = "" if grade.score is None else f" ({grade.score:.1f} of 100)"
        left_out = f" Not counted: {escape(', '.join(map(measure, grade.not_run)))}." if grade.not_run else ""
        caveat = ", provisional" if grade.provisional else ""
        yield f"**Grade {grade.letter or 'without a letter'}**{score}{caveat}.{left_out}"
    else:
        yield f"Not gradable: {escape(grade.text or 'there are no notes')}"
    yield ""
