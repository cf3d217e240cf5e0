"""Signs of pages that name their site and no document: a front page, a template without its article, an error page."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from cite_audit.foreign_html import parse_source
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.address.redirects import is_home_url
from cite_audit.resolve.judge.page.error_phrases import PhraseKind, match_heading, normalize_phrase
from cite_audit.resolve.judge.page.frame import FRAME_SELECTOR
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.page_start import Opening
from cite_audit.resolve.judge.page.shared_facts import shared_fact
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.page.visible_text import read_text

_MIN_WORDS = 4  # words
_HOME_LINKS = 40  # the first links of a page
_HOME_VALUES = ('"/"', "'/'", "=/>", "=/ ")  # as they are written
_ERROR_CLASSES = frozenset(
    ["error404", "error-404", "page-404", "page404", "e404", "http-404", "status-404", "path-404", "template-404"]
)
_COPYRIGHT_SIGNS = ("©", "(c)", "copyright")
_SIGN_MARKS = ("copyright", "©", "&copy", "(c)", "&#169", "&#xa9")
_COPYRIGHT_NAME = compile_lazily(
    rf"(?:{'|'.join(map(re.escape, _COPYRIGHT_SIGNS))})\s*(?:©\s*)?"
    r"(?:\d{4}(?:\s*[–—-]\s*\d{4})?,?\s*)?([^.,|•·©\d]{2,60})",
    re.I,
)


def calls_itself_home(page: WebPage) -> bool:
    """Whether a page at another address says that it is the front page: by its canonical address, or by its name."""
    if is_home_url(page.url):
        return False
    is_home = (bool(page.canonical_url) and is_home_url(page.canonical_url)) or _is_named_like_site(page)
    return is_home and not page.has_empty_mount


def _is_named_like_site(page: WebPage) -> bool:
    """Whether title and heading name nothing but the site, as on its front page, or say “home”."""
    heading_texts = [text for text in (page.title, *page.h1_texts) if text]
    if not heading_texts or page.begins_as_article:
        return False
    other_texts = [
        text
        for text in heading_texts
        if not _is_among(_find_given_names, page, text) and not match_heading(text, PhraseKind.HOME)
    ]
    return _are_copyright_names(page, other_texts) and not page.is_article  # in the order of what they cost


def is_site_name(page: WebPage, text: str) -> bool:
    """Whether a text is what the page calls its site."""
    return _is_among(_find_given_names, page, text) or _are_copyright_names(page, [text])


def _are_copyright_names(page: WebPage, texts: list[str]) -> bool:
    """Whether the copyright sign names the site so; quick for texts with digits, which such names do not have."""
    if any(map(str.isdecimal, "".join(texts))):
        return False
    return all(_is_among(_find_copyright_names, page, text) for text in texts)


def _is_among(find_names: Callable[[WebPage, str], list[str]], page: WebPage, text: str) -> bool:
    """Whether a text is one of the site's names; they follow from the page's text and its host."""
    parts = urlsplit(page.url)
    home_url = f"{parts.scheme}://{parts.netloc}"
    key = find_names, home_url
    if key not in page.shared_facts:
        page.shared_facts[key] = {normalize_phrase(name) for name in find_names(page, home_url)}
    return normalize_phrase(text) in page.shared_facts[key]


def _find_given_names(page: WebPage, home_url: str) -> list[str]:
    """What a page calls its site in its metadata and in links to the front page."""
    links = page.opening.links[:_HOME_LINKS] if page.opening else []
    if len(links) < _HOME_LINKS and (page.opening is None or _may_link_home(page.opening, home_url)):
        links = page.find_nodes("a[href]", _HOME_LINKS, "a")
    home_links = [node for node in links if node.attributes.get("href") in ("/", home_url, f"{home_url}/")]
    link_names = [read_text(node)[:80] for node in home_links]
    return [name for name in (page.meta_content("og:site_name"), *link_names) if name]


def _may_link_home(opening: Opening, home_url: str) -> bool:
    """Whether a link to the front page may stand behind the opening."""
    return opening.rest_mentions("<a") and any(map(opening.rest_mentions, (*_HOME_VALUES, home_url)))


def _find_copyright_names(page: WebPage, home_url: str) -> list[str]:
    """What a page calls its site behind its copyright sign."""
    if "visible_text" not in page.shared_facts and not _may_end_in_sign(page):
        return []
    return [match[1] for match in _COPYRIGHT_NAME.finditer(page.ending)]


def has_empty_heading(page: WebPage) -> bool:
    """Whether the heading is empty, as in a template without its article."""
    return bool(page.h1_texts) and not any(page.h1_texts) and page.tree.css_first("h1 img, h1 svg") is None


def text_below_heading(page: WebPage) -> str:
    """The paragraphs and tables after the first heading, outside forms and frame; empty without a heading."""
    tree = parse_source(page.source if page.is_html and page.h1_texts else "")
    for node in tree.css(FRAME_SELECTOR):
        if node.css_first("h1") is None:
            node.decompose()
    text = " ".join(read_text(node) for node in tree.css("h1 ~ p, h1 ~ table, h1 ~ div p")[:20])
    return text if count_words(text) >= _MIN_WORDS else ""


@shared_fact
def has_error_template(page: WebPage) -> bool:
    """Whether the class of the body says that the page is an error page, as WordPress and others write it."""
    start = page.decoded.find("<body")
    if start < 0 or "404" not in page.decoded[start : start + 1000]:
        return False
    body = (page.opening.tree if page.opening else page.tree).body
    body_classes = (body.attributes.get("class") or "").lower().split() if body else ()
    return not _ERROR_CLASSES.isdisjoint(body_classes)


def _may_end_in_sign(page: WebPage) -> bool:
    """Whether a copyright sign, as itself or as an entity, may stand among a page's last words."""
    opening = page.opening
    if opening and not any(map(opening.rest_mentions, _SIGN_MARKS)) and not _has_sign(opening.source):
        return False  # it stands nowhere
    return _has_sign(page.end_source)


def _has_sign(source: str) -> bool:
    lower_source = source.lower()
    return any(mark in lower_source for mark in _SIGN_MARKS)
