"""Where redirects lead, invented addresses, and swaps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.resolve.judge.address.control_url import make_control_url
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    is_document_url,
    is_home_url,
    keeps_address_words,
    rank_redirect,
)
from cite_audit.resolve.judge.address.url_variants import swap_scheme_or_www

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STORY = "https://paper.com/2019/05/bridge-opens"

RANKS = [
    (STORY, "http://www.paper.com/2019/05/bridge-opens/", RedirectRank.SAME),
    (STORY, "https://paper.com/2019/05/Bridge-Opens?utm_source=x", RedirectRank.SAME),
    ("https://paper.com/index.php", "https://paper.com/", RedirectRank.SAME),
    ("https://paper.com/", "https://paper.com/ru/", RedirectRank.MOVED),
    (STORY, "https://paper.com/world/bridge-opens", RedirectRank.MOVED),
    (STORY, "https://paper.com/ru/2019/05/bridge-opens", RedirectRank.MOVED),
    (STORY, "https://m.paper.com/2019/05/bridge-opens", RedirectRank.MOVED),
    (STORY, "https://paper.com/", RedirectRank.HOME),
    (STORY, "https://www.paper.com/en/index.html", RedirectRank.HOME),
    (STORY, "https://paper.com/2019/", RedirectRank.SECTION),
    (STORY, "https://paper.com/news/", RedirectRank.SECTION),
    (STORY, "https://paper.com/404", RedirectRank.ERROR),
    (STORY, "https://paper.com/404.html?from=/2019", RedirectRank.ERROR),
    (STORY, "https://paper.com/errors/404.aspx", RedirectRank.ERROR),
    (STORY, "https://paper.com/page-not-found/", RedirectRank.ERROR),
    (STORY, "https://paper.com/?error=404", RedirectRank.ERROR),
    (STORY, "https://paper.com/tag/notfound-festival/article-77", RedirectRank.MOVED),
    (STORY, "https://paper.com/2020/error-in-the-budget", RedirectRank.MOVED),
    ("https://paper.com/blog/404", "https://paper.com/blog/404/", RedirectRank.SAME),
    (STORY, "https://other.org/2019/05/bridge-opens", RedirectRank.OWNER),
    (STORY, "https://other.org/", RedirectRank.OWNER_HOME),
]


@pytest.mark.parametrize(("asked", "final", "expected"), RANKS)
def test_rank(asked: str, final: str, expected: RedirectRank) -> None:
    assert rank_redirect(asked, final) is expected


@pytest.mark.parametrize(
    ("url", "home", "deep"),
    [
        ("https://p.com/", True, False),
        ("https://p.com", True, False),
        ("https://p.com/ru/", True, False),
        ("https://p.com/index.html", True, False),
        ("https://p.com/?p=1234", False, True),
        ("https://p.com/about", False, False),
        ("https://p.com/story-12", False, True),
        ("https://p.com/news/x", False, True),
        ("https://p.com/a-long-enough-slug", False, True),
    ],
)
def test_home_and_deep(url: str, home: bool, deep: bool) -> None:
    assert (is_home_url(url), is_document_url(url)) == (home, deep)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("https://a.com/2019/05/bridge-opens-again", "https://a.com/world/bridge-opens-again", True),
        ("https://a.com/news/1234567", "https://a.com/politics/1234567.html", True),
        ("https://a.com/x/y", "https://b.com/x/y", True),
        ("https://a.com/2019/05/bridge-opens-again", "https://a.com/world/harvest-is-poor", False),
        ("https://a.com/2019/budget", "https://a.com/2019/harvest", False),
    ],
)
def test_a_move_keeps_words(old: str, new: str, kept: bool) -> None:
    assert keeps_address_words(old, new) is kept


@pytest.mark.parametrize(
    ("url", "start", "end", "digits"),
    [
        ("https://p.com/news/bridge-opens.html", "https://p.com/news/", ".html", False),
        ("https://p.com/news/12345", "https://p.com/news/", "", True),
        ("https://p.com/news/bridge/", "https://p.com/news/", "/", False),
        ("https://p.com/?p=77", "https://p.com/?p=", "", True),
        ("https://p.com/article.php?id=77", "https://p.com/article.php?id=", "", True),
        ("https://p.com/i/flag.gif", "https://p.com/i/", ".gif", False),
    ],
)
def test_an_invented_address_has_the_same_shape(url: str, start: str, end: str, digits: bool) -> None:
    invented = make_control_url(url, "x7k2q9")
    assert invented.startswith(start)
    assert invented.endswith(end)
    assert invented != url
    assert invented.removeprefix(start).removesuffix(end).isdigit() is digits


def test_one_invented_address_serves_a_folder() -> None:
    assert make_control_url("https://p.com/news/a-b", "t") == make_control_url("https://p.com/news/c-d-e", "t")
    assert make_control_url("https://p.com/news/a-b", "t") != make_control_url("https://p.com/sport/a-b", "t")


@pytest.mark.parametrize(
    ("url", "why", "expected"),
    [
        ("https://p.com/a", "refused", ["http://p.com/a"]),
        ("http://p.com/a", "refused", ["https://p.com/a"]),
        ("https://p.com/a#b", "host-mismatch", ["https://www.p.com/a", "http://p.com/a"]),
        ("https://x.p.com/a", "domain-gone", ["https://p.com/a"]),
        ("https://p.com/a", "domain-gone", ["https://www.p.com/a"]),
        ("https://p.com:8443/a", "refused", []),
        ("http://192.0.2.1/a", "domain-gone", []),
    ],
)
def test_where_else_to_look(url: str, why: str, expected: list[str]) -> None:
    assert swap_scheme_or_www(url, why) == expected
