"""Public suffixes as the list has them, government ones that surprise included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tldextract import TLDExtract

from cite_audit.urls import public_suffix, registrable_domain, to_ascii
from cite_audit.urls.suffix import cookie_site, is_suffix, library_suffix, load_suffix_rules

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


SITES = [
    ("a.github.io", "a.github.io"),
    ("www.a.github.io", "a.github.io"),
    ("github.io", "github.io"),
    ("paper.blogspot.com", "paper.blogspot.com"),
    ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"),
    ("news.bbc.co.uk", "bbc.co.uk"),
    ("www.wiki.intranet", "www.wiki.intranet"),
    ("192.168.0.1", "192.168.0.1"),
]


@pytest.mark.parametrize(("host", "site"), SITES)
def test_strangers_below_a_company_share_no_site(host: str, site: str) -> None:
    assert cookie_site(host) == site


@pytest.mark.parametrize("host", ["uk", "co.uk", "github.io", "blogspot.com", "localhost"])
def test_a_name_under_which_strangers_have_theirs(host: str) -> None:
    assert is_suffix(host)


@pytest.mark.parametrize("host", ["bbc.co.uk", "a.github.io", "www.news.com", "wiki.intranet", "192.168.0.1"])
def test_a_name_that_is_somebodys(host: str) -> None:
    assert not is_suffix(host)


@given(st.lists(st.one_of(LABEL, st.sampled_from(["github", "io", "s3", "amazonaws"])), min_size=1, max_size=5))
def test_our_reading_of_the_private_section_is_tldextracts(labels: list[str]) -> None:
    host = ".".join(labels)
    assert cookie_site(host) == (LIBRARY(host, include_psl_private_domains=True).top_domain_under_public_suffix or host)
