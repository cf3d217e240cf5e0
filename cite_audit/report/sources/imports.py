"""Other people's data sets, from the user's own disk, as overlays in our columns.

Only the columns as published are read; nothing of the data is shipped. Ratings of reliability are opinions: they are
kept as words in `basis` and `reliability`, shown beside the source, and change no group.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from cite_audit.errors import UsageError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.report.sources.channels import find_account
from cite_audit.report.sources.groups import RowConfidence, SourceControl, SourceMedium
from cite_audit.report.sources.registry import DATA, RegistryRow, normalize_key

Record = Mapping[str, str]


class DatasetLayout(NamedTuple):
    """A data set's name, the columns that give it away (lower case), and how its records become rows."""

    name: str
    columns: frozenset[str]
    convert_records: Callable[[list[Record]], Iterable[RegistryRow]]


CONTROL_BY_TYPOLOGY = {
    "sc": SourceControl.STATE_RUN,
    "capu": SourceControl.STATE_AFFILIATED,
    "capr": SourceControl.STATE_AFFILIATED,
    **dict.fromkeys(("isfm", "isf", "ism", "ip"), SourceControl.PUBLIC_SERVICE),
}
MEDIUM_PATTERNS = (
    ("agency|wire", SourceMedium.NEWS_AGENCY),
    ("tv|radio|broadcast|television", SourceMedium.BROADCASTER),
    ("newspaper|magazine|website|journal|news", SourceMedium.NEWS_OUTLET),
    ("organization|foundation", SourceMedium.ORGANIZATION),
)
SOCIAL_HOMES = {
    "twitter": "x.com/",
    "facebook": "facebook.com/",
    "instagram": "instagram.com/",
    "youtube": "youtube.com/@",
    "tiktok": "tiktok.com/@",
    "telegram": "t.me/",
}
MAX_ROWS_PER_HANDLE = 2  # a handle on more rows is an error of automatic matching


def convert_dataset(text: str) -> tuple[str, list[RegistryRow]]:
    """The name of the data set and its rows, sorted, one for each key. Raises UsageError for an unknown layout."""
    records = list(_parse_records(text))
    columns = frozenset(records[0]) if records else frozenset()
    for layout in LAYOUTS:
        if layout.columns <= columns:
            rows: dict[str, RegistryRow] = {}
            for row in layout.convert_records(records):
                if row.key and "." in row.key:
                    rows.setdefault(row.key, row)
            return layout.name, [rows[key] for key in sorted(rows)]
    known_layouts = "; ".join(f"{candidate.name}: {', '.join(sorted(candidate.columns))}" for candidate in LAYOUTS)
    raise UsageError(f"unknown layout; wanted are the columns of one of these: {known_layouts}")


def _parse_records(text: str) -> Iterator[Record]:
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("[", "{"):
        try:
            entries = parse_foreign_json(text)
        except ValueError as error:
            raise UsageError(f"neither CSV nor JSON: {error}") from error
        for entry in entries.values() if isinstance(entries, dict) else entries:
            yield {str(name).lower(): _join_words(value) for name, value in entry.items()}
        return
    for row in csv.DictReader(io.StringIO(text)):
        yield {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name}


def _join_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@lru_cache(maxsize=1)
def _load_country_codes() -> dict[str, str]:
    lines = (DATA / "countries.csv").read_text("utf-8").splitlines()[1:]
    return {name.lower(): code for name, _, code in (line.rpartition(",") for line in lines)}


def _country_code(name: str) -> str:
    name = re.sub(r"\s*\(.*\)$", "", name).strip().lower()
    return name.upper() if re.fullmatch(r"[a-z]{2}", name) else _load_country_codes().get(name, "")


def _guess_medium(words: str, default: str = "") -> str:
    return next((medium for pattern, medium in MEDIUM_PATTERNS if re.search(pattern, words, re.I)), default)


def _site_key(url: str) -> str:
    """The key of a site: its host; empty for a page on a platform."""
    url = url.strip()
    if not url:
        return ""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = normalize_key(parts.hostname or "")
    return "" if find_account(host, parts.path) else host


def _make_slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-")


def _convert_state_media_matrix(records: list[Record]) -> Iterator[RegistryRow]:
    handles = Counter(record.get(column, "") for record in records for column in SOCIAL_HOMES)
    for record in records:
        control = CONTROL_BY_TYPOLOGY.get(record["typology"].lower(), "")
        company, asset = record["media company"], record["main assets"]
        is_merged = "merged" in f"{record.get('status', '')} {record.get('notes', '')}".lower()
        row = RegistryRow(
            key=_site_key(record["url"]),
            id=_make_slug(company),
            name=asset or company,
            medium=_guess_medium(f"{asset} {company}", SourceMedium.NEWS_OUTLET),
            control=control,
            country=_country_code(record["country"]),
            typology=record["typology"],
            confidence=RowConfidence.LOW if is_merged else RowConfidence.MEDIUM,
            basis=f"State Media Matrix: {company}, {record['typology']}"
            + (" (a merged row, not typed)" if is_merged else ""),
        )
        yield row
        for column, home in SOCIAL_HOMES.items():
            handle = record.get(column, "")
            if handle and handles[handle] <= MAX_ROWS_PER_HANDLE:
                yield row._replace(key=_channel_key(handle, home), medium="", control=row.control)


def _channel_key(handle: str, home: str) -> str:
    """The key of an account given as an address or as a bare name."""
    if "/" not in handle:
        return normalize_key(home + handle.removeprefix("@"))
    parts = urlsplit(handle if "://" in handle else f"https://{handle}")
    who = find_account(normalize_key(parts.hostname or ""), parts.path, parts.query)
    return who.keys[0] if who and who.keys else ""


def _convert_iffy_index(records: list[Record]) -> Iterator[RegistryRow]:
    for record in records:
        ratings = [f"{name} {record[column]}" for column, name in _IFFY_COLUMNS.items() if record.get(column)]
        words = f"Iffy Index: {', '.join(ratings)}"
        yield RegistryRow(_site_key(record["domain"]), name=record.get("name", ""), basis=words, reliability=words)


_IFFY_COLUMNS = {
    "mbfc fact": "factual reporting",
    "mbfc bias": "category",
    "mbfc cred": "credibility",
    "score": "score",
}


def _convert_bias_fact_check(records: list[Record]) -> Iterator[RegistryRow]:
    for record in records:
        ratings = [f"{name} {record[column]}" for column, name in _MBFC_COLUMNS.items() if record.get(column)]
        yield RegistryRow(
            _site_key(record.get("domain") or record.get("source", "")),
            name=record.get("name", ""),
            medium=_guess_medium(record.get("media_type", "")),
            country=_country_code(record.get("country", "")),
            basis=f"Media Bias/Fact Check: {', '.join(ratings)}",
            reliability=f"Media Bias/Fact Check: {', '.join(ratings)}" if ratings else "",
        )


_MBFC_COLUMNS = {"bias": "bias", "factual_reporting": "factual reporting", "reporting": "factual reporting"}
_MBFC_COLUMNS |= {"mbfc_credibility_rating": "credibility", "credibility": "credibility"}


def _convert_perennial_sources(records: list[Record]) -> Iterator[RegistryRow]:
    for record in records:
        status = ", ".join(_parse_list(record["status"])).lower()
        for url in _parse_list(record["urls"]):
            if _site_key(url):  # with its path: a stock page of one company says nothing of the rest of its host
                words = f"Wikipedia, perennial sources: {status}"
                yield RegistryRow(normalize_key(url), name=record["name"], basis=words, reliability=words)


def _parse_list(text: str) -> list[str]:
    try:
        values = parse_foreign_json(text)
    except ValueError:
        return [text] if text else []
    return [str(value) for value in values] if isinstance(values, list) else [str(values)]


LAYOUTS = (
    DatasetLayout(
        "State Media Matrix",
        frozenset({"country", "media company", "main assets", "url", "typology"}),
        _convert_state_media_matrix,
    ),
    DatasetLayout("Iffy Index", frozenset({"domain", "mbfc fact"}), _convert_iffy_index),
    DatasetLayout(
        "Media Bias/Fact Check", frozenset({"source", "country", "bias", "factual_reporting"}), _convert_bias_fact_check
    ),
    DatasetLayout(
        "Media Bias/Fact Check", frozenset({"domain", "bias", "reporting", "credibility"}), _convert_bias_fact_check
    ),
    DatasetLayout("Wikipedia perennial sources", frozenset({"name", "status", "urls"}), _convert_perennial_sources),
)
