"""Pages that carry the name of their site and no other: a front page, or a template without its article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from cite_audit.resolve.judge.page import AROUND, Page, squeeze, words
from cite_audit.resolve.judge.phrases import heading_is, plain
from cite_audit.resolve.judge.redirects import is_home

_TOLD = 4  # words
_ERRORS = frozenset(
    ["error404", "error-404", "page-404", "page404", "e404", "http-404", "status-404", "path-404", "template-404"]
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}(?:\s*[–—-]\s*\d{4})?,?\s*)?([^.,|•·©\d]{2,60})", re.I
)


def calls_itself_home(page: Page) -> bool:
    """Whether a page at another address says that it is the front page: by its canonical address, or by its name."""
    if page.mount or is_home(page.url):
        return False
    return (bool(page.canonical) and is_home(page.canonical)) or _named_like_its_site(page)


def _named_like_its_site(page: Page) -> bool:
    """Whether title and heading name nothing but the site, as on its front page, or say “home”."""
    named = [text for text in (page.title, *page.top) if text]
    if not named or page.article:
        return False
    parts = urlsplit(page.url)
    home = f"{parts.scheme}://{parts.netloc}"
    if ("site names", home) not in page.known:  # the text of a page and its host tell them
        page.known["site names", home] = {plain(name) for name in _site_names(page, home)}
    names = page.known["site names", home]
    return all(plain(text) in names or heading_is(text, "home") for text in named)


def _site_names(page: Page, home: str) -> list[str]:
    """What a page calls its site: in its meta data, in links to the front page and behind its copyright sign."""
    links = [node for node in page.tree.css("a[href]")[:40] if node.attributes.get("href") in ("/", home, f"{home}/")]
    said = [squeeze(node.text(separator=" "))[:80] for node in links]
    owned = [match[1] for match in _COPYRIGHT.finditer(page.text[-600:])]
    return [name for name in (page.meta("og:site_name"), *said, *owned) if name]


def hollow(page: Page) -> bool:
    """Whether the heading stands empty, as in a template without its article."""
    return bool(page.top) and not any(page.top) and page.tree.css_first("h1 img, h1 svg") is None


def own_text(page: Page) -> str:
    """The paragraphs and tables after the first heading, outside forms and frame; empty without a heading."""
    tree = LexborHTMLParser(page.source if page.html and page.top else "")
    for node in tree.css(AROUND):
        if node.css_first("h1") is None:
            node.decompose()
    told = " ".join(squeeze(node.text(separator=" ")) for node in tree.css("h1 ~ p, h1 ~ table, h1 ~ div p")[:20])
    return told if words(told) >= _TOLD else ""


def error_template(page: Page) -> bool:
    """Whether the site's frame calls the page an error: WordPress and others name it in the class of the body."""
    start = page.source.find("<body")
    node = page.tree.body if start >= 0 and "404" in page.source[start : start + 1000] else None
    names = (node.attributes.get("class") or "").lower().split() if node else ()
    return not _ERRORS.isdisjoint(names)
