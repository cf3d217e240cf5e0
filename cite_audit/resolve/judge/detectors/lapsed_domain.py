"""The trades of those who buy lapsed domains."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.tables import read_table

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff]")  # Thai, Japanese, Chinese: words stand in words


@lru_cache(maxsize=1)
def _load_trades() -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics: dict[str, list[str]] = {}
    for row in read_table("spam"):
        topics.setdefault(row["topic"], []).append(row["word"])
    return tuple((topic, _compile_words(words)) for topic, words in topics.items())


def _compile_words(words: list[str]) -> re.Pattern[str]:
    spaced = "|".join(re.escape(word) for word in words if not _UNSPACED.search(word))
    unspaced = [re.escape(word) for word in words if _UNSPACED.search(word)]
    return re.compile("|".join([*([rf"(?<!\w)(?:{spaced})"] if spaced else []), *unspaced]), re.I)


SUSPECT_PREFIX = "trade:"  # begins the detail of a live page in such a trade, until its archived copy is seen


def find_suspected_trade(page: WebPage) -> str:
    """The detail for a live page whose heading and text name such a trade; empty for all others."""
    heading_and_host = " ".join(page.headings) + " " + re.sub(r"[-.]", " ", page.hostname)
    for name, pattern in _load_trades():
        if name != "shop" and pattern.search(heading_and_host) and pattern.search(page.visible_text[:20_000]):
            return SUSPECT_PREFIX + name
    return ""


def find_trade(page: WebPage, *, redirected: bool = False, home: bool = False) -> str:
    """The trade a page is in: heading or host names it and the text does so again, or the text does over and over.

    `redirected`: a redirect from another owner led here, so that the front is enough. Shops count only as the `home`
    page that a redirect led to, or when they say little else, since every publisher has one.
    """
    heading_and_host = " ".join(page.headings) + " " + re.sub(r"[-.]", " ", page.hostname)
    text = page.main_text[:20_000]
    for name, pattern in _load_trades():
        text_count = len(pattern.findall(text))
        if name == "shop" and not home and not (redirected and text_count >= max(10, page.word_count // 15)):
            continue
        if (pattern.search(heading_and_host) and (text_count or redirected)) or text_count >= max(
            5, page.word_count // 40
        ):
            return name
    return ""
