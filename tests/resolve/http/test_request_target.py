"""From a cited address to what goes over the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.model import FailureKind
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import parse_target, resolve_location


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("http://example.com", "example.com", "/"),
        ("HTTPS://Example.COM:443/A?b", "example.com", "/A?b"),
        ("https://example.com:8443/", "example.com:8443", "/"),
        ("http://кремль.рф/новости", "xn--e1ajeds9e.xn--p1ai", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("http://☃.net/", "xn--n3h.net", "/"),
        ("http://faß.de/", "xn--fa-hia.de", "/"),
        ("http://under_score.example/", "under_score.example", "/"),
        ("http://example.com./x", "example.com", "/x"),
        ("http://ex%61mple.com/", "example.com", "/"),
        ("http://example.com/a b", "example.com", "/a%20b"),
        ("http://example.com/%ED%EE?q=%zz", "example.com", "/%ED%EE?q=%zz"),
        ("http://example.com/a/./b/../c", "example.com", "/a/c"),
        ("http://example.com/a/b/..", "example.com", "/a/"),
        ("http://example.com/%2e%2E/x", "example.com", "/x"),
        (r"http:\\example.com\a\b?c\d", "example.com", r"/a/b?c\d"),
        ("http://user:secret@example.com/p#part", "example.com", "/p"),
        ("http://example.com/a|b[1]{2}", "example.com", "/a|b[1]%7B2%7D"),
        ("http://example.com?q=1'2", "example.com", "/?q=1%272"),
        ("http://[2606:4700::1111]:8080/", "[2606:4700::1111]:8080", "/"),
        ("http://example.com/%0d%0aX: y", "example.com", "/%0d%0aX:%20y"),
        ("  http://example.com/x  ", "example.com", "/x"),
    ],
)
def test_what_is_asked(url: str, authority: str, path: str) -> None:
    target = parse_target(url)
    assert (target.authority, target.path) == (authority, path)
    assert "secret" not in target.url


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///",
        "http://exa mple.com/",
        "http://example.com/\r\nX: y",
        "http://example.com/\x00",
        "http://example.com:99999/",
        "http://example.com:80a/",
        "http://ex<ample.com/",
        "http://1.2.3.4.5/",
        "http://a..b/",
        f"http://{'a' * 64}.com/",
        "mailto:a@b.example",
        "file:///etc/passwd",
        "http://example.com/" + "a" * 9000,
        "http://example.com/" + "a" * 1_000_000,
        "http://[::1/",
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_target(url)
    assert caught.value.failure.kind is FailureKind.INVALID_URL


@pytest.mark.parametrize("port", [22, 25, 6379, 6667, 1])
def test_a_port_outside_web_use_is_unsafe(port: int) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_target(f"http://example.com:{port}/")
    assert caught.value.failure.kind is FailureKind.UNSAFE_LITERAL


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "http://example.com/b"),
        ("c?x=1", "http://example.com/dir/c?x=1"),
        ("../up", "http://example.com/up"),
        ("//other.example/x", "http://other.example/x"),
        ("?q", "http://example.com/dir/a?q"),
        ("https://example.com/", "https://example.com/"),
        (r"\\other.example\x", "http://other.example/x"),
        ("/a b", "http://example.com/a b"),
        ("/%ED%EE", "http://example.com/%ED%EE"),
        ("\t/b\n", "http://example.com/b"),
        ("/b?", "http://example.com/b?"),
        ("?", "http://example.com/dir/a?"),
        ("/b?#part", "http://example.com/b?#part"),
        ("b#part?", "http://example.com/dir/b#part?"),
    ],
)
def test_where_a_redirect_leads(location: str, leads_to: str) -> None:
    assert resolve_location("http://example.com/dir/a", location) == leads_to


def test_a_redirect_inherits_the_fragment_unless_it_has_its_own() -> None:
    assert resolve_location("http://example.com/a#part", "/b") == "http://example.com/b#part"
    assert resolve_location("http://example.com/a#part", "/b#else") == "http://example.com/b#else"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "ftp://x/", "data:text/html,x"])
def test_a_redirect_out_of_the_web(location: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        resolve_location("http://example.com/", location)
    assert caught.value.failure.kind is FailureKind.REDIRECT_SCHEME


@given(st.one_of(st.text(max_size=80), st.text(max_size=80).map(lambda tail: "http://" + tail)))
def test_any_text_is_a_target_or_an_error_and_never_breaks_a_request_line(text: str) -> None:
    try:
        target = parse_target(text)
    except ExchangeError:
        return
    for part in (target.path, target.authority):
        assert part.isascii()
        assert part.isprintable()
        assert " " not in part
    assert target.path.startswith("/")
    assert parse_target(target.url) == target


@given(st.text(max_size=80))
def test_any_location_leads_somewhere_or_is_an_error(location: str) -> None:
    try:
        led = resolve_location("https://example.com/a/b?c#d", location)
        parse_target(led)
    except ExchangeError:
        return
