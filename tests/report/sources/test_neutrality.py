"""Addresses that tell no publisher, and what the run saw behind them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.report.sources import classify
from cite_audit.report.sources.wrapper_target import find_wrapper_target


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://archive.ph/aB1cD", "archive"),
        ("https://bit.ly/3xY", "short link"),
        ("https://t.co/abc", "short link"),
        ("https://www.google.com/maps/place/Minsk", "map"),
        ("https://news.yahoo.com/a.html", "reprint"),
        ("https://www.documentcloud.org/documents/1-a", "document host"),
        ("https://storage.googleapis.com/bucket/a.pdf", "file host"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "platform"),
        ("https://doi.org/10.99999/x", "resolver"),
    ],
)
def test_an_address_that_tells_no_publisher_says_what_it_is(url: str, kind: str) -> None:
    source = classify(url)
    assert source.neutral == kind
    assert not source.is_known


@pytest.mark.parametrize(
    "url",
    [
        "https://tass.ru/a",
        "https://archive.ph/2025.05.12-101010/https://tass.ru/a",
        "https://storage.googleapis.com/istories/a.html",
        "https://cloud.google.com/blog/topics/threat-intelligence/a",
        "https://doi.org/10.1017/a",
        "https://reut.rs/3xY",
        "https://t.me/rybar/1",
    ],
)
def test_a_publisher_behind_a_wrapping_or_in_a_folder_is_known(url: str) -> None:
    assert classify(url).is_known


def test_partisan_media_of_a_country_share_a_side_and_free_ones_have_none() -> None:
    sides = {classify(f"https://{host}/a").side for host in ("tass.ru", "www.interfax.ru", "www.mk.ru", "t.me/rybar")}
    assert sides == {"RU"}
    assert classify("https://meduza.io/a").side == classify("https://www.reuters.com/a").side == ""


def _see(url: str, final_url: str = "", html: str = "") -> Verdict:
    probe = Probe(url, datetime(2025, 5, 12, tzinfo=UTC), status=200, final_url=final_url, body=html.encode())
    return Verdict(url, Health.ALIVE, Reason.OK, probe=probe)


@pytest.mark.parametrize(
    ("url", "kind", "verdict", "target"),
    [
        ("https://bit.ly/a", "short link", _see("https://bit.ly/a", "https://tass.ru/1"), "https://tass.ru/1"),
        (
            "https://archive.ph/aB1cD",
            "archive",
            _see(
                "https://archive.ph/aB1cD",
                html='<link rel="canonical" href="https://archive.ph/2025.05.12-101010/https://tass.ru/1">',
            ),
            "https://tass.ru/1",
        ),
        (
            "https://www.youtube.com/watch?v=a",
            "platform",
            _see(
                "https://www.youtube.com/watch?v=a",
                html='<span itemprop="author"><link itemprop="url" href="http://www.youtube.com/@dwnews"></span>',
            ),
            "http://www.youtube.com/@dwnews",
        ),
        ("https://archive.ph/aB1cD", "archive", _see("https://archive.ph/aB1cD", html="<p>One more step</p>"), ""),
        (
            "https://drive.google.com/file/d/1",
            "document host",
            _see("https://drive.google.com/file/d/1", "https://accounts.google.com/signin"),
            "",
        ),
        ("https://bit.ly/a", "short link", None, ""),
    ],
)
def test_what_the_run_saw_behind_an_address_is_its_source(
    url: str, kind: str, verdict: Verdict | None, target: str
) -> None:
    assert find_wrapper_target(url, kind, verdict) == target


def test_ratings_of_a_table_of_your_own_are_shown_with_the_source(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("key,name,reliability,credibility\nreuters.com,Reuters,B,2\n", encoding="utf-8")
    source = classify("https://www.reuters.com/a", overlays=(str(table),))
    assert (source.rating, source.group) == ("B2", "western_outlet")
