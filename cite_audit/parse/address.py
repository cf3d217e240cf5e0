"""Reads one address at one place: scheme, host in any dialect, and the rest up to where the address ends.

Nothing here looks further than the address itself; frames, splits and neighbours are the business of `scan` and `heal`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cite_audit.model import Repair
from cite_audit.parse import dialects as d
from cite_audit.parse.boundary import end_of_rest
from cite_audit.parse.schemes import Scheme, scheme_at
from cite_audit.urls import public_suffix, to_ascii

_SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"  # letters to `re`, markers to a reader
_LABEL_CHAR = rf"(?:[^\W{_SUPERSCRIPTS}]|[\-\u00ad\u200b-\u200f\u202a-\u202c\u2060\ufeff\u2190-\u2bff])"
_LABEL = rf"(?:{_LABEL_CHAR}|\[-\]){{1,120}}+"
_PLACES = (d.ANYWHERE, d.ADDRESS, d.SCHEME)
_USER = r"(?:[\w.~%!$&'*+=-]{1,64}(?::[^\s/@:;<>\"]{0,64})?@)?"
_PORT = r"(?:(?::|\[:\])\d{1,5}(?!\d))?"
_DOTTED = rf"(?:{d.alternation(d.DOTS, _PLACES)}|\.)(?:{_LABEL})"
_JOINED = rf"(?:\.\[(?=\w+\]\.)(?:{_LABEL})\]|{_DOTTED})"
_ANY_HOST = rf"(?:\[[0-9A-Fa-f:.]{{2,45}}\]|(?:[\[(]www[\])]|{_LABEL})(?:{_JOINED}){{0,40}}+)"
HOST = d.late(rf"(?P<user>{_USER})(?P<host>{_ANY_HOST})(?P<port>{_PORT})")
_PLAIN_HOST = re.compile(
    r"[A-Za-z0-9-]{1,120}+(?:\.[A-Za-z0-9-]{1,120}+){0,40}+"
    r"(?=[/?#;,>\"]|[)\]](?![\w.])|\s(?<!\.dot\s)(?![ \t\u00a0\r\n]{0,8}[.(\[{<\\dDтТпк])|\Z)"
)
_AT_END = r"[ \t\u00a0]{1,4}(?:dot|DOT)(?=[>\])]|[ \t]*(?:\Z|\r?\n))"
_DANGLING = d.late(rf"(?![。．｡])(?:{d.alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))}|{_AT_END})")
_MARK = d.late(d.alternation(d.DOTS, _PLACES, "m"))
_GLUED_WORD = re.compile(r"(?<=[a-z0-9])DOT(?=[a-z0-9])")
_REST = re.compile(d.alternation(d.REST, _PLACES, "r"))
_ESCAPE = re.compile(r"\\+(?=[^\w\s\\]|_)")
_TO_MEND = re.compile(r"[\\\[({&xX]")
_AMPERSAND = re.compile(r"&(?:amp|#0?38|#x26);")
_INNER = re.compile(r"(?<=[/=])(h(?:tt|xx)ps?://[^/?#\s]*(?:[({\[]|\Z))", re.I)
_SPACED_PATH = re.compile(r"[ \t\u00a0]{1,2}/(?=\w)")
_SPECIAL = re.compile(r"(?:^|\.)(?:localhost|onion|i2p|local|internal|test|example|invalid|bit|eth)$", re.I)
_ADDRESS_V4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$")


@dataclass(slots=True)
class Address:
    """One address as read: `text[start:end]` is what was printed of it. `whole` says that the host can stand alone."""

    start: int
    end: int
    scheme: str
    host: str
    port: str = ""
    user: str = ""
    rest: str = ""
    style: str = "plain"
    confidence: float = 1.0
    whole: bool = True
    repairs: tuple[Repair, ...] = ()

    @property
    def url(self) -> str:
        name = f"{self.user}{self.host}{self.port}{self.rest}"
        return f"{self.scheme}://{name}" if self.scheme else name


@lru_cache(maxsize=65536)
def stands_alone(host: str) -> bool:
    """Whether a host ends in a public suffix, or is an address or a special-use name (RFC 6761)."""
    if len(host) > 253:
        return False
    if host.startswith("[") or _ADDRESS_V4.match(host) or _SPECIAL.search(host):
        return True
    if any(not label or len(label) > 63 for label in host.split(".")):
        return False
    suffix = public_suffix(to_ascii(host))
    return bool(suffix) and ("." in suffix or suffix != to_ascii(host)) and not suffix.replace(".", "").isdigit()


@lru_cache(maxsize=65536)
def mend_host(raw: str) -> tuple[str, str, float]:
    """The host meant by a printed one, the style it was printed in, and how sure that is."""
    style, confidence = "plain", 1.0

    def plain(match: re.Match[str]) -> str:
        nonlocal style, confidence
        row = d.row_of(match, d.DOTS, "m")
        if style == "plain" or row.confidence < confidence:
            style, confidence = row.name, row.confidence
        return "."

    if raw.isascii() and raw.replace(".", "").replace("-", "").isalnum() and "DOT" not in raw:
        return raw, style, confidence
    if raw.startswith("[") and ":" in raw:
        return raw, style, confidence
    mended = _MARK.sub(plain, raw)
    if _GLUED_WORD.search(mended):
        mended = _GLUED_WORD.sub(".", mended)
        style, confidence = "DOT", 0.8
    if style == "dot)":
        mended = re.sub(r"(?:DOT|punto|punkt)(?=\.)", "", mended)
    mended = mended.replace("[-]", "-")
    mended = re.sub(r"[\[\]()\\]", "", mended)
    visible = mended.translate(dict.fromkeys(map(ord, d.INVISIBLE_IN_HOST)))
    if visible != mended:
        style, mended = ("invisible" if style == "plain" else style), visible
    folded = unicodedata.normalize("NFKC", mended)
    if folded != mended and not any(c in mended for c in "✪➡"):
        style, mended = ("full-width" if style == "plain" else style), folded.lower()
    return mended, style, confidence


_AS_TYPED = {**dict.fromkeys(map(ord, d.INVISIBLE)), 0x2010: "-", 0x2011: "-"}  # Word's hyphens that do not break


def mend_rest(raw: str, defanged: bool) -> str:
    """The part after the host: escapes and invisible characters removed, marks undone where the host was defanged."""
    if raw.isascii() and not _TO_MEND.search(raw):
        return raw
    rest = _ESCAPE.sub("", raw) if "\\" in raw else raw
    rest = rest.translate(_AS_TYPED)
    rest = _AMPERSAND.sub("&", rest)
    if defanged:
        rest = _REST.sub(lambda match: d.row_of(match, d.REST, "r").means, rest)
    else:
        rest = re.sub(r"^\[/\]|^\(/\)", "/", rest)
    return rest


def read_address(
    text: str, start: int, limit: int, scheme: Scheme | None = None, *, framed: bool = False
) -> Address | None:
    """The address whose scheme (if any) is `scheme`, and whose host begins after it, or at `start`.

    `limit` is where a neighbour begins. `framed` says that delimiters were found, so that trailing marks are kept.
    """
    begin = scheme.end if scheme else start
    plain = _PLAIN_HOST.match(text, begin, limit)
    host_match = None
    if plain is None or "DOT" in plain[0]:
        plain, host_match = None, HOST.match(text, begin, limit)
    if plain:
        found = Address(start, plain.end(), "", plain[0])
        after = plain.end()
    elif host_match:
        name, style, confidence = mend_host(host_match["host"])
        found = Address(start, host_match.end(), "", name, style=style, confidence=confidence)
        found.user, found.port = host_match["user"], host_match["port"].replace("[:]", ":")
        after = host_match.end()
    else:
        return None
    if scheme:
        _add_scheme(found, scheme)
    if found.host.endswith("-"):
        spare = len(found.host) - len(found.host.rstrip("-"))
        found.host, found.port, after = found.host[:-spare], "", found.end - len(found.port) - spare
        found.end = after
    found.whole = stands_alone(found.host)
    if not found.whole:
        after = _shorten(found, host_match)
    if found.whole and not plain and _DANGLING.match(text, after):
        found.whole = False
    _add_rest(text, found, after, limit, framed)
    return found


def _add_scheme(found: Address, scheme: Scheme) -> None:
    found.scheme = scheme.name
    found.style = scheme.style if found.style == "plain" else found.style
    found.confidence = min(found.confidence, scheme.confidence)
    found.repairs += scheme.repairs


def _shorten(found: Address, match: re.Match[str] | None) -> int:
    """A host that runs on into the next word: cut where the public suffix ends, never at a defanged dot."""
    labels = found.host.split(".")
    if len(labels) > 2 and labels[-1][:1].isupper() and stands_alone(".".join(labels[:-1])):
        tail = f".{labels[-1]}"
        if match and match["host"].endswith(tail):
            found.host, found.whole = ".".join(labels[:-1]), True
            found.end = match.start("host") + len(match["host"]) - len(tail)
            found.port = ""
            return found.end
    if match and "。" in match["host"] and stands_alone(head := mend_host(match["host"].rpartition("。")[0])[0]):
        found.host, found.whole, found.port = head, True, ""
        found.end = match.start("host") + match["host"].rindex("。")
        return found.end
    if match and (cell := re.match(r"([a-z]{2,10})(?=[A-Z\d])", labels[-1])) and len(labels) > 1:
        shorter = ".".join([*labels[:-1], cell[1]])
        tail = labels[-1][cell.end() :]
        if stands_alone(shorter) and match["host"].endswith(tail):
            found.host, found.whole, found.confidence, found.port = shorter, True, 0.5, ""
            found.repairs += (Repair("glued-text-cut", f"{tail!r} follows the host without a space"),)
            found.end = match.start("host") + len(match["host"]) - len(tail)
            return found.end
    return found.end


def _add_inner(text: str, found: Address, after: int, start: int, limit: int) -> bool:
    """A wrapped address whose host is defanged itself: `web.archive dot org/web/2026/https://tass dot ru/x`."""
    scheme = scheme_at(text, start)
    inner = read_address(text, start, limit, scheme) if scheme else None
    if inner is None or inner.style == "plain" or not inner.whole:
        return False
    found.rest = mend_rest(text[after:start], found.style != "plain") + inner.url
    found.end = inner.end
    found.style = inner.style if found.style == "plain" else found.style
    return True


def _add_rest(text: str, found: Address, after: int, limit: int, framed: bool) -> None:
    if found.style in (" dot ", " .") and _SPACED_PATH.match(text, after, limit):
        after = text.index("/", after)
    after += text.startswith("./", after, limit)  # a host may end with its root's dot: RFC 3986 §3.2.2
    end = end_of_rest(text, after, limit, framed=framed)
    raw = text[after:end]
    if (
        "://" in raw
        and (nested := _INNER.search(raw))
        and _add_inner(text, found, after, after + nested.start(1), limit)
    ):
        return
    defanged = found.style != "plain"
    if defanged and raw and (suffix := d.DOT_SUFFIX.match(text, end, limit)):
        more = end_of_rest(text, suffix.end(), limit, framed=framed, bare_start=False)
        found.rest = f"{mend_rest(raw, defanged)}.{suffix[1]}{mend_rest(text[suffix.end() : more], defanged)}"
        found.repairs += (Repair("dot-in-file-name", f"printed {suffix[0]!r}", inserted="."),)
        found.end = more
        return
    found.rest = mend_rest(raw, defanged)
    if found.rest != raw and not defanged:
        found.repairs += (Repair("unescaped", "escapes or invisible characters in the printed address"),)
    found.end = end
