"""What a page needs to be shown: its style sheets, images and scripts, and how much of that is captured. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from cite_audit.foreign_json import parse_foreign_json
from cite_audit.urls import join_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# Of one page, what its style sheets name included: a style sheet may import others for ever.
MAX_REQUISITES = 200
MAX_REQUISITE_DEPTH = 3  # page → style sheet → imported style sheet → its images
MAX_REQUISITE_BYTES = 64 << 20
MAX_REQUISITE_SECONDS = 120.0
MAX_STYLE_BYTES = 4 << 20  # of one style sheet that are searched
MAX_ADDRESSES = 10 * MAX_REQUISITES  # of one page or style sheet that are looked at, repeated ones included
# CSS Syntax §4.3.6: outside quotes a URL holds neither quotes nor parentheses. Each branch ends at a character that
# begins another match, so that a search is linear in the text.
_CSS_URL = re.compile(
    r"""url\(\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|([^\s"'()]++))\s*+\)|@import\s*+(?:"([^"\n]*+)"|'([^'\n]*+)')""", re.I
)
# A static or dynamic import with a written address (ECMAScript §16.2.2, §13.3.10).
_MODULE_IMPORT = re.compile(r"""\b(?:from|import)\s*+\(?\s*+(?:"([^"\n]{1,2048}+)"|'([^'\n]{1,2048}+)')""")
_IMAGE_SET = re.compile(r"""image-set\(((?:[^()]|\([^()]*+\))*+)\)""", re.I)
_QUOTED = re.compile(r"""(?:url|type)\([^)]*+\)|"([^"\n]*+)"|'([^'\n]*+)'""", re.I)
_SRCSET_URL = re.compile(r"[\s,]*+(\S++)")
_SRCSET_DESCRIPTORS = re.compile(r"[^,(]*+(?:\([^)]*+\)[^,(]*+)*+")
_SHOWN_LINKS = frozenset(
    {"stylesheet", "icon", "shortcut", "apple-touch-icon", "manifest", "preload", "modulepreload", "image_src"}
)
# Where pages keep the address of a picture that their scripts show later.
_LATE_ADDRESSES = (
    *("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-bg", "data-background"),
    *("data-background-image", "data-poster", "data-hi-res-src", "data-thumb", "data-image", "data-full-src"),
)
_LATE_SETS = ("data-srcset", "data-lazy-srcset")
_MEDIA_FILE = re.compile(
    r"\.(?:avif|css|gif|ico|jpe?g|js|m4a|m4v|mjs|mp3|mp4|og[agv]|opus|png|svg|wav|weba|webm|webp)(?:[?#]|$)", re.I
)
# selector → attribute
_REQUISITE_NODES = (
    ("img[src]", "src"),
    ("script[src]", "src"),
    ("iframe[src]", "src"),
    ("frame[src]", "src"),
    ("embed[src]", "src"),
    ("object[data]", "data"),
    ("video[src]", "src"),
    ("video[poster]", "poster"),
    ("audio[src]", "src"),
    ("source[src]", "src"),
    ("track[src]", "src"),
    ("input[type=image][src]", "src"),
    ("body[background]", "background"),
    ("table[background]", "background"),
    ("td[background]", "background"),
    ("image[href]", "href"),
    ("image", "xlink:href"),
    ("use[href]", "href"),
    ("use", "xlink:href"),
    ("feImage[href]", "href"),
)
_MAX_SRCDOC_DEPTH = 3
_PART_NAMES = ("thumbnail_url", "url")  # of an oEmbed answer (oembed.com §2.3.4)


class RequisiteQueue:
    """The addresses to fetch for one page, within the limits of a page; an address of `known` is left out.

    `known` grows with every address that is taken.
    """

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self._pending: deque[tuple[str, int]] = deque()
        self._taken = 0
        self.bytes_left = MAX_REQUISITE_BYTES
        self.is_cut = False  # a limit left something out

    def add(self, addresses: Iterable[str], depth: int) -> None:
        """Queue addresses that something at `depth` (0: the page) names."""
        new_addresses = [address for address in addresses if address not in self._known]
        if depth < MAX_REQUISITE_DEPTH:
            self._pending.extend((address, depth + 1) for address in new_addresses)
        elif new_addresses:
            self.is_cut = True

    def take(self) -> tuple[str, int] | None:
        """The next address with its depth; None at the end, or where a limit is reached."""
        while self._pending:
            address, depth = self._pending.popleft()
            if address in self._known:
                continue
            if self._taken == MAX_REQUISITES or self.bytes_left <= 0:
                self.is_cut = True
                return None
            self._taken += 1
            self._known.add(address)
            return address, depth
        return None


def names_parts(mimetype: str) -> bool:
    """Whether a file of that type names other files that are shown with it."""
    return any(word in mimetype for word in ("html", "css", "javascript", "svg"))


def find_requisites(url: str, body: bytes, mimetype: str) -> list[str]:
    """The addresses that a page, a style sheet, a script or an oEmbed answer names, http(s) only, each once.

    At most MAX_REQUISITES.
    """
    if "html" in mimetype or "svg" in mimetype:
        addresses = _page_requisites(url, body)
    elif "json" in mimetype:
        addresses = _embed_requisites(url, body)
    elif "css" in mimetype or "javascript" in mimetype:
        text = body[:MAX_STYLE_BYTES].decode("utf-8", "replace")
        addresses = _style_requisites(url, text) if "css" in mimetype else _script_requisites(url, text)
    else:
        return []
    requisites: dict[str, None] = {}
    for address in islice(addresses, MAX_ADDRESSES):
        bare_address = address.partition("#")[0]
        if bare_address.startswith(("http://", "https://")) and bare_address != url:
            requisites[bare_address] = None
        if len(requisites) == MAX_REQUISITES:
            break
    return list(requisites)


def split_srcset(text: str) -> Iterator[str]:
    """The addresses of a `srcset`, which may hold commas themselves (HTML §4.8.4.2.1)."""
    position = 0
    while match := _SRCSET_URL.match(text, position):
        position = match.end()
        if address := match[1].rstrip(","):
            yield address
        if not match[1].endswith(",") and (descriptors := _SRCSET_DESCRIPTORS.match(text, position)):
            position = descriptors.end()


def _page_requisites(url: str, body: bytes, depth: int = 0) -> Iterator[str]:
    from cite_audit.foreign_html import parse_foreign_html

    tree = parse_foreign_html(body)
    base = tree.css_first("base[href]")
    root = join_url(url, (base.attributes.get("href") if base else "") or "") or url
    for named in _named_addresses(tree):
        yield join_url(root, named)
    for node in tree.css("style"):
        yield from _style_requisites(root, node.text()[:MAX_STYLE_BYTES])
    for node in tree.css("[style]"):
        yield from _style_requisites(root, node.attributes.get("style") or "")
    for node in tree.css("script[type=module]"):
        yield from _script_requisites(root, node.text()[:MAX_STYLE_BYTES])
    for node in tree.css("iframe[srcdoc]") if depth < _MAX_SRCDOC_DEPTH else ():
        yield from _page_requisites(root, (node.attributes.get("srcdoc") or "").encode(), depth + 1)
    for node in tree.css("noscript") if depth < _MAX_SRCDOC_DEPTH else ():
        yield from _page_requisites(root, node.text().encode(), depth + 1)


def _named_addresses(tree: LexborHTMLParser) -> Iterator[str]:
    """The addresses in the attributes of a page's elements, as they are written."""
    for node in tree.css("link[rel][href]"):
        relations = (node.attributes.get("rel") or "").lower().split()
        if any(relation in _SHOWN_LINKS for relation in relations):
            yield node.attributes.get("href") or ""
    for selector, attribute in _REQUISITE_NODES:
        for node in tree.css(selector):
            yield node.attributes.get(attribute) or ""
    for node in tree.css("img[srcset], source[srcset], link[imagesrcset]"):
        yield from split_srcset(node.attributes.get("srcset") or node.attributes.get("imagesrcset") or "")
    for attribute in _LATE_SETS:
        for node in tree.css(f"[{attribute}]"):
            yield from split_srcset(node.attributes.get(attribute) or "")
    for attribute in _LATE_ADDRESSES:
        for node in tree.css(f"[{attribute}]"):
            address = node.attributes.get(attribute) or ""
            if node.tag in ("img", "iframe", "source", "video", "audio") or _MEDIA_FILE.search(address):
                yield address


def _style_requisites(url: str, text: str) -> Iterator[str]:
    for match in _CSS_URL.finditer(text):
        if named := (match[match.lastindex or 0]).strip():
            yield join_url(url, named)
    for image_set in _IMAGE_SET.finditer(text):
        for match in _QUOTED.finditer(image_set[1]):
            if match.lastindex and (named := match[match.lastindex].strip()):
                yield join_url(url, named)


def _script_requisites(url: str, text: str) -> Iterator[str]:
    """The modules that a script imports by an address; a bare name is no address (HTML §8.1.5.1)."""
    for match in _MODULE_IMPORT.finditer(text):
        named = match[match.lastindex or 0]
        if named.startswith(("/", "./", "../", "http://", "https://")):
            yield join_url(url, named)


def _embed_requisites(url: str, body: bytes) -> Iterator[str]:
    """The pictures of an oEmbed answer, and what its HTML shows."""
    try:
        answer = parse_foreign_json(body)
    except ValueError:
        return
    if isinstance(answer, dict):
        yield from (join_url(url, value) for name in _PART_NAMES if isinstance(value := answer.get(name), str))
        if isinstance(answer.get("html"), str):
            yield from _page_requisites(url, answer["html"].encode())
