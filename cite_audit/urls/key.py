"""The host and the canonical key of an address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.urls.parts import split_url


def url_host(url: str) -> str:
    """The ASCII host of an address without its port; empty where there is none."""
    try:
        return split_url(url).host
    except ValueError:
        return ""


_WWW = compile_lazily(r"^www\d*\.(?=.*\.)")
_TRACKING = compile_lazily(
    r"^(?:utm_\w+|fbclid|gclid|dclid|yclid|ysclid|msclkid|twclid|igshid|igsh|mc_[ce]id|_openstat|spm|ref_src|ref_url)$"
)
_SESSION = compile_lazily(
    r"^(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)$"
)  # as the Wayback Machine leaves out
_CONTENT_FRAGMENT = compile_lazily(r"!|\w+[/?]")  # a fragment that begins so is content
_DEFAULT_PORTS = {"http": 80, "https": 443, "": 0}


def canonical_key(url: str) -> str:
    """The key that all spellings of one page share, modelled on the SURT by which web archives look pages up.

    Leaves out scheme, `www`, default port, letter case, tracking and session parameters, a trailing slash; sorts the
    query; canonicalises escapes. Keeps a fragment that is content (`#!/…`, `#a/b?c`), since some sites hold
    the page's name there. What cannot be parsed is its own key.
    """
    try:
        parts = split_url(url)
    except ValueError:
        return url
    port = parts.port
    if port == -1:
        return url
    name = _WWW.sub("", parts.host) if parts.host.startswith("www") else parts.host
    surt = name if ":" in name or name.replace(".", "").isdigit() else ",".join(reversed(name.split(".")))
    if port and port != _DEFAULT_PORTS.get(parts.scheme, 0):
        surt += f":{port}"
    fragment = parts.fragment if parts.fragment and _CONTENT_FRAGMENT.match(parts.fragment) else ""
    return f"{surt}){_path_key(parts.path)}{_query_key(parts.query)}{'#' + fragment.lower() if fragment else ''}"


def _path_key(path: str) -> str:
    if ";" in path:
        path = re.sub(r";(?:jsessionid|phpsessid)=[^/?]*", "", path, flags=re.I)
    if "%" in path or not path.isascii():
        path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._")
    if "//" in path or "/." in path:
        path = _resolve_dot_segments(re.sub(r"/{2,}", "/", path))
    return path.lower().rstrip("/") or "/"


def _resolve_dot_segments(path: str) -> str:
    """A path without dot segments (RFC 3986 §5.2.4)."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(segments) > 1:
                segments.pop()
        elif segment != ".":
            segments.append(segment)
    return "/".join(segments)


def _query_key(query: str) -> str:
    if not query:
        return ""
    pairs = ((name.lower(), value.lower()) for name, value in parse_qsl(query, keep_blank_values=True))
    content_pairs = sorted(pair for pair in pairs if not _TRACKING.match(pair[0]) and not _SESSION.match(pair[0]))
    return f"?{urlencode(content_pairs)}" if content_pairs else ""
