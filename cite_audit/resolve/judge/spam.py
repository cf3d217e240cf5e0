"""The trades of those who buy lapsed domains."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.tables import rows


@lru_cache(maxsize=1)
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics: dict[str, list[str]] = {}
    for row in rows("spam"):
        topics.setdefault(row["topic"], []).append(re.escape(row["word"]))
    return tuple((topic, re.compile(r"(?<!\w)(?:" + "|".join(words) + r")", re.I)) for topic, words in topics.items())


def topic(page: Page) -> str:
    """The trade a page is in: heading or host names it and the text does so again, or the text does over and over."""
    front = " ".join(page.headings) + " " + page.host.replace("-", " ").replace(".", " ")
    text = page.main[:20_000]
    for name, pattern in _topics():
        in_text = len(pattern.findall(text))
        if (pattern.search(front) and in_text >= 1) or in_text >= max(5, page.words // 40):
            return name
    return ""
