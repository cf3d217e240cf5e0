"""The host and the canonical key of an address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

from cite_audit.urls.parts import parts_of


def host(url: str) -> str:
    """The ASCII host of an address without its port; empty where there is none."""
    try:
        return parts_of(url).host
    except ValueError:
        return ""


_WWW = re.compile(r"^www\d*\.(?=.*\.)")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|yclid|ysclid|msclkid|twclid|igshid|igsh|mc_[ce]id|_openstat|spm|ref_src|ref_url)$"
)
_SESSION = re.compile(r"^(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)$")  # as the Wayback Machine leaves out
_PAGE_NAME = re.compile(r"!|\w+[/?]")  # a fragment that begins so is content
_PORTS = {"http": 80, "https": 443, "": 0}


def key(url: str) -> str:
    """The key under which two spellings of one page meet, after the SURT that web archives look pages up by.

    Leaves out scheme, `www`, default port, letter case, tracking and session parameters, a trailing slash; sorts the
    query; meets escapes and plain letters. Keeps a fragment that is content (`#!/…`, `#a/b?c`), since some sites hold
    the page's name there. What cannot be parsed is its own key.
    """
    try:
        parts = parts_of(url)
    except ValueError:
        return url
    port = parts.port
    if port == -1:
        return url
    name = _WWW.sub("", parts.host)
    surt = name if ":" in name or name.replace(".", "").isdigit() else ",".join(reversed(name.split(".")))
    if port and port != _PORTS.get(parts.scheme, 0):
        surt += f":{port}"
    fragment = parts.fragment if _PAGE_NAME.match(parts.fragment) else ""
    return f"{surt}){_path(parts.path)}{_query(parts.query)}{'#' + fragment.lower() if fragment else ''}"


def _path(path: str) -> str:
    if ";" in path:
        path = re.sub(r";(?:jsessionid|phpsessid)=[^/?]*", "", path, flags=re.I)
    if "%" in path or not path.isascii():
        path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._")
    if "//" in path or "/." in path:
        path = _plain(re.sub(r"/{2,}", "/", path))
    return path.lower().rstrip("/") or "/"


def _plain(path: str) -> str:
    """A path without dot segments (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = ((name.lower(), value.lower()) for name, value in parse_qsl(query, keep_blank_values=True))
    kept = sorted(pair for pair in pairs if not _TRACKING.match(pair[0]) and not _SESSION.match(pair[0]))
    return f"?{urlencode(kept)}" if kept else ""
