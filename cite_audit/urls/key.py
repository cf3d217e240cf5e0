"""The host and the canonical key of an address."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit


@lru_cache(maxsize=65536)
def to_ascii(host: str) -> str:
    """A host as looked up: lower case, punycode (IDNA 2008 with the UTS-46 mapping); as given where that fails."""
    host = host.strip().rstrip(".").lower()
    if host.isascii():
        return host
    import idna  # its tables take 6 ms, and few hosts need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return host


def host(url: str) -> str:
    """The ASCII host of an address without its port; empty where there is none."""
    try:
        return to_ascii(urlsplit(url if "://" in url else f"//{url}").hostname or "")
    except ValueError:
        return ""


_WWW = re.compile(r"^www\d*\.(?=.*\.)")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|yclid|ysclid|msclkid|twclid|igshid|igsh|mc_[ce]id|_openstat|spm|ref_src|ref_url)$"
)
_SESSION = re.compile(r"^(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)$")  # as the Wayback Machine leaves out
_PORTS = {"http": 80, "https": 443, "": 0}


def key(url: str) -> str:
    """The key under which two spellings of one page meet, after the SURT that web archives look pages up by.

    Leaves out scheme, `www`, default port, letter case, tracking and session parameters, a trailing slash; sorts the
    query; meets escapes and plain letters. Keeps a fragment that is content (`#!/…`, `#a/b?c`), since some sites hold
    the page's name there. What cannot be parsed is its own key.
    """
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        port = parts.port
    except ValueError:
        return url
    name = _WWW.sub("", to_ascii(parts.hostname or ""))
    surt = name if ":" in name or name.replace(".", "").isdigit() else ",".join(reversed(name.split(".")))
    if port and port != _PORTS.get(parts.scheme, 0):
        surt += f":{port}"
    fragment = parts.fragment if re.match(r"!|\w+[/?]", parts.fragment) else ""
    return f"{surt}){_path(parts.path)}{_query(parts.query)}{'#' + fragment.lower() if fragment else ''}"


def _path(path: str) -> str:
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
