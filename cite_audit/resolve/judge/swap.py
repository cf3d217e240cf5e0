"""The same address by another scheme or with `www` changed: where to look when the address itself gives nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from cite_audit.urls import host, registrable


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
    apex = registrable(name)
    if name.startswith("www."):
        other_name = name.removeprefix("www.")
    else:
        other_name = f"www.{name}" if name == apex else ""
    renamed = [parts._replace(netloc=other_name, fragment="").geturl()] if other_name else []
    if why == "domain-gone":
        return renamed or [parts._replace(netloc=apex, fragment="").geturl()]
    if why == "host-mismatch":
        return [*renamed, other_scheme]
    return [other_scheme]
