"""Save Page Now 2: its requests, and what its answers mean. Pure.

Source: “SPN2 Public API” by the Internet Archive (2025), and what clients report: refusals come with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cite_audit.errors import ArchiveError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.playback import encode_url, parse_stamp
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.credentials import ArchiveKeys
from cite_audit.snapshot.spn_errors import find_message_code, strip_error_prefix

TIMEOUT = 60.0


@frozen_record
class SaveAnswer:
    """What Save Page Now says of a page. `code` when it refused or failed; `captured_at` when it succeeded.

    `start_delay`: seconds until an overloaded archive begins with the capture.
    """

    job_id: str = ""
    pending: bool = False
    code: str = ""
    message: str = ""
    captured_at: datetime | None = None
    recent: bool = False  # it holds a recent capture and made no new one
    start_delay: float = 0.0


class KeysRefusedError(ArchiveError):
    """The archive does not know the keys, or wants some."""


def _build_headers(keys: ArchiveKeys | None, accept: str = "application/json") -> tuple[tuple[str, str], ...]:
    form = ("content-type", "application/x-www-form-urlencoded")
    authorization = (("authorization", keys.authorization),) if keys else ()
    return (("accept", accept), form, *authorization)


def build_save_request(
    base: str, url: str, keys: ArchiveKeys | None, *, recent_seconds: float = 3600.0, screenshot: bool = False
) -> Request:
    """Ask for a capture unless there is one younger than `within` seconds. Without keys the answer is HTML."""
    options = {
        "url": encode_url(url),
        "skip_first_archive": "1",
        "if_not_archived_within": str(int(recent_seconds)),
        **({"force_get": "1"} if url.partition("?")[0].lower().endswith(".pdf") else {}),
        **({"capture_screenshot": "1"} if screenshot else {}),
    }
    headers = _build_headers(keys, "application/json" if keys else "text/html")
    return Request(f"{base}/save", "POST", headers, urlencode(options).encode(), timeout=TIMEOUT)


def build_status_request(base: str, jobs: Sequence[str], keys: ArchiveKeys | None) -> Request:
    """Ask for the state of many jobs at once."""
    content = urlencode({"job_ids": ",".join(jobs)}).encode()
    return Request(f"{base}/save/status", "POST", _build_headers(keys), content, timeout=TIMEOUT)


def build_quota_request(base: str, keys: ArchiveKeys, now: float) -> Request:
    """Ask how much of the day's captures is left; `_t` keeps caches out."""
    return Request(f"{base}/save/status/user?_t={int(now)}", headers=_build_headers(keys), timeout=TIMEOUT)


_JOB_PATTERN = re.compile(rb"watchJob\(\s*[\"'](spn2-[\w-]+|[\w-]{16,})[\"']")
_START_MESSAGE = re.compile(r"will start in\W*(?:(\d+) hours?\W*)?(?:and )?(?:(\d+) minutes?)?", re.I)
_RECENT_MESSAGE = re.compile(r"same snapshot (?:had|has) been made", re.I)


def read_save_answer(reply: Reply) -> SaveAnswer:
    """The answer to a capture request. Raises KeysRefusedError, or ArchiveError when the answer is not understood."""
    if reply.status in (401, 403):
        raise KeysRefusedError("the Wayback Machine wants valid keys for saving (archive.org/account/s3.php)")
    if job_match := _JOB_PATTERN.search(reply.body):
        return SaveAnswer(job_match[1].decode(), pending=True)
    if not reply.body.lstrip().startswith(b"{") and (code := find_message_code(reply.body.decode("utf-8", "replace"))):
        return SaveAnswer(code=code, message="the archive says so on its page, without a job")
    answer_fields = _parse_answer_object(reply)
    message = str(answer_fields.get("message") or "")
    job_id = str(answer_fields.get("job_id") or "")
    if answer_fields.get("status") == "error" or answer_fields.get("status_ext"):
        return SaveAnswer(code=_read_code(answer_fields, message), message=message)
    if not job_id and (code := find_message_code(message)):
        return SaveAnswer(code=code, message=message)
    if _RECENT_MESSAGE.search(message):
        return SaveAnswer(job_id, pending=bool(job_id), message=message, recent=True)
    if not job_id:
        raise ArchiveError(f"saving gave neither a job nor a reason: {message or reply.status}")
    return SaveAnswer(job_id, pending=True, message=message, start_delay=_read_start_delay(message))


def _read_start_delay(message: str) -> float:
    """Seconds of “The capture will start in ~1 hour, 13 minutes because our service is currently overloaded”."""
    start = _START_MESSAGE.search(message)
    return 3600.0 * int(start[1] or 0) + 60.0 * int(start[2] or 0) if start else 0.0


def read_status_answers(reply: Reply) -> dict[str, SaveAnswer]:
    """The state of jobs by their id. Raises ArchiveError when the answer is no list of them."""
    try:
        parsed = parse_foreign_json(reply.body)
    except ValueError as error:
        raise ArchiveError(f"the state of jobs came as something else than JSON (status {reply.status})") from error
    jobs = parsed if isinstance(parsed, list) else [parsed]
    return {
        str(job_state["job_id"]): _read_job_state(job_state)
        for job_state in jobs
        if isinstance(job_state, dict) and job_state.get("job_id")
    }


def read_quota(reply: Reply) -> dict[str, int]:
    """`available` slots, `daily_captures` and `daily_captures_limit`, as far as the archive gives them."""
    if reply.status in (401, 403):
        raise KeysRefusedError("the Wayback Machine does not know these keys")
    return {name: value for name, value in _parse_answer_object(reply).items() if isinstance(value, int)}


def _read_job_state(job_state: Mapping[str, Any]) -> SaveAnswer:
    job_id, status = str(job_state["job_id"]), job_state.get("status")
    message = str(job_state.get("message") or job_state.get("exception") or "")
    if status == "pending":
        return SaveAnswer(job_id, pending=True)
    captured_at = parse_stamp(str(job_state.get("timestamp") or ""))
    if status == "success" and captured_at:
        return SaveAnswer(job_id, captured_at=captured_at)
    return SaveAnswer(job_id, code=_read_code(job_state, message), message=message)


def _read_code(fields: Mapping[str, Any], message: str) -> str:
    return strip_error_prefix(str(fields.get("status_ext") or "")) or find_message_code(message) or "unknown"


def _parse_answer_object(reply: Reply) -> dict[str, Any]:
    try:
        parsed = parse_foreign_json(reply.body)
    except ValueError as error:
        raise ArchiveError(f"saving answered with something else than JSON (status {reply.status})") from error
    if not isinstance(parsed, dict):
        raise ArchiveError("saving answered with JSON of another shape")
    return parsed
