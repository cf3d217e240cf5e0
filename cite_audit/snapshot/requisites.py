"""What a page needs to be shown: its style sheets, images and scripts, and how much of that is captured. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from cite_audit.urls import join_url

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
# selector → attribute
_REQUISITE_NODES = (
    ("link[rel~=stylesheet][href]", "href"),
    ("link[rel~=icon][href]", "href"),
    ("img[src]", "src"),
    ("script[src]", "src"),
    ("video[poster]", "poster"),
    ("input[type=image][src]", "src"),
)


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


def find_requisites(url: str, body: bytes, mimetype: str) -> list[str]:
    """The addresses a page or a style sheet names, http(s) only, each once, at most MAX_REQUISITES."""
    if "html" in mimetype:
        addresses = _page_requisites(url, body)
    elif "css" in mimetype:
        addresses = _style_requisites(url, body[:MAX_STYLE_BYTES].decode("utf-8", "replace"))
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


def _page_requisites(url: str, body: bytes) -> Iterator[str]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(body)
    base = tree.css_first("base[href]")
    root = join_url(url, (base.attributes.get("href") if base else "") or "") or url
    for selector, attribute in _REQUISITE_NODES:
        for node in tree.css(selector):
            yield join_url(root, node.attributes.get(attribute) or "")
    for node in tree.css("img[srcset], source[srcset]"):
        for part in (node.attributes.get("srcset") or "").split(","):
            yield join_url(root, part.split()[0] if part.split() else "")
    for node in tree.css("style"):
        yield from _style_requisites(root, node.text()[:MAX_STYLE_BYTES])


def _style_requisites(url: str, text: str) -> Iterator[str]:
    for match in _CSS_URL.finditer(text):
        if named := (match[match.lastindex or 0]).strip():
            yield join_url(url, named)
