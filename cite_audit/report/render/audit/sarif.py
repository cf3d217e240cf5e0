"""SARIF 2.1.0, as code scanning services take it in: all rules declared, one location a result, stable fingerprints."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from cite_audit import __version__
from cite_audit.model import Audit, Finding, FindingState, Report, Severity
from cite_audit.project import PROJECT_URL, RULES_URL
from cite_audit.report.findings.identity import FindingIdentity, identify_findings
from cite_audit.report.findings.rules import FindingRule, load_catalogue
from cite_audit.report.render.audit.link_json import format_timestamp
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PRECISION = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.NOTE: "medium"}
MAX_DESCRIPTION = 1024  # characters of a description that services keep


def render(audit: Audit, options: RenderOptions) -> str:
    """The findings as one SARIF run."""
    rule_codes = [rule.code for rule in _list_rules()]
    run = {
        "tool": {
            "driver": {
                "name": "cite-audit",
                "version": __version__,
                "informationUri": PROJECT_URL,
                "rules": [_encode_sarif_rule(r) for r in _list_rules()],
            }
        },
        "invocations": [_encode_invocation(audit)],
        "columnKind": "unicodeCodePoints",
        "results": [
            _encode_result(finding, identity, report, rule_codes, options.relative)
            for report in audit.reports
            for finding, identity in _identify_present(report, audit.findings.get(report.path, ()))
        ],
    }
    return dump_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _identify_present(report: Report, findings: Sequence[Finding]) -> Iterator[tuple[Finding, FindingIdentity]]:
    questions = {rule.code for rule in load_catalogue().values() if rule.question}
    present = [
        finding for finding in findings if finding.state != FindingState.RESOLVED and finding.rule not in questions
    ]
    return zip(present, identify_findings(report, present), strict=True)


def _list_rules() -> list[FindingRule]:
    return [rule for rule in load_catalogue().values() if not rule.question]


def _encode_sarif_rule(rule: FindingRule) -> dict[str, Any]:
    is_unsure = rule.severity is Severity.NOTE and any(pair.startswith("unknown/") for pair in rule.on)
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.what[:MAX_DESCRIPTION]},
        "fullDescription": {"text": f"{rule.what} {rule.why}"[:MAX_DESCRIPTION]},
        "help": {"text": f"{rule.why} {rule.fix}"},
        "helpUri": f"{RULES_URL}#{rule.code}-{rule.name}".lower(),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"precision": "low" if is_unsure else PRECISION[rule.severity], "tags": ["citations"]},
    }


def _encode_invocation(audit: Audit) -> dict[str, Any]:
    notifications = [("error", f"{unread.path}: {unread.problem}") for unread in audit.unread]
    notifications += [("note", remark) for remark in audit.remarks]
    return {
        "executionSuccessful": not audit.incomplete and not audit.unread,
        "endTimeUtc": format_timestamp(audit.generated_at),
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": escape_message(text)}} for level, text in notifications
        ],
    }


def _encode_result(
    finding: Finding, identity: FindingIdentity, report: Report, rule_codes: list[str], relative: Callable[[str], str]
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity.value,
        "message": {"text": escape_message(_compose_message(finding))},
        "locations": [_encode_location(finding, report, relative)],
        "partialFingerprints": {"primaryLocationLineHash": compute_fingerprint(identity, relative(report.path))},
    }
    if fixes := list(_encode_fixes(finding, report, result["locations"][0]["physicalLocation"])):
        result["fixes"] = fixes
    if finding.rule in rule_codes:
        result["ruleIndex"] = rule_codes.index(finding.rule)
    if finding.state == FindingState.KNOWN:
        result["baselineState"] = "unchanged"
    if finding.state == FindingState.IGNORED:
        result["suppressions"] = [{"kind": "external", "justification": escape_message(finding.ignore_reason)}]
    return result


def _compose_message(finding: Finding) -> str:
    note_text = f" Note {finding.note}." if finding.note is not None else ""
    link_text = f" Link: {finding.url}" if finding.url else ""
    fix_text = "".join(f" {fix.title or 'instead'}: {fix.replacement}" for fix in finding.fixes[:3])
    return f"{finding.message}{note_text}{link_text}{fix_text}"


def escape_message(text: str) -> str:
    """Text that SARIF viewers take literally: no embedded link, no placeholder (§3.11.5, §3.11.6); never empty."""
    return re.sub(r"\{(\d+)\}", r"{{\1}}", sanitize_line(text).replace("](", "] (")) or "(no text)"


def _encode_location(finding: Finding, report: Report, relative: Callable[[str], str]) -> dict[str, Any]:
    place = finding.location
    path = relative(place.path).replace("\\", "/")
    line, column = (place.line, place.column) if report.has_lines else (1, 1)
    length = max(len(_find_printed_link(finding, report)), 1)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(os.fsencode(path), safe="/"), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + length},
        }
    }
    if finding.note is not None:
        location["logicalLocations"] = [{"name": f"note {finding.note}", "kind": "element"}]
    return location


def _encode_fixes(finding: Finding, report: Report, place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What to write instead, where the link stands whole on a line of the file (§3.55); the first is preferred."""
    printed = _find_printed_link(finding, report)
    if not report.has_lines or not printed or "\n" in _find_raw_link(finding, report):
        return
    for fix in finding.fixes:
        replacement = {"deletedRegion": place["region"], "insertedContent": {"text": fix.replacement}}
        yield {
            "description": {"text": escape_message(fix.title or "Put this in its place.")},
            "artifactChanges": [{"artifactLocation": place["artifactLocation"], "replacements": [replacement]}],
        }


def _find_printed_link(finding: Finding, report: Report) -> str:
    return _find_raw_link(finding, report).split("\n")[0]


def _find_raw_link(finding: Finding, report: Report) -> str:
    raw_links = (c.link.raw for c in report.citations if c.note == finding.note and c.link.url == finding.url)
    return next(raw_links, "") if finding.url else ""


def compute_fingerprint(identity: FindingIdentity, path: str) -> str:
    """The same for the same advice on the same subject, wherever the text moves and however notes are numbered."""
    parts = (identity.rule, path, identity.subject)
    digest = hashlib.sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{digest}:{identity.occurrence + 1}"
