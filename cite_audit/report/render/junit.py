"""JUnit XML: a suite for each report, a case for each citation and for each finding about no single link."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree as xml  # written, never parsed  # noqa: N813

from cite_audit.model import Audit, Citation, Finding, Health, Report, Severity, Verdict
from cite_audit.report.render.clean import clean
from cite_audit.report.render.places import place
from cite_audit.report.render.wording import COULD_NOT_TELL

OPTIONS = ("fail_on", "relative")
_ORDER = ("error", "warning", "note", "never")
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def render(audit: Audit, *, fail_on: str = "error", relative: Callable[[str], str] = str) -> str:
    """Failures are new findings at or above `fail_on`; ignored, unjudged and unasked citations are skipped."""
    root = xml.Element("testsuites", name="cite-audit")
    for report in audit.reports:
        _suite(root, audit, report, fail_on, relative)
    for unread in audit.unread:
        suite = xml.SubElement(root, "testsuite", name=_text(unread.path), tests="1", failures="0", errors="1")
        case = xml.SubElement(suite, "testcase", name="can be read", classname=_text(unread.path))
        xml.SubElement(case, "error", message=_text(unread.problem))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _text(text: str) -> str:
    return _ILLEGAL.sub("", clean(text))


def _suite(root: xml.Element, audit: Audit, report: Report, fail_on: str, relative: Callable[[str], str]) -> None:
    path = _text(relative(report.path))
    suite = xml.SubElement(root, "testsuite", name=path, timestamp=audit.generated_at.isoformat(timespec="seconds"))
    findings = [f for f in audit.findings.get(report.path, ()) if f.state != "resolved"]
    by_link: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in findings:
        by_link.setdefault((finding.note, finding.url), []).append(finding)
    for citation in report.citations:
        said = by_link.pop((citation.note, citation.link.url), [])
        _citation(suite, place(report, citation), citation, audit.verdicts.get(citation.link.url), said, path, fail_on)
    for rest in by_link.values():
        for finding in rest:
            case = _case(suite, _named(place(report, finding), finding.name), path, finding.location.line)
            _judged(case, [finding], None, fail_on)
    suite.set("tests", str(len(suite)))
    for tag, name in (("failure", "failures"), ("skipped", "skipped"), ("error", "errors")):
        suite.set(name, str(sum(case.find(tag) is not None for case in suite)))


def _citation(
    suite: xml.Element,
    where: str,
    citation: Citation,
    verdict: Verdict | None,
    said: Sequence[Finding],
    path: str,
    fail_on: str,
) -> None:
    case = _case(suite, _named(where, citation.link.url), path, citation.location.line)
    _judged(case, said, verdict, fail_on)


def _named(where: str, what: str) -> str:
    return f"{where}: {what}" if where else what


def _case(suite: xml.Element, name: str, path: str, line: int) -> xml.Element:
    return xml.SubElement(suite, "testcase", name=_text(name), classname=path, file=path, line=str(line))


def _judged(case: xml.Element, said: Sequence[Finding], verdict: Verdict | None, fail_on: str) -> None:
    failures = [f for f in said if f.state == "new" and fails(f.severity, fail_on)]
    if failures:
        told = "\n".join(f"{f.rule} {f.name}: {_text(f.message)}{_offers(f)}" for f in failures)
        worst = failures[0]
        xml.SubElement(case, "failure", type=worst.rule, message=_text(worst.message)).text = told
    elif any(f.state == "ignored" for f in said):
        xml.SubElement(case, "skipped", message="ignored")
    elif verdict is not None and verdict.health in (Health.UNKNOWN, Health.UNCHECKED, Health.SKIPPED):
        why = COULD_NOT_TELL.get(verdict.reason, verdict.reason.value)
        xml.SubElement(case, "skipped", message=f"{verdict.health}: {why}")
    elif said:
        xml.SubElement(case, "system-out").text = "\n".join(f"{f.rule} {f.name}: {_text(f.message)}" for f in said)


def fails(severity: Severity, fail_on: str) -> bool:
    """Whether a finding of this severity fails a run under `fail_on`."""
    return fail_on != "never" and _ORDER.index(severity) <= _ORDER.index(fail_on)


def _offers(finding: Finding) -> str:
    return "".join(f"\n  {_text(fix.title)} → {_text(fix.replacement)}" for fix in finding.fixes[:3])
