"""Reads one address at one place: scheme, host in any dialect, and the rest up to where the address ends.

Frames, splits and neighbours are left to `scan` and `rejoin`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import PLAIN_STYLE, Repair, RepairKind
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links.schemes import Scheme, scheme_at
from cite_audit.parse.links.url_end import find_path_end
from cite_audit.urls import public_suffix, to_ascii

_SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"  # `re` counts them as letters; in a report they are markers
_LABEL_CHAR = rf"(?:[^\W{_SUPERSCRIPTS}]|[\-\u00ad\u200b-\u200f\u202a-\u202c\u2060\ufeff\u2190-\u2bff])"
_LABEL = rf"(?:[A-Za-z0-9-]{{1,120}}+(?!{_LABEL_CHAR}|\[-\])|(?:{_LABEL_CHAR}|\[-\]){{1,120}}+)"
_PLACES = (d.ANYWHERE, d.ADDRESS, d.SCHEME)
_USER = r"(?:[\w.~%!$&'*+=-]{1,64}+(?::[^\s/@:;<>\"]{0,64})?@)?"
_PORT = r"(?:(?::|\[:\])\d{1,5}(?!\d))?"
_DOTTED = rf"(?:{d.build_alternation(d.DOTS, _PLACES)}|\.)(?:{_LABEL})"
_JOINED = rf"(?![/?#;,])(?:\.\[(?=\w+\]\.)(?:{_LABEL})\]|{_DOTTED})"
_ANY_HOST = rf"(?:\[[0-9A-Fa-f:.]{{2,45}}\]|(?:[\[(]www[\])]|{_LABEL})(?:{_JOINED}){{0,40}}+)"
HOST = compile_lazily(rf"(?P<user>{_USER})(?P<host>{_ANY_HOST})(?P<port>{_PORT})")
_PLAIN_HOST = compile_lazily(
    r"([A-Za-z0-9-]{1,120}+(?:\.[A-Za-z0-9-]{1,120}+){0,40}+)(?::\d{1,5}(?=[/?#])|)"
    r"(?=[/?#;,>\"]|[)\]](?![\w.])|\s(?<!\.dot\s)(?![ \t\u00a0\r\n]{0,8}(?:[.(\[{<\\dDтТпк]|pun[kt]))|\Z)"
)
_FINAL_DOT_WORD = r"[ \t\u00a0]{1,4}(?:dot|DOT)(?=[>\])]|[ \t]*(?:\Z|\r?\n))"
_DANGLING = compile_lazily(rf"(?![。．｡])(?:{d.build_alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))}|{_FINAL_DOT_WORD})")
_AFTER_HOST = ("/", "?", "#", ";", ",")  # no dialect of a dot begins with these: `_JOINED` says so too
_DOT_MARK = compile_lazily(rf"(?=\W)(?:{d.build_alternation(d.DOTS, _PLACES, 'm')})")  # none begins with a letter
_GLUED_WORD = compile_lazily(r"(?<=[a-z0-9])(?:DOT|_(?:dot|DOT)_)(?=[a-z0-9])")
_PATH_MARK = compile_lazily(d.build_alternation(d.PATH_MARKS, _PLACES, "r"))
_BACKSLASHES = compile_lazily(r"\\+(?=[^\w\s\\]|_)")
_NEEDS_REFANG = compile_lazily(r"[\\\[({&xX]")
# the next word behind a public suffix: `state.govThe`, `port.jpによる`
_GLUED_LABEL = compile_lazily(r"[a-z]{2,10}(?=[A-Z\d]|[^\W\d_a-zA-Z\u0080-\u024f])")
_AMPERSAND = compile_lazily(r"&(?:amp|#0?38|#x26);")
_WRAPPED_URL = compile_lazily(r"(?<=[/=])(h(?:tt|xx)ps?://[^/?#\s]*(?:[({\[]|\Z))", re.I)
_SPACED_PATH = compile_lazily(r"[ \t\u00a0]{1,2}/(?=\w)")
_SPECIAL_USE_NAME = compile_lazily(
    r"(?:^|\.)(?:localhost|onion|i2p|local|internal|test|example|invalid|bit|eth)$", re.I
)
_ADDRESS_V4 = compile_lazily(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$")


@dataclass(slots=True)
class Address:
    """One address as read: `text[start:end]` is what was printed of it. `whole` says that the host can stand alone."""

    start: int
    end: int
    scheme: str
    host: str
    port: str = ""
    user: str = ""
    path: str = ""
    style: str = PLAIN_STYLE
    confidence: float = 1.0
    whole: bool = True
    repairs: tuple[Repair, ...] = ()

    @property
    def is_defanged(self) -> bool:
        return self.style != PLAIN_STYLE

    @property
    def url(self) -> str:
        name = f"{self.user}{self.host}{self.port}{self.path}"
        return f"{self.scheme}://{name}" if self.scheme else name


@lru_cache(maxsize=65536)
def is_complete_host(host: str) -> bool:
    """Whether a host ends in a public suffix, or is an address or a special-use name (RFC 6761)."""
    if len(host) > 253:
        return False
    if host.startswith("[") or _ADDRESS_V4.match(host) or _SPECIAL_USE_NAME.search(host):
        return True
    if any(not label or len(label) > 63 for label in host.split(".")):
        return False
    suffix = public_suffix(to_ascii(host))
    return bool(suffix) and ("." in suffix or suffix != to_ascii(host)) and not suffix.replace(".", "").isdigit()


@lru_cache(maxsize=65536)
def refang_host(raw: str) -> tuple[str, str, float]:
    """The host meant by a printed one, the style it was printed in, and how sure that is."""
    style, confidence = PLAIN_STYLE, 1.0

    def replace_mark(match: re.Match[str]) -> str:
        nonlocal style, confidence
        row = d.matched_dialect(match, d.DOTS)
        if style == PLAIN_STYLE or row.confidence < confidence:
            style, confidence = row.name, row.confidence
        return "."

    if raw.isascii() and raw.replace(".", "").replace("-", "").isalnum() and "DOT" not in raw:
        return raw, style, confidence
    if raw.startswith("[") and ":" in raw:
        return raw, style, confidence
    host = _DOT_MARK.sub(replace_mark, raw)
    if _GLUED_WORD.search(host):
        host = _GLUED_WORD.sub(".", host)
        style, confidence = "DOT", 0.8
    if style == "dot)":
        host = re.sub(r"(?:DOT|punto|punkt)(?=\.)", "", host)
    host = host.replace("[-]", "-")
    host = re.sub(r"[\[\]()\\]", "", host)
    visible = host.translate(dict.fromkeys(map(ord, d.INVISIBLE_IN_HOST)))
    if visible != host:
        style, host = ("invisible" if style == PLAIN_STYLE else style), visible
    folded = unicodedata.normalize("NFKC", host)
    if folded != host and not any(c in host for c in "✪➡"):
        style, host = ("full-width" if style == PLAIN_STYLE else style), folded.lower()
    return host, style, confidence


# invisible characters, Word's hyphens that do not break, and the ligatures of PDF fonts
_AS_TYPED = {
    **dict.fromkeys(map(ord, d.INVISIBLE)),
    0x2010: "-",
    0x2011: "-",
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
}


def refang_path(raw: str, defanged: bool) -> str:
    """The part after the host: escapes and invisible characters removed, marks undone where the host was defanged."""
    if raw.isascii() and not _NEEDS_REFANG.search(raw):
        return raw
    path = _BACKSLASHES.sub("", raw) if "\\" in raw else raw
    path = path.translate(_AS_TYPED)
    path = _AMPERSAND.sub("&", path)
    if defanged:
        path = _PATH_MARK.sub(lambda match: d.matched_dialect(match, d.PATH_MARKS).means, path)
    else:
        path = re.sub(r"^\[/\]|^\(/\)", "/", path)
    return path


def read_address(
    text: str, start: int, limit: int, scheme: Scheme | None = None, *, framed: bool = False
) -> Address | None:
    """The address whose scheme (if any) is `scheme`, and whose host begins after it, or at `start`.

    `limit` is where a neighbour begins. `framed` says that delimiters were found, so that trailing marks are kept.
    """
    host_start = scheme.end if scheme else start
    plain = _PLAIN_HOST.match(text, host_start, limit)
    host_match = None
    if plain is None or "DOT" in plain[0]:
        plain, host_match = None, HOST.match(text, host_start, limit)
    if plain:
        path_start = plain.end()
        address = Address(start, path_start, "", plain[1], text[plain.end(1) : path_start])
    elif host_match:
        name, style, confidence = refang_host(host_match["host"])
        address = Address(start, host_match.end(), scheme="", host=name, style=style, confidence=confidence)
        address.user, address.port = host_match["user"], host_match["port"].replace("[:]", ":")
        path_start = host_match.end()
    else:
        return None
    if scheme:
        _add_scheme(address, scheme)
    if address.host.endswith("-"):
        hyphens = len(address.host) - len(address.host.rstrip("-"))
        address.host, address.port, path_start = address.host[:-hyphens], "", address.end - len(address.port) - hyphens
        address.end = path_start
    address.whole = is_complete_host(address.host)
    if not address.whole:
        path_start = _cut_glued_text(
            address, host_match["host"] if host_match else plain[1] if plain else "", host_start
        )
    goes_on = address.whole and not plain and text[path_start : path_start + 1] not in _AFTER_HOST
    if goes_on and _DANGLING.match(text, path_start):
        address.whole = False
    _add_path(text, address, path_start, limit, framed)
    return address


def _add_scheme(address: Address, scheme: Scheme) -> None:
    address.scheme = scheme.name
    if scheme.style != PLAIN_STYLE and not address.is_defanged:
        address.style = scheme.style
    if scheme.confidence < address.confidence:
        address.confidence = scheme.confidence
    address.repairs += scheme.repairs


def _cut_glued_text(address: Address, printed: str, host_start: int) -> int:
    """A host that runs on into the next word: cut where the public suffix ends, never at a defanged dot."""
    labels = address.host.split(".")
    host_start += len(address.user)
    if len(labels) > 2 and labels[-1][:1].isupper() and is_complete_host(".".join(labels[:-1])):
        tail = f".{labels[-1]}"
        if printed.endswith(tail):
            return _cut_host(address, ".".join(labels[:-1]), host_start + len(printed) - len(tail))
    if "。" in printed and is_complete_host(head := refang_host(printed.rpartition("。")[0])[0]):
        return _cut_host(address, head, host_start + printed.rindex("。"))
    if "。" in printed:
        printed = printed.partition("。")[0]
        labels = refang_host(printed)[0].split(".")
    if len(labels) > 1 and (cell := _GLUED_LABEL.match(labels[-1])):
        shorter = ".".join([*labels[:-1], cell[0]])
        tail = labels[-1][cell.end() :]
        if is_complete_host(shorter) and printed.endswith(tail):
            address.confidence = 0.5 if tail.isascii() else min(address.confidence, 0.9)
            address.repairs += (Repair(RepairKind.GLUED_TEXT_CUT, f"{tail!r} follows the host without a space"),)
            return _cut_host(address, shorter, host_start + len(printed) - len(tail))
    return address.end


def _cut_host(address: Address, host: str, end: int) -> int:
    address.host, address.whole, address.port, address.end = host, True, "", end
    return end


def _add_wrapped_url(text: str, address: Address, path_start: int, start: int, limit: int) -> bool:
    """A wrapped address whose host is defanged itself: `web.archive dot org/web/2026/https://tass dot ru/x`."""
    scheme = scheme_at(text, start)
    inner = read_address(text, start, limit, scheme) if scheme else None
    if inner is None or not inner.is_defanged or not inner.whole:
        return False
    address.path = refang_path(text[path_start:start], address.is_defanged) + inner.url
    address.end = inner.end
    address.style = inner.style if not address.is_defanged else address.style
    return True


def _find_opener(text: str, start: int) -> str:
    """What stands directly before an address, BBCode's `[url=` as the bracket that it opens, `~~` or `==`."""
    mark = text[start - 1 : start]
    if mark not in ("~", "="):
        return mark
    if text.startswith((f"{mark}{mark}"), start - 2):
        return mark + mark
    return "[" if text[max(0, start - 5) : start].lower() == "[url=" else mark


def _add_path(text: str, address: Address, path_start: int, limit: int, framed: bool) -> None:
    if address.style in (d.SPOKEN_DOT, " .") and _SPACED_PATH.match(text, path_start, limit):
        path_start = text.index("/", path_start)
    path_start += text.startswith("./", path_start, limit)  # a host may end with its root's dot: RFC 3986 §3.2.2
    opener = "" if framed else _find_opener(text, address.start)
    end = find_path_end(text, path_start, limit, framed=framed, opener=opener)
    raw = text[path_start:end]
    if end > path_start and not framed and text[end : end + 1].isalnum() and text[end].isascii():
        address.repairs += (Repair(RepairKind.GLUED_TEXT_CUT, "a word follows the suffix of a file without a space"),)
        address.confidence = min(address.confidence, 0.8)
    if (
        "://" in raw
        and (nested := _WRAPPED_URL.search(raw))
        and _add_wrapped_url(text, address, path_start, path_start + nested.start(1), limit)
    ):
        return
    defanged = address.is_defanged
    if defanged and raw and end < limit and (suffix := d.DOT_SUFFIX.match(text, end, limit)):
        path_end = find_path_end(text, suffix.end(), limit, framed=framed, bare_start=False)
        address.path = f"{refang_path(raw, defanged)}.{suffix[1]}{refang_path(text[suffix.end() : path_end], defanged)}"
        address.repairs += (Repair(RepairKind.DOT_IN_FILE_NAME, f"printed {suffix[0]!r}", inserted="."),)
        address.end = path_end
        return
    address.path = refang_path(raw, defanged)
    if address.path != raw and not defanged:
        address.repairs += (Repair(RepairKind.UNESCAPED, "escapes or invisible characters in the printed address"),)
    address.end = end
