"""The host and the canonical key of an address."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

import idna


@lru_cache(maxsize=65536)
def to_ascii(host: str) -> str:
    """A host as looked up: lower case, punycode (IDNA 2008 with the UTS-46 mapping); as given where that fails."""
    host = host.strip().rstrip(".").lower()
    if host.isascii():
        return host
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


_WWW = re.compile(r"^www\d*\.")
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|yclid|mc_[ce]id|igshid|spm)$", re.I)


def key(url: str) -> str:
    """The key under which two spellings of one page meet: SURT-like, without scheme, `www`, default port and tracking.

    Keeps a fragment that is content (`#!/…`, `#a/b?c`), since some sites hold the page's name there.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    name = _WWW.sub("", to_ascii(parts.hostname or ""))
    surt = ",".join(reversed(name.split("."))) if not name.replace(".", "").isdigit() else name
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        surt += f":{port}"
    query = urlencode(sorted(p for p in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(p[0])))
    fragment = parts.fragment if re.match(r"!|\w+[/?]", parts.fragment) else ""
    path = parts.path.rstrip("/") or "/"
    return f"{surt}){path}{'?' + query if query else ''}{'#' + fragment if fragment else ''}"
