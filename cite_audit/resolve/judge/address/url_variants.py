"""Variants of an address that failed: another scheme, `www` changed, or a misprint undone."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.assessment import FailureDetail
from cite_audit.resolve.judge.page.text import PLAIN_SHAPES
from cite_audit.urls import public_suffix, registrable_domain, url_host


def swap_scheme_or_www(url: str, detail: str) -> list[str]:
    """The addresses to try, in order; none where a port is named, which belongs to one scheme.

    `detail`: a `FailureDetail`, or anything else for a connection refused.
    """
    parts = urlsplit(url)
    if parts.port is not None:
        return []
    hostname = url_host(url)
    other_scheme_url = parts._replace(scheme="http" if parts.scheme == "https" else "https", fragment="").geturl()
    other_host = _alternate_host(hostname)
    other_host_urls = [parts._replace(netloc=other_host, fragment="").geturl()] if other_host else []
    if detail == FailureDetail.DOMAIN_GONE:
        return other_host_urls
    if detail == FailureDetail.HOST_MISMATCH:
        return [
            *(other_host_urls if other_host.startswith("www.") or hostname.startswith("www.") else []),
            other_scheme_url,
        ]
    return [other_scheme_url]


def _alternate_host(hostname: str) -> str:
    """The domain of a host below it, or the domain's `www`; empty for an address."""
    if hostname.replace(".", "").isdigit() or ":" in hostname:
        return ""
    if hostname.startswith("www."):
        return hostname.removeprefix("www.")
    owner = registrable_domain(hostname)
    if owner != hostname:
        return owner
    parent = hostname.partition(".")[2]
    if "." in parent and not public_suffix(hostname):  # a name under no public suffix: its parent is as good a guess
        return parent
    return f"www.{hostname}"


_PUNCTUATION = compile_lazily(r"(?:[.,;:!?'\"»”’]|%20|%22|%C2%A0|%C2%BB|%E2%80%9D)+$", re.I)
_DOUBLE_ESCAPE = compile_lazily(r"%25([0-9A-Fa-f]{2})")

_ESCAPED_MARK = compile_lazily(r"%E2%80%9[0-9A-E]|%E2%88%92|%CA%BC", re.I)


def _set_plainly(url: str) -> str:
    """An address with the hyphens and quotation marks of a keyboard behind its host."""
    parts = urlsplit(_ESCAPED_MARK.sub(lambda match: unquote(match[0]), url))
    path, query = (part.translate(PLAIN_SHAPES) for part in (parts.path, parts.query))
    return parts._replace(path=path, query=query).geturl() if (path, query) != (parts.path, parts.query) else url


def undo_misprints(url: str) -> list[str]:
    """What an address may have been before it was printed: without punctuation behind it, escaped once less, or plain.

    Escaped twice for an address (`%25D0`), or for a page (`&amp;`). Word processors turn hyphens, apostrophes and
    quotation marks into those of print.
    """
    bare_url = url.partition("#")[0]
    trimmed = _PUNCTUATION.sub("", bare_url)
    for opening, closing in ("()", "[]"):
        if trimmed.endswith(closing) and trimmed.count(closing) > trimmed.count(opening):
            trimmed = _PUNCTUATION.sub("", trimmed[:-1])
    return [
        candidate
        for candidate in (trimmed, _DOUBLE_ESCAPE.sub(r"%\1", bare_url).replace("&amp;", "&"), _set_plainly(bare_url))
        if candidate != bare_url
    ]
