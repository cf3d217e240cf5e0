"""Links that survive: Robust Links for a report's editor, CSL-JSON and BibTeX for a bibliography. Pure.

Robust Links (robustlinks.mementoweb.org): `href` is the page, `data-originalurl` the same, `data-versionurl` the copy,
`data-versiondate` the day of the copy, so that a reader can choose.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.urls import host

GOOD = (Outcome.VERIFIED, Outcome.KEPT)
ARCHIVES = {"wayback": "Internet Archive", "local": "local WACZ"}


def linked(captures: Sequence[Capture]) -> list[Capture]:
    """Those that can be linked to: good copies with an address on the web, one for each page."""
    found: dict[str, Capture] = {}
    for one in captures:
        if one.outcome in GOOD and one.captured_at and one.uri_m.startswith(("http://", "https://")):
            found.setdefault(one.uri_r, one)
    return list(found.values())


def anchor(one: Capture) -> str:
    """One Robust Link as HTML."""
    day = f"{one.captured_at:%Y-%m-%d}" if one.captured_at else ""
    url, copy = html.escape(one.uri_r), html.escape(one.uri_m)
    text = html.escape(one.title or one.uri_r)
    return f'<a href="{url}" data-originalurl="{url}" data-versionurl="{copy}" data-versiondate="{day}">{text}</a>'


def as_html(captures: Sequence[Capture]) -> str:
    """A list of Robust Links, to be pasted into a page."""
    return "<ol>\n" + "".join(f"  <li>{anchor(one)}</li>\n" for one in linked(captures)) + "</ol>\n"


def as_markdown(captures: Sequence[Capture]) -> str:
    """The same for Markdown, which has no attributes of its own: inline HTML, and a plain link to the copy."""
    return "".join(f"- {anchor(one)} ([copy of {one.captured_at:%Y-%m-%d}]({one.uri_m}))\n" for one in linked(captures))


def as_csl(captures: Sequence[Capture]) -> str:
    """CSL-JSON, `archive` and `archive_location` filled in."""
    items = []
    for number, one in enumerate(linked(captures), start=1):
        when = one.captured_at
        items.append(
            {
                "id": f"cited-{number}",
                "type": "webpage",
                "title": one.title or one.uri_r,
                "container-title": host(one.uri_r),
                "URL": one.uri_r,
                "accessed": {"date-parts": [[when.year, when.month, when.day]]} if when else {},
                "archive": ARCHIVES.get(one.archive, one.archive),
                "archive_location": one.uri_m,
            }
        )
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def as_bibtex(captures: Sequence[Capture]) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    entries = []
    for number, one in enumerate(linked(captures), start=1):
        day = f"{one.captured_at:%Y-%m-%d}" if one.captured_at else ""
        fields = {
            "title": f"{{{_tex(one.title or host(one.uri_r))}}}",
            "url": one.uri_r,
            "urldate": day,
            "note": f"Archived at \\url{{{one.uri_m}}}",
        }
        name = re.sub(r"[^a-z0-9]", "", host(one.uri_r))
        body = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items())
        entries.append(f"@online{{{name}{number},\n{body}}}\n")
    return "\n".join(entries)


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", r"\textbackslash "))
