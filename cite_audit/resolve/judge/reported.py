"""Words that a page reports instead of saying them itself: in quotation marks, or as one half of a headline."""

from __future__ import annotations

import re

from cite_audit.resolve.judge.page import Page, words
from cite_audit.resolve.judge.phrases import absence, is_number

_OPENING = "“„«‹‘"
_CLAUSES = re.compile(r"\s*(?:[:：]\s|\s[—–-]\s|[«»“”„])\s*")
_TOLD = 40  # words of a page that tells something
_SAID = 3  # words of the other half of a headline


def quoted(text: str, start: int) -> bool:
    """Whether what begins at `start` is in quotation marks."""
    before = text[:start].rstrip()
    return before[-1:] in tuple(_OPENING) or (before.endswith('"') and before.count('"') % 2 == 1)


def headline(page: Page) -> bool:
    """Whether the first heading says more than that something is missing or refused, and a text follows.

    “Page not found: how archives vanish” is a headline; “404 – page not found” is none.
    """
    node = page.tree.css_first("h1")
    heading = " ".join(node.text(separator=" ").split()) if node else ""
    parts = [part for part in _CLAUSES.split(heading) if part.strip()]
    if len(parts) < 2 or words(page.main) < _TOLD:
        return False
    return any(words(part) >= _SAID and not absence(part) and not is_number(part) for part in parts)
