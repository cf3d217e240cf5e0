"""Where an address begins and ends, whatever stands round it."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.links.scan import scan_links


def links(text: str) -> list[str]:
    return [one.url for one in scan_links(text) if one.whole]


KEPT_WHOLE = [
    "https://en.wikipedia.org/wiki/Foo_(bar)", "http://foo.com/blah_[other]", "http://foo.com/blah_'quoted'", "http://foo.com/I'm_king",
    "http://a.es/Dev.(Wrox,.2010,.0470565527).pdf", "https://a.com/0,,9065-2473189,00.html", "http://a.com/123;123",
    "https://a.com/?;utm_source=x", "https://a.org/g?time=9..&country=FRA+DEU", "http://172.26.142.48/v/#../0529/s.pdf",
    "https://a.com/maps/@59.9393895,30.3165389,15z?hl=ru", "https://a.com/data=!4m2!3m1!1s0x89c:0xc80?hl=en", "http://a.com/foo--bar",
    "https://a.com/u/0/#label/!!!Today/15c9", "https://a.com/troops-italy-", "https://a.com/?x=1&mainnews=", "https://a.com/#",
    "http://a.minsk.by/r/index.html#reestr/view/text?doc=4807", "https://www.bbc.com/a%E2%80%99b%27c", "https://a.com/%7Bsource%7D",
    "https://президент.рф/news", "https://www.woocommėrce.com/x", "https://www.alalam.ir/news/1/أخبار-العراق",
    "http://a.com/someone-നിന്നെ-പോലൊരാള്‍.html", "http://xn--80aealotwbjpid2k.xn--p1ai/x", "https://a.com/a!b",
    "https://web.archive.org/web/2020/https://tass.ru/x", "https://archive.is/o/abc/https://a.com/x", "https://a.com/q?url=http%3A%2F%2Fb.com",
    "https://t.me/s/x", "https://x.com/a/status/1?s=20", "http://user:pass@example.com:8080", "http://[2001:db8::1]:80/t",
    "https://a---b.com/x", "https://o_o.lgms.nl/", "http://localhost:8000/x", "https://1.2.3.4:8080/path", "http://foo.onion/test",
]  # fmt: skip


@pytest.mark.parametrize("url", KEPT_WHOLE)
@pytest.mark.parametrize(
    "frame", ["{}", "<{}>", "see {} now", "({})", "“{}”", "{}; next", "{}, next", "[{}]", "[text]({})"]
)
def test_an_address_is_taken_whole_in_every_frame(url: str, frame: str) -> None:
    assert links(frame.format(url)) == [url]


@pytest.mark.parametrize(
    "tail", [*".,;:!)]}>\"'”’…、。", "?", "!!!", "..", ").", ">;", ">.", ");", "”.", "**", "¹", "—"]
)
def test_punctuation_behind_an_address_is_not_part_of_it(tail: str) -> None:
    assert links(f"https://a.com/x{tail} and") == ["https://a.com/x"] or tail == "—"
    assert links(f"https://a.com{tail}") == ["https://a.com"]
    assert links(f"https://a.com{tail} それは") == ["https://a.com"]


@pytest.mark.parametrize(
    "between",
    [
        "; ",
        ";",
        " ; ",
        " ",
        ", ",
        " , ",
        "\u00a0\u00a0",
        "’ ",
        " ’ ",
        " GRAPHIC – ",
        "@",
        " @ ",
        "、",
        "。",
        ")(",
        "\n",
        ";\n\n",
        "",
    ],
)
def test_neighbours_are_told_apart(between: str) -> None:
    assert links(f"https://a.com/x{between}https://b.com/y") == ["https://a.com/x", "https://b.com/y"]


def test_an_angle_inside_an_address_stays_unless_it_closes_one() -> None:
    assert links("https://a.com/a>b <https://a.com/a>b") == ["https://a.com/a>b", "https://a.com/a"]
    assert links("<a href=https://a.com/a>text</a>") == ["https://a.com/a"]


def test_grouping_brackets_are_punctuation() -> None:
    assert links("(https://a.com/x ; https://b.com ) (https://c.com/z)(https://d.com/w)") == [
        "https://a.com/x", "https://b.com", "https://c.com/z", "https://d.com/w",
    ]  # fmt: skip


def test_a_question_mark_stays_only_where_prose_would_not_put_one() -> None:
    assert links("Have you read https://a.com/x? https://b.com/y?; https://c.com/z") == [
        "https://a.com/x", "https://b.com/y?", "https://c.com/z",
    ]  # fmt: skip


def test_text_and_target_of_a_markdown_link_are_one_citation() -> None:
    (one,) = scan_links("[https://tass((.))ru/a](https://tass((.))ru/a)")
    assert (one.url, one.frame, one.raw) == ("https://tass.ru/a", "markdown", "https://tass((.))ru/a")


def test_a_target_with_spaces_and_double_backslashes_in_its_text_is_read() -> None:
    (one,) = scan_links(r"[https://www.mid dot ru/-/asset\\_publisher/1](https://www.mid dot ru/-/asset_publisher/1)")
    assert one.url == "https://www.mid.ru/-/asset_publisher/1"


def test_another_target_wins_and_what_was_shown_is_an_alternative() -> None:
    (one,) = scan_links("[https://a.com/shown](https://b.com/target)")
    assert one.url == "https://b.com/target"
    assert one.alternatives == ("https://a.com/shown",)


def test_links_to_notes_and_pictures_are_no_citations() -> None:
    text = (
        "so.[[i]](https://criticalthreats.org/a/<#_edn1>) [1](https://a.com/p#_ftn1) [↩︎](https://a.com/p#fnref:1) "
        "![map](https://a.com/map.png) https://a.com/p#_ednref2"
    )
    assert links(text) == []


def test_words_with_a_fragment_target_are_a_citation() -> None:
    assert links("[the long note](https://a.com/page#note-1)") == ["https://a.com/page#note-1"]


def test_an_address_broken_within_its_angles_is_whole() -> None:
    report = read_report("r.txt", b"A.[1]\n\n[1] <https://www.x dot by/politics/view/one-\ntwo-3/>")
    links = report.notes[0].links
    assert [link.url for link in links] == ["https://www.x.by/politics/view/one-two-3/"]
    assert links[0].repairs[0].kind == "joined-over-line-end"
    assert "RFC 3986" in links[0].repairs[0].evidence


def test_a_markdown_link_that_a_converter_wrapped_is_one_citation() -> None:
    target = "https://site.org/news/long-\nname-of-it"
    report = read_report("r.md", f"A.[1]\n\n[1] [{target}]({target}); [it]({target}#_edn1)".encode())
    (link,) = report.notes[0].links
    assert link.url == "https://site.org/news/long-name-of-it"
    assert link.raw == target
    assert link.repairs[0].kind == "joined-over-line-end"


def test_a_target_wrapped_at_its_spoken_dot_is_one_citation() -> None:
    report = read_report("r.md", b"A.[1]\n\n[1] [https://www.x dot\nby/a](https://www.x\ndot by/a);")
    assert [link.url for link in report.notes[0].links] == ["https://www.x.by/a"]
    assert links("[https://www dot a.by/b](https://www\ndot\na.by/b)") == ["https://www.a.by/b"]
    assert links("[https://a [.] org/b](https://a [.]\norg/b)") == ["https://a.org/b"]
    assert links("[https://docs DOT\nsite DOT org/a](https://docs DOT site DOT\norg/a)") == ["https://docs.site.org/a"]
    (link,) = links(r"[https://tass\(\(.\)\)ru/a-" "\n" r"b](https://tass((.))ru/a-" "\nb)")
    assert link == "https://tass.ru/a-b"


def test_a_fence_of_defanged_addresses_is_a_list_and_code_is_not() -> None:
    fenced = b"C2 servers:\n\n```\nhxxp://45.9.148[.]4:80/\nwww.store-log[.]net/x/\n```\n\n```sh\ncurl https://a.com/x\n```\n"
    assert [one.link.url for one in read_report("r.md", fenced).indicators] == [
        "http://45.9.148.4:80/", "www.store-log.net/x/",
    ]  # fmt: skip


def test_an_underscore_that_ends_emphasis_is_no_part_of_an_address() -> None:
    assert links("_A. Author, the title, https://a.com/x-z_ and _b_ https://a.com/y_") == [
        "https://a.com/x-z",
        "https://a.com/y_",
    ]


def test_a_number_in_braces_that_software_gave_out_is_no_template() -> None:
    assert links("https://a.org/Doc.aspx?doc={0A1B2C-77}") == ["https://a.org/Doc.aspx?doc={0A1B2C-77}"]


def test_two_addresses_within_one_pair_of_angles_stay_two() -> None:
    report = read_report("r.txt", b"A.[1]\n\n[1] <https://x.org/politics/\nhttps://y.org/abc>")
    assert "https://x.org/politics/https://y.org/abc" not in [link.url for link in report.notes[0].links]


def test_a_template_right_after_a_slash_is_no_citation() -> None:
    assert [
        one.url
        for one in scan_links(
            "http://a.com/{{ id }}, https://a.com/{% x %} and https://b.com/${name} but https://c.com/{ok"
        )
    ] == ["https://c.com/{ok"]


def test_an_address_ends_where_latex_closes_its_brace() -> None:
    printed = r"\footnote{\url{https://a.com/x_y}, \href{https://b.com/z}{text}} https://c.com/{0A1B-2C}/w"
    assert [one.url for one in scan_links(printed)] == [
        "https://a.com/x_y",
        "https://b.com/z",
        "https://c.com/{0A1B-2C}/w",
    ]


def test_a_hyphen_that_does_not_break_is_a_hyphen() -> None:
    (one,) = scan_links("https://a.com/b\u2011c")
    assert (one.url, one.raw, len(one.repairs)) == ("https://a.com/b-c", "https://a.com/b\u2011c", 1)


@pytest.mark.parametrize("frame", ["see {} now", "<{}>", "[label]({})", "({})"])
@pytest.mark.parametrize("first", ["http://", "https://", "https:", "http:/", "http//"])
def test_both_schemes_are_of_the_address_as_printed(first: str, frame: str) -> None:
    text = frame.format(f"{first}https://tass.ru/x")
    (one,) = scan_links(text)
    assert (one.url, text[one.start : one.end]) == ("https://tass.ru/x", f"{first}https://tass.ru/x")
    assert one.raw == text[one.start : one.end]


@pytest.mark.parametrize("printed", ["http://https//tass.ru/x", "http://https://tass.ru/x", "https://http//tass.ru/x"])
def test_of_a_doubled_scheme_the_second_counts_its_colon_lost_or_not(printed: str) -> None:
    secure = "https" in printed.partition("//")[2]
    assert links(f"see {printed} now") == [f"{'https' if secure else 'http'}://tass.ru/x"]
