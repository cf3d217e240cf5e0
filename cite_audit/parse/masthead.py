"""Reads title, authors, date and publisher from the head of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

_SKIP = re.compile(r"^(?:[-=*_#\s]*|!\[.*|\[?(?:home|menu|skip to.*)\]?(?:\(.*)?)$", re.I)
_NOT_HEAD = re.compile(r"^(?:\\?\[\^?\d+\\?\]|<sup>|[¹²³⁰-⁹])|^\W*(?:h\w\wps?|www)\W|[.!?]\s.*[.!?]$", re.I)
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
_BY = re.compile(
    r"^[*_\s]*(?:by|authors?|written by|автор\w*|автори?|von|par|por)\b\s*[:：]?\s*(?P<names>.+?)[*_\s]*$", re.I
)
_NAME = r"[A-ZÀ-ÖØ-ÞŁŚŻА-ЯЁІЇЄҐ][\w’'-]*\.?"
_NAMES_ONLY = re.compile(
    rf"^[*_]*(?:{_NAME}(?:\s+(?:de|von|van|der|al|bin|{_NAME})){{1,3}})(?:(?:[,;]\s*(?:and\s+)?|\s+and\s+|\s*&\s*){_NAME}(?:\s+{_NAME}){{1,3}})*[*_]*$"
)
# what the head of a report says in capitals besides names
_NO_NAME = re.compile(
    r"\b(?:reports?|briefs?|briefing|updates?|analysis|assessment|news|research|institute|cent(?:er|re)|press|release|"
    r"statement|paper|series|opinion|commentary|study|war|street|avenue|university|foundation|council|agency)\b",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|&|\bи\b|\bта\b|\bund\b|\bet\b|\bwith\b)\s*")
_CLOCK = re.compile(
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
class Head:
    """What the head of a report says; empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    published: date | None = None


def date_in(text: str) -> date | None:
    """The first calendar date written in a text, in the forms and languages of the tables; None without one."""
    best: tuple[int, date] | None = None
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["month"].lower()
            try:
                found = date(int(match["year"]), int(month) if month.isdigit() else _MONTHS[month], int(match["day"]))
            except ValueError:
                continue
            if best is None or match.start() < best[0]:
                best = match.start(), found
            break
    return best[1] if best else _by_library(text)


_LIKE_A_DATE = re.compile(
    r"\W*(?:\w+,?\s+)?\d{1,2}\.?\s+[^\W\d]{3,}\.?,?\s+\d{4}\W*|\W*[^\W\d]{3,}\s+\d{1,2},?\s+\d{4}\W*"
    r"|\d{4}\s?[^\W\d]{1,3}\s*\d{1,2}\s?[^\W\d]{1,3}\s*\d{1,2}\s?[^\W\d]{0,3}"
)


def _by_library(text: str) -> date | None:
    """A date in a language the tables do not hold; only for a text that is laid out as a date and is nothing else."""
    if len(text) > 40 or not _LIKE_A_DATE.fullmatch(text.strip()):
        return None
    import dateparser  # half a second: its languages are loaded one by one

    found = dateparser.parse(text.strip(), settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return found.date() if found else None


def read_head(text: str) -> Head:
    """The masthead printed at the top of a text: a title, then within a few lines a date and names."""
    head = Head()
    titled_on: date | None = None
    lines = [line.strip() for line in text[:8000].split("\n")[:_HEAD_LINES]]
    for line in lines:
        if not line or _SKIP.match(line):
            continue
        if _NOT_HEAD.search(line):
            break
        plain = re.sub(r"^#{1,6}\s*|^[*_]{1,3}|[*_]{1,3}$", "", line).strip()
        if len(plain) > 300:
            break
        said = date_in(plain) if len(plain) < 200 else None
        if said and _is_dateline(plain, titled=bool(head.title)):
            head.published = head.published or said
            beside = [part.strip() for part in re.split(r"\s[|·•–—]\s", plain) if not date_in(part)]
            if head.title and not head.authors and len(beside) == 1 and _only_names(beside[0]):
                head.authors = names_in(beside[0])
        elif not head.authors and (by := _BY.match(plain)) and len(plain) < 400:
            head.authors = names_in(by["names"])
        elif head.title and not head.authors and _only_names(plain):
            head.authors = names_in(plain)
        elif not head.title:
            head.title, titled_on = plain, said
    head.published = head.published or titled_on
    return head


def _only_names(line: str) -> bool:
    return _NAMES_ONLY.match(line) is not None and not _NO_NAME.search(line)


def _is_dateline(line: str, *, titled: bool) -> bool:
    """Whether a line says a date and little else; before there is a title, nothing else."""
    rest = line
    for pattern in _DATES:
        rest = pattern.sub("", rest)
    words = [word for word in re.findall(r"\w+", _CLOCK.sub("", rest)) if word.lower() not in _DATE_WORDS]
    return len(words) <= (4 if titled else 0)


def names_in(text: str) -> list[str]:
    """The names of an author line, in order."""
    cleaned = re.sub(r"[*_]|\(.*?\)", "", _CLOCK.sub("", text))
    for pattern in _DATES:
        cleaned = pattern.sub("", cleaned)
    return [name for part in _SPLIT.split(cleaned) if (name := part.strip(" .,|")) and re.match(r"[^\W\d_]", name)]
