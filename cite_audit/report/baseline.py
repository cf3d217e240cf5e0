"""Known debt: a file of findings that were there before, so that only what is new fails a run.

The key of an entry is report, rule, note and canonical address, never the line: text moves, debt stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from cite_audit.errors import ConfigError
from cite_audit.model import Audit, Finding, Health, Location, Report, Severity
from cite_audit.urls import key

__all__ = ["Baseline", "Entry", "compare", "dump", "load"]

VERSION = 1
Relative = Callable[[str], str]  # a report's path as the file writes it: relative to the file, with slashes


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known finding. `url` is kept for people, `key` decides."""

    report: str
    rule: str
    note: int | None
    key: str
    url: str = ""
    message: str = ""


Baseline = Mapping[tuple[str, str, int | None, str], Entry]


def _identity(entry: Entry) -> tuple[str, str, int | None, str]:
    return (entry.report, entry.rule, entry.note, entry.key)


def load(text: str, name: str = "baseline") -> Baseline:
    """A baseline from the text of its file. Raises ConfigError when it is none."""
    try:
        content = json.loads(text)
        if content["version"] != VERSION:
            raise ConfigError(f"{name}: version {content['version']} of the baseline is not known here")
        entries = [_read(row) for row in content["findings"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{name}: not a baseline ({error}); make one with: cite-audit baseline update") from error
    return {_identity(entry): entry for entry in entries}


def _read(row: Mapping[str, Any]) -> Entry:
    note, texts = row["note"], [row["report"], row["rule"], row["key"], row.get("url", ""), row.get("message", "")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(note, int | None):
        raise TypeError(f"{row} is no finding")
    report, rule, key_, url, message = texts
    return Entry(report, rule, note, key_, url, message)


def dump(audit: Audit, relative: Relative, previous: Baseline | None = None) -> str:
    """The baseline that makes every present finding known; sorted, so that its changes read well in a diff.

    Of `previous` it keeps what this run cannot speak of: other reports, and links that nobody could judge this time.
    """
    here = {relative(report.path) for report in audit.reports}
    kept = [e for e in (previous or {}).values() if e.report not in here or not _seen(audit, e)]
    found = [
        _entry(path, finding, relative)
        for path, findings in audit.findings.items()
        for finding in findings
        if finding.state in ("new", "known")
    ]
    entries = {_identity(entry): entry for entry in (*kept, *found)}
    rows = [asdict(e) for e in sorted(entries.values(), key=lambda e: (e.report, e.note or 0, e.rule, e.key))]
    return json.dumps({"version": VERSION, "findings": rows}, ensure_ascii=True, indent=1) + "\n"


def _entry(path: str, finding: Finding, relative: Relative) -> Entry:
    address = key(finding.url) if finding.url else ""
    return Entry(relative(path), finding.rule, finding.note, address, finding.url, finding.message)


def compare(audit: Audit, baseline: Baseline, relative: Relative) -> Audit:
    """The audit with each finding's state: known where the baseline has it; plus the ones that are resolved.

    Nothing is called resolved that was not looked at: an entry about a link nobody could judge this time stays quiet.
    """
    findings: dict[str, tuple[Finding, ...]] = {}
    for report in audit.reports:
        present = audit.findings.get(report.path, ())
        met: set[tuple[str, str, int | None, str]] = set()
        stated = []
        for finding in present:
            identity = _identity(_entry(report.path, finding, relative))
            met.add(identity)
            known = identity in baseline and finding.state == "new"
            stated.append(replace(finding, state="known") if known else finding)
        here = relative(report.path)
        gone = [e for identity, e in baseline.items() if e.report == here and identity not in met]
        findings[report.path] = (*stated, *(_resolved(report, e) for e in sorted(gone, key=_order) if _seen(audit, e)))
    return replace(audit, findings=findings)


def _order(entry: Entry) -> tuple[int, str, str]:
    return (entry.note or 0, entry.rule, entry.key)


def _seen(audit: Audit, entry: Entry) -> bool:
    if not entry.rule.startswith(("CA1", "CA2")):
        return True
    verdict = audit.verdicts.get(entry.url)
    return verdict is None or verdict.health in (Health.ALIVE, Health.BROKEN)


def _resolved(report: Report, entry: Entry) -> Finding:
    from cite_audit.report.rules import catalogue

    rule = catalogue().get(entry.rule)
    name = rule.name if rule else "unknown-rule"
    where = Location(report.path, 1, note=entry.note)
    said = entry.message or (rule.what if rule else entry.rule)
    return Finding(entry.rule, name, Severity.NOTE, said, where, entry.note, entry.url, state="resolved")
