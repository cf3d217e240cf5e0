"""Reads title, authors, date and publisher from the head of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from cite_audit.parse.dates import find_date, find_dates, remove_dates
from cite_audit.parse.readers.base import Metadata

_SKIPPED_LINE = re.compile(r"^(?:[-=*_#\s]*|!\[.*|\[?(?:home|menu|skip to.*)\]?(?:\(.*)?)$", re.I)
_BODY_LINE = re.compile(r"^(?:\\?\[\^?\d+\\?\]|<sup>|[¹²³⁰-⁹])|^\W*(?:h\w\wps?|www)\W|[.!?]\s.*[.!?]$", re.I)
_BYLINE = re.compile(
    r"^[*_\s]*(?:by|authors?|written by|автор\w*|автори?|von|verfasst von|par|por|"
    r"autor(?:es|en|zy|ka)?|auteurs?|szerzők?|írta|yazar(?:lar)?)\b\s*[:：]?\s*(?P<names>.+?)[*_\s]*$",
    re.I,
)
_NAME = r"[A-ZÀ-ÖØ-ÞŁŚŻА-ЯЁІЇЄҐ][\w’'-]*\.?"
_NAMES_ONLY = re.compile(
    rf"^[*_]*(?:{_NAME}(?:\s+(?:de|von|van|der|al|bin|{_NAME})){{1,3}})(?:(?:[,;]\s*(?:and\s+)?|\s+and\s+|\s*&\s*){_NAME}(?:\s+{_NAME}){{1,3}})*[*_]*$"
)
# words in capitals at the head of a report that are no names
_NOT_A_NAME = re.compile(
    r"\b(?:reports?|briefs?|briefing|updates?|analysis|assessment|news|research|institute|cent(?:er|re)|press|release|"
    r"executive|summary|introduction|overview|abstract|background|contents|findings|conclusions?|licen[cs]e|about|notes?|"
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
_PRINTED_HEAD = 4000  # characters in which a title or an author of the file's properties must be printed
_GENERIC_OWNER = re.compile(
    r"\b(?:customer|user|owner|admin\w*|student\w*|office|default|author|corp\w*|inc|ltd)\b", re.I
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200e\u200f\u2060\ufeff"))  # Google Docs writes them


@dataclass(slots=True)
class FrontMatter:
    """What the head of a report says; empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    published: date | None = None


def read_front_matter(text: str) -> FrontMatter:
    """The front matter printed at the top of a text: a title, then within a few lines a date and names."""
    front_matter = FrontMatter()
    title_date: date | None = None
    lines = [line.strip() for line in text[:8000].translate(_INVISIBLE).split("\n")[:_HEAD_LINES]]
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
        elif front_matter.title and not front_matter.authors and line[0] != "#" and _has_only_names(plain):
            front_matter.authors = split_names(plain)
        elif not front_matter.title:
            front_matter.title, title_date = plain, _find_date_of_title(plain)
    front_matter.published = front_matter.published or title_date
    return front_matter


def settle_masthead(declared: Metadata, text: str) -> tuple[str, tuple[str, ...], FrontMatter]:
    """Title and authors of a report, and its printed front matter.

    What a file's properties say counts only where the head of the report prints it too, or where nothing is printed and
    they name a person: templates and programs leave their own behind.
    """
    printed = read_front_matter(text)
    if not declared.is_of_file:
        return declared.title or printed.title, declared.authors or tuple(printed.authors), printed
    head = _squash(text[:_PRINTED_HEAD])
    title = declared.title if declared.title and _squash(declared.title) in head else printed.title or declared.title
    authors = tuple(printed.authors)
    if declared.authors and all(_squash(name) in head for name in declared.authors):
        authors = authors if len(authors) > len(declared.authors) else declared.authors
    elif not authors:
        authors = tuple(name for name in declared.authors if _has_only_names(name) and not _GENERIC_OWNER.search(name))
    return title, authors, printed


def _squash(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).casefold().split())


def _has_only_names(line: str) -> bool:
    return "\t" not in line and _NAMES_ONLY.match(line) is not None and not _NOT_A_NAME.search(line)


def _find_date_of_title(title: str) -> date | None:
    """A date that a title bears before or after a sign, as an issue does; one within it is that of an event."""
    for start, end, day in sorted(find_dates(title)):
        before, after = title[:start].rstrip(), title[end:].lstrip()
        ends_title = not after.strip(")].") and (not before or before[-1] in ",:;–—-|([")
        if ends_title or (not before and after[:1] in tuple("(:–—-|")):
            return day
    return None


def _is_dateline(line: str, *, has_title: bool) -> bool:
    """Whether a line says a date and little else; before there is a title, nothing else. A row of a table is none."""
    if "\t" in line:
        return False
    undated = remove_dates(line)
    words = [word for word in re.findall(r"\w+", _TIME_OF_DAY.sub("", undated)) if word.lower() not in _DATE_WORDS]
    return len(words) <= (4 if has_title else 0)


def read_names(line: str) -> list[str]:
    """The names that a line consists of; none where it says anything else."""
    return split_names(line) if _has_only_names(line) else []


def split_names(text: str) -> list[str]:
    """The names of an author line, in order."""
    cleaned = remove_dates(re.sub(r"[*_]|\(.*?\)", "", _TIME_OF_DAY.sub("", text)))
    return [
        name for part in _NAME_SEPARATOR.split(cleaned) if (name := part.strip(" .,|")) and re.match(r"[^\W\d_]", name)
    ]
