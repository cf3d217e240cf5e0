"""What a fetcher of pages (r.jina.ai) writes before the Markdown it makes of one: title, address and date."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Metadata
from cite_audit.parse.readers.link_targets import site_host

_FETCHER_HEADER = compile_lazily(
    r"\ufeff?\s*(?:Title:[ \t]*(?P<title>[^\r\n]*)\s+)?URL Source:[ \t]*(?P<address>\S+)\s+"
    r"(?:Published Time:[ \t]*(?P<date>[^\r\n]*)\s+)?(?:(?:Number of Pages|Warning):[^\r\n]*\s+){0,9}"
    r"Markdown Content:[ \t]*\r?\n"
)


def read_fetcher_header(text: str) -> tuple[Metadata, int]:
    """The metadata in a fetcher's header and where the header ends; empty and 0 without one."""
    header = _FETCHER_HEADER.match(text) if "URL Source:" in text[:2000] else None
    if header is None:
        return Metadata(), 0
    metadata = Metadata(
        (header["title"] or "").strip(), (), (header["date"] or "").strip(), site_host(header["address"])
    )
    return metadata, header.end()
