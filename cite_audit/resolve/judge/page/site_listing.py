"""What a site lists of itself: its site map or a feed, and the entries there that may be a certain page."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

from cite_audit.resolve.judge.page.similarity import title_likeness, transliterate_cyrillic
from cite_audit.resolve.judge.page.text import collapse_spaces
from cite_audit.urls import join_url

MAX_LISTING_SIZE = 4 << 20  # bytes of a listing after decompression
MIN_SLUG_LENGTH = 8  # characters of a name that is a page's own
TITLE_LIMIT = 0.8  # likeness (0-1) at which a listed title is that of the page
_GZIP_MAGIC = b"\x1f\x8b"
_CHARACTER_DATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_BLOCK = re.compile(r"<(sitemap|url|item|entry)\b[^>]*>(.*?)</\1>", re.S | re.I)
_ADDRESS = re.compile(r"<(?:loc|link)\b[^>]*>\s*([^<\s]+)\s*</|<link\b[^>]*\bhref=[\"']([^\"']+)", re.I)
_TITLE = re.compile(r"<(?:news:)?title\b[^>]*>([^<]*)</", re.I)
_EXTENSION = re.compile(r"\.\w{2,5}$")


@dataclass(frozen=True, slots=True)
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
    for block in _BLOCK.finditer(source):
        address, title = _ADDRESS.search(block[2]), _TITLE.search(block[2])
        if address and (url := join_url(base, unescape(address[1] or address[2]))):
            name = collapse_spaces(unescape(title[1])) if title else ""
            pages.append(ListedPage(url, name, block[1].lower() == "sitemap"))
    return tuple(pages)


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
