"""What a page shows and declares; each fact is computed when it is first asked for, and once."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NewType

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.frame import find_frame, strip_frame
from cite_audit.resolve.judge.page.parsed_page import ParsedPage
from cite_audit.resolve.judge.page.prefilter import fold_case
from cite_audit.resolve.judge.page.shared_facts import shared_property
from cite_audit.resolve.judge.page.text import (
    collapse_spaces,
    count_cjk_words,
    count_words,
    fold_text,
    sanitize_page_text,
)
from cite_audit.resolve.judge.page.visible_text import extract_visible_text, read_text
from cite_audit.urls import join_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_NOTICE_TAGS = frozenset(["h1", "h2", "h3", "h4", "p", "div", "span", "strong", "b", "center", "section", "td"])
_NOTICE_NODES, _NOTICE_AREA = 120, 2_000  # such elements that are read; elements of a body among which they stand
_ROOT_TAG = 2_000  # characters in which the first tag of a page has come
_NEAR_WORDS = 250  # words; what comes after more is not near the top
_ARTICLE_PARAGRAPHS, _PARAGRAPHS_READ = "article p", 20
_PIXEL_NAME = compile_lazily(r"(?:^|[/_-])(?:1x1|pixel|spacer|blank|clear|transparent)\.(?:gif|png)$", re.I)
_PIXEL_LENGTH = 120  # characters of a picture within an address that is a pixel
_PLAYER_WORDS, _SENTENCE_WORDS = 250, 12  # words
_ENDING = 600  # characters of a text
_MIN_MAIN_WORDS = 20  # words; where less is left without the frame, the frame is the text
_MOUNT_SELECTOR = (
    "#root, #app, #__next, #__nuxt, #main-app, #___gatsby, app-root, [data-reactroot], #svelte, #q-app, #react-root"
)
_LOCATION_ASSIGNMENT = compile_lazily(
    r"""location(?:(?:\.href)?\s*=\s*["']([^"']{1,2000})["']|\.(?:replace|assign)\(\s*["']([^"']{1,2000})["'])"""
)
_ALERT = compile_lazily(r"""alert\(\s*["']([^"']{1,300})["']""")
_MAX_ALERTING = 1000  # characters of a script that does nothing else
_LEAVING = compile_lazily(r"history\.(?:back|go)\(|\blocation\b|window\.close\(")
_REFRESH_CONTENT = compile_lazily(r"""^\s*(\d+(?:\.\d+)?)\s*[;,]?\s*(?:url\s*=)?\s*["']?\s*([^"']*)""", re.I)
_NOT_FREE = compile_lazily(r'"isAccessibleForFree"\s*:\s*"?false', re.I)
_ARTICLE_TYPE = compile_lazily(r'"@type"\s*+:\s*+(?:\[\s*+)?"(?:\w*Article|BlogPosting|Report\w*|LiveBlogPosting)"')


def _is_for_scriptless(node: LexborNode | None) -> bool:
    """Whether a node is in a `noscript` element, which browsers with scripts leave out."""
    while node is not None and node.tag != "noscript":
        node = node.parent
    return node is not None


def _is_pixel(node: LexborNode) -> bool:
    """Whether a picture or a frame is at most one pixel wide and high, or is not shown."""
    attributes = node.attributes
    if all((attributes.get(side) or "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height")):
        return True
    source, style = attributes.get("src") or "", (attributes.get("style") or "").replace(" ", "").lower()
    is_empty = (source.startswith("data:image/gif") and len(source) <= _PIXEL_LENGTH) or _PIXEL_NAME.search(source)
    is_filled = any(name.startswith("data-") or name == "srcset" for name in attributes)  # by a script, when it is seen
    return "display:none" in style or "visibility:hidden" in style or (bool(is_empty) and not is_filled)


class WebPage(ParsedPage):
    """The body of one answer; other texts than HTML have only their text, PDF and images (not `is_textual`) nothing."""

    @shared_property
    def title(self) -> str:
        nodes = self.find_nodes("title", 1, "title") if self.is_html else []
        return sanitize_page_text(str(nodes[0].text()))[:500] if nodes else ""

    @shared_property
    def lower_text(self) -> str:
        return fold_case(self.visible_text)

    @shared_property
    def h1_texts(self) -> tuple[str, ...]:
        """The texts of the first two `h1`; an empty heading gives the empty text."""
        return tuple(sanitize_page_text(read_text(node))[:500] for node in self.find_nodes("h1", 2, "h1"))

    @shared_property
    def headings(self) -> tuple[str, ...]:
        """The title and the first headings that are not empty; the first `h2` where there is no `h1`."""
        texts = [self.title, *self.h1_texts]
        if len(texts) == 1:
            texts += [sanitize_page_text(read_text(node))[:500] for node in self.find_nodes("h2", 1, "h2")]
        return tuple(text for text in texts if text)

    @shared_property
    def notices(self) -> tuple[str, ...]:
        """The first 25 short texts of their own element near the top, in order: error notices are among them."""
        tree = self.opening.tree if self.opening and self.shows_words(_NEAR_WORDS) else self.tree
        elements = islice(tree.body.traverse(), _NOTICE_AREA) if tree.body else ()
        nodes = islice((node for node in elements if node.tag in _NOTICE_TAGS), _NOTICE_NODES)
        texts = (collapse_spaces(node.text(deep=False)) for node in nodes)
        return tuple(islice((text for text in texts if text and len(text) <= 120), 25))

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
    def alert_text(self) -> str:
        """What a short script tells visitors at once, before it sends them back or away; empty without one."""
        for node in self.tree.css("script"):
            script = node.text() or ""
            if "alert(" not in script or len(script) > _MAX_ALERTING:
                continue
            match = _ALERT.search(script)
            if match and "function" not in script[: match.start()] and _LEAVING.search(script, match.end()):
                return collapse_spaces(match[1])
        return ""

    @cached_property
    def refresh_directive(self) -> tuple[float, str] | None:
        """The delay in seconds and the target of a refresh, by header or `meta`, to another address of the web."""
        for content in (self.refresh_header, *self._meta_refreshes):
            match = _REFRESH_CONTENT.match(content)
            target = join_url(self.url, match[2]) if match and match[2].strip() else ""
            if match and target.lower().startswith(("http://", "https://")):
                return float(match[1]), target
        return None

    @shared_property
    def _meta_refreshes(self) -> list[str]:
        return [
            node.attributes.get("content") or ""
            for node in (self.tree.css("meta[http-equiv]") if self.may_hold("efresh") else ())
            if (node.attributes.get("http-equiv") or "").lower() == "refresh" and not _is_for_scriptless(node)
        ]

    def meta_content(self, name: str) -> str:
        """The content of the first `meta` of that name or property."""
        node = self.find_tag("meta", f'[property="{name}"], [name="{name}"]', name)
        return collapse_spaces(node.attributes.get("content") or "") if node else ""

    @cached_property
    def canonical_url(self) -> str:
        return join_url(self.url, self._canonical_target)

    @shared_property
    def _canonical_target(self) -> str:
        """The address that a page calls its own, as it is written."""
        node = self.find_tag("link", '[rel="canonical"]', "anonical")
        return ((node.attributes.get("href") or "") if node else "") or self.meta_content("og:url")

    @shared_property
    def has_noindex(self) -> bool:
        return "noindex" in self.meta_content("robots").lower()

    @shared_property
    def has_password_field(self) -> bool:
        return self.find_tag("input", "[type=password]", "assword") is not None

    @shared_property
    def has_empty_mount(self) -> bool:
        """Whether the element that a script framework fills is empty."""
        node = self.tree.css_first(_MOUNT_SELECTOR)
        return node is not None and len((node.text(separator=" ") or "").split()) < 5

    @shared_property
    def has_media(self) -> bool:
        """Whether there is a picture or the like; the pixels of those who count visits are none."""
        nodes = self.tree.css("img, video, audio, iframe, object, embed, frameset, svg, canvas")
        return not all(_is_pixel(node) for node in nodes)

    @shared_property
    def is_error_shell(self) -> bool:
        """Whether Next.js marks the page as its error page."""
        node = self.tree.css_first("html") if "__next_error__" in self.decoded[:_ROOT_TAG] else None
        return node is not None and node.attributes.get("id") == "__next_error__"

    @shared_property
    def declares_paywall(self) -> bool:
        return "isAccessibleForFree" in self.decoded and bool(_NOT_FREE.search(self.decoded))

    @shared_property
    def begins_as_article(self) -> bool:
        """Whether the beginning of a long page is that of an article of several sentences."""
        return self.opening is not None and _is_told(self.opening.tree.css(_ARTICLE_PARAGRAPHS))

    @shared_property
    def is_article(self) -> bool:
        """Whether the page declares itself an article, or its markup holds one of several sentences."""
        if self.begins_as_article or self.meta_content("og:type").lower() == "article" or self._declares_article:
            return True
        return _is_told(self.find_nodes(_ARTICLE_PARAGRAPHS, _PARAGRAPHS_READ, "article"))

    @property
    def _declares_article(self) -> bool:
        """Whether JSON-LD calls the page an article; one character is looked for first, which takes no time."""
        source = self.decoded
        return "@" in source and '"@type"' in source and _ARTICLE_TYPE.search(source) is not None

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
        words = (extract_visible_text(self.tree) if self.is_html else self.decoded).split()
        if len(words) >= _PLAYER_WORDS or not self.is_html:  # no matter in a long text
            return words
        if any(node.text(strip=True) for node in self.tree.css("video, audio")) and "</video" in self.decoded:
            return extract_visible_text(self.tree, without_players=True).split()
        return words

    @shared_property
    def visible_text(self) -> str:
        """What a visitor can read, without scripts and markup."""
        return " ".join(self._visible_words)

    @shared_property
    def ending(self) -> str:
        """The last 600 characters that a visitor can read; of a long page, no more than needed is parsed for them."""
        if "visible_text" in self.shared_facts or not self.opening:
            return self.visible_text[-_ENDING:]
        text = "" if self.end_source == self.decoded else self._read_part(self.end_source)
        if len(text) < _ENDING:
            text = self._read_part(self.decoded[self.opening.end :])
        if len(text) < _ENDING:
            text = f"{extract_visible_text(self.opening.tree)} {text}".strip()
        return collapse_spaces(text)[-_ENDING:]

    def _read_part(self, source: str) -> str:
        return collapse_spaces(extract_visible_text(self.parse_part(source)))

    @shared_property
    def folded_text(self) -> str:
        """The visible text for comparison with words that somebody quotes."""
        return fold_text(self.visible_text)

    @shared_property
    def main_text(self) -> str:
        """The text without navigation, header, footer, sidebars, forms and comments; all of it when little is left."""
        if not self.is_html or not find_frame(self.tree):
            return self.visible_text
        text = strip_frame(self.source, "</video" in self.decoded and self.word_count < _PLAYER_WORDS)
        return text if count_words(text) >= _MIN_MAIN_WORDS else self.visible_text

    def has_words(self, count: int) -> bool:
        """Whether a visitor can read so many words; as `word_count`, but without reading all of a long page."""
        return self.shows_words(count) or self.word_count >= count

    def shows_words(self, count: int) -> bool:
        """Whether the beginning of a long page alone has so many words; False where all of it has to be read."""
        if "word_count" in self.shared_facts or not (opening := self.opening):
            return False
        if opening.has_words(max(count, _PLAYER_WORDS)):
            return True
        return count < _PLAYER_WORDS and opening.has_words(count) and "</video" not in self.decoded

    def has_main_words(self, count: int) -> bool:
        """Whether `main_word_count` is so large (20 at least), without reading all of a long page."""
        opening = self.opening if "main_text" not in self.shared_facts and "</video" not in self.decoded else None
        return (opening and opening.has_main_words(max(count, _MIN_MAIN_WORDS))) or self.main_word_count >= count

    @shared_property
    def main_word_count(self) -> int:
        return count_words(self.main_text)

    @shared_property
    def word_count(self) -> int:
        """How many words a visitor can read."""
        return len(self._visible_words) + count_cjk_words(self.visible_text)


def _is_told(paragraphs: list[LexborNode]) -> bool:
    """Whether two of the first paragraphs are of several sentences."""
    return sum(len(node.text().split()) >= _SENTENCE_WORDS for node in paragraphs[:_PARAGRAPHS_READ]) >= 2


# A page all of whose body arrived, made by `Look.whole_page` alone: only of it may a rule conclude from what it lacks.
WholePage = NewType("WholePage", WebPage)
