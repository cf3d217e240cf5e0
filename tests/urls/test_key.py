"""Two spellings of one page have one key; two pages have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.urls import canonical_key, to_ascii, url_host

SAME = [
    ("http://www.example.com/a", "https://example.com/a"),
    ("https://www2.example.com/a/", "https://example.com/a"),
    ("https://example.com", "https://example.com/"),
    ("https://EXAMPLE.com/News/A", "https://example.com/news/a"),
    ("https://example.com:443/a", "http://example.com:80/a"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com/a?utm_source=x&id=1&fbclid=z", "https://example.com/a?id=1"),
    ("https://example.com/a#top", "https://example.com/a"),
    ("https://example.com/%D0%B0", "https://example.com/а"),
    ("https://example.com//a/./b/../c", "https://example.com/a/c"),
    ("https://example.com/a;jsessionid=12AB?x=1", "https://example.com/a?x=1"),
    ("https://мид.рф/a", "https://xn--d1aigu.xn--p1ai/a".replace("xn--d1aigu", to_ascii("мид"))),
    ("https://example.com./a", "https://example.com/a"),
]
OTHER = [
    ("https://example.com/a", "https://example.org/a"),
    ("https://example.com/a?id=1", "https://example.com/a?id=2"),
    ("https://news.example.com/a", "https://example.com/a"),
    ("https://example.com:8080/a", "https://example.com/a"),
    ("https://example.com/#!/a", "https://example.com/#!/b"),
    ("https://www.by/", "https://by/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_page_meet(one: str, other: str) -> None:
    assert canonical_key(one) == canonical_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert canonical_key(one) != canonical_key(other)


def test_the_key_is_written_as_archives_write_it() -> None:
    assert canonical_key("https://www.example.co.uk/a?b=1") == "uk,co,example)/a?b=1"


@given(st.text(max_size=60))
def test_no_address_is_too_broken_for_a_key_or_a_host(text: str) -> None:
    assert isinstance(canonical_key(text), str)
    assert isinstance(url_host(text), str)


@given(st.lists(st.sampled_from(["a=1", "b=2", "c=", "a=3"]), unique=True))
def test_the_order_of_parameters_does_not_matter(parameters: list[str]) -> None:
    forth, back = "&".join(parameters), "&".join(reversed(parameters))
    assert canonical_key(f"https://example.com/p?{forth}") == canonical_key(f"https://example.com/p?{back}")
