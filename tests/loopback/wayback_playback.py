"""The loopback Wayback Machine's playback: captures with their headers, the hop to the nearest, the words it says."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import urljoin

from cite_audit.urls import url_host
from tests.loopback.wayback_answers import Answer, Asked, Capture, excluded, not_archived, page
from tests.loopback.wayback_index import Holdings, links, nearest


class Playable(Holdings, Protocol):
    excluded: dict[str, int]


def playback(wayback: Playable, asked: Asked) -> Answer:
    """`/web/<1-14 digits><modifier>/<url>`, or `/web/<url>` with Accept-Datetime."""
    match = re.fullmatch(r"/web/(?:(\d{1,14})([a-z]{2}_)?/)?(https?:.+)", asked.target)
    if not match:
        return page(404, "Page not found")
    stamp, modifier, url = match[1] or "", match[2] or "", match[3]
    if url_host(url) in wayback.excluded:
        return excluded(wayback.excluded[url_host(url)])
    captures = wayback.of(url)
    exact = next((one for one in captures if one.timestamp == stamp), None)
    if exact:
        return _capture(wayback, captures, exact, modifier, asked.headers.get("range", ""))
    found = nearest(captures, stamp or "99991231000000")
    if found is None:
        return not_archived()
    return Answer(
        302,
        headers=(
            ("Location", f"{wayback.url}/web/{found.timestamp}{modifier}/{found.wire}"),
            ("X-Archive-Redirect-Reason", f"found capture at {found.timestamp}"),
            ("Link", links(wayback, captures, found)),
        ),
    )


def _capture(wayback: Playable, captures: list[Capture], capture: Capture, modifier: str, ranged: str) -> Answer:
    headers = [
        ("Memento-Datetime", capture.http_date),
        ("Link", links(wayback, captures, capture)),
        ("x-archive-src", capture.source),
        ("x-ts", str(capture.status)),
        ("Content-Type", capture.mimetype),
        *((f"x-archive-orig-{name.lower()}", value) for name, value in capture.headers),
    ]
    location = next((value for name, value in capture.headers if name.lower() == "location"), "")
    if location and not modifier:
        said = f"Got an HTTP {capture.status} response at crawl time".encode()
        return Answer(200, said, tuple(headers))
    if location:
        target = f"{wayback.url}/web/{capture.timestamp}{modifier}/{urljoin(capture.wire, location)}"
        return Answer(capture.status, capture.body, (*headers, ("Location", target)))
    match = re.fullmatch(r"bytes=0-(\d+)", ranged)
    if match and capture.status == 200 and capture.body:
        end = min(int(match[1]), len(capture.body) - 1)
        headers.append(("Content-Range", f"bytes 0-{end}/{len(capture.body)}"))
        return Answer(206, capture.body[: end + 1], tuple(headers))
    return Answer(capture.status, capture.body, tuple(headers))
