"""Captured pages for a bibliography: CSL-JSON and BibTeX, the archived copy filled in."""

from __future__ import annotations

import re

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.bibtex import escape_tex, escape_tex_address
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.snapshot.robust_links import select_linkable
from cite_audit.snapshot.model import SnapshotResult, SnapshotTarget
from cite_audit.urls import url_host

ARCHIVE_NAMES: dict[str, str] = {SnapshotTarget.WAYBACK: "Internet Archive", SnapshotTarget.LOCAL: "local WACZ"}


def render_csl(shown: SnapshotResult, options: RenderOptions) -> str:
    """CSL-JSON, `archive` and `archive_location` filled in."""
    items = []
    for number, capture in enumerate(select_linkable(shown.captures), start=1):
        captured_at = capture.captured_at
        items.append(
            {
                "id": f"cited-{number}",
                "type": "webpage",
                "title": capture.title or capture.uri_r,
                "container-title": url_host(capture.uri_r),
                "URL": capture.uri_r,
                "accessed": {"date-parts": [[captured_at.year, captured_at.month, captured_at.day]]}
                if captured_at
                else {},
                "archive": ARCHIVE_NAMES.get(capture.archive, capture.archive),
                "archive_location": capture.uri_m,
            }
        )
    return dump_json(items, 2) + "\n"


def render_bibtex(shown: SnapshotResult, options: RenderOptions) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    entries = []
    for number, capture in enumerate(select_linkable(shown.captures), start=1):
        fields = {
            "title": f"{{{escape_tex(capture.title or url_host(capture.uri_r))}}}",
            "url": escape_tex_address(capture.uri_r),
            "urldate": f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else "",
            "note": f"Archived at \\url{{{escape_tex_address(capture.uri_m)}}}",
        }
        key_prefix = re.sub(r"[^a-z0-9]", "", url_host(capture.uri_r))
        body = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items())
        entries.append(f"@online{{{key_prefix}{number},\n{body}}}\n")
    return "\n".join(entries)
