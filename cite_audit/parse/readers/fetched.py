"""What a fetcher of pages (r.jina.ai) writes before the Markdown it makes of one: title, address and date."""

from __future__ import annotations

import re

from cite_audit.parse.readers.base import Masthead
from cite_audit.parse.readers.html_masthead import host_of

_HEAD = re.compile(
    r"\ufeff?\s*(?:Title:[ \t]*(?P<title>[^\r\n]*)\s+)?URL Source:[ \t]*(?P<address>\S+)\s+"
    r"(?:Published Time:[ \t]*(?P<date>[^\r\n]*)\s+)?(?:(?:Number of Pages|Warning):[^\r\n]*\s+){0,9}"
    r"Markdown Content:[ \t]*\r?\n"
)


def fetched(text: str) -> tuple[Masthead, int]:
    """The masthead that a fetcher wrote and where it ends; an empty one and 0 without it."""
    head = _HEAD.match(text) if "URL Source:" in text[:2000] else None
    if head is None:
        return Masthead(), 0
    said = Masthead((head["title"] or "").strip(), (), (head["date"] or "").strip(), host_of(head["address"]))
    return said, head.end()
