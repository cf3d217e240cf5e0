"""`hxxps://a[.]b` ⇄ `https://a.b`: the two directions as functions over text.

`refang` touches only what reads as an address, a mail address or a host in one of the dialects of `dialects`; the rest
of a text stays as it is to the character. `defang` writes addresses so that `refang` gives them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.links import bare_hosts
from cite_audit.parse.links.address import is_complete_host
from cite_audit.parse.links.dialects import SPOKEN_DOT
from cite_audit.parse.links.found_link import LinkFrame
from cite_audit.parse.links.scan import scan_links

__all__ = ["STYLES", "DefangStyle", "defang", "find_hosts", "refang"]


@frozen_record
class DefangStyle:
    """How to write the dot of a host (all dots or the last one), and whether to write the scheme as hxxp."""

    dot: str
    every: bool = False
    hxxp: bool = False
    example: str = ""


STYLES: dict[str, DefangStyle] = {
    "[.]": DefangStyle("[.]", every=True, hxxp=True, example="hxxps://www[.]mid[.]ru/x"),
    "(.)": DefangStyle("(.)", example="https://www.mid(.)ru/x"),
    "((.))": DefangStyle("((.))", example="https://www.mid((.))ru/x"),
    "dot": DefangStyle(SPOKEN_DOT, example="https://www.mid dot ru/x"),
    "[dot]": DefangStyle("[dot]", every=True, hxxp=True, example="hxxps://www[dot]mid[dot]ru/x"),
    "{.}": DefangStyle("{.}", every=True, hxxp=True, example="hxxps://www{.}mid{.}ru/x"),
    "hxxp": DefangStyle(".", hxxp=True, example="hxxps://www.mid.ru/x"),
}


def refang(text: str) -> str:
    """A text with every defanged address made real; plain ones and prose stay as they are."""
    out: list[str] = []
    copied_to = 0
    for start, end, real in _find_replacements(text):
        if start >= copied_to:
            out += [text[copied_to:start], real]
            copied_to = end
    out.append(text[copied_to:])
    return "".join(out)


def _find_replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """What to replace by what, in order: links first, then mail addresses between them."""
    links = scan_links(text, generous=True)
    changes = [(link.start, link.end, link.url) for link in links if link.whole and link.url != link.raw]
    for link in links:
        if link.frame == LinkFrame.MARKDOWN and link.outer < link.start:
            changes += [(link.outer, link.start, refang_label(text[link.outer : link.start]))]
    changes += [(start, end, real) for start, end, real in bare_hosts.find_mail_addresses(text)]
    yield from sorted(changes)


def find_hosts(text: str) -> list[str]:
    """Every host name in a text, of links, alone or of mail addresses, as meant, in order, each once."""
    placed_hosts = [(link.start, printed_host(link.url)) for link in scan_links(text, generous=True) if link.whole]
    placed_hosts += [(start, name) for start, name in bare_hosts.find_mail_hosts(text)]
    return list(dict.fromkeys(name for _, name in sorted(placed_hosts) if not name.replace(".", "").isdigit()))


def printed_host(url: str) -> str:
    """The host of an address as written there, without user and port."""
    name = re.split(r"[/?#]", url.partition("//")[2] if "//" in url[:10] else url, maxsplit=1)[0].rpartition("@")[2]
    return name if name.startswith("[") else name.partition(":")[0]


def refang_label(label: str) -> str:
    """The shown half of a Markdown link, `[https://tass\\(.\\)ru](`."""
    return label[:1] + refang(label[1:-2]) + label[-2:] if label[:1] == "[" and label.endswith("](") else label


def defang(text_or_url: str, style: str = "[.]") -> str:
    """A text, or one address, with every address written so that nothing makes it a link.

    `style` is a name of `STYLES` or the mark itself (`" dot "`). Raises ValueError for another one.
    """
    chosen = STYLES.get(style) or STYLES.get(style.strip())
    if chosen is None:
        raise ValueError(f"no such style: {style!r}; there are {', '.join(STYLES)}")
    out: list[str] = []
    copied_to = 0
    for link in scan_links(text_or_url, generous=True):
        if not link.whole or link.is_defanged:
            continue
        defanged = _defang_url(link.raw, chosen)
        if chosen.dot == SPOKEN_DOT and not link.has_scheme and refang(defanged) != link.raw:
            defanged = _defang_url(link.raw, STYLES["(.)"])  # a host alone with a word for its dot is prose
        out += [text_or_url[copied_to : link.start], defanged]
        copied_to = link.end
    out.append(text_or_url[copied_to:])
    return "".join(out)


_PARTS = re.compile(r"(?P<scheme>[A-Za-z]+://)?(?P<user>[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*)(?P<rest>.*)", re.S)


def _defang_url(raw: str, style: DefangStyle) -> str:
    parts = _PARTS.match(raw)
    if parts is None:
        return raw
    scheme, user, host, path = parts["scheme"] or "", parts["user"] or "", parts["host"], parts["rest"]
    dotted = "." in host and is_complete_host(host)
    if style.hxxp or not dotted:
        scheme = re.sub("^http", "hxxp", scheme, flags=re.I)
    if dotted:
        host = host.replace(".", style.dot) if style.every else style.dot.join(host.rsplit(".", 1))
    return f"{scheme}{user}{host}{path}"
