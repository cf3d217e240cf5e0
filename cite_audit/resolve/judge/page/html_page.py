"""What a page shows and declares; each fact is computed when it is first asked for, and once."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NewType
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cite_audit.foreign_html import limit_work
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Probe
from cite_audit.resolve.judge.page.charset import decode_page
from cite_audit.resolve.judge.page.content_type import find_unknown_coding, is_html_body, is_text_body, sniff_type
from cite_audit.resolve.judge.page.prefilter import fold_case
from cite_audit.resolve.judge.page.shared_facts import MAX_SHARED, facts_of_text, shared_property
from cite_audit.resolve.judge.page.text import (
    collapse_spaces,
    count_cjk_words,
    count_words,
    fold_text,
    sanitize_page_text,
)
from cite_audit.resolve.judge.page.visible_text import (
    extract_by_stripping,
    extract_visible_text,
    mark_block_borders,
    read_text,
)
from cite_audit.urls import join_url

_MAX_SOURCE, _SOURCE_TAIL = 40_000, 10_000  # characters of a source in which marks are looked for; of these at its end
_NOTICE_AREA = 40_000  # characters of a body among which a notice stands
_SENTENCE_WORDS = 12  # words
_PLAYER_WORDS = 250  # words
FRAME_SELECTOR = (
    "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo],"
    " [class*=comment], [id*=comment]"
)
_CONTENT_SELECTOR = "h1, article, main"  # a frame around one of them is no frame
_MOUNT_SELECTOR = (
    "#root, #app, #__next, #__nuxt, #main-app, #___gatsby, app-root, [data-reactroot], #svelte, #q-app, #react-root"
)
_LOCATION_ASSIGNMENT = compile_lazily(
    r"""location(?:(?:\.href)?\s*=\s*["']([^"']{1,2000})["']|\.(?:replace|assign)\(\s*["']([^"']{1,2000})["'])"""
)
_REFRESH_CONTENT = compile_lazily(r"""^\s*(\d+(?:\.\d+)?)\s*[;,]?\s*(?:url\s*=)?\s*["']?\s*([^"']*)""", re.I)
_NOT_FREE = compile_lazily(r'"isAccessibleForFree"\s*:\s*"?false', re.I)
_ARTICLE_TYPE = compile_lazily(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|Report\w*|LiveBlogPosting)"')


def _is_for_scriptless(node: LexborNode) -> bool:
    """Whether a node is in a `noscript` element, which browsers with scripts leave out."""
    parent = node.parent
    while parent is not None and parent.tag != "noscript":
        parent = parent.parent
    return parent is not None


class WebPage:
    """The body of one answer; other texts than HTML have only their text, PDF and images (not `is_textual`) nothing."""

    def __init__(self, probe: Probe) -> None:
        self.url = probe.final_url or probe.url
        self.refresh_header = probe.header("refresh")
        self.declared_type = probe.header("content-type").lower()
        self.content_type = sniff_type(self.declared_type, probe.body)
        self.body = probe.body
        self.unknown_coding = find_unknown_coding(probe.header("content-encoding"), probe.body)
        self.is_html = is_html_body(self.content_type, probe.body)
        self.is_textual = self.is_html or is_text_body(self.content_type, probe.body)
        self.source, self.encoding = decode_page(probe.body, self.content_type) if self.is_textual else ("", "")
        self.source = mark_block_borders(limit_work(self.source)) if self.is_html else self.source
        self.shared_facts = facts_of_text(self.source, self.is_html)

    @shared_property
    def lower_source(self) -> str:
        """Both ends of the source in lower case: a bot wall is short, apart from scripts in its middle."""
        ends = (
            self.source
            if len(self.source) <= _MAX_SOURCE
            else self.source[: _MAX_SOURCE - _SOURCE_TAIL] + self.source[-_SOURCE_TAIL:]
        )
        return ends.lower()

    def _source_mentions(self, part: str) -> bool:
        """Whether the source holds a part of a name; ten times as fast as a search of the tree."""
        return part in self.source or part.upper() in self.source

    @shared_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.source if self.is_html else "")

    def release_tree(self) -> None:
        """Free the parsed tree of a long page, ten times as large as its source; it is parsed anew if needed."""
        if len(self.source) > MAX_SHARED:
            self.shared_facts.pop("tree", None)
            self.__dict__.pop("tree", None)

    @shared_property
    def title(self) -> str:
        node = self.tree.css_first("title") if self.is_html else None
        return sanitize_page_text(str(node.text()))[:500] if node else ""

    @shared_property
    def lower_text(self) -> str:
        return fold_case(self.visible_text)

    @shared_property
    def h1_texts(self) -> tuple[str, ...]:
        """The texts of the first two `h1`; an empty heading gives the empty text."""
        return tuple(sanitize_page_text(read_text(node))[:500] for node in self.tree.css("h1")[:2])

    @shared_property
    def headings(self) -> tuple[str, ...]:
        """The title and the first headings that are not empty; the first `h2` where there is no `h1`."""
        texts = [self.title, *self.h1_texts]
        if len(texts) == 1 and (second_heading := self.tree.css_first("h2")):
            texts.append(sanitize_page_text(read_text(second_heading))[:500])
        return tuple(text for text in texts if text)

    @shared_property
    def notices(self) -> tuple[str, ...]:
        """The first 25 short texts of their own element near the top, in order: error notices are among them."""
        texts: list[str] = []
        start = max(self.source.find("<body"), 0)
        for node in LexborHTMLParser(self.source[start : start + _NOTICE_AREA]).css(
            "h1, h2, h3, h4, p, div, span, strong, b, center, section, td"
        )[:120]:
            text = collapse_spaces(node.text(deep=False))
            if text and len(text) <= 120:
                texts.append(text)
        return tuple(texts[:25])

    @shared_property
    def link_density(self) -> float:
        """The share (0-1) of the visible words that are links: high on lists, low in articles."""
        count = sum(count_words(node.text(separator=" ")) for node in self.tree.css("a")[:400])
        return min(1.0, count / max(self.word_count, 1))

    @shared_property
    def script_count(self) -> int:
        return len(self.tree.css("script"))

    @cached_property
    def script_target(self) -> str:
        """The address that a script assigns to `location`, made absolute; empty without one."""
        for node in self.tree.css("script"):
            if match := _LOCATION_ASSIGNMENT.search(node.text() or ""):
                return join_url(self.url, match[1] or match[2])
        return ""

    @cached_property
    def refresh_directive(self) -> tuple[float, str] | None:
        """The delay in seconds and the target of a refresh, by header or `meta`, to another address of the web."""
        meta_contents = [
            node.attributes.get("content") or ""
            for node in (self.tree.css("meta[http-equiv]") if self._source_mentions("efresh") else ())
            if (node.attributes.get("http-equiv") or "").lower() == "refresh" and not _is_for_scriptless(node)
        ]
        for content in (self.refresh_header, *meta_contents):
            match = _REFRESH_CONTENT.match(content)
            target = join_url(self.url, match[2]) if match and match[2].strip() else ""
            if match and target.lower().startswith(("http://", "https://")):
                return float(match[1]), target
        return None

    def meta_content(self, name: str) -> str:
        """The content of the first `meta` of that name or property."""
        if name not in self.source:
            return ""
        node = self.tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
        return collapse_spaces(node.attributes.get("content") or "") if node else ""

    @cached_property
    def canonical_url(self) -> str:
        node = self.tree.css_first('link[rel="canonical"]') if self._source_mentions("anonical") else None
        target = ((node.attributes.get("href") or "") if node else "") or self.meta_content("og:url")
        return join_url(self.url, target) if target else ""

    @shared_property
    def has_noindex(self) -> bool:
        return "noindex" in self.meta_content("robots").lower()

    @shared_property
    def has_password_field(self) -> bool:
        return self._source_mentions("assword") and self.tree.css_first("input[type=password]") is not None

    @shared_property
    def has_empty_mount(self) -> bool:
        """Whether the element that a script framework fills is empty."""
        node = self.tree.css_first(_MOUNT_SELECTOR)
        return node is not None and len((node.text(separator=" ") or "").split()) < 5

    @shared_property
    def has_media(self) -> bool:
        return self.tree.css_first("img, video, audio, iframe, object, embed, frameset, svg, canvas") is not None

    @shared_property
    def is_error_shell(self) -> bool:
        """Whether Next.js marks the page as its error page."""
        node = self.tree.css_first("html")
        return node is not None and node.attributes.get("id") == "__next_error__"

    @shared_property
    def declares_paywall(self) -> bool:
        return "isAccessibleForFree" in self.source and bool(_NOT_FREE.search(self.source))

    @shared_property
    def is_article(self) -> bool:
        """Whether the page declares itself an article, or its markup holds one of several sentences."""
        if self.meta_content("og:type").lower() == "article" or (
            '"@type"' in self.source and _ARTICLE_TYPE.search(self.source)
        ):
            return True
        if not self._source_mentions("<article"):
            return False
        return sum(len(node.text().split()) >= _SENTENCE_WORDS for node in self.tree.css("article p")[:20]) >= 2

    @shared_property
    def language(self) -> str:
        node = self.tree.css_first("html")
        return ((node.attributes.get("lang") or "") if node else "").lower()[:2]

    def has_anchor(self, name: str) -> bool:
        """Whether an element has the id or name of a fragment `#name`."""
        escaped_name = re.sub(r'[\x00-\x1f\x7f"\\]', lambda match: f"\\{ord(match[0]):x} ", name)
        return self.tree.css_first(f'[id="{escaped_name}"], a[name="{escaped_name}"]') is not None

    @shared_property
    def _visible_words(self) -> list[str]:
        words = (extract_visible_text(self.tree) if self.is_html else self.source).split()
        if self.is_html and len(words) < _PLAYER_WORDS and "</video" in self.source:  # no matter in a long text
            return extract_visible_text(self.tree, without_players=True).split()
        return words

    @shared_property
    def visible_text(self) -> str:
        """What a visitor can read, without scripts and markup."""
        return " ".join(self._visible_words)

    @shared_property
    def folded_text(self) -> str:
        """The visible text for comparison with words that somebody quotes."""
        return fold_text(self.visible_text)

    @shared_property
    def main_text(self) -> str:
        """The text without navigation, header, footer, sidebars, forms and comments; all of it when little is left."""
        if not self.is_html:
            return self.visible_text
        tree = LexborHTMLParser(self.source)
        holders = _find_ancestors(tree, _CONTENT_SELECTOR)
        for node in tree.css(FRAME_SELECTOR):
            if node.mem_id not in holders:
                node.decompose()
        text = collapse_spaces(extract_by_stripping(tree, self.word_count < _PLAYER_WORDS and "</video" in self.source))
        return text if count_words(text) >= 20 else self.visible_text

    @shared_property
    def main_word_count(self) -> int:
        return count_words(self.main_text)

    @shared_property
    def word_count(self) -> int:
        """How many words a visitor can read."""
        return len(self._visible_words) + count_cjk_words(self.visible_text)

    @property
    def hostname(self) -> str:
        return urlsplit(self.url).hostname or ""


# A page all of whose body arrived. Only of such a one may a rule conclude from what it does not find; `Look.whole_page`
# alone makes one.
WholePage = NewType("WholePage", WebPage)


def _find_ancestors(tree: LexborHTMLParser, selector: str) -> set[int]:
    """The `mem_id` of each element that holds one of `selector`, itself included."""
    ancestors: set[int] = set()
    for node in tree.css(selector):
        ancestor: LexborNode | None = node
        while ancestor is not None and ancestor.mem_id not in ancestors:
            ancestors.add(ancestor.mem_id)
            ancestor = ancestor.parent
    return ancestors
