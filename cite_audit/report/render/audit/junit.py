"""JUnit XML: a suite for each report, a case for each citation and for each finding about no single link."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree as xml  # written, never parsed  # noqa: N813

from cite_audit.model import Audit, Citation, FailOn, Finding, FindingState, Health, Report, Severity, Verdict
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import UNKNOWN_REASONS
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.media.sanitizer import sanitize_line

_SEVERITY_ORDER = ("error", "warning", "note", "never")
_ILLEGAL_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def render(audit: Audit, options: RenderOptions) -> str:
    """Failures are new findings at or above `fail_on`; ignored, unjudged and unasked citations are skipped."""
    root = xml.Element("testsuites", name="cite-audit")
    for report in audit.reports:
        _add_suite(root, audit, report, options.fail_on, options.relative)
    for unread in audit.unread:
        suite = xml.SubElement(root, "testsuite", name=_sanitize_xml(unread.path), tests="1", failures="0", errors="1")
        case = xml.SubElement(suite, "testcase", name="can be read", classname=_sanitize_xml(unread.path))
        xml.SubElement(case, "error", message=_sanitize_xml(unread.problem))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _sanitize_xml(text: str) -> str:
    return _ILLEGAL_IN_XML.sub("", sanitize_line(text))


def _add_suite(root: xml.Element, audit: Audit, report: Report, fail_on: str, relative: Callable[[str], str]) -> None:
    path = _sanitize_xml(relative(report.path))
    suite = xml.SubElement(root, "testsuite", name=path, timestamp=audit.generated_at.isoformat(timespec="seconds"))
    findings = [
        candidate for candidate in audit.findings.get(report.path, ()) if candidate.state != FindingState.RESOLVED
    ]
    by_link: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in findings:
        by_link.setdefault((finding.note, finding.url), []).append(finding)
    for citation in report.citations:
        citation_findings = by_link.pop((citation.note, citation.link.url), [])
        _add_citation_case(
            suite,
            describe_place(report, citation),
            citation,
            audit.verdicts.get(citation.link.url),
            citation_findings,
            path,
            fail_on,
        )
    for link_findings in by_link.values():
        for finding in link_findings:
            case = _add_case(
                suite, _name_case(describe_place(report, finding), finding.name), path, finding.location.line
            )
            _set_case_outcome(case, [finding], None, fail_on)
    suite.set("tests", str(len(suite)))
    for tag, name in (("failure", "failures"), ("skipped", "skipped"), ("error", "errors")):
        suite.set(name, str(sum(case.find(tag) is not None for case in suite)))


def _add_citation_case(
    suite: xml.Element,
    place_label: str,
    citation: Citation,
    verdict: Verdict | None,
    findings: Sequence[Finding],
    path: str,
    fail_on: str,
) -> None:
    case = _add_case(suite, _name_case(place_label, citation.link.url), path, citation.location.line)
    _set_case_outcome(case, findings, verdict, fail_on)


def _name_case(place_label: str, subject: str) -> str:
    return f"{place_label}: {subject}" if place_label else subject


def _add_case(suite: xml.Element, name: str, path: str, line: int) -> xml.Element:
    return xml.SubElement(suite, "testcase", name=_sanitize_xml(name), classname=path, file=path, line=str(line))


def _set_case_outcome(case: xml.Element, findings: Sequence[Finding], verdict: Verdict | None, fail_on: str) -> None:
    failures = [
        finding
        for finding in findings
        if finding.state == FindingState.NEW and severity_fails(finding.severity, fail_on)
    ]
    if failures:
        failure_text = "\n".join(
            f"{finding.rule} {finding.name}: {_sanitize_xml(finding.message)}{_format_fixes(finding)}"
            for finding in failures
        )
        worst = failures[0]
        xml.SubElement(case, "failure", type=worst.rule, message=_sanitize_xml(worst.message)).text = failure_text
    elif any(finding.state == FindingState.IGNORED for finding in findings):
        xml.SubElement(case, "skipped", message="ignored")
    elif verdict is not None and verdict.health in (Health.UNKNOWN, Health.UNCHECKED, Health.SKIPPED):
        reason = UNKNOWN_REASONS.get(verdict.reason, verdict.reason.value)
        xml.SubElement(case, "skipped", message=f"{verdict.health}: {reason}")
    elif findings:
        xml.SubElement(case, "system-out").text = "\n".join(
            f"{finding.rule} {finding.name}: {_sanitize_xml(finding.message)}" for finding in findings
        )


def severity_fails(severity: Severity, fail_on: str) -> bool:
    """Whether a finding of this severity fails a run under `fail_on`."""
    return fail_on != FailOn.NEVER and _SEVERITY_ORDER.index(severity) <= _SEVERITY_ORDER.index(fail_on)


def _format_fixes(finding: Finding) -> str:
    return "".join(f"\n  {_sanitize_xml(fix.title)} → {_sanitize_xml(fix.replacement)}" for fix in finding.fixes[:3])
