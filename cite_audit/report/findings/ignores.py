"""Ignores: decisions not to act on findings, each with a reason and perhaps an expiry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePath

from cite_audit.config.settings import Ignore
from cite_audit.model import Audit, Finding, FindingState, Location, Report
from cite_audit.report.findings.rules import build_finding, names_rule
from cite_audit.urls import canonical_key, url_host

__all__ = ["apply_ignores", "read_inline_ignores"]

# ignore[CA105, CA103] until 2027-01-31: the reason; ignore-file holds for the whole report
_IGNORE_COMMENT = re.compile(
    r"ignore(?P<file>-file)?\s*(?:\[(?P<rules>[^\]\n]*)\])?"
    r"(?:\s+until\s+(?P<until>\d{4}-\d\d-\d\d))?[\s:]*(?P<reason>[^\n]*)"
)


def read_inline_ignores(report: Report) -> list[Ignore]:
    """The ignores written in a report's comments."""
    ignores = []
    for comment in report.comments:
        if (match := _IGNORE_COMMENT.fullmatch(comment.text)) is None:
            continue
        rules = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
        try:
            until = date.fromisoformat(match["until"]) if match["until"] else None
        except ValueError:
            until = date.min
        line, origin = None if match["file"] else comment.about_line, (report.path, comment.line)
        ignores.append(Ignore(match["reason"], until, report=report.path, rules=rules, line=line, origin=origin))
    return ignores


def apply_ignores(audit: Audit, ignores: Sequence[Ignore], today: date) -> Audit:
    """The audit with findings marked as ignored, and with findings about the ignores that need attention."""
    active_ignores = [i for i in ignores if i.reason and (i.until is None or i.until >= today)]
    used_indexes: set[int] = set()
    findings: dict[str, tuple[Finding, ...]] = {}
    for path, report_findings in audit.findings.items():
        updated_findings = []
        for finding in report_findings:
            covering_indexes = [i for i, ignore in enumerate(active_ignores) if ignore_covers(ignore, finding, path)]
            used_indexes.update(covering_indexes)
            updated_findings.append(
                replace(finding, state=FindingState.IGNORED, ignore_reason=active_ignores[covering_indexes[0]].reason)
                if covering_indexes
                else finding
            )
        findings[path] = tuple(updated_findings)
    advice = [
        *_find_overdue_ignores(ignores, today),
        *_find_unused_ignores(audit, [i for n, i in enumerate(active_ignores) if n not in used_indexes]),
    ]
    for ignore_finding in advice:
        path = ignore_finding.location.path if ignore_finding.location.path in findings else next(iter(findings), "")
        if path:
            findings[path] = (*findings[path], ignore_finding)
    return replace(audit, findings=findings)


def ignore_covers(ignore: Ignore, finding: Finding, path: str) -> bool:
    """Whether every field that the ignore gives fits the finding of the report at `path`."""
    return (
        (not ignore.rules or any(names_rule(name, finding.rule) for name in ignore.rules))
        and (not ignore.url or _matches_url(ignore.url, finding.url))
        and (not ignore.domain or _is_within_domain(url_host(finding.url), ignore.domain))
        and (not ignore.report or _matches_report(ignore.report, path))
        and (ignore.note is None or ignore.note == finding.note)
        and (ignore.line is None or ignore.line == finding.location.line)
    )


def _matches_url(pattern: str, url: str) -> bool:
    if not url:
        return False
    return (
        fnmatchcase(url, pattern.replace("[", "[[]"))
        if "*" in pattern
        else canonical_key(pattern) == canonical_key(url)
    )


def _is_within_domain(name: str, domain: str) -> bool:
    domain = url_host(domain)
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _matches_report(pattern: str, path: str) -> bool:
    posix_path = PurePath(path).as_posix()
    return posix_path == pattern or fnmatchcase(posix_path, pattern) or fnmatchcase(posix_path, f"*/{pattern}")


def _find_overdue_ignores(ignores: Sequence[Ignore], today: date) -> list[Finding]:
    findings = []
    for ignore in ignores:
        location = Location(*ignore.origin)
        if not ignore.reason:
            findings.append(build_finding("CA903", location))
        elif ignore.until is not None and ignore.until < today:
            findings.append(
                build_finding("CA901", location, f"{_describe_ignore(ignore)} until {ignore.until}: {ignore.reason}.")
            )
    return findings


def _find_unused_ignores(audit: Audit, unused_ignores: Sequence[Ignore]) -> list[Finding]:
    """Ignores that matched no finding although what they cover was checked in this run."""
    return [
        build_finding("CA902", Location(*ignore.origin), f"{_describe_ignore(ignore)}: {ignore.reason}.")
        for ignore in unused_ignores
        if any(_concerns_report(ignore, report) for report in audit.reports) and _was_checked(audit, ignore)
    ]


def _concerns_report(ignore: Ignore, report: Report) -> bool:
    if ignore.report and not _matches_report(ignore.report, report.path):
        return False
    if not (ignore.url or ignore.domain):
        return bool(ignore.report)
    return any(
        (not ignore.url or _matches_url(ignore.url, citation.link.url))
        and (not ignore.domain or _is_within_domain(url_host(citation.link.url), ignore.domain))
        for citation in report.citations
    )


def _was_checked(audit: Audit, ignore: Ignore) -> bool:
    needs_network = not ignore.rules or any(name.upper().startswith(("CA1", "CA2")) for name in ignore.rules)
    return not (needs_network and (audit.offline or audit.incomplete))


def _describe_ignore(ignore: Ignore) -> str:
    return " ".join(part for part in (", ".join(ignore.rules), ignore.url or ignore.domain, ignore.report) if part)
