"""Sections of sites, the schemes of their addresses, and the nearest of them."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.resolve.judge.neighbours.address_scheme import count_edits, find_nearest, fits_scheme
from cite_audit.resolve.judge.neighbours.section import find_section
from cite_audit.resolve.judge.neighbours.unseen_page import estimate_coverage, knows_site_badly


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://www.a.org/news/2020/09/15/ferry-stops/", "a.org/news/2020/09/"),
        ("https://a.org/news/2020/sep/15/ferry-stops", "a.org/news/2020/sep/"),
        ("https://a.org/world/20200915-ferry.html", "a.org/world/202009"),
        ("https://a.org/2020-09-15-ferry", "a.org/2020-09"),
        ("https://a.org/20200914/ferry-1577281234.html", "a.org/202009"),
        ("https://a.org/politics/9412345", "a.org/politics/9412"),
        ("https://a.org/a/ferry-stops-for-winter/30845123.html", "a.org/a/"),
        ("https://a.org/article.php?id=55123", "a.org/article.php?id=55"),
        ("https://a.org/backgrounder/ferry-stops", "a.org/backgrounder/"),
        ("https://a.org/ferry-stops", "a.org/"),
    ],
)
def test_the_section_of_an_address(url: str, section: str) -> None:
    found = find_section(url, None)
    assert found is not None
    assert found.name == section
    assert found.read_rest(url)


def test_a_front_page_has_no_section() -> None:
    assert find_section("https://a.org/", date(2020, 9, 1)) is None


def test_captures_near_the_citation_count_where_the_address_tells_no_month() -> None:
    without_month, with_month = (
        find_section(url, date(2020, 9, 1)) for url in ("https://a.org/x/y", "https://a.org/2020/09/y")
    )
    assert without_month is not None
    assert with_month is not None
    assert without_month.years == (2019, 2022)
    assert with_month.years is None


SLUGS = [f"story-number-{number}-of-many" for number in range(30)]
NUMBERS = [f"{number}.html" for number in range(30100, 30130)]


@pytest.mark.parametrize(
    ("rest", "neighbours", "fits"),
    [
        ("ferry-stops-for-winter", SLUGS, True),
        ("ferry_stops_for_winter", SLUGS, False),
        ("ferry-stops-for-winter.html", SLUGS, False),
        ("30117", NUMBERS, False),
        ("30177.html", NUMBERS, True),
        ("301777.html", NUMBERS, True),  # one digit more may come
        ("3017777.html", NUMBERS, False),
        ("ferry-stops.html", NUMBERS, False),
    ],
)
def test_an_address_fits_the_scheme_of_its_neighbours(rest: str, neighbours: list[str], fits: bool) -> None:
    assert fits_scheme(rest, neighbours) is fits


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("ferry", "ferry", 0), ("ferry", "frery", 1), ("ferry", "fery", 1), ("ferry", "fairy", 2), ("ferry", "canoe", 3)],
)
def test_edits_between_two_names(first: str, second: str, edits: int) -> None:
    assert count_edits(first, second) == edits


def test_the_nearest_addresses_are_those_of_a_slip_then_of_the_same_words() -> None:
    known = ["ferry-stops-for-winter", "winter-ferry-stops-again", "mayor-opens-library"]
    neighbours = [(end, f"http://a.org/{end}") for end in known]
    assert [url for url, _ in find_nearest("ferry-stops-fro-winter", neighbours, 3)] == [
        "http://a.org/ferry-stops-for-winter",
        "http://a.org/winter-ferry-stops-again",
    ]


@pytest.mark.parametrize(
    ("captures", "coverage"), [([], None), ([3, 0], None), ([5] * 20, 1.0), ([1] * 4 + [2] * 2 + [3] * 4, 10 / 12)]
)
def test_the_share_of_a_section_that_is_archived(captures: list[int], coverage: float | None) -> None:
    assert estimate_coverage(captures) == coverage


@pytest.mark.parametrize(("archived", "missed", "badly"), [(0, 1, False), (0, 2, True), (8, 2, False), (7, 2, True)])
def test_living_pages_show_how_well_a_site_is_archived(archived: int, missed: int, badly: bool) -> None:
    assert knows_site_badly(archived, missed) is badly
