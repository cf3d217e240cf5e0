"""The day that an address itself tells: by the number of a post, a video or a paper, or by the date in its path."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.urls.parts import split_url
from cite_audit.urls.unwrap import unwrap_url

X_POST = compile_lazily(
    r"^https?://(?:www\.|mobile\.|m\.)?(?:twitter|x|fxtwitter|vxtwitter)\.com/(?:\w+|i/web)/status(?:es)?/(\d+)", re.I
)
X_EPOCH = 1_288_834_974_657  # milliseconds since 1970; the 22 lowest bits of a number are no time
X_SHIFT = 22
FIRST_TIMED_X_POST = 10**13  # numbers below were given out before they carried their time, up to LAST_COUNTED_X_POST
LAST_COUNTED_X_POST = 3 * 10**10
_TIKTOK_VIDEO = compile_lazily(r"^https?://(?:www\.|m\.)?tiktok\.com/@[\w.-]+/(?:video|photo)/(\d{17,20})(?!\d)", re.I)
_TIKTOK_SHIFT = 32  # bits above which the seconds since 1970 stand
ARXIV_PAPER = compile_lazily(
    r"^https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(\d\d)(\d\d)\.(\d+)(?:v\d+)?(?:\.pdf)?/?(?:[?#]|$)", re.I
)
PATH_DATE = compile_lazily(
    r"(?<![\da-z])(?P<year>(?:19|20)\d\d)(?:(?P<mark>[/-])(?P<month>\d\d)(?:(?P=mark)(?P<day>\d\d)(?!\d))?(?=[/_.-]|$)"
    r"|(?P<month2>\d\d)(?P<day2>\d\d)(?=[/_.-]|$))",
    re.I,
)
# what is announced has an address with a date to come
_ANNOUNCED = compile_lazily(
    r"event|calend|agenda|schedul|confer|program|webinar|seminar|forecast|budget|tender|veranstalt", re.I
)


@frozen_record
class StatedTime:
    """The earliest day that an address can be of. `basis`: what tells it; `is_number`: a number that carries it.

    `is_exact`: it is of that very day.
    """

    day: date
    basis: str
    is_number: bool = True
    is_exact: bool = False


def find_stated_time(url: str) -> StatedTime | None:
    """The day that an address tells of itself, or None; that of an archived copy tells the copy's, so it has none."""
    if match := X_POST.match(url):
        return _read_x_time(int(match[1][:25]))
    if match := _TIKTOK_VIDEO.match(url):
        return _read_instant((int(match[1]) >> _TIKTOK_SHIFT) * 1000, "the number of the video")
    if match := ARXIV_PAPER.match(url):
        return _read_day(2000 + int(match[1]), int(match[2]), 1, "the number of the paper", is_number=True)
    match = find_path_date(url)
    if match is None or unwrap_url(url) is not None or _ANNOUNCED.search(url):
        return None
    year, month, day = read_path_date(match)
    return _read_day(year, month, day or 1, "the date in the address", is_number=False)


def find_path_date(url: str) -> re.Match[str] | None:
    """Where an address's path prints a date, or what looks like one."""
    try:
        return PATH_DATE.search(split_url(url).path)
    except ValueError:
        return None


def read_path_date(match: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day that a match of PATH_DATE prints, be they a date or not; day 0 where none is printed."""
    return int(match["year"]), int(match["month"] or match["month2"]), int(match["day"] or match["day2"] or 0)


def _read_x_time(number: int) -> StatedTime | None:
    if number < FIRST_TIMED_X_POST or number >= 1 << 63:
        return None
    return _read_instant((number >> X_SHIFT) + X_EPOCH, "the number of the post")


def _read_instant(milliseconds: int, basis: str) -> StatedTime | None:
    try:
        return StatedTime(datetime.fromtimestamp(milliseconds / 1000, UTC).date(), basis, is_exact=True)
    except (ValueError, OverflowError, OSError):
        return None


def _read_day(year: int, month: int, day: int, basis: str, *, is_number: bool) -> StatedTime | None:
    try:
        return StatedTime(date(year, month, day), basis, is_number)
    except ValueError:
        return None
