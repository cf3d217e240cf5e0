"""Robust Links for a report's editor, as HTML and inside Markdown.

Robust Links (robustlinks.mementoweb.org): `href` is the page, `data-originalurl` the same, `data-versionurl` the copy,
`data-versiondate` the day of the copy, so that a reader can choose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.html import escape_address, escape_html
from cite_audit.report.render.media.markdown import escape_markdown, format_plain_link
from cite_audit.snapshot.model import GOOD_OUTCOMES, Capture, SnapshotResult

WEB_SCHEMES = ("http://", "https://")


def render_html(shown: SnapshotResult, options: RenderOptions) -> str:
    """A list of Robust Links, to be pasted into a page."""
    links = (_render_robust_link(capture, escape_html) for capture in select_linkable(shown.captures))
    return "<ol>\n" + "".join(f"  <li>{link}</li>\n" for link in links) + "</ol>\n"


def render_markdown(shown: SnapshotResult, options: RenderOptions) -> str:
    """The same for Markdown, which has no attributes of its own: inline HTML, and a plain link to the copy."""
    lines = []
    for capture in select_linkable(shown.captures):
        copy = format_plain_link(capture.uri_m, f"copy of {_format_day(capture)}")
        lines.append(f"- {_render_robust_link(capture, escape_markdown)} ({copy})\n")
    return "".join(lines)


def select_linkable(captures: Sequence[Capture]) -> list[Capture]:
    """Those that can be linked to: good copies with an address on the web, one for each page."""
    captures_by_page: dict[str, Capture] = {}
    for capture in captures:
        on_web = capture.uri_m.startswith(WEB_SCHEMES) and capture.uri_r.startswith(WEB_SCHEMES)
        if capture.outcome in GOOD_OUTCOMES and capture.captured_at and on_web:
            captures_by_page.setdefault(capture.uri_r, capture)
    return list(captures_by_page.values())


def _render_robust_link(capture: Capture, escape_text: Callable[[str], str]) -> str:
    url, copy = escape_address(capture.uri_r), escape_address(capture.uri_m)
    text = escape_text(capture.title or capture.uri_r)
    attributes = f'data-originalurl="{url}" data-versionurl="{copy}" data-versiondate="{_format_day(capture)}"'
    return f'<a href="{url}" {attributes}>{text}</a>'


def _format_day(capture: Capture) -> str:
    return f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else ""
