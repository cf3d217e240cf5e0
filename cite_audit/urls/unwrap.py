"""Addresses that wrap another: archives, redirectors, translators, caches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from cite_audit.urls.parts import Parts, parts_of
from cite_audit.urls.wrappers import GOOGLE_AMP, PATHS, QUERIES, TURBO, Forms


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The inner address, the way to it (archive, redirector, translate, amp, cache), and its capture time if told."""

    url: str
    via: str
    captured_at: datetime | None = None


_ENGINE = re.compile(r"^(?:www\.|translate\.)?(google|yandex)\.(?:com|[a-z]{2})(?:\.[a-z]{2})?$")
_HOST = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?=[:/?]|$)", re.I)


class Seen(NamedTuple):
    """An address seen through all its wrappings: the innermost address and its parts, and the outermost way to it."""

    url: str
    host: str
    path: str
    query: str
    via: str


MOST = 4  # a translated archive of a redirector is imaginable; more is a trap


@lru_cache(maxsize=16384)
def unwrap(url: str) -> Wrapped | None:
    """What an address wraps, or None. Looks at the spelling only; short links keep their secret."""
    parts, name = _split(url)
    return _unwrapped(name, parts) if parts else None


def see_through(url: str) -> Seen:
    """An address without its wrappings, taken apart; host, path and query are empty where it is none."""
    via = ""
    for _ in range(MOST):
        parts, name = _split(url)
        if parts is None:
            return Seen(url, "", "", "", via)
        inner = _unwrapped(name, parts)
        if inner is None:
            return Seen(url, name, parts.path, parts.query, via)
        url, via = inner.url, via or inner.via
    parts, name = _split(url)
    return Seen(url, name, parts.path if parts else "", parts.query if parts else "", via)


def _split(url: str) -> tuple[Parts | None, str]:
    try:
        parts = parts_of(url)
    except ValueError:
        return None, ""
    return parts, parts.host


def _unwrapped(name: str, parts: Parts) -> Wrapped | None:
    if "." not in name:
        return None
    if name.endswith(".translate.goog"):
        return _translated(name, parts)
    if "google." in name or "yandex." in name:
        return _of_engine(name, parts)
    below = name
    while "." in below:
        if (rule := PATHS.get(below)) and (found := _in_path(rule, parts)):
            return found
        if (asked := QUERIES.get(below)) and (found := _in_query(asked, parts)):
            return found
        below = below.partition(".")[2]
    return None


def _in_path(rule: tuple[str, Forms], parts: Parts) -> Wrapped | None:
    via, forms = rule
    whole = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    for pattern in forms.patterns:
        if match := pattern.match(whole):
            found = match.groupdict()
            inner = _inner(found)
            return Wrapped(inner, via, _time(found.get("time") or "")) if inner else None
    return None


def _inner(found: dict[str, str | None]) -> str:
    """The inner address from the groups of a pattern (see `wrappers`)."""
    if bare := found.get("bare"):
        scheme = found.get("scheme") or ("https" if found.get("secure") else "http")
        return f"{scheme}://{bare}"
    if name := found.get("host"):
        return f"https://{name}/{found.get('rest') or ''}"
    return _address(found.get("url") or unquote(found.get("query") or ""))


def _address(text: str) -> str:
    """A full address from one that may have lost a slash, its scheme, or be quoted twice; empty if it is none."""
    if re.match(r"https?%3a", text, re.I):
        text = unquote(text)
    if match := re.match(r"(https?):/{1,2}(?=[^/])(.*)", text, re.I | re.S):
        return f"{match[1].lower()}://{match[2]}"
    return f"http://{text}" if _HOST.match(text) else ""


def _in_query(rule: tuple[str, str, tuple[str, ...]], parts: Parts) -> Wrapped | None:
    via, start, names = rule
    if not parts.query or not (parts.path or "/").startswith(start):
        return None
    query = parse_qs(parts.query)
    for name in names:
        for value in query.get(name, []):
            if inner := _address(value):
                return Wrapped(inner, via)
    return None


def _of_engine(name: str, parts: Parts) -> Wrapped | None:
    """Google and Yandex under any national ending: search results, translation, AMP and Turbo pages."""
    if not (match := _ENGINE.match(name)):
        return None
    engine = match[1]
    if name.startswith("translate."):
        return _in_query(QUERIES[f"translate.{engine}"], parts)
    return _in_path(GOOGLE_AMP if engine == "google" else TURBO, parts) or _in_query(QUERIES[engine], parts)


def _translated(name: str, parts: Parts) -> Wrapped | None:
    """`www-lenta-ru.translate.goog`: dots become hyphens, hyphens are doubled; `_x_tr_…` parameters are its own."""
    query = parse_qs(parts.query, keep_blank_values=True)
    label = name.removesuffix(".translate.goog")
    mark = query.get("_x_tr_enc", [""])[0]
    label = label.removeprefix(f"{mark}-") if mark else label
    inner = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    own = "&".join(part for part in parts.query.split("&") if part and not part.startswith("_x_tr_"))
    scheme = query.get("_x_tr_sch", ["https"])[0]
    if "." not in inner:
        return None
    return Wrapped(f"{scheme}://{inner}{parts.path}{'?' + own if own else ''}", "translate")


def _time(digits: str) -> datetime | None:
    """The capture time of a URI-M's 4 to 14 digits; a part that is missing is its least."""
    digits = re.sub(r"\D", "", digits)
    digits = digits[: len(digits) // 2 * 2][:14]
    if len(digits) < 4:
        return None
    try:
        filled = digits + "00000101000000"[len(digits) :]
        return datetime.strptime(filled, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
