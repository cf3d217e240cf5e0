"""Decisions to let findings be: each with a reason, perhaps a last day, and no wider than it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePath

from cite_audit.config import Ignore
from cite_audit.model import Audit, Finding, Location, Report
from cite_audit.report.rules import advise, speaks_of
from cite_audit.urls import host, key

__all__ = ["apply", "inline"]

# ignore[CA105, CA103] until 2027-01-31: the reason; ignore-file holds for the whole report
_COMMENT = re.compile(
    r"ignore(?P<file>-file)?\s*(?:\[(?P<rules>[^\]\n]*)\])?"
    r"(?:\s+until\s+(?P<until>\d{4}-\d\d-\d\d))?[\s:]*(?P<reason>[^\n]*)"
)


def inline(report: Report) -> list[Ignore]:
    """The ignores written in a report's comments."""
    found = []
    for comment in report.comments:
        if (match := _COMMENT.fullmatch(comment.text)) is None:
            continue
        rules = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
        try:
            until = date.fromisoformat(match["until"]) if match["until"] else None
        except ValueError:
            until = date.min
        line, origin = None if match["file"] else comment.about, (report.path, comment.line)
        found.append(Ignore(match["reason"], until, report=report.path, rules=rules, line=line, origin=origin))
    return found


def apply(audit: Audit, ignores: Sequence[Ignore], today: date) -> Audit:
    """The audit with findings marked as ignored, and with findings about the ignores that need attention."""
    live = [i for i in ignores if i.reason and (i.until is None or i.until >= today)]
    used: set[int] = set()
    findings: dict[str, tuple[Finding, ...]] = {}
    for path, of_report in audit.findings.items():
        stated = []
        for finding in of_report:
            hits = [i for i, ignore in enumerate(live) if matches(ignore, finding, path)]
            used.update(hits)
            stated.append(replace(finding, state="ignored", because=live[hits[0]].reason) if hits else finding)
        findings[path] = tuple(stated)
    advice = [*_overdue(ignores, today), *_idle(audit, [i for n, i in enumerate(live) if n not in used])]
    for about in advice:
        path = about.location.path if about.location.path in findings else next(iter(findings), "")
        if path:
            findings[path] = (*findings[path], about)
    return replace(audit, findings=findings)


def matches(ignore: Ignore, finding: Finding, path: str) -> bool:
    """Whether every field that the ignore gives fits the finding of the report at `path`."""
    return (
        (not ignore.rules or any(speaks_of(name, finding.rule) for name in ignore.rules))
        and (not ignore.url or _same_url(ignore.url, finding.url))
        and (not ignore.domain or _within(host(finding.url), ignore.domain))
        and (not ignore.report or _same_report(ignore.report, path))
        and (ignore.note is None or ignore.note == finding.note)
        and (ignore.line is None or ignore.line == finding.location.line)
    )


def _same_url(pattern: str, url: str) -> bool:
    if not url:
        return False
    return fnmatchcase(url, pattern.replace("[", "[[]")) if "*" in pattern else key(pattern) == key(url)


def _within(name: str, domain: str) -> bool:
    domain = host(domain)
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _same_report(pattern: str, path: str) -> bool:
    written = PurePath(path).as_posix()
    return written == pattern or fnmatchcase(written, pattern) or fnmatchcase(written, f"*/{pattern}")


def _overdue(ignores: Sequence[Ignore], today: date) -> list[Finding]:
    found = []
    for ignore in ignores:
        where = Location(*ignore.origin)
        if not ignore.reason:
            found.append(advise("CA903", where))
        elif ignore.until is not None and ignore.until < today:
            found.append(advise("CA901", where, f"{_subject(ignore)} until {ignore.until}: {ignore.reason}."))
    return found


def _idle(audit: Audit, unused: Sequence[Ignore]) -> list[Finding]:
    """Ignores that hid nothing although what they speak of was looked at in this run."""
    return [
        advise("CA902", Location(*ignore.origin), f"{_subject(ignore)}: {ignore.reason}.")
        for ignore in unused
        if any(_concerns(ignore, report) for report in audit.reports) and _looked(audit, ignore)
    ]


def _concerns(ignore: Ignore, report: Report) -> bool:
    if ignore.report and not _same_report(ignore.report, report.path):
        return False
    if not (ignore.url or ignore.domain):
        return bool(ignore.report)
    return any(
        (not ignore.url or _same_url(ignore.url, c.link.url))
        and (not ignore.domain or _within(host(c.link.url), ignore.domain))
        for c in report.citations
    )


def _looked(audit: Audit, ignore: Ignore) -> bool:
    needs_network = not ignore.rules or any(name.upper().startswith(("CA1", "CA2")) for name in ignore.rules)
    return not (needs_network and (audit.offline or audit.incomplete))


def _subject(ignore: Ignore) -> str:
    return " ".join(part for part in (", ".join(ignore.rules), ignore.url or ignore.domain, ignore.report) if part)
