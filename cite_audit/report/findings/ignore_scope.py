"""What an ignore speaks of: findings that it hides, and reports in which it could hide some."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePath

from cite_audit.config.settings import Ignore
from cite_audit.model import Finding, Report
from cite_audit.report.findings.rules import names_rule
from cite_audit.urls import canonical_key, url_host

__all__ = ["concerns_report", "ignore_covers"]


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


def concerns_report(ignore: Ignore, report: Report) -> bool:
    """Whether the report is named by the ignore, or cites an address that it speaks of."""
    if ignore.report and not _matches_report(ignore.report, report.path):
        return False
    if not (ignore.url or ignore.domain):
        return bool(ignore.report)
    return any(
        (not ignore.url or _matches_url(ignore.url, citation.link.url))
        and (not ignore.domain or _is_within_domain(url_host(citation.link.url), ignore.domain))
        for citation in report.citations
    )
