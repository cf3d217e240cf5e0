"""JSON Lines: one object for each citation, then one for each finding about no single link, then the counts.

`type` tells them apart: unread (a report that could not be read; these come first), citation, finding, counts. As a
listing of links there are citations only.
"""

from __future__ import annotations

from typing import Any

from cite_audit.model import Audit
from cite_audit.report.render.json import dumps, finding, timestamp
from cite_audit.report.render.rows import rows

OPTIONS = ("listing",)


def render(audit: Audit, *, listing: bool = False) -> str:
    """The audit as JSON Lines; empty for a listing without citations."""
    lines: list[dict[str, Any]] = [{"type": "citation", **row} for row in rows(audit)]
    if not listing:
        lines[:0] = [{"type": "unread", "report": one.path, "problem": one.problem} for one in audit.unread]
        for report in audit.reports:
            own = [f for f in audit.findings.get(report.path, ()) if not f.url or f.state == "resolved"]
            lines += [{"type": "finding", "report": report.path, **finding(one)} for one in own]
        end = {"generated_at": timestamp(audit.generated_at), "incomplete": audit.incomplete}
        lines.append({"type": "counts", **end, **audit.counts})
    return "".join(f"{dumps(line)}\n" for line in lines)
