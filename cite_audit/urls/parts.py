"""Splits an address as `urllib.parse.urlsplit` does, several times as fast for plain ones."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from cite_audit.lazy_pattern import compile_lazily

# All but one in a hundred addresses of a report: no user, brackets, blanks or letters beyond ASCII.
_PLAIN_URL = compile_lazily(
    r"(https?)://([A-Za-z0-9.-]+)(?::([0-9]{1,4}))?(/[!\"$->@-~]*)?(?:\?([!\"$-~]*))?(?:#([!-~]*))?\Z"
)


class UrlParts(NamedTuple):
    """What an address is made of; `host` as looked up; `port` None where none is printed, -1 where it is no port."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str


_BARE_SCHEME = compile_lazily(r"^(https?:)(?!//)/?", re.IGNORECASE)  # `https:site.example`, read as browsers do


def join_url(base: str, address: str) -> str:
    """Where an address in a page leads; empty where it is none, such as `http://[site]/` by a careless template."""
    address = address.strip()
    try:
        joined = _BARE_SCHEME.sub(r"\1//", urljoin(base, address)) if address else ""
        urlsplit(joined)
    except ValueError:
        return ""
    return joined


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


# Small Cyrillic letters that look like Latin ones: a name of these alone is shown as it is looked up.
_LATIN_LOOKALIKES = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡ")
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


@lru_cache(maxsize=4096)
def to_readable(host: str) -> str:
    """A host in its own script, for people to read; as looked up where it could be taken for another (UTS 39 §5.1)."""
    if "xn--" not in host:
        return host
    import idna

    try:
        readable = idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
    labels = readable.split(".")
    if any(_mixes_scripts(label) for label in labels):
        return host
    is_lookalike = labels[-1].isascii() and any(_LATIN_LOOKALIKES.issuperset(label) for label in labels)
    return host if is_lookalike else readable


def _mixes_scripts(label: str) -> bool:
    """Whether the letters of a label are of several scripts, those of East Asia taken as one."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    return len(scripts - _EAST_ASIAN) + bool(scripts & _EAST_ASIAN) > 1


@lru_cache(maxsize=16384)
def split_url(url: str) -> UrlParts:
    """The parts of an address, with or without a scheme. Raises ValueError where it is none."""
    if plain := _PLAIN_URL.match(url):
        scheme, host, port, path, query, fragment = plain.groups("")
        return UrlParts(scheme, host.rstrip(".").lower(), int(port) if port else None, path, query, fragment)
    parts = urlsplit(url if "://" in url else f"//{url}")
    try:
        explicit_port = parts.port
    except ValueError:
        explicit_port = -1
    return UrlParts(
        parts.scheme, to_ascii(parts.hostname or ""), explicit_port, parts.path, parts.query, parts.fragment
    )


def path_and_query(url: str) -> tuple[str, str]:
    """The path and the query of an address, as `urlsplit` gives them. Raises ValueError where it is none."""
    parts = split_url(url) if "://" in url else urlsplit(url)
    return parts.path, parts.query
