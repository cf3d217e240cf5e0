"""Works for a reference program: BibTeX, RIS, CSL-JSON, with what is printed of each and its archived copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import Any

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedWork
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line
from cite_audit.report.render.media.tex_escapes import escape_tex, escape_tex_address
from cite_audit.urls import url_host

ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
NOT_IN_KEY = re.compile(r"[^a-z0-9]")


@frozen_record(kw_only=True)
class ListedWork:
    """A cited page as a work: what is printed of it, and its copy (`accessed`: the copy's day)."""

    url: str
    work: CitedWork = field(default_factory=CitedWork)
    copy_address: str = ""
    archive: str = ""
    accessed: date | None = None


def write_bibtex(works: Iterable[ListedWork]) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    entries = []
    for number, listed in enumerate(works, 1):
        work = listed.work
        fields = {
            "author": " and ".join(f"{{{escape_tex(name)}}}" for name in work.authors),
            "title": f"{{{escape_tex(work.title or url_host(listed.url))}}}",
            "date" if ISO_DATE.fullmatch(work.published) else "year": escape_tex(work.published),
            "url": escape_tex_address(listed.url),
            "urldate": listed.accessed.isoformat() if listed.accessed else "",
            "note": f"Archived at \\url{{{escape_tex_address(listed.copy_address)}}}" if listed.copy_address else "",
        }
        key = NOT_IN_KEY.sub("", url_host(listed.url))
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value or name == "url")
        entries.append(f"@online{{{key}{number},\n{body}}}\n")
    return "\n".join(entries)


def write_csl(works: Iterable[ListedWork]) -> str:
    """CSL-JSON, `archive` and `archive_location` filled in."""
    items: list[dict[str, Any]] = []
    for number, listed in enumerate(works, 1):
        item: dict[str, Any] = {
            "id": f"cited-{number}",
            "type": "webpage",
            "title": listed.work.title or listed.url,
            "author": [{"literal": name} for name in listed.work.authors],
            "container-title": url_host(listed.url),
            "issued": date_of(listed.work.published),
            "URL": listed.url,
            "accessed": date_of(listed.accessed.isoformat() if listed.accessed else ""),
            "archive": listed.archive,
            "archive_location": listed.copy_address,
        }
        items.append({name: value for name, value in item.items() if value})
    return dump_json(items, 2)


def date_of(published: str) -> dict[str, Any]:
    """A date variable of CSL; what is no date in ISO 8601 stays as printed."""
    if ISO_DATE.fullmatch(published):
        return {"date-parts": [[int(part) for part in published.split("-")]]}
    return {"literal": published} if published else {}


def write_ris(works: Iterable[ListedWork]) -> str:
    """RIS, the copy in `N1`."""
    records = []
    for listed in works:
        work = listed.work
        fields = [
            ("TY", "ELEC"),
            *(("AU", name) for name in work.authors),
            ("TI", work.title or url_host(listed.url)),
            ("DA" if ISO_DATE.fullmatch(work.published) else "PY", work.published.replace("-", "/")),
            ("UR", encode_hidden(listed.url)),
            ("Y2", listed.accessed.isoformat().replace("-", "/") if listed.accessed else ""),
            ("N1", f"Archived at {encode_hidden(listed.copy_address)}" if listed.copy_address else ""),
        ]
        lines = [f"{tag}  - {sanitize_line(value)}" for tag, value in fields if value or tag == "UR"]
        records.append("\n".join([*lines, "ER  - "]) + "\n")
    return "\n".join(records)
