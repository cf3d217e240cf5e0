"""Words that a page reports instead of saying them itself: in quotation marks, or as one half of a headline."""

from __future__ import annotations

import re

from cite_audit.resolve.judge.page import Page, words
from cite_audit.resolve.judge.phrases import absence, is_number

_OPENING = "“„«‹‘"
_CLAUSES = re.compile(r"\s*(?:[:：]\s|\s[—–-]\s|[«»“”„])\s*")
_COMMENTS = re.compile(r"comment|комментар|каментар|коментар|kommentar|komentar|yorum", re.I)
_TOLD = 40  # words of a page that tells something
_SAID = 3  # words of the other half of a headline


def quoted(text: str, start: int) -> bool:
    """Whether what begins at `start` is in quotation marks."""
    before = text[:start].rstrip()
    return before[-1:] in tuple(_OPENING) or (before.endswith('"') and before.count('"') % 2 == 1)


def said(page: Page, text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a text says what the pattern finds in words of its own, neither quoted nor in a headline about it."""
    matches = list(pattern.finditer(text))
    if not matches:
        return False
    start, end = _headlined(page, text)
    return any(
        not quoted(text, match.start()) and not start <= match.start() < end and not _of_comments(text, match)
        for match in matches
    )


def _of_comments(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence is about comments, for which a visitor of a live page may have to log in."""
    sentence = re.split(r"[.!?…]", text[max(match.start() - 80, 0) : match.start()])[-1]
    return bool(_COMMENTS.search(sentence + re.split(r"[.!?…]", text[match.start() : match.end() + 40])[0]))


def _headlined(page: Page, text: str) -> tuple[int, int]:
    """Where the headline stands in the text; nowhere when the first heading is none."""
    if not headline(page):
        return (0, 0)
    heading = _heading(page)
    start = text.find(heading)
    return (start, start + len(heading)) if start >= 0 else (0, 0)


def _heading(page: Page) -> str:
    node = page.tree.css_first("h1")
    return " ".join(node.text(separator=" ").split()) if node else ""


def headline(page: Page) -> bool:
    """Whether the first heading says more than that something is missing or refused, and a text follows.

    “Page not found: how archives vanish” is a headline; “404 – page not found” is none.
    """
    parts = [part for part in _CLAUSES.split(_heading(page)) if part.strip()]
    if len(parts) < 2 or page.main_words < _TOLD:
        return False
    return any(words(part) >= _SAID and not absence(part) and not is_number(part) for part in parts)
