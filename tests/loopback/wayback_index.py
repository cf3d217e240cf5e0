"""The loopback Wayback Machine's availability (single and bulk), index (CDX) and TimeMaps."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs

from cite_audit.urls import canonical_key
from tests.loopback.wayback_answers import Answer, Capture, as_json

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


class Holdings(Protocol):
    """What the answers are made from."""

    blind: bool

    @property
    def url(self) -> str: ...

    def of(self, url: str) -> list[Capture]: ...


def distance(capture: Capture, timestamp: str) -> float:
    wanted = max((timestamp + "00000101000000"[len(timestamp) :])[:14], "19960101000000")  # before it all began
    return abs((capture.when - datetime.strptime(wanted + "+0000", "%Y%m%d%H%M%S%z")).total_seconds())


def nearest(captures: Sequence[Capture], timestamp: str) -> Capture | None:
    return min(captures, key=lambda one: distance(one, timestamp), default=None)


def _closest(holdings: Holdings, url: str, timestamp: str, statuses: Sequence[str], side: str) -> dict[str, object]:
    captures = [] if holdings.blind else [one for one in holdings.of(url) if not one.revisit]
    if statuses:
        captures = [one for one in captures if str(one.status) in statuses]
    if side == "before":
        captures = [one for one in captures if one.timestamp <= timestamp]
    found = nearest(captures, timestamp or "99991231000000")
    if found is None:
        return {}
    address = f"http://web.archive.org/web/{found.timestamp}/{found.wire}"
    closest = {"status": str(found.status), "available": True, "url": address, "timestamp": found.timestamp}
    return {"closest": closest}


def availability(holdings: Holdings, url: str, timestamp: str) -> Answer:
    return as_json({"url": url, "archived_snapshots": _closest(holdings, url, timestamp, (), "")})


def bulk_availability(holdings: Holdings, body: str) -> Answer:
    """One query string per line; the entries come in reverse order, since nobody may rely on it."""
    results: list[dict[str, object]] = []
    for line in body.split("\n"):
        query = parse_qs(line)
        url, stamp = query["url"][0], query.get("timestamp", [""])[0]
        side = query.get("closest", [""])[0]
        found = _closest(holdings, url, stamp, query.get("statuscodes", []), side)
        results.append({"url": url, "timestamp": stamp, "tag": query["tag"][0], "archived_snapshots": found})
    return as_json({"results": results[::-1]})


def digest(body: bytes) -> str:
    return b32encode(hashlib.sha1(body).digest()).decode()


def _row(capture: Capture) -> list[str]:
    kind, status = ("warc/revisit", "-") if capture.revisit else (capture.mimetype, str(capture.status))
    length = str(len(capture.body))
    return [canonical_key(capture.url), capture.timestamp, capture.wire, kind, status, digest(capture.body), length]


def index(captures: Sequence[Capture], query: dict[str, list[str]], counts_skipped: bool = True) -> Answer:
    """CDX: filters match the whole value, rows are JSON arrays of strings, nothing found is `[]`."""
    rows = [_row(one) for one in captures]
    first, last = query.get("from", ["0"])[0], query.get("to", ["9"])[0]
    rows = [row for row in rows if first <= row[1] and row[1][: len(last)] <= last]
    for text in query.get("filter", []):
        field, _, pattern = text.lstrip("!").partition(":")
        wanted = not text.startswith("!")
        rows = [row for row in rows if bool(re.fullmatch(pattern, row[FIELDS.index(field)])) is wanted]
    if query.get("sort") == ["closest"]:
        by_stamp = {one.timestamp: distance(one, query["closest"][0]) for one in captures}
        rows.sort(key=lambda row: by_stamp[row[1]])
    skipped = dict.fromkeys((row[0] for row in rows), 0)
    if query.get("collapse") == ["urlkey"]:
        kept: dict[str, list[str]] = {}
        for row in rows:
            skipped[row[0]] += row[0] in kept
            kept.setdefault(row[0], row)
        rows = list(kept.values())
    limit = int(query.get("limit", ["0"])[0])
    rows = rows[limit:] if limit < 0 else rows[:limit] if limit else rows
    fields = query.get("fl", [",".join(FIELDS)])[0].split(",")
    table = [[row[FIELDS.index(field)] for field in fields] for row in rows]
    if query.get("showSkipCount") == ["true"] and counts_skipped:
        table = [[*cells, str(skipped[row[0]])] for cells, row in zip(table, rows, strict=True)]
        fields.append("skipcount")
    if query.get("output") == ["json"]:
        return as_json([fields, *table] if rows else [])
    text = "".join(" ".join(row) + "\n" for row in rows)
    return Answer(200, text.encode(), (("Content-Type", "text/plain"),))


def timemap(holdings: Holdings, target: str) -> Answer:
    match = re.fullmatch(r"/web/timemap/(link|json)/(.+)", target)
    if not match:
        return Answer(400)
    captures = holdings.of(match[2])
    if not captures:
        return Answer(404)
    if match[1] == "json":
        return Answer(200, json.dumps([list(FIELDS), *map(_row, captures)]).encode())
    text = links(holdings, captures, captures[0])
    return Answer(200, text.replace(", <", ",\n<").encode(), (("Content-Type", "application/link-format"),))


def links(holdings: Holdings, captures: Sequence[Capture], here: Capture) -> str:
    """The Link header of a capture: original, timemap, timegate, and first, prev, this, next and last memento."""
    at = list(captures).index(here)
    places = {0: "first", at - 1: "prev", at + 1: "next", len(captures) - 1: "last"}
    parts = [
        f'<{here.wire}>; rel="original"',
        f'<{holdings.url}/web/timemap/link/{here.wire}>; rel="timemap"; type="application/link-format"',
        f'<{holdings.url}/web/{here.wire}>; rel="timegate"',
    ]
    for number, capture in enumerate(captures):
        if number == at or number in places:
            rel = f"{places.get(number, '')} memento".strip()
            address = f"{holdings.url}/web/{capture.timestamp}/{capture.wire}"
            parts.append(f'<{address}>; rel="{rel}"; datetime="{capture.http_date}"')
    return ", ".join(parts)
