"""`hxxps://a[.]b` ⇄ `https://a.b`: the two directions as functions over text.

`refang` touches only what reads as an address, a mail address or a host in one of the dialects of `dialects`; the rest
of a text stays as it is to the character. `defang` writes addresses so that `refang` gives them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cite_audit.parse import bare
from cite_audit.parse.address import stands_alone
from cite_audit.parse.scan import scan

__all__ = ["STYLES", "Style", "defang", "hosts", "refang"]


@dataclass(frozen=True, slots=True)
class Style:
    """How to write the dot of a host (all dots or the last one), and whether to write the scheme as hxxp."""

    dot: str
    every: bool = False
    hxxp: bool = False
    example: str = ""


STYLES: dict[str, Style] = {
    "[.]": Style("[.]", every=True, hxxp=True, example="hxxps://www[.]mid[.]ru/x"),
    "(.)": Style("(.)", example="https://www.mid(.)ru/x"),
    "((.))": Style("((.))", example="https://www.mid((.))ru/x"),
    "dot": Style(" dot ", example="https://www.mid dot ru/x"),
    "[dot]": Style("[dot]", every=True, hxxp=True, example="hxxps://www[dot]mid[dot]ru/x"),
    "{.}": Style("{.}", every=True, hxxp=True, example="hxxps://www{.}mid{.}ru/x"),
    "hxxp": Style(".", hxxp=True, example="hxxps://www.mid.ru/x"),
}


def refang(text: str) -> str:
    """A text with every defanged address made real; plain ones and prose stay as they are."""
    out: list[str] = []
    at = 0
    for start, end, real in _changes(text):
        if start >= at:
            out += [text[at:start], real]
            at = end
    out.append(text[at:])
    return "".join(out)


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """What to replace by what, in order: links first, then mail addresses between them."""
    found = scan(text, generous=True)
    changes = [(one.start, one.end, one.url) for one in found if one.whole and one.url != one.raw]
    for one in found:
        if one.frame == "markdown" and one.outer < one.start:
            changes += [(one.outer, one.start, refang_shown(text[one.outer : one.start]))]
    changes += [(start, end, real) for start, end, real in bare.mail_addresses(text)]
    yield from sorted(changes)


def hosts(text: str) -> list[str]:
    """Every host name in a text, of links, alone or of mail addresses, as meant, in order, each once."""
    named = [(one.start, host_of(one.url)) for one in scan(text, generous=True) if one.whole]
    named += [(start, name) for start, name in bare.mail_hosts(text)]
    return list(dict.fromkeys(name for _, name in sorted(named) if not name.replace(".", "").isdigit()))


def host_of(url: str) -> str:
    """The host of an address as written there, without user and port."""
    name = re.split(r"[/?#]", url.partition("//")[2] if "//" in url[:10] else url, maxsplit=1)[0].rpartition("@")[2]
    return name if name.startswith("[") else name.partition(":")[0]


def refang_shown(shown: str) -> str:
    """The shown half of a Markdown link, `[https://tass\\(.\\)ru](`."""
    return shown[:1] + refang(shown[1:-2]) + shown[-2:] if shown[:1] == "[" and shown.endswith("](") else shown


def defang(text_or_url: str, style: str = "[.]") -> str:
    """A text, or one address, with every address written so that nothing makes it a link.

    `style` is a name of `STYLES` or the mark itself (`" dot "`). Raises ValueError for another one.
    """
    chosen = STYLES.get(style) or STYLES.get(style.strip())
    if chosen is None:
        raise ValueError(f"no such style: {style!r}; there are {', '.join(STYLES)}")
    out: list[str] = []
    at = 0
    for one in scan(text_or_url, generous=True):
        if not one.whole or one.style != "plain":
            continue
        written = _written(one.raw, chosen)
        if chosen.dot == " dot " and not one.has_scheme and refang(written) != one.raw:
            written = _written(one.raw, STYLES["(.)"])  # a host alone with a word for its dot is prose
        out += [text_or_url[at : one.start], written]
        at = one.end
    out.append(text_or_url[at:])
    return "".join(out)


_PARTS = re.compile(r"(?P<scheme>[A-Za-z]+://)?(?P<user>[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*)(?P<rest>.*)", re.S)


def _written(raw: str, style: Style) -> str:
    parts = _PARTS.match(raw)
    if parts is None:
        return raw
    scheme, user, host, rest = parts["scheme"] or "", parts["user"] or "", parts["host"], parts["rest"]
    dotted = "." in host and stands_alone(host)
    if style.hxxp or not dotted:
        scheme = re.sub("^http", "hxxp", scheme, flags=re.I)
    if dotted:
        host = host.replace(".", style.dot) if style.every else style.dot.join(host.rsplit(".", 1))
    return f"{scheme}{user}{host}{rest}"
