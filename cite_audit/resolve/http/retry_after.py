"""Retry-After and rate-limit fields: the pause a server asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cite_audit.lazy_pattern import compile_lazily

_QUOTA_SPENT = compile_lazily(r"\br=0(?:\.0)?\b")
_QUOTA_RESET = compile_lazily(r"\bt=(\d+)")
_PREFIXES = ("ratelimit-", "x-ratelimit-", "x-rate-limit-")
_PAUSE_FIELDS = {
    "retry-after",
    "ratelimit",
    *(prefix + name for prefix in _PREFIXES for name in ("remaining", "reset")),
}


def requested_pause(headers: Iterable[tuple[str, str]], now: datetime) -> float | None:
    """Seconds a server asks a client to wait, or None: Retry-After (RFC 9110 §10.2.3) and the RateLimit fields."""
    fields: dict[str, str] = {}
    for name, value in headers:
        if name in _PAUSE_FIELDS:
            fields.setdefault(name, value.strip())
    if not fields:
        return None
    if (text := fields.get("retry-after")) and (pause := _seconds_until(text, now)) is not None:
        return pause
    if _QUOTA_SPENT.search(limits := fields.get("ratelimit", "")) and (match := _QUOTA_RESET.search(limits)):
        return float(match[1])
    for prefix in _PREFIXES:
        if fields.get(prefix + "remaining") == "0" and (text := fields.get(prefix + "reset")):
            return _seconds_until(text, now)
    return None


def _seconds_until(text: str, now: datetime) -> float | None:
    """Seconds from a number (of seconds, or a Unix time) or an HTTP date."""
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text):
        number = float(text)
        return max(0.0, number - now.timestamp()) if number > 1e9 else number
    try:
        when = parsedate_to_datetime(text)
        return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, OverflowError):  # a zone of a thousand years
        return None
