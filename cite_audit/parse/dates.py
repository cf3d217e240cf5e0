"""Reads calendar dates as reports print them: month names from `data/months.csv`, orders of the languages below."""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.package_data import find_package_folder

__all__ = ["HAS_YEAR", "find_date", "find_dates", "remove_dates"]

# letters, then up to 13 other signs; whole, since what follows a month is none of these: a word is read once
_SIGN = r"[^\s\d.,;:()|/–—-]"
_WORD = rf"(?<![^\W\d_])(?P<month>[^\W\d_](?={_SIGN})[^\W\d_]*+{_SIGN}{{0,13}}+(?:\s(?:الأول|الثاني))?)"
_YEAR, _DAY = r"(?P<year>\d{4})(?!\d)", r"(?<!\d)(?P<day>\d{1,2})"
_RANGE = r"(?:\s?[–-]\s?\d{1,2})?"  # of days: the first one counts
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}  # the year before each one's first
_DATES = (
    compile_lazily(rf"{_WORD}\.?\s+{_DAY}(?:st|nd|rd|th)?{_RANGE}(?:st|nd|rd|th)?,?\s+{_YEAR}"),
    compile_lazily(
        rf"{_DAY}(?P<dot>\.)?(?:st|nd|rd|th|er|-?го|-?е|-?ro|-?a|º|°)?{_RANGE}\.?(?:\s+|[./-])(?:de\s+|of\s+|d['’])?{_WORD}"
        rf"(?:\.?,?\s+|[./-])(?:de\s+|del\s+|do\s+)?{_YEAR}"
    ),
    compile_lazily(  # hu lt lv: 2024. március 3., 2024 m. kovo 3 d., 2024. gada 3. martā
        rf"(?<!\d){_YEAR}(?:\.|\s?m\.|\.?\s?gada)?\s+(?:{_WORD}\.?\s+{_DAY}(?!\d)|(?P<day2>\d{{1,2}})\.\s+(?P<month2>[^\W\d_]{{3,14}}))"
    ),
    compile_lazily(r"(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>\d{4})", re.I),
    compile_lazily(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    compile_lazily(r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)"),
    compile_lazily(r"(?<!\d)(?P<year>\d{4})\.\s?(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})(?!\d)"),
    compile_lazily(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"),
    # 09/14/2020 and 14/09/2020 are clear; 09/10/2020 is one day here and another there
    compile_lazily(r"\b(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})\b"),
    compile_lazily(r"\b(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])/(?P<year>\d{4})\b"),
    compile_lazily(
        rf"(?P<era>{'|'.join(_ERAS)})\s?(?P<year>\d{{1,3}}|元)\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日"
    ),
    compile_lazily(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]"),
)
HAS_YEAR = compile_lazily(r"\d{4}")  # each form has a year in full, but for those of an era
_YEARS = range(1500, 2101)
# Croatian names October as Polish and Czech name November; it alone writes a dot behind the day.
_DOTTED_MONTHS = {"listopada": 10, "listopad": 10}


@lru_cache(maxsize=1)
def _read_months() -> dict[str, int]:
    table = (find_package_folder("cite_audit.parse") / "data" / "months.csv").read_text(encoding="utf-8")
    return {
        name: number
        for row in csv.DictReader(table.splitlines())
        for number in range(1, 13)
        for name in row[str(number)].split("|")
        if name
    }


@lru_cache(maxsize=64)  # a line of a masthead is asked several times
def find_dates(text: str) -> tuple[tuple[int, int, date], ...]:
    """Every date of a text that is one: where it starts and ends, and the day; those of one form at a time."""
    may_hold_date = "年" in text or HAS_YEAR.search(text)
    matches = [match for pattern in _DATES for match in pattern.finditer(text)] if may_hold_date else []
    return tuple((match.start(), match.end(), day) for match in matches if (day := _read_match(match)))


def _read_match(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = (parts["month"] or parts.get("month2") or "").lower()
    number = int(month) if month.isdecimal() else _read_months().get(month.removesuffix("."), 0)
    if parts.get("dot"):
        number = _DOTTED_MONTHS.get(month, number)
    year = 1 if parts["year"] == "元" else int(parts["year"])
    year += _ERAS.get(parts.get("era") or "", 0)
    try:
        return date(year, number, int(parts["day"] or parts.get("day2") or 0)) if year in _YEARS else None
    except ValueError:
        return None


def remove_dates(text: str) -> str:
    """The text without its dates."""
    for start, end, _ in sorted(find_dates(text), key=lambda place: -place[0]):
        text = text[:start] + text[end:]
    return text


def find_date(text: str) -> date | None:
    """The first calendar date written in a text, in the forms and languages of the tables; None without one."""
    first = min(find_dates(text), key=lambda place: place[0], default=None)
    return first[2] if first else _parse_date_by_library(text)


_DATE_SHAPE = compile_lazily(
    r"\W*(?:\w+,?\s+)?\d{1,2}\.?\s+[^\W\d]{3,}\.?,?\s+\d{4}\W*|\W*[^\W\d]{3,}\s+\d{1,2},?\s+\d{4}\W*"
    r"|\d{4}\s?[^\W\d]{1,3}\s*\d{1,2}\s?[^\W\d]{1,3}\s*\d{1,2}\s?[^\W\d]{0,3}"
)


def _parse_date_by_library(text: str) -> date | None:
    """A date in a language the tables do not hold; only for a text that is laid out as a date and is nothing else."""
    if len(text) > 40 or not _DATE_SHAPE.fullmatch(text.strip()):
        return None
    import dateparser  # half a second: its languages are loaded one by one

    parsed = dateparser.parse(text.strip(), settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return parsed.date() if parsed else None
