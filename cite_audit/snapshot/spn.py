"""Save Page Now 2: its requests, and what its answers mean. Pure.

Source: “SPN2 Public API” by the Internet Archive (2025), and what clients report: refusals come with status 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cite_audit.errors import ArchiveError
from cite_audit.resolve.archive.playback import instant, wire
from cite_audit.resolve.base import Reply, Request
from cite_audit.snapshot.keys import Keys
from cite_audit.snapshot.statuses import plain

TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What Save Page Now says of a page. `code` when it refused or failed; `captured_at` when it succeeded."""

    job_id: str = ""
    pending: bool = False
    code: str = ""
    message: str = ""
    captured_at: datetime | None = None
    recent: bool = False  # it holds a recent capture and made no new one


class KeysRefusedError(ArchiveError):
    """The archive does not know the keys, or wants some."""


def _headers(keys: Keys | None, accept: str = "application/json") -> tuple[tuple[str, str], ...]:
    form = ("content-type", "application/x-www-form-urlencoded")
    authorization = (("authorization", keys.authorization),) if keys else ()
    return (("accept", accept), form, *authorization)


def save_request(
    base: str, url: str, keys: Keys | None, *, within: float = 3600.0, screenshot: bool = False
) -> Request:
    """Ask for a capture unless there is one younger than `within` seconds. Without keys the answer is HTML."""
    options = {
        "url": wire(url),
        "skip_first_archive": "1",
        "if_not_archived_within": str(int(within)),
        **({"force_get": "1"} if url.partition("?")[0].lower().endswith(".pdf") else {}),
        **({"capture_screenshot": "1"} if screenshot else {}),
    }
    headers = _headers(keys, "application/json" if keys else "text/html")
    return Request(f"{base}/save", "POST", headers, urlencode(options).encode(), timeout=TIMEOUT)


def status_request(base: str, jobs: Sequence[str], keys: Keys | None) -> Request:
    """Ask for the state of many jobs at once."""
    content = urlencode({"job_ids": ",".join(jobs)}).encode()
    return Request(f"{base}/save/status", "POST", _headers(keys), content, timeout=TIMEOUT)


def quota_request(base: str, keys: Keys, now: float) -> Request:
    """Ask how much of the day's captures is left; `_t` keeps caches out."""
    return Request(f"{base}/save/status/user?_t={int(now)}", headers=_headers(keys), timeout=TIMEOUT)


_JOB = re.compile(rb"watchJob\(\s*[\"'](spn2-[\w-]+|[\w-]{16,})[\"']")
_RECENT = re.compile(r"same snapshot (?:had|has) been made", re.I)


def read_save(reply: Reply) -> Answer:
    """What came of asking for a capture. Raises KeysRefusedError, or ArchiveError when it cannot be told."""
    if reply.status in (401, 403):
        raise KeysRefusedError("the Wayback Machine wants valid keys for saving (archive.org/account/s3.php)")
    if job := _JOB.search(reply.body):
        return Answer(job[1].decode(), pending=True)
    said = _object(reply)
    message = str(said.get("message") or "")
    job_id = str(said.get("job_id") or "")
    if said.get("status") == "error" or said.get("status_ext"):
        return Answer(code=plain(str(said.get("status_ext") or "unknown")), message=message)
    if _RECENT.search(message):
        return Answer(job_id, pending=bool(job_id), message=message, recent=True)
    if not job_id:
        raise ArchiveError(f"saving gave neither a job nor a reason: {message or reply.status}")
    return Answer(job_id, pending=True, message=message)


def read_status(reply: Reply) -> dict[str, Answer]:
    """The state of jobs by their id. Raises ArchiveError when the answer is no list of them."""
    try:
        said = json.loads(reply.body)
    except ValueError as error:
        raise ArchiveError(f"the state of jobs came as something else than JSON (status {reply.status})") from error
    jobs = said if isinstance(said, list) else [said]
    return {str(one["job_id"]): _state(one) for one in jobs if isinstance(one, dict) and one.get("job_id")}


def read_quota(reply: Reply) -> dict[str, int]:
    """`available` slots, `daily_captures` and `daily_captures_limit`, as far as they were told."""
    if reply.status in (401, 403):
        raise KeysRefusedError("the Wayback Machine does not know these keys")
    return {name: value for name, value in _object(reply).items() if isinstance(value, int)}


def _state(said: Mapping[str, Any]) -> Answer:
    job, status = str(said["job_id"]), said.get("status")
    message = str(said.get("message") or said.get("exception") or "")
    if status == "pending":
        return Answer(job, pending=True)
    captured_at = instant(str(said.get("timestamp") or ""))
    if status == "success" and captured_at:
        return Answer(job, captured_at=captured_at)
    return Answer(job, code=plain(str(said.get("status_ext") or "unknown")), message=message)


def _object(reply: Reply) -> dict[str, Any]:
    try:
        said = json.loads(reply.body)
    except ValueError as error:
        raise ArchiveError(f"saving answered with something else than JSON (status {reply.status})") from error
    if not isinstance(said, dict):
        raise ArchiveError("saving answered with JSON of another shape")
    return said
