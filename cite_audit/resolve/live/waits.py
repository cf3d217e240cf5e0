"""What a server says about when to come back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SPENT = re.compile(r"\br=0(?:\.0)?\b")
_RESET = re.compile(r"\bt=(\d+)")
_PREFIXES = ("ratelimit-", "x-ratelimit-", "x-rate-limit-")
_TELLING = {"retry-after", "ratelimit", *(prefix + name for prefix in _PREFIXES for name in ("remaining", "reset"))}


def asked_pause(headers: Iterable[tuple[str, str]], now: datetime) -> float | None:
    """Seconds a server asks to be left alone, or None: Retry-After (RFC 9110 §10.2.3) and the RateLimit fields."""
    said: dict[str, str] = {}
    for name, value in headers:
        if name in _TELLING:
            said.setdefault(name, value.strip())
    if not said:
        return None
    if (text := said.get("retry-after")) and (pause := _moment(text, now)) is not None:
        return pause
    if _SPENT.search(limits := said.get("ratelimit", "")) and (match := _RESET.search(limits)):
        return float(match[1])
    for prefix in _PREFIXES:
        if said.get(prefix + "remaining") == "0" and (text := said.get(prefix + "reset")):
            return _moment(text, now)
    return None


def _moment(text: str, now: datetime) -> float | None:
    """Seconds from a number (of seconds, or a Unix time) or an HTTP date."""
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text):
        number = float(text)
        return max(0.0, number - now.timestamp()) if number > 1e9 else number
    try:
        when = parsedate_to_datetime(text)
        return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, OverflowError):  # a zone of a thousand years
        return None
