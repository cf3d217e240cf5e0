"""GitLab Code Quality: open findings as the JSON list that a merge request shows beside the changed lines.

Fields as GitLab documents the report format: description, check_name, fingerprint, severity, location.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from cite_audit.model import Audit, Finding, Report, Severity
from cite_audit.report.findings.identity import FindingIdentity, identify_findings
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line

GITLAB_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(audit: Audit, options: RenderOptions) -> str:
    """One object for each open finding; unread reports are blockers."""
    rows = [_encode_unread(options.relative(unread.path), unread.problem) for unread in audit.unread]
    for report in audit.reports:
        findings = audit.findings.get(report.path, ())
        for finding, identity in zip(findings, identify_findings(report, findings), strict=True):
            if finding.is_open:
                rows.append(_encode_issue(finding, identity, report, options.relative))
    return dump_json(rows, indent=1)


def _encode_issue(
    finding: Finding, identity: FindingIdentity, report: Report, relative: Callable[[str], str]
) -> dict[str, Any]:
    path = relative(finding.location.path)
    note = f"Note {finding.note}: " if finding.note is not None else ""
    link = f" {finding.url}" if finding.url else ""
    return {
        "description": sanitize_line(f"{note}{finding.message}{link}"),
        "check_name": f"{finding.rule} {finding.name}",
        "fingerprint": _hash_parts(path, *map(str, identity)),
        "severity": GITLAB_SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": finding.location.line if report.has_lines else 1}},
    }


def _encode_unread(path: str, problem: str) -> dict[str, Any]:
    return {
        "description": sanitize_line(problem),
        "check_name": "unread",
        "fingerprint": _hash_parts(path, "unread"),
        "severity": "blocker",
        "location": {"path": path, "lines": {"begin": 1}},
    }


def _hash_parts(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
