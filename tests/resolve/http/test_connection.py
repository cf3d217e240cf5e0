"""Heads, bodies, waits and cookies: pure reading of what servers send."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.model import FailureKind
from cite_audit.resolve.http.cookies import MAX_COOKIES, CookieJar, read_cookie_file
from cite_audit.resolve.http.decompression import BodyDecoder
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import parse_target
from cite_audit.resolve.http.response_head import field_text, find_head_end, read_head
from cite_audit.resolve.http.retry_after import requested_pause

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def test_a_plain_head() -> None:
    head = read_head(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n")
    assert (head.status, head.length, head.reusable, head.strict) == (200, 5, True, True)
    assert head.fields == [(b"content-type", b"text/html"), (b"content-length", b"5")]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX/Y: 1\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 5\n\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        b"ICY 200 OK\r\nContent-Length: 5\r\n\r\n",
    ],
)
def test_what_strict_parsers_refuse_is_read_and_its_connection_not_used_again(raw: bytes) -> None:
    head = read_head(raw)
    assert head.status in (200, 204)
    assert not head.strict
    assert not head.reusable


@pytest.mark.parametrize(
    "raw", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"<html>\n\n", b"HTTP/1.1 OK\r\n\r\n", b"+OK POP3\r\n\r\n"]
)
def test_what_is_not_http(raw: bytes) -> None:
    with pytest.raises(ExchangeError) as caught:
        read_head(raw)
    assert caught.value.failure.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize(
    ("received", "end"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nbody", 19),
        (b"HTTP/1.1 200 OK\n\nbody\r\n\r\n", 17),
        (b"HTTP/1.1 200 OK\n\r\nbody\n\n", 18),
        (b"HTTP/1.1 200 OK\r\n\r", -1),
    ],
)
@pytest.mark.parametrize("searched", [0, 16])
def test_a_head_ends_with_the_first_empty_line(received: bytes, end: int, searched: int) -> None:
    assert find_head_end(bytearray(received), searched) == end


def test_equal_lengths_sent_twice_are_one_length() -> None:
    head = read_head(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n")
    assert (head.length, head.reusable) == (5, True)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_an_error(raw: bytes) -> None:
    try:
        read_head(b"HTTP/1.1 200 OK\r\n" + raw + b"\r\n\r\n")
        read_head(raw)
    except ExchangeError:
        return


def test_field_values_keep_no_controls_and_addresses_keep_their_bytes() -> None:
    assert field_text(b"server", b"\x1b]0;owned\x07nginx\x9b") == "]0;ownednginx"
    assert field_text(b"x", "‮txt".encode()) == "txt"
    assert field_text(b"x", b"caf\xe9") == "café"
    assert field_text(b"location", "/новость".encode("cp1251")) == "/%ED%EE%E2%EE%F1%F2%FC"
    assert field_text(b"location", "/é x".encode()) == "/%C3%A9 x"


def inflated(codings: str, wire: bytes, limit: int = 100_000, step: int = 7) -> BodyDecoder:
    body = BodyDecoder(codings, limit)
    for start in range(0, len(wire), step):
        body.feed(wire[start : start + step])
    return body


PAGE = b"<html><p>" + b"text " * 500


@pytest.mark.parametrize(
    ("codings", "wire"),
    [
        ("", PAGE),
        ("identity", PAGE),
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0)),
        ("gzip", PAGE),  # mislabelled
        ("gzip", gzip.compress(PAGE, mtime=0)[:-9]),  # cut off in the trailer
    ],
)
def test_a_body_is_what_its_coding_says(codings: str, wire: bytes) -> None:
    assert bytes(inflated(codings, wire).data) == PAGE


def test_raw_deflate_is_read_though_the_standard_says_zlib() -> None:
    engine = zlib.compressobj(wbits=-15)
    wire = engine.compress(PAGE) + engine.flush()
    assert bytes(inflated("deflate", wire, step=1000).data) == PAGE


@pytest.mark.parametrize("codings", ["br", "zstd", "gzip, gzip, gzip"])
def test_codings_not_asked_for_are_kept_as_they_came(codings: str) -> None:
    assert bytes(inflated(codings, b"\x0b\x02\x80").data) == b"\x0b\x02\x80"


def test_a_body_stops_at_its_limit() -> None:
    body = inflated("gzip", gzip.compress(b"a" * 1_000_000), limit=1000, step=500)
    assert len(body.data) == 1000
    assert body.is_full


@pytest.mark.parametrize(
    "beginning",
    [
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\0\0\0\xff\xff" * 600,  # stored blocks of no bytes
        b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"A" * 3_000,  # a file name
    ],
)
def test_a_coding_that_never_comes_to_the_page_ends(beginning: bytes) -> None:
    assert not inflated("gzip", beginning[:2000], limit=1000, step=500).is_full
    body = inflated("gzip", beginning, limit=1000, step=500)
    assert body.is_full
    assert not body.data


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 +99999999999999999999"}, None),
        ({"retry-after": "-5"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "15"}, 15.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 40)}, 40.0),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "15"}, None),
        ({"ratelimit": '"default";r=0;t=9'}, 9.0),
        ({"ratelimit": '"default";r=10;t=9'}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(fields: dict[str, str], seconds: float | None) -> None:
    assert requested_pause(fields.items(), NOW) == seconds


def test_cookies_go_back_where_they_belong() -> None:
    jar = CookieJar()
    page = parse_target("https://www.news.com/a/b")
    jar.store_cookies(page, ["id=1; Path=/", "deep=2", "wide=3; Domain=news.com; Path=/", "safe=4; Secure; Path=/"])
    assert jar.cookie_header(parse_target("https://www.news.com/")) == "id=1; wide=3; safe=4"
    assert jar.cookie_header(parse_target("https://www.news.com/a/c")) == "id=1; deep=2; wide=3; safe=4"
    assert jar.cookie_header(parse_target("http://www.news.com/")) == "id=1; wide=3"
    assert jar.cookie_header(parse_target("https://other.news.com/")) == "wide=3"
    assert jar.cookie_header(parse_target("https://evil.example/")) == ""


def test_a_cookie_is_no_wider_than_the_registrable_domain_and_can_be_taken_back() -> None:
    jar = CookieJar()
    page = parse_target("https://www.news.co.uk/")
    jar.store_cookies(page, ["a=1; Domain=co.uk", "b=2; Domain=uk", "c=3; Domain=other.co.uk", "d=4", "e\x1b=5"])
    assert jar.cookie_header(page) == "d=4"
    jar.store_cookies(page, ["d=; Max-Age=0"])
    assert jar.cookie_header(page) == ""


def test_a_cookie_goes_to_no_stranger_below_the_same_company(tmp_path: Path) -> None:
    jar = CookieJar(datetime(2023, 3, 1, 12, tzinfo=UTC))
    page = parse_target("https://a.github.io/")
    jar.store_cookies(page, ["a=1; Domain=github.io", "b=2; Domain=a.github.io; Path=/", "c=3; Path=/"])
    assert jar.cookie_header(parse_target("https://b.github.io/")) == ""
    assert jar.cookie_header(parse_target("https://www.a.github.io/")) == "b=2"
    file = tmp_path / "cookies.txt"
    rows = (".github.io", ".co.uk", "uk", ".a.github.io")
    file.write_text("".join(f"{domain}\tTRUE\t/\tTRUE\t0\tname\t{domain}\n" for domain in rows), "utf-8")
    read = read_cookie_file(file, datetime(2023, 3, 1, 12, tzinfo=UTC))
    assert read.cookie_header(parse_target("https://b.github.io/")) == ""
    assert read.cookie_header(parse_target("https://bank.co.uk/")) == ""
    assert read.cookie_header(page) == "name=.a.github.io"


def test_a_cookie_bomb_is_not_sent_back_whole() -> None:
    jar = CookieJar()
    page = parse_target("https://news.com/")
    jar.store_cookies(page, [f"c{n}={'x' * 4000}" for n in range(200)] + ["big=" + "y" * 9000])
    assert len(jar.cookie_header(page)) < 16 * 1024
    assert len(jar.cookies) <= MAX_COOKIES


def test_a_cookie_keeps_its_bytes_and_needs_no_name() -> None:
    jar = CookieJar()
    page = parse_target("https://news.com/")
    fields = ["region=Москва".encode(), "place=Вильня".encode("cp1251"), b"visited; path=/", b"=alone", b"; path=/"]
    jar.store_cookies(page, [field_text(b"set-cookie", value) for value in fields])
    sent = jar.cookie_header(page).encode("latin-1").split(b"; ")
    assert sent == ["region=Москва".encode(), "place=Вильня".encode("cp1251"), b"alone"]


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("expires=Thu, 01-Jan-1970 00:00:01 GMT", False),
        ("Expires=Wed, 01 Mar 2023 11:59:59 GMT", False),
        ("Expires=Wed, 01 Mar 2023 12:00:01 GMT", True),
        ("Expires=in a while", True),
        ("Max-Age=-1; Expires=Wed, 01 Mar 2099 12:00:00 GMT", False),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("Max-Age=soon", True),
    ],
)
def test_a_cookie_is_taken_back_by_its_age_or_its_date(attributes: str, kept: bool) -> None:
    jar = CookieJar(datetime(2023, 3, 1, 12, tzinfo=UTC))
    page = parse_target("https://news.com/")
    jar.store_cookies(page, ["probe=1"])
    jar.store_cookies(page, [f"probe=2; {attributes}"])
    assert jar.cookie_header(page) == ("probe=2" if kept else "")
