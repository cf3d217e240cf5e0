"""The bulk form of the availability API: up to 100 links in one POST, as InternetArchiveBot asks it. Pure.

It is undocumented at its address and may vanish, so whether it works is probed once and remembered. It lags behind
saves by hours and answers “nothing” for archived pages, so a hit is a hint of where to look and a miss means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from cite_audit.errors import ArchiveError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.resolve.archive.playback import encode_url, format_stamp, parse_stamp
from cite_audit.resolve.check.base import Reply, Request

BATCH_SIZE = 100
TIMEOUT = 15.0
_STATUSES = (("statuscodes", "200"), ("statuscodes", "203"), ("statuscodes", "206"))
_UNSUPPORTED = (400, 401, 403, 404, 405, 410, 501)


class UnsupportedError(ArchiveError):
    """The endpoint does not take bulk requests."""


def bulk_request(endpoint: str, links_by_tag: Mapping[str, tuple[str, datetime]]) -> Request:
    """One POST for links by tag: (link, target date). Asks for the last good capture up to a day after the target."""
    lines = []
    for tag, (url, near) in links_by_tag.items():
        end = format_stamp(near + timedelta(days=1))
        lines.append(
            urlencode([("url", encode_url(url)), ("timestamp", end), ("closest", "before"), *_STATUSES, ("tag", tag)])
        )
    headers = (
        ("content-type", "application/x-www-form-urlencoded"),
        ("wayback-api-version", "2"),
        ("accept", "application/json"),
    )
    return Request(endpoint, "POST", headers, "\n".join(lines).encode(), max_body=2 << 20, timeout=TIMEOUT)


def parse_hints(reply: Reply) -> dict[str, datetime | None]:
    """By tag: the time of a good capture, or None where it knows none. Tags it timed out on are left out.

    Raises UnsupportedError when this is no bulk endpoint, ArchiveError when the answer cannot be read.
    """
    if reply.status in _UNSUPPORTED:
        raise UnsupportedError(f"bulk availability answers {reply.status}")
    try:
        results = parse_foreign_json(reply.body)["results"]
        return {str(entry["tag"]): _closest_capture(entry) for entry in results if "archived_snapshots" in entry}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if reply.truncated:
            raise ArchiveError("bulk availability broke off") from error
        raise UnsupportedError("bulk availability gave no list of results") from error


def _closest_capture(entry: Mapping[str, object]) -> datetime | None:
    snapshots = entry["archived_snapshots"]
    closest = snapshots.get("closest") if isinstance(snapshots, Mapping) else None
    if not isinstance(closest, Mapping) or not closest.get("available", True):
        return None
    if not str(closest.get("status", "200")).startswith("2"):
        return None
    return parse_stamp(str(closest.get("timestamp", "")))
