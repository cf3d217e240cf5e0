"""Sets what a format declares (link targets) beside what is printed: one citation where both say the same."""

from __future__ import annotations

import re
from urllib.parse import unquote

from cite_audit.parse.address import read_address
from cite_audit.parse.found import Found, found_at
from cite_audit.parse.readers.base import Document, Href
from cite_audit.parse.schemes import scheme_at

_TWICE = re.compile(r"^https?:/+(https?):?/+", re.IGNORECASE)  # what a browser makes of `https//a.b`
_MORE_DIGITS = re.compile(r"[0-9]+\Z")  # `<a>…/status/159</a>8`: typed after the link was made


def reconcile(document: Document, found: list[Found]) -> list[Found]:
    """The links of a document: a declared target wins over what it shows, unless it was cut at a defanged dot."""
    if not document.hrefs:
        return found
    out: list[Found] = []
    position = 0
    for href in _merged(document):
        while position < len(found) and found[position].end <= href.start:
            out.append(found[position])
            position += 1
        shown: list[Found] = []
        while position < len(found) and found[position].start < href.end:
            shown.append(found[position])
            position += 1
        if out and out[-1].end > href.start:
            continue
        out += _settle(document.text, href, shown)
    return [*out, *found[position:]]


def _merged(document: Document) -> list[Href]:
    """The hrefs, neighbours with one target as one: a line end or a change of font cuts what was one link."""
    out: list[Href] = []
    for href in document.hrefs:
        last = out[-1] if out else None
        if last and last.target == href.target and not document.text[last.end : href.start].strip():
            out[-1] = Href(last.start, href.end, href.target)
        else:
            out.append(href)
    return out


def _settle(text: str, href: Href, shown: list[Found]) -> list[Found]:
    target = _target(text, href)
    if target is None:
        return shown
    if not shown:
        return [target]
    first = shown[0]
    glued = target.whole and text[href.end : href.end + 1].isalnum()
    if glued and text[href.end - 1].isdigit():
        glued = not _MORE_DIGITS.match(text, href.end, first.end)
    goes_on = first.end > href.end and not glued
    if goes_on and (_begins(first.url, target.url) or not target.whole):
        if not first.has_scheme:
            first.url = f"{target.url.partition('://')[0]}://{first.url}"
        return shown
    if len(shown) > 1:
        return shown if any(one.url == target.url for one in shown) else [target, *shown[1:]]
    if first.whole and first.style != "plain" and unquote(target.url).endswith(first.raw):
        return shown  # a target that still holds the defanged spelling leads nowhere
    if first.whole and first.has_scheme and _carried(first.url, target.url):  # Google's and Medium's redirectors
        first.alternatives += (target.url,)
        return shown
    if first.whole and _same(first.url, target.url):
        target.raw, target.style, target.start, target.end = first.raw, first.style, first.start, first.end
    elif first.whole:
        target.alternatives += (first.url,)
    return [target]


def _target(text: str, href: Href) -> Found | None:
    """The address an href declares; None for fragments, mail addresses and relative paths."""
    declared = _TWICE.sub(r"\1://", href.target.strip())
    scheme = scheme_at(declared)
    if scheme is None or "#_edn" in declared or "#_ftn" in declared:
        return None
    address = read_address(declared, 0, len(declared), scheme, framed=True)
    if address is None or not address.host:
        return None
    found = found_at(declared, address, "href", 0, 0)
    found.start, found.end, found.outer, found.outer_end = href.start, href.end, href.start, href.end
    if address.style == "plain" and address.whole:
        found.url = declared
    found.raw = declared
    return found


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()


def _carried(printed: str, target: str) -> bool:
    """Whether a redirector's query carries the printed address whole: `…/url?q=https%3A%2F%2Fa.b%2Fc&sa=D`."""
    _, _, query = target.partition("?")
    return any(_same(printed, unquote(pair.partition("=")[2])) for pair in query.split("&"))


def _begins(longer: str, shorter: str) -> bool:
    longer, shorter = (
        url.lower().rpartition("://")[2] if url.count("://") == 1 else url.lower() for url in (longer, shorter)
    )
    return longer.removeprefix("www.").startswith(shorter.removeprefix("www.").rstrip("/"))
