"""What is read from a page: its words in any encoding, its frame, its declarations."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cite_audit.foreign_html import limit_work
from cite_audit.model import Probe
from cite_audit.resolve.judge.page.charset import decode_page
from cite_audit.resolve.judge.page.error_phrases import find_absence
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.visible_text import extract_by_stripping, extract_visible_text
from tests.loopback.web_pages import prose

NOW = datetime(2026, 3, 1, tzinfo=UTC)
_TEXT = (
    "<html><head>{}<title>Мост открыли после ремонта</title></head><body>" + prose(120, "x", "ru") + "</body></html>"
)


def _page(body: bytes, content_type: str = "text/html") -> WebPage:
    return WebPage(
        Probe(
            "http://h.test/a",
            NOW,
            status=200,
            final_url="http://h.test/a",
            headers=(("content-type", content_type),),
            body=body,
        )
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "no-such-thing"])
def test_cyrillic_is_read_whatever_is_declared(encoding: str, declared: str) -> None:
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    assert _page(_TEXT.format("").encode(encoding), content_type).title == "Мост открыли после ремонта"


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("cp1250", "Zażółć gęślą jaźń w Łodzi"),
        ("cp1252", "Über die Brücke für müde Füße"),
        ("cp1257", "Šiąnakt žvėrys į mišką"),
    ],
)
def test_latin_encodings_are_read_as_declared(encoding: str, title: str) -> None:
    body = f"<html><head><title>{title}</title></head><body><p>{title} and more words</p></body></html>"
    assert _page(body.encode(encoding), f"text/html; charset={encoding}").title == title


@pytest.mark.parametrize("place", ["header", "page"])
@pytest.mark.parametrize(
    "declared", ["undefined", "hex", "idna", "punycode", "base64", "zlib", "rot13", "unicode_escape", "utf-7", "mbcs"]
)
def test_a_codec_that_is_no_character_set_counts_as_none(declared: str, place: str) -> None:
    meta = f'<meta charset="{declared}">' if place == "page" else ""
    body = _TEXT.format(meta).encode("cp1251")
    assert _page(body, f"text/html; charset={declared}" if place == "header" else "text/html").title == (
        "Мост открыли после ремонта"
    )


def test_the_page_is_believed_before_the_server() -> None:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    text, encoding = decode_page(_TEXT.format(meta).encode("cp1251"), "text/html; charset=koi8-r")
    assert encoding == "cp1251"
    assert "Мост открыли" in text


def test_a_character_cut_at_the_end_does_no_harm() -> None:
    assert decode_page("Мост открыли".encode()[:-1])[1] == "utf-8"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_read(body: bytes, content_type: str) -> None:
    page = _page(body, content_type)
    assert isinstance(page.visible_text, str)
    assert isinstance(page.headings, tuple)
    assert page.word_count >= 0


def test_what_is_hidden_is_not_read() -> None:
    page = _page(b"<body><p>seen</p><script>x()</script><noscript>no</noscript><p style='display:none'>hid</p></body>")
    assert page.visible_text == "seen"


def test_the_frame_is_not_the_text() -> None:
    page = _page(b"<body><nav>menu menu</nav><main><p>" + b"word " * 30 + b"</p></main><footer>foot</footer></body>")
    assert "menu" not in page.main_text
    assert "menu" in page.visible_text


def test_a_title_cannot_turn_the_writing_round() -> None:
    assert _page("<title>a\u202eb\u2066c\u200bd\x07</title>".encode()).title == "a b cd"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("0; url=/new", (0.0, "http://h.test/new")),
        ("5;URL='http://x.test/'", (5.0, "http://x.test/")),
        ("0,/new", (0.0, "http://h.test/new")),
        ("300", None),
        ("never", None),
        ("0; url=app-of-the-site://article/12", None),  # browsers ask somebody else
        ("0; url=javascript:back()", None),
        ("0; url=zz:Z[1", None),
    ],
)
def test_where_a_refresh_leads(content: str, expected: tuple[float, str] | None) -> None:
    page = _page(f'<html><head><meta http-equiv="Refresh" content="{content}"></head></html>'.encode())
    assert page.refresh_directive == expected


def test_a_pdf_is_no_page_whatever_it_is_called() -> None:
    assert not _page(b"%PDF-1.7 <html>", "text/html").is_html


def test_chinese_has_words_too() -> None:
    assert 40 <= _page(b"<body><p>" + "桥梁今天重新开放".encode() * 12 + b"</p></body>").word_count <= 60


_PIECES = ["<p>", "</p>", "<div hidden>", "<div>", "</div>", "<script>", "</script>", "<svg>", "</svg>", "<noscript>"]
_PIECES += [
    "</noscript>",
    "a",
    "b ",
    "<template>",
    "</template>",
    "<span style='display:none'>",
    "</span>",
    "<table>",
    "<td>",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25))
def test_unseen_nodes_are_read_over_as_if_they_were_taken_out(pieces: list[str]) -> None:
    source = "<body>" + "".join(pieces)
    seen = extract_visible_text(LexborHTMLParser(source)).split()
    assert sorted(seen) == sorted(extract_by_stripping(LexborHTMLParser(source)).split())


def test_half_a_megabyte_of_nested_elements_is_cut_as_browsers_cut_it() -> None:
    assert len(limit_work("<div>" * 100_000)) == 512 * len("<div>")
    assert len(limit_work("<ul><li>" * 60_000)) == 512 * len("<ul><li>")
    assert (
        limit_work("<p><b></b><br>" * 5_000 + "<div></div>" * 5_000) == "<p><b></b><br>" * 5_000 + "<div></div>" * 5_000
    )
    start = process_time()
    assert not _page(b"<div><span>" * 45_000).word_count
    assert process_time() - start < 0.5


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "星期三，北部地区的桥梁在维修后重新开放，地方当局表示。"),
        ("cp949", "수요일 북부 지역의 다리가 보수 공사 후 다시 개통되었다고 밝혔다."),
        ("cp932", "水曜日に北部の川にかかる橋が開通したと地元当局が発表した。"),
        ("cp1256", "أعيد فتح الجسر في المنطقة الشمالية يوم الأربعاء بعد أعمال الصيانة."),
    ],
)
def test_text_of_the_east_is_read_without_any_declaration(encoding: str, text: str) -> None:
    assert text in decode_page(f"<html><body><p>{text}</p></body></html>".encode(encoding), "text/html")[0]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866"])
@pytest.mark.parametrize("menu_words", [0, 4_000])
def test_undeclared_cyrillic_is_read_behind_a_menu_in_english(encoding: str, menu_words: int) -> None:
    text = "Совет города принял решение о ремонте моста через реку и назначил срок работ. " * 8
    body = f"<nav>{'News ' * menu_words}</nav><p>{text}</p>"
    assert text in decode_page(body.encode(encoding), "text/html")[0]


@pytest.mark.parametrize("declared", ["", "utf-8"])
def test_one_letter_in_a_long_text_in_english_is_western(declared: str) -> None:
    body = f"<p>{'The council met. ' * 2_000}</p><p>In the café at noon.</p>".encode("cp1252")
    text, encoding = decode_page(body, f"text/html; charset={declared}")
    assert "In the café at noon." in text
    assert encoding == "cp1252"


@pytest.mark.parametrize("bad_letters", [1_000, 1_001])
@pytest.mark.parametrize("is_late", [False, True])
def test_so_many_bad_bytes_are_forgiven_where_utf8_is_declared(bad_letters: int, is_late: bool) -> None:
    good, bad = "мы".encode() * 500, b"\xf6 " * bad_letters
    decoded = decode_page(good + bad if is_late else bad + good, "text/html; charset=utf-8")
    assert (decoded[1] == "utf-8") is (bad_letters == 1_000)


def test_the_first_match_in_a_text_counts_whatever_its_place_in_the_table() -> None:
    assert find_absence("Страница удалена, page not found") != "not found"
    assert find_absence("Page not found, страница не найдена") == "not found"
