"""Addresses that wrap another: archives, redirectors, translators, caches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.urls.parts import UrlParts, split_url
from cite_audit.urls.wrappers import GOOGLE_AMP, PATH_WRAPPERS, QUERY_WRAPPERS, YANDEX_TURBO, UrlPatterns, Wrapping


@frozen_record
class WrappedUrl:
    """The inner address, the kind of service around it, and the capture time where the address has one."""

    url: str
    via: str
    captured_at: datetime | None = None


_SEARCH_ENGINE = compile_lazily(r"^(?:www\.|translate\.)?(google|yandex)\.(?:com|[a-z]{2})(?:\.[a-z]{2})?$")
_HOST = compile_lazily(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?=[:/?]|$)", re.I)


_WRAPPING_DOMAINS = PATH_WRAPPERS.keys() | QUERY_WRAPPERS.keys()


class UnwrappedUrl(NamedTuple):
    """An address seen through all its wrappings: the innermost address and its parts, and the outermost way to it."""

    url: str
    host: str
    path: str
    query: str
    via: str


MAX_LAYERS = 4  # a translated archive of a redirector may occur; more is an attack


@lru_cache(maxsize=16384)
def unwrap_url(url: str) -> WrappedUrl | None:
    """What an address wraps, or None. Decided by the spelling alone, so that short links wrap nothing."""
    parts, name = _split_or_none(url)
    return _unwrap_parts(name, parts) if parts else None


def unwrap_fully(url: str) -> UnwrappedUrl:
    """An address without its wrappings, taken apart; host, path and query are empty where it is none."""
    via = ""
    for _ in range(MAX_LAYERS):
        parts, name = _split_or_none(url)
        if parts is None:
            return UnwrappedUrl(url, "", "", "", via)
        inner = unwrap_url(url)
        if inner is None:
            return UnwrappedUrl(url, name, parts.path, parts.query, via)
        url, via = inner.url, via or inner.via
    parts, name = _split_or_none(url)
    return UnwrappedUrl(url, name, parts.path if parts else "", parts.query if parts else "", via)


def _split_or_none(url: str) -> tuple[UrlParts | None, str]:
    try:
        parts = split_url(url)
    except ValueError:
        return None, ""
    return parts, parts.host


def _unwrap_parts(name: str, parts: UrlParts) -> WrappedUrl | None:
    if "." not in name:
        return None
    if name.endswith(".translate.goog"):
        return _unwrap_translation(name, parts)
    if "google." in name or "yandex." in name:
        return _unwrap_search_engine(name, parts)
    domain = name
    while "." in domain:
        if domain in _WRAPPING_DOMAINS:
            if (rule := PATH_WRAPPERS.get(domain)) and (wrapped := _unwrap_path(rule, parts)):
                return wrapped
            if (query_rule := QUERY_WRAPPERS.get(domain)) and (wrapped := _unwrap_query(query_rule, parts)):
                return wrapped
        domain = domain.partition(".")[2]
    return None


def _unwrap_path(rule: tuple[Wrapping, UrlPatterns], parts: UrlParts) -> WrappedUrl | None:
    via, forms = rule
    whole = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    for pattern in forms.patterns:
        if match := pattern.match(whole):
            groups = match.groupdict()
            inner = _build_inner_url(groups)
            return WrappedUrl(inner, via, _parse_capture_time(groups.get("time") or "")) if inner else None
    return None


def _build_inner_url(groups: dict[str, str | None]) -> str:
    """The inner address from the groups of a pattern (see `wrappers`)."""
    if bare := groups.get("bare"):
        scheme = groups.get("scheme") or ("https" if groups.get("secure") else "http")
        return f"{scheme}://{bare}"
    if name := groups.get("host"):
        return f"https://{name}/{groups.get('rest') or ''}"
    return _restore_url(groups.get("url") or unquote(groups.get("query") or ""))


def _restore_url(text: str) -> str:
    """A full address from one that may have lost a slash, its scheme, or be quoted twice; empty if it is none."""
    if re.match(r"https?%3a", text, re.I):
        text = unquote(text)
    if match := re.match(r"(https?):/{1,2}(?=[^/])(.*)", text, re.I | re.S):
        return f"{match[1].lower()}://{match[2]}"
    return f"http://{text}" if _HOST.match(text) else ""


def _unwrap_query(rule: tuple[Wrapping, str, tuple[str, ...]], parts: UrlParts) -> WrappedUrl | None:
    via, start, names = rule
    if not parts.query or not (parts.path or "/").startswith(start):
        return None
    query = parse_qs(parts.query)
    for name in names:
        for value in query.get(name, []):
            if inner := _restore_url(value):
                return WrappedUrl(inner, via)
    return None


def _unwrap_search_engine(name: str, parts: UrlParts) -> WrappedUrl | None:
    """Google and Yandex under any national ending: search results, translation, AMP and Turbo pages."""
    if not (match := _SEARCH_ENGINE.match(name)):
        return None
    engine = match[1]
    if name.startswith("translate."):
        return _unwrap_query(QUERY_WRAPPERS[f"translate.{engine}"], parts)
    return _unwrap_path(GOOGLE_AMP if engine == "google" else YANDEX_TURBO, parts) or _unwrap_query(
        QUERY_WRAPPERS[engine], parts
    )


def _unwrap_translation(name: str, parts: UrlParts) -> WrappedUrl | None:
    """`www-lenta-ru.translate.goog`: dots become hyphens, hyphens are doubled; `_x_tr_…` parameters are its own."""
    query = parse_qs(parts.query, keep_blank_values=True)
    label = name.removesuffix(".translate.goog")
    mark = query.get("_x_tr_enc", [""])[0]
    label = label.removeprefix(f"{mark}-") if mark else label
    inner = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    page_query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("_x_tr_"))
    scheme = query.get("_x_tr_sch", ["https"])[0]
    if "." not in inner:
        return None
    return WrappedUrl(f"{scheme}://{inner}{parts.path}{'?' + page_query if page_query else ''}", Wrapping.TRANSLATE)


def _parse_capture_time(digits: str) -> datetime | None:
    """The capture time of a URI-M's 4 to 14 digits; missing parts are filled with their minimum."""
    digits = re.sub(r"\D", "", digits)
    digits = digits[: len(digits) // 2 * 2][:14]
    if len(digits) < 4:
        return None
    try:
        filled = digits + "00000101000000"[len(digits) :]
        return datetime.strptime(filled, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
