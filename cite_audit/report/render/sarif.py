"""SARIF 2.1.0, as code scanning services take it in: all rules declared, one location a result, stable fingerprints."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from cite_audit import __version__
from cite_audit.model import Audit, Finding, Report, Severity
from cite_audit.report.render.clean import clean
from cite_audit.report.render.json import dumps, timestamp
from cite_audit.report.rules import Rule, catalogue
from cite_audit.urls import key

OPTIONS = ("relative",)
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PRECISION = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.NOTE: "medium"}
WITH_LINES = ("markdown", "text", "html")  # formats in which a line number leads a reader to the place
LIMIT = 1024  # characters of a description that services keep


def render(audit: Audit, *, relative: Callable[[str], str] = str) -> str:
    """The findings as one SARIF run; `relative` writes paths from the repository's root."""
    order = list(catalogue())
    run = {
        "tool": {"driver": {"name": "cite-audit", "version": __version__, "rules": [_rule(r) for r in _rules()]}},
        "invocations": [_invocation(audit)],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, report, order, relative)
            for report in audit.reports
            for finding in audit.findings.get(report.path, ())
            if finding.state != "resolved"
        ],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rules() -> list[Rule]:
    return list(catalogue().values())


def _rule(rule: Rule) -> dict[str, Any]:
    unsure = rule.severity is Severity.NOTE and any(pair.startswith("unknown/") for pair in rule.on)
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.what[:LIMIT]},
        "fullDescription": {"text": f"{rule.what} {rule.why}"[:LIMIT]},
        "help": {"text": f"{rule.why} {rule.fix}"},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"precision": "low" if unsure else PRECISION[rule.severity], "tags": ["citations"]},
    }


def _invocation(audit: Audit) -> dict[str, Any]:
    told = [("error", f"{unread.path}: {unread.problem}") for unread in audit.unread]
    told += [("note", remark) for remark in audit.remarks]
    return {
        "executionSuccessful": not audit.incomplete and not audit.unread,
        "endTimeUtc": timestamp(audit.generated_at),
        "toolExecutionNotifications": [{"level": level, "message": {"text": message(text)}} for level, text in told],
    }


def _result(finding: Finding, report: Report, order: list[str], relative: Callable[[str], str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity.value,
        "message": {"text": message(_told(finding))},
        "locations": [_location(finding, report, relative)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint(finding, relative)},
    }
    if finding.rule in order:
        result["ruleIndex"] = order.index(finding.rule)
    if finding.state == "known":
        result["baselineState"] = "unchanged"
    if finding.state == "ignored":
        result["suppressions"] = [{"kind": "external", "justification": message(finding.because)}]
    return result


def _told(finding: Finding) -> str:
    where = f" Note {finding.note}." if finding.note is not None else ""
    link = f" Link: {finding.url}" if finding.url else ""
    offered = "".join(f" {fix.title or 'instead'}: {fix.replacement}" for fix in finding.fixes[:3])
    return f"{finding.message}{where}{link}{offered}"


def message(text: str) -> str:
    """Text that SARIF viewers take literally: no embedded link, no placeholder (§3.11.5, §3.11.6); never empty."""
    return re.sub(r"\{(\d+)\}", r"{{\1}}", clean(text).replace("](", "] (")) or "(no text)"


def _location(finding: Finding, report: Report, relative: Callable[[str], str]) -> dict[str, Any]:
    where = finding.location
    lines = report.format in WITH_LINES
    path = relative(where.path).replace("\\", "/")
    line, column = (where.line, where.column) if lines else (1, 1)
    length = max(len(_printed(finding, report)), 1)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(os.fsencode(path), safe="/"), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + length},
        }
    }
    if finding.note is not None:
        location["logicalLocations"] = [{"name": f"note {finding.note}", "kind": "element"}]
    return location


def _printed(finding: Finding, report: Report) -> str:
    raws = (c.link.raw for c in report.citations if c.note == finding.note and c.link.url == finding.url)
    return next(raws, "").split("\n")[0] if finding.url else ""


def fingerprint(finding: Finding, relative: Callable[[str], str]) -> str:
    """The same for the same advice on the same link in the same note, wherever the text moves."""
    address = key(finding.url) if finding.url else ""
    parts = (finding.rule, relative(finding.location.path), str(finding.note), address)
    return f"{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:1"
