"""The cited works for a reference program: BibTeX, RIS, CSL-JSON, with what is printed of each and its copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cite_audit.model import Audit, CitedWork, Memento
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.bibtex import escape_tex, escape_tex_address
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line
from cite_audit.urls import url_host

Listed = tuple[str, CitedWork, Memento | None]
ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
NOT_IN_KEY = re.compile(r"[^a-z0-9]")


def list_works(audit: Audit) -> Iterator[Listed]:
    """Each distinct link once, in the order of the reports, with the first that is printed of its work."""
    works: dict[str, CitedWork] = {}
    for report in audit.reports:
        for citation in report.citations:
            url = citation.link.url
            works[url] = works[url] if works.get(url, CitedWork()) != CitedWork() else citation.work
    for url, work in works.items():
        verdict = audit.verdicts.get(url)
        yield url, work, next(iter(verdict.mementos), None) if verdict else None


def render_bibtex(audit: Audit, options: RenderOptions) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    entries = []
    for number, (url, work, memento) in enumerate(list_works(audit), 1):
        fields = {
            "author": " and ".join(f"{{{escape_tex(name)}}}" for name in work.authors),
            "title": f"{{{escape_tex(work.title or url_host(url))}}}",
            "date" if ISO_DATE.fullmatch(work.published) else "year": escape_tex(work.published),
            "url": escape_tex_address(url),
            "note": f"Archived at \\url{{{escape_tex_address(memento.uri_m)}}}" if memento else "",
        }
        key = NOT_IN_KEY.sub("", url_host(url))
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value or name == "url")
        entries.append(f"@online{{{key}{number},\n{body}}}\n")
    return "\n".join(entries)


def render_csl(audit: Audit, options: RenderOptions) -> str:
    """CSL-JSON, `archive_location` filled in."""
    items: list[dict[str, Any]] = []
    for number, (url, work, memento) in enumerate(list_works(audit), 1):
        item: dict[str, Any] = {
            "id": f"cited-{number}",
            "type": "webpage",
            "title": work.title or url,
            "author": [{"literal": name} for name in work.authors],
            "container-title": url_host(url),
            "issued": date_of(work.published),
            "URL": url,
            "archive": memento.archive if memento else "",
            "archive_location": memento.uri_m if memento else "",
        }
        items.append({name: value for name, value in item.items() if value})
    return dump_json(items, 2) + "\n"


def date_of(published: str) -> dict[str, Any]:
    """A date variable of CSL; what is no date in ISO 8601 stays as printed."""
    if ISO_DATE.fullmatch(published):
        return {"date-parts": [[int(part) for part in published.split("-")]]}
    return {"literal": published} if published else {}


def render_ris(audit: Audit, options: RenderOptions) -> str:
    """RIS, the copy in `N1`."""
    records = []
    for url, work, memento in list_works(audit):
        fields = [
            ("TY", "ELEC"),
            *(("AU", name) for name in work.authors),
            ("TI", work.title or url_host(url)),
            ("DA" if ISO_DATE.fullmatch(work.published) else "PY", work.published.replace("-", "/")),
            ("UR", encode_hidden(url)),
            ("N1", f"Archived at {encode_hidden(memento.uri_m)}" if memento else ""),
        ]
        lines = [f"{tag}  - {sanitize_line(value)}" for tag, value in fields if value or tag == "UR"]
        records.append("\n".join([*lines, "ER  - "]) + "\n")
    return "\n".join(records)
