"""Days, months and years in running text: months of twelve languages, of the Levant, the Maghreb and Iran."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.letter_forms import fold_characters, read_rows

_YEAR = compile_lazily(r"(?<![\d.,])(1[89]\d\d|20\d\d)(?:s\b|-?(?:х|ых|е)\b)?(?![\d]|[.,]\d)")
_NUMERIC = (
    compile_lazily(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    compile_lazily(r"(?<![\d.])(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>(?:19|20)?\d\d)(?!\d)"),
    compile_lazily(r"(?:(?P<year>\d{4})\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?:(?P<day>\d{1,2})\s?[日号號])?"),
)
_AMERICAN = compile_lazily(r"(?<!\d)(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d)")
_DAY_BEFORE = compile_lazily(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|-?го|-?е)?(?:\s+(?:de|of|d'|מ|ב)|\s*[-–])?\s*$")
_DAY_BEHIND = compile_lazily(r"\.?\s+(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|[.,]\d)")
_YEAR_BEHIND = compile_lazily(r"\s*,?\s*(?:de |del |of |عام |سنه |سال )?(1[3-9]\d\d|20\d\d)(?!\d)")
_UNSAFE_MONTHS = frozenset(
    (
        "may",
        "march",
        "mar",
        "mars",
        "mai",
        "dec",
        "mag",
        "set",
        "gen",
        "ago",
        "sie",
        "maj",
        "lis",
        "gru",
        "مه",
        "مهر",
        "دي",
        "تير",
    )
)


@frozen_record
class ReadDate:
    """A day, month or year at `start`…`end` of a text; what is not printed is 0."""

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0


@lru_cache(maxsize=1)
def _load_months() -> tuple[dict[str, int], dict[str, int]]:
    """Folded names of the months, and those of the Persian calendar."""
    ours, solar = {}, {}
    for row in read_rows("cite_audit.prose", "month-names"):
        name = fold_characters(row["name"])
        if row["month"].startswith("solar"):
            solar[name] = int(row["month"].split()[1])
        else:
            ours[name] = int(row["month"])
    return ours, solar


@lru_cache(maxsize=1)
def _compile_months() -> re.Pattern[str]:
    ours, solar = _load_months()
    names = "|".join(map(re.escape, sorted({*ours, *solar}, key=lambda name: -len(name))))
    return re.compile(rf"(?<![^\W\d_])(?:[בלמהו]{{1,2}})?({names})(?![^\W\d_])")


def is_month_name(folded: str) -> bool:
    """Whether a folded word is the name of a month."""
    ours, solar = _load_months()
    return folded in ours or folded in solar


def read_dates(folded: str) -> list[ReadDate]:
    """The days, months and years that a text prints, in no certain order."""
    found = [*_read_months(folded), *_read_numeric(folded)]
    taken = {place for read in found if read.year for place in range(read.start, read.end)}
    found += [
        ReadDate(match.start(), match.end(), int(match[1]))
        for match in _YEAR.finditer(folded)
        if match.start() not in taken
    ]
    return found


def _read_months(folded: str) -> list[ReadDate]:
    ours, solar = _load_months()
    found = []
    for match in _compile_months().finditer(folded):
        name, start, end = match[1], match.start(), match.end()
        before = _DAY_BEFORE.search(folded, max(start - 12, 0), start)
        behind = None if before else _DAY_BEHIND.match(folded, end)
        day = int((before or behind)[1]) if before or behind else 0  # type: ignore[index]
        day = day if day <= 31 else 0
        start = before.start() if before and day else start
        end = behind.end() if behind and day else end
        year_match = _YEAR_BEHIND.match(folded, end)
        year = int(year_match[1]) if year_match else 0
        if year_match:
            end = year_match.end()
        if not day and not year and name in _UNSAFE_MONTHS:
            continue
        if name in ours:
            found.append(ReadDate(start, end, year, ours[name], day))
        elif day:
            gregorian = solar_to_gregorian(year or 1400, solar[name], day)
            found.append(ReadDate(start, end, gregorian.year if year else 0, gregorian.month, gregorian.day))
        elif year and 1300 < year < 1500:
            found.append(ReadDate(start, end, solar_to_gregorian(year, solar[name], 1).year))
    return found


def _read_numeric(folded: str) -> list[ReadDate]:
    found = []
    for pattern in (*_NUMERIC, _AMERICAN):
        for match in pattern.finditer(folded):
            year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
            year += 2000 if 0 < year < 100 else 0
            if 1 <= month <= 12 and day <= 31:
                found.append(ReadDate(match.start(), match.end(), year, month, day))
    return found


def solar_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of one of the Persian calendar (33-year rule, exact 1244–1530)."""
    cycles, rest = divmod(year - 1, 33)
    leap_days = cycles * 8 + sum(1 for passed in range(1, rest + 1) if passed % 33 in (1, 5, 9, 13, 17, 22, 26, 30))
    days = (year - 1) * 365 + leap_days + (month - 1) * 31 - max(month - 7, 0) + day - 1
    return date(622, 3, 21) + timedelta(days=days)
