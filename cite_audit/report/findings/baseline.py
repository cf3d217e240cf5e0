"""The baseline: a file of known findings, so that only new ones fail a run.

An entry is known by its report and its identity (`identity`): rule, subject, occurrence. Note and line are there for
people. Version 1 knew findings by the note's number: its files are read, and the next update writes version 2.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass, replace
from typing import Any

from cite_audit.errors import ConfigError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.model import Audit, Finding, FindingState, Health, Location, Report, Severity
from cite_audit.report.findings.identity import identify_findings

__all__ = ["Baseline", "BaselineEntry", "apply_baseline", "dump_baseline", "load_baseline"]

VERSION = 2
_NUMBERED_NOTE = "note number "  # subject of an entry of version 1 that is about a note and no address
RelativePath = Callable[[str], str]  # a report's path as the file writes it: relative to the file, with slashes


@dataclass(frozen=True, slots=True, order=True)
class BaselineEntry:
    """One known finding: `key` is the subject of its identity; `note`, `url` and `message` are for people."""

    report: str
    rule: str
    _: KW_ONLY
    key: str
    occurrence: int = 0
    note: int | None = None
    url: str = ""
    message: str = ""


EntryIdentity = tuple[str, str, str, int]  # report, rule, subject, occurrence
Baseline = Mapping[EntryIdentity, BaselineEntry]


def _entry_identity(entry: BaselineEntry) -> EntryIdentity:
    return (entry.report, entry.rule, entry.key, entry.occurrence)


def load_baseline(text: str, source_name: str = "baseline") -> Baseline:
    """A baseline from the text of its file. Raises ConfigError for any other text."""
    try:
        content = parse_foreign_json(text)
        if content["version"] not in (1, VERSION):
            raise ConfigError(f"{source_name}: version {content['version']} of the baseline is not known here")
        entries = [_read_baseline_entry(row) for row in content["findings"]]
        if content["version"] == 1:
            entries = _convert_version_1(entries)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{source_name}: not a baseline ({error}); make one with: cite-audit baseline update"
        ) from error
    return {_entry_identity(entry): entry for entry in entries}


def _read_baseline_entry(row: Mapping[str, Any]) -> BaselineEntry:
    note, occurrence = row["note"], row.get("occurrence", 0)
    texts = [row["report"], row["rule"], row["key"], row.get("url", ""), row.get("message", "")]
    is_number = isinstance(occurrence, int) and isinstance(note, int | None)
    if not all(isinstance(text, str) for text in texts) or not is_number:
        raise TypeError(f"{row} is no finding")
    report, rule, subject, url, message = texts
    return BaselineEntry(report, rule, key=subject, occurrence=occurrence, note=note, url=url, message=message)


def _convert_version_1(entries: Sequence[BaselineEntry]) -> list[BaselineEntry]:
    """Entries of version 1, which counted by notes: the occurrences of an address follow their order."""
    counts: Counter[tuple[str, str, str]] = Counter()
    converted = []
    for entry in sorted(entries, key=lambda entry: (entry.report, entry.rule, entry.key, entry.note or 0)):
        subject = entry.key or (f"{_NUMBERED_NOTE}{entry.note}" if entry.note is not None else "")
        counted = (entry.report, entry.rule, subject)
        converted.append(replace(entry, key=subject, occurrence=counts[counted]))
        counts[counted] += 1
    return converted


def dump_baseline(audit: Audit, relative: RelativePath, previous: Baseline | None = None) -> str:
    """The baseline that makes every present finding known; sorted, so that its changes read well in a diff.

    Of `previous` it keeps the entries that this run did not check: other reports, and links that could not be judged.
    """
    audited_paths = {relative(report.path) for report in audit.reports}
    kept_entries = [e for e in (previous or {}).values() if e.report not in audited_paths or not _was_judged(audit, e)]
    new_entries = [
        entry
        for report in audit.reports
        for finding, entry in _entries_of_report(report, audit.findings.get(report.path, ()), relative)
        if finding.is_open
    ]
    entries = {_entry_identity(entry): entry for entry in (*kept_entries, *new_entries)}
    rows = [asdict(entry) for entry in sorted(entries.values(), key=lambda entry: (entry.report, _entry_order(entry)))]
    return json.dumps({"version": VERSION, "findings": rows}, ensure_ascii=True, indent=1) + "\n"


def _entries_of_report(
    report: Report, findings: Sequence[Finding], relative: RelativePath
) -> Iterator[tuple[Finding, BaselineEntry]]:
    path = relative(report.path)
    for finding, identity in zip(findings, identify_findings(report, findings), strict=True):
        yield (
            finding,
            BaselineEntry(
                path,
                finding.rule,
                key=identity.subject,
                occurrence=identity.occurrence,
                note=finding.note,
                url=finding.url,
                message=finding.message,
            ),
        )


def _known_identity(entry: BaselineEntry, baseline: Baseline) -> EntryIdentity | None:
    """Under which identity the baseline has a present finding: its own, or its note's number from version 1."""
    numbered = (entry.report, entry.rule, f"{_NUMBERED_NOTE}{entry.note}", 0)
    return next((identity for identity in (_entry_identity(entry), numbered) if identity in baseline), None)


def apply_baseline(audit: Audit, baseline: Baseline, relative: RelativePath) -> Audit:
    """The audit with each finding's state: known where the baseline has it; plus the ones that are resolved.

    An entry about a link that could not be judged this time is neither known nor resolved.
    """
    findings: dict[str, tuple[Finding, ...]] = {}
    for report in audit.reports:
        present_identities: set[EntryIdentity] = set()
        updated_findings = []
        for finding, entry in _entries_of_report(report, audit.findings.get(report.path, ()), relative):
            identity = _known_identity(entry, baseline)
            if identity is not None:
                present_identities.add(identity)
            is_known = identity is not None and finding.state == FindingState.NEW
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


def _entry_order(entry: BaselineEntry) -> tuple[int, str, str, int]:
    return (entry.note or 0, entry.rule, entry.key, entry.occurrence)


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
