"""Links that survive: Robust Links for a report's editor, CSL-JSON and BibTeX for a bibliography. Pure.

Robust Links (robustlinks.mementoweb.org): `href` is the page, `data-originalurl` the same, `data-versionurl` the copy,
`data-versiondate` the day of the copy, so that a reader can choose.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from cite_audit.snapshot.model import Capture, Outcome, SnapshotTarget
from cite_audit.urls import url_host

GOOD_OUTCOMES = (Outcome.VERIFIED, Outcome.KEPT)
ARCHIVE_NAMES: dict[str, str] = {SnapshotTarget.WAYBACK: "Internet Archive", SnapshotTarget.LOCAL: "local WACZ"}


def select_linkable(captures: Sequence[Capture]) -> list[Capture]:
    """Those that can be linked to: good copies with an address on the web, one for each page."""
    captures_by_page: dict[str, Capture] = {}
    for capture in captures:
        if (
            capture.outcome in GOOD_OUTCOMES
            and capture.captured_at
            and capture.uri_m.startswith(("http://", "https://"))
        ):
            captures_by_page.setdefault(capture.uri_r, capture)
    return list(captures_by_page.values())


def render_robust_link(capture: Capture) -> str:
    """One Robust Link as HTML."""
    day = f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else ""
    url, copy = html.escape(capture.uri_r), html.escape(capture.uri_m)
    text = html.escape(capture.title or capture.uri_r)
    return f'<a href="{url}" data-originalurl="{url}" data-versionurl="{copy}" data-versiondate="{day}">{text}</a>'


def render_robust_html(captures: Sequence[Capture]) -> str:
    """A list of Robust Links, to be pasted into a page."""
    return (
        "<ol>\n"
        + "".join(f"  <li>{render_robust_link(capture)}</li>\n" for capture in select_linkable(captures))
        + "</ol>\n"
    )


def render_robust_markdown(captures: Sequence[Capture]) -> str:
    """The same for Markdown, which has no attributes of its own: inline HTML, and a plain link to the copy."""
    return "".join(
        f"- {render_robust_link(capture)} ([copy of {capture.captured_at:%Y-%m-%d}]({capture.uri_m}))\n"
        for capture in select_linkable(captures)
    )


def render_csl_json(captures: Sequence[Capture]) -> str:
    """CSL-JSON, `archive` and `archive_location` filled in."""
    items = []
    for number, capture in enumerate(select_linkable(captures), start=1):
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
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def render_bibtex(captures: Sequence[Capture]) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    entries = []
    for number, capture in enumerate(select_linkable(captures), start=1):
        day = f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else ""
        fields = {
            "title": f"{{{_escape_tex(capture.title or url_host(capture.uri_r))}}}",
            "url": capture.uri_r,
            "urldate": day,
            "note": f"Archived at \\url{{{capture.uri_m}}}",
        }
        key_prefix = re.sub(r"[^a-z0-9]", "", url_host(capture.uri_r))
        body = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items())
        entries.append(f"@online{{{key_prefix}{number},\n{body}}}\n")
    return "\n".join(entries)


def _escape_tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", r"\textbackslash "))
