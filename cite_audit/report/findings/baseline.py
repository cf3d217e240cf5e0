"""The baseline: a file of known findings, so that only new ones fail a run.

The key of an entry is report, rule, note and canonical address, never the line, which changes when text moves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, asdict, dataclass, replace
from typing import Any

from cite_audit.errors import ConfigError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.model import Audit, Finding, FindingState, Health, Location, Report, Severity
from cite_audit.urls import canonical_key

__all__ = ["Baseline", "BaselineEntry", "apply_baseline", "dump_baseline", "load_baseline"]

VERSION = 1
RelativePath = Callable[[str], str]  # a report's path as the file writes it: relative to the file, with slashes


@dataclass(frozen=True, slots=True, order=True)
class BaselineEntry:
    """One known finding. `url` is kept for people, `key` decides."""

    report: str
    rule: str
    _: KW_ONLY
    note: int | None
    key: str
    url: str = ""
    message: str = ""


Baseline = Mapping[tuple[str, str, int | None, str], BaselineEntry]


def _entry_identity(entry: BaselineEntry) -> tuple[str, str, int | None, str]:
    return (entry.report, entry.rule, entry.note, entry.key)


def load_baseline(text: str, source_name: str = "baseline") -> Baseline:
    """A baseline from the text of its file. Raises ConfigError for any other text."""
    try:
        content = parse_foreign_json(text)
        if content["version"] != VERSION:
            raise ConfigError(f"{source_name}: version {content['version']} of the baseline is not known here")
        entries = [_read_baseline_entry(row) for row in content["findings"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{source_name}: not a baseline ({error}); make one with: cite-audit baseline update"
        ) from error
    return {_entry_identity(entry): entry for entry in entries}


def _read_baseline_entry(row: Mapping[str, Any]) -> BaselineEntry:
    note, texts = row["note"], [row["report"], row["rule"], row["key"], row.get("url", ""), row.get("message", "")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(note, int | None):
        raise TypeError(f"{row} is no finding")
    report, rule, address_key, url, message = texts
    return BaselineEntry(report, rule, note=note, key=address_key, url=url, message=message)


def dump_baseline(audit: Audit, relative: RelativePath, previous: Baseline | None = None) -> str:
    """The baseline that makes every present finding known; sorted, so that its changes read well in a diff.

    Of `previous` it keeps the entries that this run did not check: other reports, and links that could not be judged.
    """
    audited_paths = {relative(report.path) for report in audit.reports}
    kept_entries = [e for e in (previous or {}).values() if e.report not in audited_paths or not _was_judged(audit, e)]
    new_entries = [
        _entry_for_finding(path, finding, relative)
        for path, findings in audit.findings.items()
        for finding in findings
        if finding.is_open
    ]
    entries = {_entry_identity(entry): entry for entry in (*kept_entries, *new_entries)}
    rows = [asdict(e) for e in sorted(entries.values(), key=lambda e: (e.report, e.note or 0, e.rule, e.key))]
    return json.dumps({"version": VERSION, "findings": rows}, ensure_ascii=True, indent=1) + "\n"


def _entry_for_finding(path: str, finding: Finding, relative: RelativePath) -> BaselineEntry:
    address = canonical_key(finding.url) if finding.url else ""
    return BaselineEntry(
        relative(path), finding.rule, note=finding.note, key=address, url=finding.url, message=finding.message
    )


def apply_baseline(audit: Audit, baseline: Baseline, relative: RelativePath) -> Audit:
    """The audit with each finding's state: known where the baseline has it; plus the ones that are resolved.

    An entry about a link that could not be judged this time is neither known nor resolved.
    """
    findings: dict[str, tuple[Finding, ...]] = {}
    for report in audit.reports:
        present = audit.findings.get(report.path, ())
        present_identities: set[tuple[str, str, int | None, str]] = set()
        updated_findings = []
        for finding in present:
            identity = _entry_identity(_entry_for_finding(report.path, finding, relative))
            present_identities.add(identity)
            is_known = identity in baseline and finding.state == FindingState.NEW
            updated_findings.append(replace(finding, state=FindingState.KNOWN) if is_known else finding)
        report_path = relative(report.path)
        absent_entries = [
            entry
            for identity, entry in baseline.items()
            if entry.report == report_path and identity not in present_identities
        ]
        findings[report.path] = (
            *updated_findings,
            *(
                _build_resolved_finding(report, entry)
                for entry in sorted(absent_entries, key=_entry_order)
                if _was_judged(audit, entry)
            ),
        )
    return replace(audit, findings=findings)


def _entry_order(entry: BaselineEntry) -> tuple[int, str, str]:
    return (entry.note or 0, entry.rule, entry.key)


def _was_judged(audit: Audit, entry: BaselineEntry) -> bool:
    if not entry.rule.startswith(("CA1", "CA2")):
        return True
    verdict = audit.verdicts.get(entry.url)
    return verdict is None or verdict.health in (Health.ALIVE, Health.BROKEN)


def _build_resolved_finding(report: Report, entry: BaselineEntry) -> Finding:
    from cite_audit.report.findings.rules import load_catalogue

    rule = load_catalogue().get(entry.rule)
    name = rule.name if rule else "unknown-rule"
    location = Location(report.path, 1, note=entry.note)
    message = entry.message or (rule.what if rule else entry.rule)
    return Finding(
        entry.rule,
        name,
        severity=Severity.NOTE,
        message=message,
        location=location,
        note=entry.note,
        url=entry.url,
        state=FindingState.RESOLVED,
    )
