"""Advice on ignores (CA9xx): those that ran out, that hide nothing, that give no reason."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.config.settings import Ignore
from cite_audit.model import Audit, Finding, Location
from cite_audit.report.findings.ignore_scope import concerns_report
from cite_audit.report.findings.rules import FindingRule, build_finding
from cite_audit.report.findings.subject import IgnoreSubject


def find_expired_ignores(rule: FindingRule, subject: IgnoreSubject) -> Iterator[Finding]:
    for ignore in subject.ignores:
        if ignore.reason and ignore.until is not None and ignore.until < subject.today:
            details = f"{_describe_ignore(ignore)} until {ignore.until}: {ignore.reason}."
            yield build_finding(rule.code, Location(*ignore.origin), details)


def find_unused_ignores(rule: FindingRule, subject: IgnoreSubject) -> Iterator[Finding]:
    """Ignores that hid nothing although what they speak of was looked at in this run."""
    for ignore in subject.unused:
        if any(concerns_report(ignore, report) for report in subject.audit.reports) and _was_checked(
            subject.audit, ignore
        ):
            yield build_finding(rule.code, Location(*ignore.origin), f"{_describe_ignore(ignore)}: {ignore.reason}.")


def find_unreasoned_ignores(rule: FindingRule, subject: IgnoreSubject) -> Iterator[Finding]:
    for ignore in subject.ignores:
        if not ignore.reason:
            yield build_finding(rule.code, Location(*ignore.origin))


def _was_checked(audit: Audit, ignore: Ignore) -> bool:
    needs_network = not ignore.rules or any(name.upper().startswith(("CA1", "CA2")) for name in ignore.rules)
    return not (needs_network and (audit.offline or audit.incomplete))


def _describe_ignore(ignore: Ignore) -> str:
    return " ".join(part for part in (", ".join(ignore.rules), ignore.url or ignore.domain, ignore.report) if part)
