"""Identifiers that cannot be, by their shape, their check digit or the time they carry; nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.urls.stated_time import (
    ARXIV_PAPER,
    FIRST_TIMED_X_POST,
    LAST_COUNTED_X_POST,
    X_POST,
    find_path_date,
    find_stated_time,
    read_path_date,
)
from cite_audit.urls.unwrap import unwrap_url

_YOUTUBE_VIDEO = compile_lazily(
    r"^https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|embed/(?!videoseries)|v/)"
    r"|youtu\.be/)([\w-]+)",
    re.I,
)
_YOUTUBE_ID = compile_lazily(r"[\w-]{10}[AEIMQUYcgkosw048]", re.A)  # 64 bits: the last letter holds four of them
_PUBMED = compile_lazily(r"^https?://(?:pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/)(\d+)", re.I)
_OLD_ARXIV = compile_lazily(
    r"^https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/[a-z-]+(?:\.[A-Z]{2})?/(\d\d)(\d\d)\d{3}\b", re.I
)
_DOI = compile_lazily(r"^https?://(?:dx\.|www\.)?doi\.org/(10\.[^?#]*)", re.I)
_WHOLE_DOI = compile_lazily(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_MARK = r"[-\s\u2010-\u2013]?"
_ISBN = compile_lazily(
    rf"\bISBN(?:-1[03])?[:\s\u00a0]{{0,3}}((?:97[89]{_MARK})?\d(?:{_MARK}\d){{8}}{_MARK}[\dXx])(?!\d)"
)
MAX_PMID_DIGITS = 8
FIRST_ARXIV_MONTH, FIRST_LONG_ARXIV_MONTH = (7, 4), (15, 1)  # year of the century and month


def find_impossibility(url: str, today: date) -> str:
    """Why an address names something that cannot be, as a sentence's part; empty where nothing speaks against it."""
    for check in (_check_x_post, _check_video, _check_paper, _check_registered_number):
        if problem := check(url):
            return problem
    stated = find_stated_time(url)
    if stated and stated.is_number and (stated.day - today).days > 1:
        return f"by {stated.basis} it is of {stated.day.isoformat()}, a day to come"
    return ""


def find_impossible_date(url: str) -> str:
    """A day in an address's path that no calendar has, such as 2021/02/30; empty without one."""
    match = None if unwrap_url(url) else find_path_date(url)
    if match is None:
        return ""
    year, month, day = read_path_date(match)
    if not day or _is_date(year, month, day) or _is_date(year, day, month):
        return ""
    is_meant = 1 <= month <= 12 and 29 <= day <= 31 if match["day2"] else 1 <= month <= 31 and 1 <= day <= 31
    return f"there is no day {match[0]}" if is_meant else ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _check_x_post(url: str) -> str:
    match = X_POST.match(url)
    if match is None:
        return ""
    number = int(match[1][:25])
    if number >= 1 << 63:
        return f"the post's number {match[1][:25]} is greater than any that can be given out"
    if LAST_COUNTED_X_POST < number < FIRST_TIMED_X_POST:
        return f"the post's number {number} lies between those of the old count and the first that carry their time"
    return ""


def _check_video(url: str) -> str:
    match = _YOUTUBE_VIDEO.match(url)
    if match is None or _YOUTUBE_ID.fullmatch(match[1]):
        return ""
    if len(match[1]) != 11:
        return f"YouTube's ids have 11 characters, “{match[1][:30]}” has {len(match[1])}"
    return f"no id of YouTube ends in “{match[1][-1]}” (“{match[1]}”)"


def _check_paper(url: str) -> str:
    if match := ARXIV_PAPER.match(url):
        when = int(match[1]), int(match[2])
        digits = 5 if when >= FIRST_LONG_ARXIV_MONTH else 4
        if not 1 <= when[1] <= 12 or when < FIRST_ARXIV_MONTH:
            return f"no paper of arXiv has a number of month {match[1]}{match[2]}"
        if len(match[3]) != digits:
            return f"arXiv's numbers of that month have {digits} digits behind the point, this one {len(match[3])}"
    elif match := _OLD_ARXIV.match(url):
        year = int(match[1])
        if not 1 <= int(match[2]) <= 12 or FIRST_ARXIV_MONTH <= (year, int(match[2])) < (91, 0):
            return f"no old paper of arXiv has a number of month {match[1]}{match[2]}"
    return ""


def _check_registered_number(url: str) -> str:
    if (match := _PUBMED.match(url)) and len(match[1].lstrip("0")) > MAX_PMID_DIGITS:
        return f"PubMed's numbers have at most {MAX_PMID_DIGITS} digits, this one {len(match[1])}"
    if (match := _DOI.match(url)) and not _WHOLE_DOI.match(match[1].replace("%2F", "/").replace("%2f", "/")):
        return f"“{match[1][:60]}” is no whole DOI: a prefix of digits, a slash, and what the publisher numbers"
    return ""


def find_false_isbns(text: str) -> Iterator[str]:
    """The ISBNs of a text, as printed, whose check digit does not fit (ISO 2108)."""
    for match in _ISBN.finditer(text):
        digits = [10 if mark in "Xx" else int(mark) for mark in match[1] if mark.isdecimal() or mark in "Xx"]
        if len(digits) == 10:
            remainder = sum((10 - place) * digit for place, digit in enumerate(digits)) % 11
        else:
            remainder = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
        if remainder:
            yield match[1]
