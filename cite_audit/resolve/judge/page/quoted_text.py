"""Words that a page quotes: in quotation marks, or as one half of a headline."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.error_phrases import find_absence, is_error_number
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.page.visible_text import read_text

_OPENING_QUOTES = "“„«‹‘"
_CLAUSE_BREAK = compile_lazily(r"\s*(?:[:：]\s|\s[—–-]\s|[«»“”„])\s*")
_COMMENT_WORD = compile_lazily(r"comment|комментар|каментар|коментар|kommentar|komentar|yorum", re.I)
_MIN_STORY_WORDS = 40  # words of a page that tells something
_MIN_CLAUSE_WORDS = 3  # words of the other half of a headline


def is_in_quotation(text: str, start: int) -> bool:
    """Whether what begins at `start` is in quotation marks."""
    preceding_text = text[:start].rstrip()
    return preceding_text[-1:] in tuple(_OPENING_QUOTES) or (
        preceding_text.endswith('"') and preceding_text.count('"') % 2 == 1
    )


def has_own_statement(page: WebPage, text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a text says what the pattern finds in words of its own, neither quoted nor in a headline about it."""
    matches = list(pattern.finditer(text))
    if not matches:
        return False
    start, end = _headline_span(page, text)
    return any(
        not is_in_quotation(text, match.start())
        and not start <= match.start() < end
        and not _is_about_comments(text, match)
        for match in matches
    )


def _is_about_comments(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence is about comments: a live page may want a login for them."""
    sentence = re.split(r"[.!?…]", text[max(match.start() - 80, 0) : match.start()])[-1]
    return bool(_COMMENT_WORD.search(sentence + re.split(r"[.!?…]", text[match.start() : match.end() + 40])[0]))


def _headline_span(page: WebPage, text: str) -> tuple[int, int]:
    """The span of the headline in the text; empty when the first heading is no headline."""
    if not has_headline(page):
        return (0, 0)
    heading = _first_heading(page)
    start = text.find(heading)
    return (start, start + len(heading)) if start >= 0 else (0, 0)


def _first_heading(page: WebPage) -> str:
    nodes = page.find_nodes("h1", 1, "h1")
    return read_text(nodes[0]) if nodes else ""


def has_headline(page: WebPage) -> bool:
    """Whether the first heading says more than that something is missing or refused, and a text follows.

    “Page not found: how archives vanish” is a headline; “404 – page not found” is none.
    """
    parts = [part for part in _CLAUSE_BREAK.split(_first_heading(page)) if part.strip()]
    if len(parts) < 2 or page.main_word_count < _MIN_STORY_WORDS:
        return False
    return any(
        count_words(part) >= _MIN_CLAUSE_WORDS and not find_absence(part) and not is_error_number(part)
        for part in parts
    )
