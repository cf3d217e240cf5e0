"""Reconciles declared link targets with printed addresses: one citation where both are the same."""

from __future__ import annotations

import re
from urllib.parse import unquote

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.links.address import read_address
from cite_audit.parse.links.found_link import FoundLink, LinkFrame, build_found_link
from cite_audit.parse.links.piece_comparison import spelling_key
from cite_audit.parse.links.schemes import scheme_at
from cite_audit.parse.readers.base import Document, Href
from cite_audit.urls import unwrap_url

# what mail and office programs put round a target by themselves: no author cites these
_PROGRAMS = compile_lazily(
    r"https?://(?:www\.google\.[a-z.]{2,6}/url\?|[\w.-]+\.safelinks\.protection\.outlook\.com/|urldefense\.(?:com|proofpoint\.com)/)",
    re.I,
)
_DOUBLED_SCHEME = compile_lazily(r"^https?:/+(https?):?/+", re.IGNORECASE)  # what a browser makes of `https//a.b`
_MORE_DIGITS = compile_lazily(r"[0-9]+\Z")  # `<a>…/status/159</a>8`: typed after the link was made


def reconcile_links(document: Document, links: list[FoundLink]) -> list[FoundLink]:
    """The links of a document: a declared target wins over what it shows, unless it was cut at a defanged dot."""
    if not document.hrefs:
        return links
    out: list[FoundLink] = []
    position = 0
    for href in _merge_adjacent(document):
        while position < len(links) and links[position].end <= href.start:
            out.append(links[position])
            position += 1
        overlapping: list[FoundLink] = []
        while position < len(links) and links[position].start < href.end:
            overlapping.append(links[position])
            position += 1
        if out and out[-1].end > href.start:
            continue
        out += _choose_links(document.text, href, overlapping)
    return [*out, *links[position:]]


def _merge_adjacent(document: Document) -> list[Href]:
    """The hrefs, neighbours with one target as one: a line end or a change of font cuts what was one link."""
    out: list[Href] = []
    for href in document.hrefs:
        previous = out[-1] if out else None
        if previous and previous.target == href.target and not document.text[previous.end : href.start].strip():
            out[-1] = Href(previous.start, href.end, href.target)
        else:
            out.append(href)
    return out


def _choose_links(text: str, href: Href, printed: list[FoundLink]) -> list[FoundLink]:
    target = _read_target(text, href)
    if target is None:
        return printed
    if not printed:
        return [target]
    first_link = printed[0]
    is_glued = target.whole and text[href.end : href.end + 1].isalnum()
    if is_glued and text[href.end - 1].isdigit():
        is_glued = not _MORE_DIGITS.match(text, href.end, first_link.end)
    goes_on = first_link.end > href.end and not is_glued
    if goes_on and (_url_starts_with(first_link.url, target.url) or not target.whole):
        if not first_link.has_scheme:
            first_link.url = f"{target.url.partition('://')[0]}://{first_link.url}"
        return printed
    if len(printed) > 1:
        if spelling_key("".join(text[href.start : href.end].split())) == spelling_key(target.url):
            return [target]  # the pieces of its own address, broken over lines
        return printed if any(link.url == target.url for link in printed) else [target, *printed[1:]]
    if first_link.whole and first_link.is_defanged and unquote(target.url).endswith(first_link.raw):
        return printed  # a target that still holds the defanged spelling leads nowhere
    if (
        first_link.whole and first_link.has_scheme and _query_carries(first_link.url, href.target)
    ):  # Google's and Medium's redirectors
        first_link.alternatives += (href.target.strip(),)
        return printed
    if first_link.whole and _is_same_url(first_link.url, target.url):
        target.raw, target.style, target.start, target.end = (
            first_link.raw,
            first_link.style,
            first_link.start,
            first_link.end,
        )
    elif first_link.whole:
        target.alternatives += (first_link.url,)
    return [target]


def _read_target(text: str, href: Href) -> FoundLink | None:
    """The address an href declares; None for fragments, mail addresses and relative paths."""
    declared = printed = _DOUBLED_SCHEME.sub(r"\1://", href.target.strip())
    if _PROGRAMS.match(declared) and (wrapped := unwrap_url(declared)):
        declared = wrapped.url
    scheme = scheme_at(declared)
    if scheme is None or "#_edn" in declared or "#_ftn" in declared:
        return None
    address = read_address(declared, 0, len(declared), scheme, framed=True)
    if address is None or not address.host:
        return None
    link = build_found_link(declared, address, LinkFrame.DECLARED, 0, 0)
    link.start, link.end, link.outer, link.outer_end = href.start, href.end, href.start, href.end
    if not address.is_defanged and address.whole:
        link.url = declared
    link.raw = printed
    return link


def _is_same_url(url: str, other_url: str) -> bool:
    return url.rstrip("/").lower() == other_url.rstrip("/").lower()


def _query_carries(printed: str, target: str) -> bool:
    """Whether a redirector's query carries the printed address whole: `…/url?q=https%3A%2F%2Fa.b%2Fc&sa=D`."""
    _, _, query = target.partition("?")
    return any(_is_same_url(printed, unquote(pair.partition("=")[2])) for pair in query.split("&"))


def _url_starts_with(longer: str, shorter: str) -> bool:
    longer, shorter = (
        url.lower().rpartition("://")[2] if url.count("://") == 1 else url.lower() for url in (longer, shorter)
    )
    return longer.removeprefix("www.").startswith(shorter.removeprefix("www.").rstrip("/"))
