"""Addresses without a scheme: `www.…`, a defanged host, a host with a path; and which of them are credible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import PLAIN_STYLE
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links.address import HOST, Address, is_complete_host, refang_host
from cite_audit.parse.links.dialects import SPOKEN_DOT

_ANYWHERE = d.build_alternation(d.DOTS, (d.ANYWHERE,))
WWW = compile_lazily(
    rf"(?:[\[(][wW]{{3}}\d?[\])]|[wW]{{3}}\d?)(?<![\w@./-][wW]{{3}})"
    rf"(?:{d.build_alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))}|\.|DOT)(?=\w)"
)
_DOT_WORDS = d.BRACKETED_WORD
# Of adjacent marks, `\.\.\.` or `。。。`, only the first can follow a label: the match includes the others. It begins
# with one class of characters, which `re` searches for fast; lookbehinds tell which of them it was.
_DOT_MARKS = compile_lazily(
    r"[\[({<［【（｛〔^\\。．｡․﹒)\]}D](?:"
    r"(?:(?<=[\[({<［【（｛〔^\\])(?<![\[({<>)\]}].)[ ]?+\\{0,3}+[\[({<]?+[ ]?+\\{0,3}+"
    rf"(?:[.．。]|{_DOT_WORDS})|(?<=[。．｡․﹒]))(?:(?<=[.．。｡․])(?:[\^\\][.．。]|[。．｡․]))*+"
    r"|(?<=[\]}])(?<=\w.)\.[\[\]{}]|(?<=[)\]}])(?:(?<=DOT.)|(?<=punto.)|(?<=punkt.))"
    r"|(?<=D)OT(?<=[a-z0-9]DOT)(?=[a-z]))"
)
_LABEL_RUN = compile_lazily(r"[\])}>.]{0,2}[\w\-]{1,63}")
_SPOKEN_DOT = compile_lazily(r"(?:dot|DOT|точка)[ \t\u00a0]{1,3}[a-zа-я]{2,12}(?:(?:\.| dot )[a-z]{2,3})?/(?=\S{3})")
_SPACE_AFTER_LABEL = compile_lazily(r"(?<=\w)[ \t\u00a0]{1,3}\Z")
_SUFFIX_WITH_PATH = compile_lazily(r"\.[a-zа-я]{2,24}(?:/(?=\w)|(?::\d{2,5}/))|\.[A-Z]{2,24}/(?=\w)")
_PLAIN_DOT = compile_lazily(r"(?<=\w)\.(?=[^\W\d_]{2})")
_IPV4_ADDRESS = compile_lazily(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]|/\d)")
_LABELS_BACKWARD = compile_lazily(
    r"(?:[\w\-\u00ad\u200b-\u200f\u2060\ufeff\u2190-\u2bff]|\.(?!\.)(?<!\.\.)|\]-\[|\](?=\w+\[\.)|\[(?=\.)|[\])}]?[.．][\[({]?)*+"
)
_AT_SIGN = r"(?:@|[ \t]?[\[({<] ?(?:@|at|AT) ?[\])}>][ \t]?)"
_MAIL_SIGN = compile_lazily(rf"{_AT_SIGN}|(?<=\w) AT (?=\w)")
_MAIL_SIGN_AFTER = compile_lazily(_AT_SIGN + r"\w")
_MAIL_SIGN_BEFORE = compile_lazily(r"(?:@|[\[({<] ?(?:@|at|AT) ?[\])}>])[ \t]?\Z")
_LOCAL_PART = compile_lazily(r"[\w.%+*\[\](){}-]+\Z")
_AFTER_SCHEME_STYLES = frozenset(row.name for row in d.DOTS if row.where == d.SCHEME)
_SPACE_BEFORE_MARK = compile_lazily(r"\s[\[({<]\S{1,5}[\])}>]\w")
_STOP_WORDS = frozenset(
    ["the", "a", "an", "each", "every", "that", "this", "polka", "red", "blue", "connect", "see", "and", "or"]
)
_COINED_NAME = compile_lazily(r"(?=.*[-\d])[\w-]+")  # a name that is no word of a language
_NAME = compile_lazily(r"[^\W\d_]|[.．。｡․﹒]")  # what every address has
SHORTEST = 4  # characters of an address without a scheme: `t.me`
_UNMISTAKABLE_SUFFIXES = frozenset(["com", "net", "org", "info", "biz", "xyz", "gov", "edu", "mil", "ru", "ua", "cn"])
_FILE_SUFFIXES = frozenset(["md", "py", "rs", "sh", "so"])  # suffixes of files that are public suffixes too


def find_starts(text: str, low: int, high: int, *, generous: bool = False, www: bool = True) -> Iterator[int]:
    """Where an address without a scheme may begin between two places; `www`: whether the text holds one at all."""
    if not _NAME.search(text, low, high):
        return
    if www and (text.find("ww", low, high) >= 0 or text.find("WW", low, high) >= 0):
        yield from (match.start() for match in WWW.finditer(text, low, high))
    if generous:
        yield from (match.start() for match in _IPV4_ADDRESS.finditer(text, low, high))
    before_paths = (_SPOKEN_DOT, _SUFFIX_WITH_PATH) if text.find("/", low, high) >= 0 else ()
    for pattern in (_DOT_MARKS, *before_paths, *((_PLAIN_DOT,) if generous else ())):
        previous_end = low
        for match in pattern.finditer(text, low, high):
            start, begin_of_gap, previous_end = match.start(), previous_end, match.end()
            if start < begin_of_gap or (begin_of_gap > low and _LABEL_RUN.fullmatch(text, begin_of_gap, start)):
                continue
            if pattern is _SPOKEN_DOT and not _SPACE_AFTER_LABEL.search(text, max(0, match.start() - 4), match.start()):
                continue
            begin = _find_label_start(text, match.start())
            if begin is not None and begin >= low:
                yield begin


def _find_label_start(text: str, mark: int) -> int | None:
    """The start of the run of labels that ends at a mark."""
    if mark == 0 or (text[mark - 1] in "()[]{}<>" and text[mark - 1] == text[mark]):
        return None
    window = text[max(0, mark - 255) : mark][::-1]
    spaces = len(window) - len(window.lstrip(" \t\u00a0"))
    back = _LABELS_BACKWARD.match(window, spaces)
    begin = mark - (back.end() if back else spaces)
    while begin < mark and not text[begin].isalnum() and text[begin] not in "_✪➡":
        begin += 1
    if begin > 0 and text[begin] == "_" and not text[begin - 1].isspace():
        begin += 1
    return begin if begin < mark else None


def is_credible_address(text: str, address: Address, *, generous: bool = False) -> bool:
    """Whether an address without a scheme is meant as one; mail addresses, wildcards and file names are not."""
    preceding = text[max(0, address.start - 6) : address.start]
    if preceding.endswith("*") and not preceding.endswith("**") and text[address.end : address.end + 1] != "*":
        return False
    if preceding.endswith(("*.", "].", "}.", ">.", "\\", "://", "/.", "/-")) or (
        preceding.endswith("/") and not address.path
    ):
        return False
    if preceding.endswith("/") and not (generous and len(address.path) > 1 and not preceding.endswith("//")):
        return False
    if _MAIL_SIGN_BEFORE.search(preceding) or (not address.path and _MAIL_SIGN_AFTER.match(text, address.end)):
        return False
    if not address.whole or address.user or re.match(r":\d", text[address.end : address.end + 2]):
        return False
    if len(address.path) < 2 and _SPACE_BEFORE_MARK.search(text, address.start, address.end):
        return False  # “the suffix .com or [.]net”
    if not generous and len(address.path) < 2 and re.search(r"\s", text[address.start : address.end]):
        name, _, suffix = address.host.lower().rpartition(".")
        coined = address.style == "[.]" and suffix in _UNMISTAKABLE_SUFFIXES and bool(_COINED_NAME.fullmatch(name))
        return coined or text[address.start : address.start + 3].lower() == "www"  # “a period (.) in it” is prose
    return _is_credible_host(address, generous=generous)


def _is_credible_host(address: Address, *, generous: bool) -> bool:
    labels = address.host.lower().split(".")
    first_label, top_label = labels[0], labels[-1]
    if top_label in ("invalid", "test", "example", "local", "localhost", "internal"):
        return False
    if first_label.startswith("_") and len(labels) == 2:
        return False
    if top_label.isdigit():
        return generous or (address.is_defanged and len(address.path) > 1)
    if address.style == SPOKEN_DOT and not first_label.startswith("www"):
        return first_label not in _STOP_WORDS and len(address.path) > 3
    if address.style in _AFTER_SCHEME_STYLES or (
        address.style == "。" and len(address.path) < 2 and not address.host.isascii()
    ):  # `。` between words of CJK scripts is a full stop
        return False
    if address.style not in (PLAIN_STYLE, "\\.", "}.{") or first_label.startswith("www"):
        return True
    if len(address.path) > 1:
        return True
    return generous and not (top_label in _FILE_SUFFIXES and len(labels) == 2)


def find_mail_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Mail addresses that are defanged: where they stand, and what they mean."""
    previous_end = 0
    for match in _MAIL_SIGN.finditer(text):
        host = HOST.match(text, match.end())
        local_part = _LOCAL_PART.search(text[max(previous_end, match.start() - 64) : match.start()])
        if host is None or local_part is None:
            continue
        name, style, _ = refang_host(host["host"])
        user = refang_host(local_part[0].strip("[](){}"))[0] if re.search(r"[\[({]", local_part[0]) else local_part[0]
        spoken = match[0] == " AT " and style != SPOKEN_DOT
        if is_complete_host(name) and not spoken and (style != PLAIN_STYLE or match[0] != "@" or user != local_part[0]):
            yield match.start() - len(local_part[0]), host.end("host"), f"{user}@{name}"
            previous_end = host.end("host")


def find_mail_hosts(text: str) -> Iterator[tuple[int, str]]:
    """The hosts of mail addresses, defanged or not: where each stands, and its name."""
    for match in _MAIL_SIGN.finditer(text):
        if host := HOST.match(text, match.end()):
            name, style, _ = refang_host(host["host"])
            if is_complete_host(name) and (match[0] != " AT " or style == SPOKEN_DOT):
                yield match.start(), name
