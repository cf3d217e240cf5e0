"""Addresses without a scheme: `www.…`, a defanged host, a host with a path; and which of them are credible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.parse import dialects as d
from cite_audit.parse.address import HOST, Address, mend_host, stands_alone

_ANYWHERE = d.alternation(d.DOTS, (d.ANYWHERE,))
WWW = d.late(
    rf"(?:[\[(][wW]{{3}}\d?[\])]|[wW]{{3}}\d?)(?<![\w@./-][wW]{{3}})"
    rf"(?:{d.alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))}|\.|DOT)(?=\w)"
)
_DOT_WORDS = "dot|DOT|Dot|d0t|pun[kt]|PUN[KT]|точка|ТОЧКА|крапка|кропка"
# Of marks that touch, `\.\.\.` or `。。。`, only the first can stand behind a label: it takes the others along.
_MARKS = re.compile(
    rf"(?:[\[({{<［^\\](?<![\[({{<>)\]}}].)[ ]?+\\{{0,3}}+[\[({{<]?+[ ]?+\\{{0,3}}+(?:[.．。]|{_DOT_WORDS})|[。．｡․])"
    r"(?:(?<=[.．。｡․])(?:[\^\\][.．。]|[。．｡․]))*+"
    r"|[\]}](?<=\w.)\.[\[\]{}]|[)\]}](?:(?<=DOT.)|(?<=punto.)|(?<=punkt.))|DOT(?<=[a-z0-9]DOT)(?=[a-z])"
)
_RUN = re.compile(r"[\])}>.]{0,2}[\w\-]{1,63}")
_SPOKEN = re.compile(r"(?:dot|DOT|точка)[ \t\u00a0]{1,3}[a-zа-я]{2,12}(?:(?:\.| dot )[a-z]{2,3})?/(?=\S{3})")
_BEFORE_SPOKEN = re.compile(r"(?<=\w)[ \t\u00a0]{1,3}\Z")
_PATHED = re.compile(r"\.[a-zа-я]{2,24}(?:/(?=\w)|(?::\d{2,5}/))|\.[A-Z]{2,24}/(?=\w)")
_PLAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]|/\d)")
_BACK = re.compile(
    r"(?:[\w\-\u00ad\u200b-\u200f\u2060\ufeff\u2190-\u2bff]|\.(?!\.)(?<!\.\.)|\]-\[|\](?=\w+\[\.)|\[(?=\.)|[\])}]?[.．][\[({]?)*+"
)
_AT = r"(?:@|[ \t]?[\[({<] ?(?:@|at|AT) ?[\])}>][ \t]?)"
_MAIL = re.compile(rf"{_AT}|(?<=\w) AT (?=\w)")
_MAIL_END = re.compile(_AT + r"\w")
_MAIL_BEFORE = re.compile(r"(?:@|[\[({<] ?(?:@|at|AT) ?[\])}>])[ \t]?\Z")
_LOCAL = re.compile(r"[\w.%+*\[\](){}-]+\Z")
_HALF = frozenset(row.name for row in d.DOTS if row.where == d.SCHEME)
_STOP = frozenset(
    ["the", "a", "an", "each", "every", "that", "this", "polka", "red", "blue", "connect", "see", "and", "or"]
)
_COINED = re.compile(r"(?=.*[-\d])[\w-]+")  # a name that is no word of a language
_NO_WORDS = frozenset(["com", "net", "org", "info", "biz", "xyz", "gov", "edu", "mil", "ru", "ua", "cn"])
_FILE_LIKE = frozenset(["md", "py", "rs", "sh", "so"])  # suffixes of files that are public suffixes too


def starts(text: str, low: int, high: int, *, generous: bool = False, www: bool = True) -> Iterator[int]:
    """Where an address without a scheme may begin between two places; `www`: whether the text holds one at all."""
    if www:
        yield from (match.start() for match in WWW.finditer(text, low, high))
    if generous:
        yield from (match.start() for match in _IP.finditer(text, low, high))
    for pattern in (_MARKS, _SPOKEN, _PATHED, *((_PLAIN,) if generous else ())):
        done = low
        for match in pattern.finditer(text, low, high):
            start, begin_of_gap, done = match.start(), done, match.end()
            if start < begin_of_gap or (begin_of_gap > low and _RUN.fullmatch(text, begin_of_gap, start)):
                continue
            if pattern is _SPOKEN and not _BEFORE_SPOKEN.search(text, max(0, match.start() - 4), match.start()):
                continue
            begin = _begin(text, match.start())
            if begin is not None and begin >= low:
                yield begin


def _begin(text: str, mark: int) -> int | None:
    """The start of the run of labels that ends at a mark."""
    if mark == 0 or (text[mark - 1] in "()[]{}<>" and text[mark - 1] == text[mark]):
        return None
    window = text[max(0, mark - 255) : mark][::-1]
    spaces = len(window) - len(window.lstrip(" \t\u00a0"))
    back = _BACK.match(window, spaces)
    begin = mark - (back.end() if back else spaces)
    while begin < mark and not text[begin].isalnum() and text[begin] not in "_✪➡":
        begin += 1
    if begin > 0 and text[begin] == "_" and not text[begin - 1].isspace():
        begin += 1
    return begin if begin < mark else None


def credible(text: str, address: Address, *, generous: bool = False) -> bool:
    """Whether an address without a scheme is meant as one; mail addresses, wildcards and file names are not."""
    before = text[max(0, address.start - 6) : address.start]
    if before.endswith("*") and not before.endswith("**") and text[address.end : address.end + 1] != "*":
        return False
    if before.endswith(("*.", "].", "}.", ">.", "\\", "://", "/.", "/-")) or (
        before.endswith("/") and not address.rest
    ):
        return False
    if before.endswith("/") and not (generous and len(address.rest) > 1 and not before.endswith("//")):
        return False
    if _MAIL_BEFORE.search(before) or (not address.rest and _MAIL_END.match(text, address.end)):
        return False
    if not address.whole or address.user or re.match(r":\d", text[address.end : address.end + 2]):
        return False
    if not generous and len(address.rest) < 2 and re.search(r"\s", text[address.start : address.end]):
        name, _, suffix = address.host.lower().rpartition(".")
        coined = address.style == "[.]" and suffix in _NO_WORDS and bool(_COINED.fullmatch(name))
        return coined or text[address.start : address.start + 3].lower() == "www"  # “a period (.) in it” is prose
    return _meant(address, generous=generous)


def _meant(address: Address, *, generous: bool) -> bool:
    labels = address.host.lower().split(".")
    first, last = labels[0], labels[-1]
    if last in ("invalid", "test", "example", "local", "localhost", "internal"):
        return False
    if first.startswith("_") and len(labels) == 2:
        return False
    if last.isdigit():
        return generous or (address.style != "plain" and len(address.rest) > 1)
    if address.style == " dot " and not first.startswith("www"):
        return first not in _STOP and len(address.rest) > 3
    if address.style in _HALF:
        return False
    if address.style not in ("plain", "\\.", "}.{") or first.startswith("www"):
        return True
    if len(address.rest) > 1:
        return True
    return generous and not (last in _FILE_LIKE and len(labels) == 2)


def mail_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Mail addresses that are defanged: where they stand, and what they mean."""
    done = 0
    for match in _MAIL.finditer(text):
        host = HOST.match(text, match.end())
        local = _LOCAL.search(text[max(done, match.start() - 64) : match.start()])
        if host is None or local is None:
            continue
        name, style, _ = mend_host(host["host"])
        user = mend_host(local[0].strip("[](){}"))[0] if re.search(r"[\[({]", local[0]) else local[0]
        spoken = match[0] == " AT " and style != " dot "
        if stands_alone(name) and not spoken and (style != "plain" or match[0] != "@" or user != local[0]):
            yield match.start() - len(local[0]), host.end("host"), f"{user}@{name}"
            done = host.end("host")


def mail_hosts(text: str) -> Iterator[tuple[int, str]]:
    """The hosts of mail addresses, defanged or not: where each stands, and its name."""
    for match in _MAIL.finditer(text):
        if host := HOST.match(text, match.end()):
            name, style, _ = mend_host(host["host"])
            if stands_alone(name) and (match[0] != " AT " or style == " dot "):
                yield match.start(), name
