"""The trades of those who buy lapsed domains."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.tables import rows

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff]")  # Thai, Japanese, Chinese: words stand in words


@lru_cache(maxsize=1)
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics: dict[str, list[str]] = {}
    for row in rows("spam"):
        topics.setdefault(row["topic"], []).append(row["word"])
    return tuple((topic, _any_of(words)) for topic, words in topics.items())


def _any_of(words: list[str]) -> re.Pattern[str]:
    spaced = "|".join(re.escape(word) for word in words if not _UNSPACED.search(word))
    unspaced = [re.escape(word) for word in words if _UNSPACED.search(word)]
    return re.compile("|".join([*([rf"(?<!\w)(?:{spaced})"] if spaced else []), *unspaced]), re.I)


SUSPECT = "trade:"  # begins the detail of a live page in such a trade, until its archived copy is seen


def suspect(page: Page) -> str:
    """The detail for a live page whose heading and text name such a trade; empty for all others."""
    front = " ".join(page.headings) + " " + re.sub(r"[-.]", " ", page.host)
    for name, pattern in _topics():
        if name != "shop" and pattern.search(front) and pattern.search(page.text[:20_000]):
            return SUSPECT + name
    return ""


def topic(page: Page, *, redirected: bool = False, home: bool = False) -> str:
    """The trade a page is in: heading or host names it and the text does so again, or the text does over and over.

    `redirected`: a redirect from another owner led here, so that the front is enough. Shops count only as the `home`
    page that a redirect led to, or when they say little else, since every publisher has one.
    """
    front = " ".join(page.headings) + " " + re.sub(r"[-.]", " ", page.host)
    text = page.main[:20_000]
    for name, pattern in _topics():
        in_text = len(pattern.findall(text))
        if name == "shop" and not home and not (redirected and in_text >= max(10, page.words // 15)):
            continue
        if (pattern.search(front) and (in_text or redirected)) or in_text >= max(5, page.words // 40):
            return name
    return ""
