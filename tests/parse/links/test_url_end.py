"""Where an address ends: brackets, quotes and stops of every script, frames that protect what they hold."""

from __future__ import annotations

import pytest

from cite_audit.parse.links.scan import scan_links

U = "https://log.example.org/a/b_(c)"


def urls(text: str) -> list[str]:
    return [link.url for link in scan_links(text) if link.whole]


@pytest.mark.parametrize(
    "text",
    [
        "《%s》的", "「%s」も", "【%s】报", "（%s）的", "『%s』と", "〔%s〕", "“%s”is", "%s：该", "%s！该",
        "%s？该", "%s…该", "%s۔", "%s៖ ", "%s†", "%s → ", "%s ↩︎", "״%s״", "≪%s≫", "~~%s~~", "==%s==",
        "%s،ثم", "%s؛ثم", "%s। फिर", "%s։ Then", "(%s)and", "(%s).And", "(%s),and", "(%s)[^2]", "‘%s’and", "[%s]and",
        "(log: %s).Then", "`%s`and", "%s[^1]", "%s.[^2]", "%s](b.jpg)", "[url=%s]log[/url]", "[url]%s[/url]",
        "%s(accessed 3 May)",
    ],
)  # fmt: skip
def test_what_encloses_or_follows_an_address_is_not_of_it(text: str) -> None:
    assert urls(f"See {text % U} now.") == [U]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example.cn/t/1.shtml的报道", "https://a.example.cn/t/1.shtml"),
        ("https://a.example.org/log.pdfSee also", "https://a.example.org/log.pdf"),
        ("https://a.example.org/x.html2 Reed", "https://a.example.org/x.html"),
        ("https://www.port.example.jpによる", "https://www.port.example.jp"),
        ("https://a.example.org/oﬃcial-ﬁle.html", "https://a.example.org/official-file.html"),
        ("https://a.example.org/t?l=ru|en&u=http://b.example.ru/ x", "https://a.example.org/t?l=ru|en&u=http://b.example.ru/"),
        ("https://doi.org/10.1002/1(1998)17:1<1::AID-X9>3.0.CO;2-2", "https://doi.org/10.1002/1(1998)17:1<1::AID-X9>3.0.CO;2-2"),
        ("https://zh.wikipedia.org/wiki/港口_(台灣)", "https://zh.wikipedia.org/wiki/港口_(台灣)"),
    ],
)  # fmt: skip
def test_an_address_and_what_only_looks_like_its_end(text: str, url: str) -> None:
    assert urls(text) == [url]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("<https://a.example.org/docs/My Report 2020.pdf>", "https://a.example.org/docs/My%20Report%202020.pdf"),
        ('[Log](<https://b.example.org/Port Log (final).pdf> "log")', "https://b.example.org/Port%20Log%20(final).pdf"),
        ("<https://a.example.org/a|b...c.>", "https://a.example.org/a|b...c."),
        ("<https://a.example.org/news/ the-mill-1.2>", "https://a.example.org/news/the-mill-1.2"),
        ("<https://a.example.org/x|The log>, p. 3", "https://a.example.org/x"),
    ],
)
def test_a_frame_protects_what_it_holds(text: str, url: str) -> None:
    (link,) = scan_links(text)
    assert link.url == url
    assert link.outer_end >= text.index(">") + 1


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://d.example.org<http://d.example.org/>", "http://d.example.org/"),
        ("[https://b.example.org/y|https://b.example.org/y]", "https://b.example.org/y"),
        (
            "https://b.example.org/y<https://e1.safelinks.protection.outlook.com/?url=https%3A%2F%2Fb.example.org%2Fy&d=1>",
            "https://b.example.org/y",
        ),
        (
            "https://urldefense.com/v3/__https://c.example.org/z?a=1__;!!Mi!S$",
            "https://urldefense.com/v3/__https://c.example.org/z?a=1__;!!Mi!S$",
        ),
    ],
)
def test_an_address_printed_twice_side_by_side_is_one(text: str, url: str) -> None:
    assert urls(text) == [url]
