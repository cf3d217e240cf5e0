"""HTML of others: a page that would make a parser work or grow without bound is cut, every other is whole."""

from __future__ import annotations

import pytest

from cite_audit.foreign_attributes import MAX_ATTRIBUTES
from cite_audit.foreign_html import MAX_DEPTH, MAX_REOPENED, MAX_STEPS, limit_work, parse_foreign_html

SIZE = 500_000  # characters
FONTS = "<p>" + "".join(f"<font color={number}>" for number in range(300)) + "</p>"  # open anew in each later block


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * (SIZE // 5),
        "</p>" * 20_000 + "<div>" * (SIZE // 5),  # end tags of nothing close nothing
        "<span>" * 5_000 + "<p>x</p>" * (SIZE // 8),
        "<any-name>" * 5_000 + "<p>x</p>" * (SIZE // 8),
        "<any-name/>" * 5_000 + "<p>x</p>" * (SIZE // 8),  # closes nothing in HTML
        "<svg><li>" + "<path/>" * 9_000 + "<p>x</p>" * (SIZE // 8),  # `li` ended the SVG
        "<svg><h1>" + "<path/>" * 9_000 + "<p>x</p>" * (SIZE // 8),
        FONTS + "<p>x</p>" * (SIZE // 8),
        FONTS.upper() + "<p>x</p>" * (SIZE // 8),
        "</font>" * 300 + FONTS + "<li>x" * (SIZE // 5),
        "<b></p>" * (SIZE // 7),
    ],
    ids=lambda source: source[:16],
)
def test_what_grows_without_bound_is_cut(source: str) -> None:
    assert len(limit_work(source)) < len(source) / 4


@pytest.mark.parametrize(
    "source",
    [
        "<p>x</p>" * (SIZE // 8),
        "<p>x" * (SIZE // 4),
        "<ul>" + "<li>x" * (SIZE // 5),
        "<svg>" + "<path d='M0 0'/>" * 20_000 + "</svg><p>x</p>",
        "<svg><title>x</title>" + "<path d='M0 0'/>" * 20_000 + "</svg><p>x</p>",
        "<p><font size=2>x" * 4_000,  # left open by habit: parsers open three of them anew
        "<p><font size=2>x</p>" * 500,
        "<b>x</b><a href=y>z</a>" * (SIZE // 24),
        "<br><img src=x><input>" * (SIZE // 22),
        "<div>" * MAX_DEPTH + "x" + "</div>" * MAX_DEPTH,
        "<body text=black link=blue><p>A letter of a list</p></body>" * 400,  # 800 attributes
    ],
    ids=lambda source: source[:16],
)
def test_an_ordinary_page_is_whole(source: str) -> None:
    assert limit_work(source) == source


@pytest.mark.parametrize("count", [MAX_DEPTH + 1, 4_000, 100_000])
def test_blocks_are_cut_at_their_depth_however_long_the_page_is(count: int) -> None:
    assert limit_work("<Div><br>" * count) == "<Div><br>" * MAX_DEPTH
    beginning = "</div>" + "<menu></menu><divx>" * (MAX_DEPTH + 1)  # neither nested nor blocks
    assert limit_work(beginning + "<UL/>" * count) == beginning + "<UL/>" * MAX_DEPTH


def numbered(pattern: str, count: int) -> str:
    return "".join(pattern.format(number) for number in range(count))


@pytest.mark.parametrize("pattern", [" a{}", " a{}=1", "/a{}", " a{}='>'", ' <a{} = ">"', "a{}=''"])
def test_an_element_keeps_its_first_thousand_attributes(pattern: str) -> None:
    page = f"<p>before</p><a {numbered(pattern, 3_000)}>link</a><p>behind</p>"
    tree = parse_foreign_html(page.encode())
    assert [len(node.attributes) for node in tree.css("a")] == [MAX_ATTRIBUTES] == [1_000]
    assert [node.text() for node in tree.css("p, a")] == ["before", "link", "behind"]


@pytest.mark.parametrize("before", ["", "x" * 700, "<p>x</p>" * 90, "<i " * 300, "<br title='>'>", "a = '>' b"])
@pytest.mark.parametrize("attribute", [" b", "/b"])
def test_the_thousandth_attribute_is_kept_and_the_next_one_is_not(before: str, attribute: str) -> None:
    start, end = f"{before}<p>x</p>", ">link</a>" + "<p>x</p>" * 500
    whole = f"{start}<a{attribute * 1_000}{end}"
    assert limit_work(whole) == whole
    assert limit_work(f"{start}<a{attribute * 1_001}{end}") == whole


@pytest.mark.parametrize(
    "hiding",
    [
        "<script>if (x <y z={0}</script>",
        "<!-- <y z={0} -->",
        "<style><y z={0}</style>",
        "<title><y z={0}</title>",
        "<y z",
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_what_looks_like_a_tag_does_not_hide_the_attributes_of_the_next_one(hiding: str, quote: str) -> None:
    page = f"<p>before</p>{hiding.format(quote)}<div {numbered(' a{}', 3_000)}{quote}>text{quote}></div>"
    tree = parse_foreign_html(page.encode())
    assert max(len(node.attributes) for node in tree.css("*")) <= MAX_ATTRIBUTES
    assert [node.text() for node in tree.css("p")] == ["before"]


HIDDEN = [
    "<!--</{0}>-->",
    '<i title="</{0}>">',
    "<script></{0}></script>",
    "<? </{0} >",
    "<title></{0}></title>",
    "<x </{0}>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_an_end_tag_that_is_none_closes_nothing(hidden: str) -> None:
    nested = f"<div>{hidden.format('div')}" * 8_000
    assert len(limit_work(nested)) < len(nested) / 4
    fonts = "".join(f"<font color={number}>{hidden.format('font')}" for number in range(300))
    reopened = f"<p>{fonts}</p>{'<p>x</p>' * 20_000}"
    assert len(limit_work(reopened)) < len(reopened) / 4


@pytest.mark.parametrize(
    "script",
    ["if(a<b)f('</p>')", "<!-- x('<script>', '</script>', '<div>') -->", "<!--> x('<div>')", "/* <div> */ y = '<a>'"],
)
def test_what_only_looks_like_a_tag_is_not_open(script: str) -> None:
    page = f"<div><p>x</p></div><a><b>y</b></a><!-- <div> --><script>{script}</script>\n" * 700
    assert limit_work(page) == page


def test_a_long_script_without_a_tag_end_stays() -> None:
    page = f"<script>{'if(a<b&&c<d){f(x,1)}' * 240}</script><h1>Title</h1>"
    assert limit_work(page) == page


@pytest.mark.parametrize("tag", ["html", "BODY"])
def test_a_page_ends_where_its_html_or_body_has_got_a_thousand_attributes(tag: str) -> None:
    page = numbered(f"<{tag} a{{}}>", 30_000)
    assert limit_work(page) == numbered(f"<{tag} a{{}}>", 1_000)


def test_a_comparison_in_a_script_does_not_hide_the_page() -> None:
    page = f"<script>if (i<n && {numbered('word{} ', 3_000)}) {{ x }}</script><h1>Title</h1>"
    assert [node.text() for node in parse_foreign_html(page.encode()).css("h1")] == ["Title"]


def test_the_limits() -> None:
    assert (MAX_DEPTH, MAX_STEPS, MAX_REOPENED) == (512, 20_000_000, 500_000)
    page = "<div>" * 513 + " " * 5_000
    assert limit_work(page) == "<div>" * 512
    one_open = "<b>" + "<p>" * 499_999  # one formatting element, open at each of half a million tags
    assert limit_work(one_open) == one_open
    assert limit_work(one_open + "<p><p>") == one_open


def test_bytes_are_cut_at_the_same_place() -> None:
    tree = parse_foreign_html("<p>ё</p>".encode() + b"<div>" * 5_000 + b"<h1>deep</h1>")
    assert [node.text() for node in tree.css("p")] == ["ё"]
    assert len(tree.css("div")) == 512
    assert tree.css_first("h1") is None
