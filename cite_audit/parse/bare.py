"""Addresses without a scheme: `www.…`, a defanged host, a host with a path; and which of them are credible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.parse import dialects as d
from cite_audit.parse.address import _LABEL_CHAR, Address

WWW = re.compile(
    rf"(?<![\w@./-])[\[(]?www\d?[\])]?(?:{d.alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))}|\.|DOT)(?=\w)", re.I
)
_MARKS = re.compile(d.alternation(d.DOTS, (d.ANYWHERE,)) + r"|(?<=[a-z0-9])DOT(?=[a-z])")
_SPOKEN = re.compile(r"(?<=\w)[ \t\u00a0]{1,3}(?:dot|DOT|точка)[ \t\u00a0]{1,3}[a-z]{2,12}(?:\.[a-z]{2,3})?/(?=\S{3})")
_PATHED = re.compile(r"\.[a-zа-я]{2,24}(?:/(?=\w)|(?::\d{2,5}/))|\.[A-Z]{2,24}/(?=\w)")
_PLAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_BACK = re.compile(rf"(?:{_LABEL_CHAR}|\.|[\])}}]?[.．][\[({{]?)*+")
_BEFORE = re.compile(r"[\w@/\\-]$|[:=]//$")
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "each",
        "every",
        "that",
        "this",
        "polka",
        "red",
        "blue",
        "connect",
        "see",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
    ]
)


def starts(text: str, *, generous: bool = False) -> Iterator[int]:
    """Where an address without a scheme may begin."""
    if "www" in text or "WWW" in text or "Www" in text:
        yield from (match.start() for match in WWW.finditer(text))
    patterns = [_MARKS, _SPOKEN, _PATHED]
    if generous:
        patterns.append(_PLAIN)
    for pattern in patterns:
        done = 0
        for match in pattern.finditer(text):
            if match.start() < done:
                continue
            if (begin := _begin(text, match.start())) is not None:
                yield begin
            done = match.end()


def _begin(text: str, mark: int) -> int | None:
    """The start of the run of labels that ends at a mark."""
    if mark == 0:
        return None
    window = text[max(0, mark - 255) : mark][::-1]
    back = _BACK.match(window.lstrip(" \t\u00a0"))
    length = len(window) - len(window.lstrip(" \t\u00a0")) + (back.end() if back else 0)
    begin = mark - length
    while begin < mark and not text[begin].isalnum() and text[begin] not in "_✪➡[(":
        begin += 1
    return begin if begin < mark else None


def credible(text: str, address: Address, *, generous: bool = False) -> bool:
    """Whether an address without a scheme is meant as one; mail addresses, wildcards and file names are not."""
    before = text[max(0, address.start - 2) : address.start]
    if before.endswith(("@", "*", "*.", "/", "\\", "-", "://")) or text[address.end : address.end + 1] == "@":
        return False
    if not address.whole or address.user:
        return False
    first = address.host.split(".")[0].lower()
    if address.style == " dot " and not first.startswith("www"):
        return first not in _STOP and len(address.rest) > 3
    if address.style != "plain" or first.startswith("www"):
        return True
    return generous or len(address.rest) > 1
