"""Public suffixes as the list has them, government ones that surprise included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tldextract import TLDExtract

from cite_audit.urls import public_suffix, registrable_domain, to_ascii
from cite_audit.urls.suffix import library_suffix, load_suffix_rules

LIBRARY = TLDExtract(suffix_list_urls=(), cache_dir=None)

HOSTS = [
    ("www.mil.by", "mil.by", "www.mil.by"),
    ("mil.by", "mil.by", "mil.by"),
    ("cis.minsk.by", "by", "minsk.by"),
    ("news.bbc.co.uk", "co.uk", "bbc.co.uk"),
    ("www.mfa.gov.by", "gov.by", "mfa.gov.by"),
    ("eng.mil.ru", "ru", "mil.ru"),
    ("a.b.kawasaki.jp", "b.kawasaki.jp", "a.b.kawasaki.jp"),
    ("a.city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp"),
    ("x.blogspot.com", "com", "blogspot.com"),
    (to_ascii("www.мид.рф"), to_ascii("рф"), to_ascii("мид.рф")),
    ("localhost", "", "localhost"),
    ("192.168.0.1", "", "192.168.0.1"),
    ("::1", "", "::1"),
]


@pytest.mark.parametrize(("host", "suffix", "domain"), HOSTS)
def test_suffix_and_registrable_domain(host: str, suffix: str, domain: str) -> None:
    assert (public_suffix(host), registrable_domain(host)) == (suffix, domain)


LABEL = st.sampled_from(
    ["a", "www", "gov", "co", "com", "by", "uk", "jp", "kawasaki", "city", "ck", "xn--p1ai", "ru", "zz"]
)


@given(st.lists(LABEL, min_size=1, max_size=5).map(".".join))
def test_our_reading_of_the_list_is_tldextracts(host: str) -> None:
    assert public_suffix(host) == LIBRARY(host).suffix
    assert registrable_domain(host) == (LIBRARY(host).top_domain_under_public_suffix or host)


def test_the_file_of_tldextract_is_where_it_is_read() -> None:
    """It is private to tldextract: without it each run pays 110 ms, and nobody would notice."""
    assert len(load_suffix_rules()) > 5000


@pytest.mark.parametrize(("host", "suffix", "domain"), HOSTS)
def test_the_fallback_gives_the_same_suffix(host: str, suffix: str, domain: str) -> None:
    assert library_suffix(host) == suffix
