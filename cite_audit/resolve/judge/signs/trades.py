"""The trades of those who buy lapsed domains: gambling, pharmacy, loans and the like (`spam.csv`)."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.prefilter import fold_case, may_match, required_literals
from cite_audit.resolve.judge.tables import read_table

_UNSPACED = compile_lazily(r"[\u0e00-\u0e7f\u3040-\u9fff]")  # Thai, Japanese, Chinese: words stand in words
_SHOP = "shop"  # the one trade that every publisher has too
_MAX_SEARCHED = 20_000  # characters


_REPEATS, _WORDS_PER_REPEAT = 8, 30  # names of a trade: so many, and one for so many words


@lru_cache(maxsize=1)
def _load_trades() -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics: dict[str, list[str]] = {}
    for row in read_table("spam"):
        topics.setdefault(row["topic"], []).append(row["word"])
    return tuple((topic, _compile_words(words)) for topic, words in topics.items())


@lru_cache(maxsize=1)
def _trade_literals() -> tuple[str, ...]:
    """What a text holds that names a trade, shops aside; most headings do not."""
    return required_literals("|".join(pattern.pattern for name, pattern in _load_trades() if name != _SHOP))


def _compile_words(words: list[str]) -> re.Pattern[str]:
    spaced = "|".join(re.escape(word) for word in words if not _UNSPACED.search(word))
    unspaced = [re.escape(word) for word in words if _UNSPACED.search(word)]
    return re.compile("|".join([*([rf"(?<!\w)(?:{spaced})"] if spaced else []), *unspaced]), re.I)


def find_suspected_trade(page: WebPage) -> str:
    """The trade that both the heading or host and the text of a live page name; empty for all others."""
    heading_and_host = _heading_and_host(page)
    if not may_match(_trade_literals(), fold_case(heading_and_host)):
        return ""
    for name, pattern in _load_trades():
        if name != _SHOP and pattern.search(heading_and_host) and pattern.search(page.visible_text[:_MAX_SEARCHED]):
            return name
    return ""


def find_trade(page: WebPage, *, redirected: bool = False, home: bool = False) -> str:
    """The trade a page is in: its heading or host and its text name it, or its text does so over and over.

    `redirected`: a redirect from another owner led here, so that the heading is enough. Shops count only as the `home`
    page that a redirect led to, or when they say little else, since every publisher has one.
    """
    heading_and_host = _heading_and_host(page)
    text = page.main_text[:_MAX_SEARCHED]
    for name, pattern in _load_trades():
        text_count = len(pattern.findall(text))
        if name == _SHOP and not home and not (redirected and text_count >= max(10, page.word_count // 15)):
            continue
        if (pattern.search(heading_and_host) and (text_count or redirected)) or text_count >= max(
            5, page.word_count // 40
        ):
            return name
    return ""


def find_repeated_trade(page: WebPage) -> str:
    """The trade, shops aside, that the text of a page names over and over; empty for an article about one."""
    text = page.main_text[:_MAX_SEARCHED]
    least = max(_REPEATS, page.word_count // _WORDS_PER_REPEAT)
    return next((name for name, pattern in _load_trades() if name != _SHOP and len(pattern.findall(text)) >= least), "")


def _heading_and_host(page: WebPage) -> str:
    return " ".join(page.headings) + " " + re.sub(r"[-.]", " ", page.hostname)
