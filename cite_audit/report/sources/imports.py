"""Other people's data sets, from the user's own disk, as overlays in our columns.

Only the columns as published are read; nothing of the data is shipped. Ratings of reliability are opinions: they are
kept as words in `basis`, shown by `sources explain`, and change no group.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from cite_audit.errors import UsageError
from cite_audit.report.sources.channels import account
from cite_audit.report.sources.check import tidy_key
from cite_audit.report.sources.registry import COLUMNS, DATA, Row

Record = Mapping[str, str]


class Layout(NamedTuple):
    """A data set's name, the columns that give it away (lower case), and how its records become rows."""

    name: str
    columns: frozenset[str]
    rows: Callable[[list[Record]], Iterable[Row]]


TYPOLOGY = {"sc": "state_run", "capu": "state_affiliated", "capr": "state_affiliated"}
TYPOLOGY |= dict.fromkeys(("isfm", "isf", "ism", "ip"), "public_service")
MEDIA = (
    ("agency|wire", "news_agency"),
    ("tv|radio|broadcast|television", "broadcaster"),
    ("newspaper|magazine|website|journal|news", "news_outlet"),
    ("organization|foundation", "organization"),
)
SOCIAL = {
    "twitter": "x.com/",
    "facebook": "facebook.com/",
    "instagram": "instagram.com/",
    "youtube": "youtube.com/@",
    "tiktok": "tiktok.com/@",
    "telegram": "t.me/",
}
MOST_ROWS_OF_A_HANDLE = 2  # a handle on more rows than that was matched by a machine, wrongly


def convert(text: str) -> tuple[str, list[Row]]:
    """The name of the data set and its rows, sorted, one for each key. Raises UsageError for an unknown layout."""
    records = list(_records(text))
    columns = frozenset(records[0]) if records else frozenset()
    for layout in LAYOUTS:
        if layout.columns <= columns:
            rows: dict[str, Row] = {}
            for row in layout.rows(records):
                if row.key and "." in row.key:
                    rows.setdefault(row.key, row)
            return layout.name, [rows[key] for key in sorted(rows)]
    known = "; ".join(f"{each.name}: {', '.join(sorted(each.columns))}" for each in LAYOUTS)
    raise UsageError(f"unknown layout; wanted are the columns of one of these: {known}")


def as_table(rows: Iterable[Row]) -> str:
    """Rows as a table in our columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row[: len(COLUMNS)] for row in rows)
    return out.getvalue()


def _records(text: str) -> Iterator[Record]:
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("[", "{"):
        try:
            entries = json.loads(text)
        except ValueError as error:
            raise UsageError(f"neither CSV nor JSON: {error}") from error
        for entry in entries.values() if isinstance(entries, dict) else entries:
            yield {str(name).lower(): _words(value) for name, value in entry.items()}
        return
    for row in csv.DictReader(io.StringIO(text)):
        yield {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name}


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    lines = (DATA / "countries.csv").read_text("utf-8").splitlines()[1:]
    return {name.lower(): code for name, _, code in (line.rpartition(",") for line in lines)}


def _country(name: str) -> str:
    name = re.sub(r"\s*\(.*\)$", "", name).strip().lower()
    return name.upper() if re.fullmatch(r"[a-z]{2}", name) else _countries().get(name, "")


def _medium(words: str, otherwise: str = "") -> str:
    return next((medium for pattern, medium in MEDIA if re.search(pattern, words, re.I)), otherwise)


def _site(url: str) -> str:
    """The key of a site: its host; empty for a page on a platform, which is nobody's own site."""
    url = url.strip()
    if not url:
        return ""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = tidy_key(parts.hostname or "")
    return "" if account(host, parts.path) else host


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-")


def _state_media_matrix(records: list[Record]) -> Iterator[Row]:
    handles = Counter(record.get(column, "") for record in records for column in SOCIAL)
    for record in records:
        control = TYPOLOGY.get(record["typology"].lower(), "")
        company, asset = record["media company"], record["main assets"]
        merged = "merged" in f"{record.get('status', '')} {record.get('notes', '')}".lower()
        row = Row(
            key=_site(record["url"]),
            id=_slug(company),
            name=asset or company,
            medium=_medium(f"{asset} {company}", "news_outlet"),
            control=control,
            country=_country(record["country"]),
            typology=record["typology"],
            confidence="low" if merged else "medium",
            basis=f"State Media Matrix: {company}, {record['typology']}"
            + (" (a merged row, not typed)" if merged else ""),
        )
        yield row
        for column, home in SOCIAL.items():
            handle = record.get(column, "")
            if handle and handles[handle] <= MOST_ROWS_OF_A_HANDLE:
                yield row._replace(key=_channel(handle, home), medium="", control=row.control)


def _channel(handle: str, home: str) -> str:
    """The key of an account given as an address or as a bare name."""
    if "/" not in handle:
        return tidy_key(home + handle.removeprefix("@"))
    parts = urlsplit(handle if "://" in handle else f"https://{handle}")
    who = account(tidy_key(parts.hostname or ""), parts.path, parts.query)
    return who.keys[0] if who and who.keys else ""


def _iffy(records: list[Record]) -> Iterator[Row]:
    for record in records:
        said = [f"{name} {record[column]}" for column, name in _IFFY.items() if record.get(column)]
        yield Row(_site(record["domain"]), name=record.get("name", ""), basis=f"Iffy Index: {', '.join(said)}")


_IFFY = {"mbfc fact": "factual reporting", "mbfc bias": "category", "mbfc cred": "credibility", "score": "score"}


def _mbfc(records: list[Record]) -> Iterator[Row]:
    for record in records:
        said = [f"{name} {record[column]}" for column, name in _MBFC.items() if record.get(column)]
        yield Row(
            _site(record.get("domain") or record.get("source", "")),
            name=record.get("name", ""),
            medium=_medium(record.get("media_type", "")),
            country=_country(record.get("country", "")),
            basis=f"Media Bias/Fact Check: {', '.join(said)}",
        )


_MBFC = {"bias": "bias", "factual_reporting": "factual reporting", "reporting": "factual reporting"}
_MBFC |= {"mbfc_credibility_rating": "credibility", "credibility": "credibility"}


def _perennial(records: list[Record]) -> Iterator[Row]:
    for record in records:
        status = ", ".join(_listed(record["status"])).lower()
        for url in _listed(record["urls"]):
            if _site(url):  # with its path: a stock page of one company says nothing of the rest of its host
                yield Row(tidy_key(url), name=record["name"], basis=f"Wikipedia, perennial sources: {status}")


def _listed(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except ValueError:
        return [text] if text else []
    return [str(each) for each in found] if isinstance(found, list) else [str(found)]


LAYOUTS = (
    Layout(
        "State Media Matrix",
        frozenset({"country", "media company", "main assets", "url", "typology"}),
        _state_media_matrix,
    ),
    Layout("Iffy Index", frozenset({"domain", "mbfc fact"}), _iffy),
    Layout("Media Bias/Fact Check", frozenset({"source", "country", "bias", "factual_reporting"}), _mbfc),
    Layout("Media Bias/Fact Check", frozenset({"domain", "bias", "reporting", "credibility"}), _mbfc),
    Layout("Wikipedia perennial sources", frozenset({"name", "status", "urls"}), _perennial),
)
