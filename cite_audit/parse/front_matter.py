"""Reads title, authors, date and publisher from the head of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

_SKIPPED_LINE = re.compile(r"^(?:[-=*_#\s]*|!\[.*|\[?(?:home|menu|skip to.*)\]?(?:\(.*)?)$", re.I)
_BODY_LINE = re.compile(r"^(?:\\?\[\^?\d+\\?\]|<sup>|[¹²³⁰-⁹])|^\W*(?:h\w\wps?|www)\W|[.!?]\s.*[.!?]$", re.I)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январь січня styczeń stycznia студзеня januar janvier enero",
            "february feb февраля февраль лютого lutego лютага februar février febrero",
            "march mar марта март березня сакавіка marca märz mars marzo",
            "april apr апреля апрель квітня kwietnia красавіка avril abril",
            "may мая май травня maja мая траўня mai mayo",
            "june jun июня июнь червня czerwca чэрвеня juni juin junio",
            "july jul июля июль липня lipca ліпеня juli juillet julio",
            "august aug августа август серпня sierpnia жніўня août agosto",
            "september sep sept сентября сентябрь вересня września верасня septembre septiembre",
            "october oct октября октябрь жовтня października кастрычніка oktober octobre octubre",
            "november nov ноября ноябрь листопада listopada лістапада novembre noviembre",
            "december dec декабря декабрь грудня grudnia снежня dezember décembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DATES = (
    re.compile(rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})", re.I),
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|-?го|-?е|º|°|\.)?\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})\.?,?\s+(?:de\s+)?(?P<year>\d{{4}})",
        re.I,
    ),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"),
    # 09/14/2020 and 14/09/2020 are clear; 09/10/2020 is one day here and another there
    re.compile(r"\b(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])/(?P<year>\d{4})\b"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
)
_BYLINE = re.compile(
    r"^[*_\s]*(?:by|authors?|written by|автор\w*|автори?|von|par|por)\b\s*[:：]?\s*(?P<names>.+?)[*_\s]*$", re.I
)
_NAME = r"[A-ZÀ-ÖØ-ÞŁŚŻА-ЯЁІЇЄҐ][\w’'-]*\.?"
_NAMES_ONLY = re.compile(
    rf"^[*_]*(?:{_NAME}(?:\s+(?:de|von|van|der|al|bin|{_NAME})){{1,3}})(?:(?:[,;]\s*(?:and\s+)?|\s+and\s+|\s*&\s*){_NAME}(?:\s+{_NAME}){{1,3}})*[*_]*$"
)
# words in capitals at the head of a report that are no names
_NOT_A_NAME = re.compile(
    r"\b(?:reports?|briefs?|briefing|updates?|analysis|assessment|news|research|institute|cent(?:er|re)|press|release|"
    r"statement|paper|series|opinion|commentary|study|war|street|avenue|university|foundation|council|agency)\b",
    re.I,
)
_NAME_SEPARATOR = re.compile(r"\s*(?:,|;|\band\b|&|\bи\b|\bта\b|\bund\b|\bet\b|\bwith\b)\s*")
_TIME_OF_DAY = re.compile(
    r",?\s*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?|,?\s*\d{1,2}\s*[ap]\.?m\.?\s*(?:[A-Z]{2,3})?", re.I
)
_DATE_WORDS = frozenset(
    [
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *(
            "published",
            "updated",
            "posted",
            "date",
            "on",
            "last",
            "release",
            "of",
            "the",
            "et",
            "est",
            "edt",
            "utc",
            "gmt",
            "pm",
            "am",
        ),
        *("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "года", "г", "р", "року"),
    ]
)
_HEAD_LINES = 40


@dataclass(slots=True)
class FrontMatter:
    """What the head of a report says; empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    published: date | None = None


def find_date(text: str) -> date | None:
    """The first calendar date written in a text, in the forms and languages of the tables; None without one."""
    best: tuple[int, date] | None = None
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["month"].lower()
            try:
                day = date(int(match["year"]), int(month) if month.isdigit() else _MONTHS[month], int(match["day"]))
            except ValueError:
                continue
            if best is None or match.start() < best[0]:
                best = match.start(), day
            break
    return best[1] if best else _parse_date_by_library(text)


_DATE_SHAPE = re.compile(
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


def read_front_matter(text: str) -> FrontMatter:
    """The front matter printed at the top of a text: a title, then within a few lines a date and names."""
    front_matter = FrontMatter()
    title_date: date | None = None
    lines = [line.strip() for line in text[:8000].split("\n")[:_HEAD_LINES]]
    for line in lines:
        if not line or _SKIPPED_LINE.match(line):
            continue
        if _BODY_LINE.search(line):
            break
        plain = re.sub(r"^#{1,6}\s*|^[*_]{1,3}|[*_]{1,3}$", "", line).strip()
        if len(plain) > 300:
            break
        line_date = find_date(plain) if len(plain) < 200 else None
        if line_date and _is_dateline(plain, has_title=bool(front_matter.title)):
            front_matter.published = front_matter.published or line_date
            beside = [part.strip() for part in re.split(r"\s[|·•–—]\s", plain) if not find_date(part)]
            if front_matter.title and not front_matter.authors and len(beside) == 1 and _has_only_names(beside[0]):
                front_matter.authors = split_names(beside[0])
        elif not front_matter.authors and (byline := _BYLINE.match(plain)) and len(plain) < 400:
            front_matter.authors = split_names(byline["names"])
        elif front_matter.title and not front_matter.authors and _has_only_names(plain):
            front_matter.authors = split_names(plain)
        elif not front_matter.title:
            front_matter.title, title_date = plain, line_date
    front_matter.published = front_matter.published or title_date
    return front_matter


def _has_only_names(line: str) -> bool:
    return _NAMES_ONLY.match(line) is not None and not _NOT_A_NAME.search(line)


def _is_dateline(line: str, *, has_title: bool) -> bool:
    """Whether a line says a date and little else; before there is a title, nothing else."""
    undated = line
    for pattern in _DATES:
        undated = pattern.sub("", undated)
    words = [word for word in re.findall(r"\w+", _TIME_OF_DAY.sub("", undated)) if word.lower() not in _DATE_WORDS]
    return len(words) <= (4 if has_title else 0)


def split_names(text: str) -> list[str]:
    """The names of an author line, in order."""
    cleaned = re.sub(r"[*_]|\(.*?\)", "", _TIME_OF_DAY.sub("", text))
    for pattern in _DATES:
        cleaned = pattern.sub("", cleaned)
    return [
        name for part in _NAME_SEPARATOR.split(cleaned) if (name := part.strip(" .,|")) and re.match(r"[^\W\d_]", name)
    ]
