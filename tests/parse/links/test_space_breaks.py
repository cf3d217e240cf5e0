"""Addresses cut by a space or inside the host: joined with evidence, suspected with less."""

from __future__ import annotations

import pytest

from cite_audit.model import SuspectKind
from cite_audit.parse.links.found_link import FoundLink
from cite_audit.parse.links.rejoin import rejoin_links
from cite_audit.parse.links.scan import scan_links


def first_link(text: str) -> FoundLink:
    return next(link for link in rejoin_links(text, scan_links(text)) if link.whole)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example.org/news/ 2024/05/mill.html (accessed 4 May)", "https://a.example.org/news/2024/05/mill.html"),
        ("https://a.example.org/news/ 2024/ 05/mill-x.html;", "https://a.example.org/news/2024/05/mill-x.html"),
        ("https://a.example.org/EN/TXT/? uri=ACT%3A32 (accessed 8 June)", "https://a.example.org/EN/TXT/?uri=ACT%3A32"),
        ("https://a.example.org/What%20do%20 use%20it.pdf.", "https://a.example.org/What%20do%20use%20it.pdf"),
    ],
)  # fmt: skip
def test_a_space_at_a_break_is_dropped_where_an_address_goes_on_and_ends(text: str, url: str) -> None:
    link = first_link(text)
    assert link.url == url
    assert link.confidence < 0.9, "no safe fix"
    assert link.alternatives


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example.org/news/ mill (accessed 4 May 2024).",
        "https://a.example.org/s?ID=USL 1164 (accessed 4 May 2024).",
        "https://a.example.org/river_union_ convention and others",
    ],
)
def test_what_cannot_be_decided_is_suspected(text: str) -> None:
    link = first_link(text)
    assert link.url == text.split()[0]
    assert [suspect.kind for suspect in link.suspects] == [SuspectKind.CUT]
    assert link.confidence < 1


@pytest.mark.parametrize("rest", ["and/or the mill", "24/7 service", "3/5/2024 was a Friday", "Reed said so."])
def test_prose_behind_an_address_is_prose(rest: str) -> None:
    link = first_link(f"See https://a.example.org/news/ {rest}")
    assert (link.url, link.suspects, link.confidence) == ("https://a.example.org/news/", (), 1.0)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://news.bbc.\nco.uk/2/hi/471.stm", "http://news.bbc.co.uk/2/hi/471.stm"),
        ("http://www.abc. net.au/news/471.htm", "http://www.abc.net.au/news/471.htm"),
        ("<http://www.bit-\ntech.example.net/news/1>", "http://www.bit-tech.example.net/news/1"),
        ("https://www2.\nexample.com/a/financial-\nservices-0614.pdf, 2014", "https://www2.example.com/a/financial-services-0614.pdf"),
        ("http://a.example.org/single/\n?no=1&tx[tt_news]=4711 (accessed", "http://a.example.org/single/?no=1&tx[tt_news]=4711"),
    ],
)  # fmt: skip
def test_a_host_cut_inside_is_joined(text: str, url: str) -> None:
    assert first_link(text).url == url


def test_a_host_keeps_its_hyphen_and_the_form_without_is_an_alternative() -> None:
    link = first_link("https://www.harbour-\nnews.org/x/y")
    assert link.url == "https://www.harbour-news.org/x/y"
    assert "https://www.harbournews.org/x/y" in link.alternatives
    text = "https://www.harbour-\nnews.org/x/y and https://www.harbournews.org/x/y"
    assert first_link(text).url == "https://www.harbournews.org/x/y"


@pytest.mark.parametrize(
    "visit",
    [
        "(consulté le 3 mars 2024)", "(abgerufen am 3. März 2024)", "(дата обращения: 03.03.2024)", "[dostęp 3.3.2024]",
        "(consultado el 3 de marzo)", "（2024年3月1日閲覧）", "(erişim tarihi: 3.3.2024)",
    ],
)  # fmt: skip
def test_a_visit_in_another_language_ends_an_address(visit: str) -> None:
    (one,) = rejoin_links(text := f"https://example.org/news/ 2024/05/dam-broken.html {visit}.", scan_links(text))
    assert one.url == "https://example.org/news/2024/05/dam-broken.html"


def test_a_stop_of_another_script_ends_the_rest_of_a_cut_address() -> None:
    (one,) = rejoin_links(text := "https://news.dam.\nco.jp/2024/05/a.html，3日", scan_links(text))
    assert one.url == "https://news.dam.co.jp/2024/05/a.html"
