"""JSON Lines: one object for each citation, then one for each finding about no single link, then the counts.

`type` tells them apart: unread (a report that could not be read; these come first), citation, finding, counts. As a
listing of links there are citations only.
"""

from __future__ import annotations

from typing import Any

from cite_audit.model import Audit, FindingState
from cite_audit.report.render.audit.json import encode_finding
from cite_audit.report.render.audit.link_json import format_timestamp
from cite_audit.report.render.audit.rows import build_rows
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as JSON Lines; empty for a listing without citations."""
    lines: list[dict[str, Any]] = [{"type": "citation", **row} for row in build_rows(audit)]
    if not options.listing:
        lines[:0] = [{"type": "unread", "report": entry.path, "problem": entry.problem} for entry in audit.unread]
        for report in audit.reports:
            unlinked_findings = [
                candidate
                for candidate in audit.findings.get(report.path, ())
                if not candidate.url or candidate.state == FindingState.RESOLVED
            ]
            lines += [
                {"type": "finding", "report": report.path, **encode_finding(entry)} for entry in unlinked_findings
            ]
        run_facts = {"generated_at": format_timestamp(audit.generated_at), "incomplete": audit.incomplete}
        lines.append({"type": "counts", **run_facts, **audit.counts})
    return "".join(f"{dump_json(line)}\n" for line in lines)
