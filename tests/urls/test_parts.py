from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.urls.parts import join_url, path_and_query, split_url, to_ascii, to_readable

PIECES = (
    "a",
    "B.",
    "-",
    ".",
    ":",
    "80",
    "99999",
    "/",
    "?",
    "#",
    "@",
    "[",
    "]",
    "%41",
    "é",
    " ",
    "\n",
    "\x7f",
    "=",
    "!",
)


@given(
    st.sampled_from(("http://", "https://", "ftp://", "")), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
)
def test_an_address_is_taken_apart_as_the_standard_library_does_it(scheme: str, rest: str) -> None:
    url = f"https://a.org{rest}" if rest.startswith(("/", "?", "#", ":")) else scheme + rest
    try:
        said = urlsplit(url if "://" in url else f"//{url}")
        host = to_ascii(said.hostname or "")
    except ValueError:
        with pytest.raises(ValueError):
            split_url(url)
        return
    got = split_url(url)
    assert (got.scheme, got.host, got.path, got.query, got.fragment) == (
        said.scheme,
        host,
        said.path,
        said.query,
        said.fragment,
    )
    plain = urlsplit(url)
    assert path_and_query(url) == (plain.path, plain.query)
    try:
        assert got.port == said.port
    except ValueError:
        assert got.port == -1


@pytest.mark.parametrize(
    ("host", "readable"),
    [
        ("xn--80aswg.xn--p1ai", "сайт.рф"),
        ("www.xn--mnchen-3ya.de", "www.münchen.de"),
        ("xn--r8jz45g.jp", "例え.jp"),
        ("example.org", "example.org"),
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),  # Cyrillic letters that look like a Latin name
        ("xn--pple-43d.com", "xn--pple-43d.com"),  # one Cyrillic letter among Latin ones
        ("xn--.com", "xn--.com"),
    ],
)
def test_a_host_is_shown_in_its_own_script_unless_it_could_be_taken_for_another(host: str, readable: str) -> None:
    assert to_readable(host) == readable


@pytest.mark.parametrize(
    ("address", "joined"),
    [
        ("https:site.example/x", "https://site.example/x"),  # as browsers read it on a page of another scheme
        ("https:/site.example/x", "https://site.example/x"),
        ("https:1.[x", ""),
        ("//[x/y", ""),
        ("/a?u=https:b", "http://h.test/a?u=https:b"),
        ("", ""),
    ],
)
def test_what_an_address_in_a_page_leads_to_can_be_split(address: str, joined: str) -> None:
    assert join_url("http://h.test/page", address) == joined
