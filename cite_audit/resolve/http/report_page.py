"""A report that is itself a page: fetched with the same guarded client as everything else."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.resolve.check.base import Request
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.user_agents import PROFILES

MAX_REPORT_SIZE = 20 * 1024 * 1024  # bytes; a PDF of a long report


async def fetch_report(client: Client, url: str) -> bytes:
    """The bytes of the report at `url`. Raises ReadError with what the web said instead."""
    probe = await client.look(url, profile="browser")
    if probe.failure is not None and not probe.body:
        raise ReadError(url, f"it could not be fetched ({probe.failure.kind}{_detail_suffix(probe.failure.detail)})")
    if probe.status != 200:
        raise ReadError(url, f"it could not be fetched (answered {probe.status})")
    if not probe.truncated:
        return probe.body
    request = Request(probe.final_url or url, headers=PROFILES["browser"], max_body=MAX_REPORT_SIZE, timeout=60)
    whole = await client.fetch(request)
    if whole.status != 200 or whole.truncated or whole.failure is not None:
        raise ReadError(url, f"it could not be fetched whole (at most {MAX_REPORT_SIZE >> 20} MB)")
    return whole.body


def _detail_suffix(detail: str) -> str:
    return f": {detail}" if detail else ""
