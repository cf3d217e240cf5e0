"""The same address by another scheme, with `www` changed, or mended: where to look when it gives nothing itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cite_audit.urls import host, public_suffix, registrable


def swapped(url: str, why: str) -> list[str]:
    """The addresses to try, in order; none where a port is named, which belongs to one scheme.

    `why`: domain-gone (a name that does not exist), host-mismatch (a certificate for another name), or anything else
    for a connection refused.
    """
    parts = urlsplit(url)
    if parts.port is not None:
        return []
    name = host(url)
    other_scheme = parts._replace(scheme="http" if parts.scheme == "https" else "https", fragment="").geturl()
    other_name = _other_name(name)
    renamed = [parts._replace(netloc=other_name, fragment="").geturl()] if other_name else []
    if why == "domain-gone":
        return renamed
    if why == "host-mismatch":
        return [*(renamed if other_name.startswith("www.") or name.startswith("www.") else []), other_scheme]
    return [other_scheme]


def _other_name(name: str) -> str:
    """The domain of a host below it, or the domain's `www`; empty for an address."""
    if name.replace(".", "").isdigit() or ":" in name:
        return ""
    if name.startswith("www."):
        return name.removeprefix("www.")
    owner = registrable(name)
    if owner != name:
        return owner
    parent = name.partition(".")[2]
    if "." in parent and not public_suffix(name):  # a name under no public suffix: its parent is as good a guess
        return parent
    return f"www.{name}"


_PUNCTUATION = re.compile(r"(?:[.,;:!?'\"»”’]|%20|%22|%C2%A0|%C2%BB|%E2%80%9D)+$", re.I)
_TWICE = re.compile(r"%25([0-9A-Fa-f]{2})")


def mended(url: str) -> list[str]:
    """What an address may have been before it was printed: without punctuation behind it, or escaped only once.

    Escaped for an address (`%25D0`) or for a page (`&amp;`).
    """
    bare = url.partition("#")[0]
    trimmed = _PUNCTUATION.sub("", bare)
    for opening, closing in ("()", "[]"):
        if trimmed.endswith(closing) and trimmed.count(closing) > trimmed.count(opening):
            trimmed = _PUNCTUATION.sub("", trimmed[:-1])
    return [other for other in (trimmed, _TWICE.sub(r"%\1", bare).replace("&amp;", "&")) if other != bare]
