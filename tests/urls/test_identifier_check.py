"""Identifiers that cannot be, and the days that addresses tell of themselves."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.urls.identifier_check import find_false_isbns, find_impossibility, find_impossible_date
from cite_audit.urls.stated_time import find_stated_time

TODAY = date(2026, 3, 1)
X = "https://twitter.com/somebody/status/"
YOUTUBE = "https://www.youtube.com/watch?v="


def _x_number(milliseconds: int) -> int:
    """The number of a post so long after X's numbers began to carry their time."""
    return milliseconds << 22


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (f"{X}{1 << 63}", "greater than any"),
        (f"{X}99999999999999999999", "greater than any"),
        (f"{X}30000000001", "between those of the old count"),
        (f"{X}9999999999999", "between those of the old count"),
        ("https://x.com/i/web/status/2996739431838310401", "a day to come"),
        (f"{YOUTUBE}dQw4w9WgXcR", "ends in “R”"),
        ("https://youtu.be/dQw4w9WgXc", "has 10"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQQ", "has 12"),
        ("https://arxiv.org/abs/1713.03762", "month 1713"),
        ("https://arxiv.org/pdf/2301.1234.pdf", "5 digits"),
        ("https://arxiv.org/abs/0704.00123", "4 digits"),
        ("https://arxiv.org/abs/0703.0012", "month 0703"),
        ("https://arxiv.org/abs/2704.00123", "a day to come"),
        ("https://arxiv.org/abs/hep-th/0704001", "month 0704"),
        ("https://arxiv.org/abs/math.GT/9013001", "month 9013"),
        ("https://doi.org/10.1000", "no whole DOI"),
        ("https://pubmed.ncbi.nlm.nih.gov/123456789/", "at most 8 digits"),
        ("https://www.tiktok.com/@somebody/video/9916181462140628225", "a day to come"),
    ],
)
def test_what_cannot_be(url: str, part: str) -> None:
    assert part in find_impossibility(url, TODAY)


@pytest.mark.parametrize(
    "url",
    [
        f"{X}20",
        f"{X}30000000000",
        f"{X}10000000000000",
        f"{X}1496739431838310401",
        f"{X}{(1 << 60)}",
        f"{YOUTUBE}dQw4w9WgXcQ",
        "https://www.youtube.com/embed/videoseries?list=PL1",
        "https://www.youtube.com/@somebody/videos",
        "https://arxiv.org/abs/1706.03762v7",
        "https://arxiv.org/abs/0704.0012",
        "https://arxiv.org/abs/hep-th/0703001",
        "https://arxiv.org/abs/hep-th/9901001",
        "https://doi.org/10.1000/182",
        "https://doi.org/10.1000%2F182",
        "https://pubmed.ncbi.nlm.nih.gov/12345678/",
        "https://www.tiktok.com/@somebody/video/7016181462140628225",
        "https://a.example/news/2099/01/01/ahead",
        "http://[.]/2021/01/01",
    ],
)
def test_what_can_be(url: str) -> None:
    assert find_impossibility(url, TODAY) == ""


@pytest.mark.parametrize(
    ("url", "day"),
    [
        (f"{X}1496739431838310401", date(2022, 2, 24)),
        (f"{X}{_x_number(86_400_000)}", date(2010, 11, 5)),
        ("https://www.tiktok.com/@somebody/video/7016181462140628225", date(2021, 10, 7)),
        ("https://arxiv.org/abs/1706.03762", date(2017, 6, 1)),
        ("https://a.example/2021/05/04/story", date(2021, 5, 4)),
        ("https://a.example/news/2021-05-04-story", date(2021, 5, 4)),
        ("https://a.example/news/20210504-story", date(2021, 5, 4)),
        ("https://a.example/2021/05/story", date(2021, 5, 1)),
        ("https://a.example/events/2031/05/04/fair", None),
        ("https://web.archive.org/web/20210504000000/https://a.example/2019/01/02/x", None),
        ("https://a.example/report-2021", None),
        ("https://a.example/20219999-story", None),
    ],
)
def test_the_day_that_an_address_tells(url: str, day: date | None) -> None:
    stated = find_stated_time(url)
    assert (stated.day if stated else None) == day


@pytest.mark.parametrize(
    ("url", "has_none"),
    [
        ("https://a.example/2021/02/30/story", True),
        ("https://a.example/2021-02-29-story", True),
        ("https://a.example/20210431-story", True),
        ("https://a.example/2020/02/29/story", False),
        ("https://a.example/2021/25/12/story", False),  # the day first
        ("https://a.example/2021/40/41/story", False),  # numbers, no date
        ("https://a.example/20201345", False),
        ("https://a.example/2021/13", False),
    ],
)
def test_days_that_no_calendar_has(url: str, has_none: bool) -> None:
    assert bool(find_impossible_date(url)) is has_none


def test_check_digits_of_isbns() -> None:
    right = "ISBN 978-3-16-148410-0; ISBN: 0-306-40615-2, ISBN-10 080442957X, ISBN-13: 9783161484100"
    assert list(find_false_isbns(right)) == []
    assert list(find_false_isbns("ISBN 978-3-16-148410-1 and ISBN 0-306-40615-3.")) == [
        "978-3-16-148410-1",
        "0-306-40615-3",
    ]
