"""What a site lists of itself: its site map or a feed, and the entries there that may be a certain page."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.similarity import title_likeness, transliterate_cyrillic
from cite_audit.resolve.judge.page.text import collapse_spaces
from cite_audit.urls import join_url

MAX_LISTING_SIZE = 4 << 20  # bytes of a listing after decompression
MIN_SLUG_LENGTH = 8  # characters of a name that is a page's own
TITLE_LIMIT = 0.8  # likeness (0-1) at which a listed title is that of the page
_GZIP_MAGIC = b"\x1f\x8b"
MAX_PAGES = 50_000  # entries of a listing; what one site map may hold (sitemaps.org)
MAX_TITLE = 500  # characters of a title that are compared
# Bounded, and no pattern looks further than the next mark: a listing of nothing but openings takes no longer.
_CHARACTER_DATA = compile_lazily(r"<!\[CDATA\[((?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA\[))*+)\]\]>", re.I)
_BLOCK_MARK = compile_lazily(r"<(/?)(sitemap|url|item|entry)(?=[\s>])", re.I)
_ADDRESS = compile_lazily(
    r"<(?:loc|link)\b[^<>]{0,500}>\s*+([^<\s]{1,2048}+)\s*+</|<link\b[^<>]{0,2500}?\bhref=[\"']([^<>\"']{1,2048})[\"']",
    re.I,
)
_TITLE = compile_lazily(r"<(?:news:)?title\b[^<>]{0,500}>([^<]*+)</", re.I)
_EXTENSION = compile_lazily(r"\.\w{2,5}$")


@frozen_record
class ListedPage:
    """An entry of a site map or feed. `is_map`: it is a further site map."""

    url: str
    title: str = ""
    is_map: bool = False


def read_listing(body: bytes, base: str) -> tuple[ListedPage, ...]:
    """The entries of a site map, an index of site maps, an RSS or an Atom feed; none of anything else.

    Read by its marks, not parsed: a listing may be cut, and what it declares is never expanded.
    """
    if body.startswith(_GZIP_MAGIC):
        try:
            body = zlib.decompressobj(31).decompress(body, MAX_LISTING_SIZE)
        except zlib.error:
            return ()
    source = _CHARACTER_DATA.sub(lambda match: match[1].replace("<", " "), body.decode("utf-8", "replace"))
    pages = []
    for kind, block in _iter_blocks(source):
        address, title = _ADDRESS.search(block), _TITLE.search(block)
        if address and (url := join_url(base, unescape(address[1] or address[2]))):
            name = collapse_spaces(unescape(title[1][:MAX_TITLE])) if title else ""
            pages.append(ListedPage(url, name, kind == "sitemap"))
    return tuple(pages)


def _iter_blocks(source: str) -> Iterator[tuple[str, str]]:
    """The kind and the content of each entry, MAX_PAGES at most. An entry ends at its end tag, or where one begins."""
    opened: re.Match[str] | None = None
    count = 0
    for mark in _BLOCK_MARK.finditer(source):
        is_end = bool(mark[1])
        if opened and is_end and opened[2].lower() == mark[2].lower():
            yield opened[2].lower(), source[opened.end() : mark.start()]
            opened, count = None, count + 1
            if count == MAX_PAGES:
                return
        elif not is_end:
            opened = mark


def choose_map(pages: tuple[ListedPage, ...], url: str) -> str:
    """The further site map whose name shares most with an address; the first of several. Empty without any."""
    parts = set(re.split(r"[\W_]+", urlsplit(url).path.casefold()))
    maps = [page.url for page in pages if page.is_map]
    return max(maps, key=lambda each: len(parts & set(re.split(r"[\W_]+", each.casefold()))), default="")


def find_listed_pages(pages: tuple[ListedPage, ...], url: str, titles: tuple[str, ...]) -> list[tuple[str, str]]:
    """The listed addresses that may be the page once at `url`, each with the reason in words; same names first."""
    slug = page_slug(url)
    same_name = [
        (page.url, "its address ends like the cited one")
        for page in pages
        if not page.is_map and len(slug) >= MIN_SLUG_LENGTH and page_slug(page.url) == slug
    ]
    likely_words = {word[:5] for title in titles for word in re.findall(r"\w{5,}", fold_title(title))}
    same_title = [
        (page.url, "it is listed under the cited page's title")
        for page in pages
        if not page.is_map
        and any(word in fold_title(page.title) or word in page.url.casefold() for word in likely_words)
        and _is_titled_alike(page, titles)
    ]
    return list({listed_url: (listed_url, why) for listed_url, why in (*same_title, *same_name)}.values())[::-1]


def page_slug(url: str) -> str:
    """The last name in an address's path, without its extension."""
    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].casefold()
    return _EXTENSION.sub("", name)


def fold_title(title: str) -> str:
    return transliterate_cyrillic(title.casefold())


def _is_titled_alike(page: ListedPage, titles: tuple[str, ...]) -> bool:
    """Whether an entry's title, or the words of its address, are those of a title."""
    slug_words = re.sub(r"[\W_]+", " ", page_slug(page.url))
    return any(
        title_likeness(page.title, title) >= TITLE_LIMIT
        or title_likeness(fold_title(slug_words), fold_title(title)) >= TITLE_LIMIT
        for title in titles
    )
