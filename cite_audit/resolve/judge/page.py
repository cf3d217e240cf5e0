"""What an HTML page shows and declares, read once from a probe."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from cite_audit.model import Probe
from cite_audit.resolve.judge.charset import decode
from cite_audit.resolve.judge.literals import lower
from cite_audit.resolve.judge.nesting import shallow
from cite_audit.resolve.judge.visible import stripped, visible
from cite_audit.urls import joined

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|div|p|meta|script|h1|frameset|table|a|iframe)\b", re.I)
_WILD = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ENDS, _LAST = 40_000, 10_000  # characters of a source in which marks are looked for; of these at its end
_TOP = 40_000  # characters of a body among which a notice stands
_UNDONE = {"gzip", "x-gzip", "deflate", "identity"}  # content codings that the client undoes, two at most
_SENTENCE = 12  # words
_PLAYED = 250  # words
_SHARED = 16_000  # characters of a text that is worth keeping for the next page
Fact = TypeVar("Fact")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
AROUND = (
    "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo],"
    " [class*=comment], [id*=comment]"
)
_MOUNT = (
    "#root, #app, #__next, #__nuxt, #main-app, #___gatsby, app-root, [data-reactroot], #svelte, #q-app, #react-root"
)
_ASSIGN = re.compile(
    r"""location(?:(?:\.href)?\s*=\s*["']([^"']{1,2000})["']|\.(?:replace|assign)\(\s*["']([^"']{1,2000})["'])"""
)
_REFRESH = re.compile(r"""^\s*(\d+(?:\.\d+)?)\s*[;,]?\s*(?:url\s*=)?\s*["']?\s*([^"']*)""", re.I)
_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.I)
_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|Report\w*|LiveBlogPosting)"')


def words(text: str) -> int:
    """How many words a text has; two Chinese or Japanese characters count as one."""
    return len(text.split()) + _characters(text)


def _characters(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _CJK.findall(text))) // 2


def squeeze(text: str) -> str:
    return " ".join(text.split())


def tame(text: str) -> str:
    """A text that others wrote as it may be shown: no control characters, nothing that turns the writing round."""
    return squeeze(_WILD.sub(" ", text))


@lru_cache(maxsize=32)
def _known(_source: str, _html: bool) -> dict[object, Any]:
    """Where the facts of a text are kept: a site's error page or guard is read once, whatever addresses show it."""
    return {}


class fact(Generic[Fact]):  # noqa: N801  used as a decorator, beside `cached_property`
    """A property that follows from `source` and `html` alone, so that pages of the same text share it."""

    def __init__(self, read: Callable[[Page], Fact]) -> None:
        self.read, self.name = read, read.__name__

    def __get__(self, page: Page, owner: type[Page]) -> Fact:
        if self.name not in page.known:
            page.known[self.name] = self.read(page)
        found: Fact = page.known[self.name]
        page.__dict__[self.name] = found
        return found


class Page:
    """One page as a probe saw it. `html` is false for PDF, images and plain text; then only `text` is filled."""

    def __init__(self, probe: Probe) -> None:
        self.url = probe.final_url or probe.url
        self.refresh_field = probe.header("refresh")
        self.content_type = probe.header("content-type").lower()
        self.body = probe.body
        self.packed = _packed(probe.header("content-encoding"), probe.body)
        self.html = _is_html(self.content_type, probe.body)
        self.textual = self.html or _is_text(self.content_type, probe.body)
        self.source, self.encoding = decode(probe.body, self.content_type) if self.textual else ("", "")
        self.source = shallow(self.source) if self.html else self.source
        self.known = _known(self.source, self.html) if len(self.source) <= _SHARED else {}

    @fact
    def lowered(self) -> str:
        """Both ends of the source in lower case: a guard's page is short, whatever scripts it carries in its middle."""
        ends = self.source if len(self.source) <= _ENDS else self.source[: _ENDS - _LAST] + self.source[-_LAST:]
        return ends.lower()

    def _mentions(self, part: str) -> bool:
        """Whether the source holds a part of a name at all: ten times as quick as to look for a node in the tree."""
        return part in self.source or part.upper() in self.source

    @fact
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.source if self.html else "")

    @fact
    def title(self) -> str:
        node = self.tree.css_first("title") if self.html else None
        return tame(str(node.text()))[:500] if node else ""

    @fact
    def low_text(self) -> str:
        return lower(self.text)

    @fact
    def top(self) -> tuple[str, ...]:
        """The first two headings of the first rank, an empty one as the empty text."""
        return tuple(tame(node.text(separator=" "))[:500] for node in self.tree.css("h1")[:2])

    @fact
    def headings(self) -> tuple[str, ...]:
        """The title and the first headings: where a page says what it is."""
        found = [self.title, *self.top]
        if len(found) == 1 and (second := self.tree.css_first("h2")):
            found.append(tame(second.text(separator=" "))[:500])
        return tuple(text for text in found if text)

    @fact
    def notices(self) -> tuple[str, ...]:
        """The short texts that stand alone near the top, in order: where a page says that something is gone."""
        found: list[str] = []
        start = max(self.source.find("<body"), 0)
        for node in LexborHTMLParser(self.source[start : start + _TOP]).css(
            "h1, h2, h3, h4, p, div, span, strong, b, center, section, td"
        )[:120]:
            text = squeeze(node.text(deep=False))
            if text and len(text) <= 120:
                found.append(text)
        return tuple(found[:25])

    @fact
    def linked(self) -> float:
        """The part (0-1) of the main words that are links: high on lists, low in articles."""
        count = sum(words(node.text(separator=" ")) for node in self.tree.css("a")[:400])
        return min(1.0, count / max(self.words, 1))

    @fact
    def scripts(self) -> int:
        return len(self.tree.css("script"))

    @cached_property
    def script_target(self) -> str:
        """Where a page that is little but a script sends its visitors; empty when it does not."""
        for node in self.tree.css("script"):
            if match := _ASSIGN.search(node.text() or ""):
                return joined(self.url, match[1] or match[2])
        return ""

    @cached_property
    def refresh(self) -> tuple[float, str] | None:
        """The delay in seconds and the target of a refresh, by header or `meta`, to another address."""
        declared = [
            node.attributes.get("content") or ""
            for node in (self.tree.css("meta[http-equiv]") if self._mentions("efresh") else ())
            if (node.attributes.get("http-equiv") or "").lower() == "refresh"
        ]
        for content in (self.refresh_field, *declared):
            match = _REFRESH.match(content)
            if match and match[2].strip() and (target := joined(self.url, match[2])):
                return float(match[1]), target
        return None

    def meta(self, name: str) -> str:
        """The content of the first `meta` of that name or property."""
        if name not in self.source:
            return ""
        node = self.tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
        return squeeze(node.attributes.get("content") or "") if node else ""

    @cached_property
    def canonical(self) -> str:
        node = self.tree.css_first('link[rel="canonical"]') if self._mentions("anonical") else None
        target = ((node.attributes.get("href") or "") if node else "") or self.meta("og:url")
        return joined(self.url, target) if target else ""

    @fact
    def noindex(self) -> bool:
        return "noindex" in self.meta("robots").lower()

    @fact
    def password(self) -> bool:
        return self._mentions("assword") and self.tree.css_first("input[type=password]") is not None

    @fact
    def mount(self) -> bool:
        """Whether the node that a script is to fill stands empty."""
        node = self.tree.css_first(_MOUNT)
        return node is not None and len((node.text(separator=" ") or "").split()) < 5

    @fact
    def media(self) -> bool:
        return self.tree.css_first("img, video, audio, iframe, object, embed, frameset, svg, canvas") is not None

    @fact
    def error_shell(self) -> bool:
        """Next.js names the page it draws for an error."""
        node = self.tree.css_first("html")
        return node is not None and node.attributes.get("id") == "__next_error__"

    @fact
    def charged(self) -> bool:
        return "isAccessibleForFree" in self.source and bool(_FREE.search(self.source))

    @fact
    def article(self) -> bool:
        """Whether the page declares itself an article, or its markup holds one of several sentences."""
        if self.meta("og:type").lower() == "article" or ('"@type"' in self.source and _ARTICLE.search(self.source)):
            return True
        if not self._mentions("<article"):
            return False
        return sum(len(node.text().split()) >= _SENTENCE for node in self.tree.css("article p")[:20]) >= 2

    @fact
    def language(self) -> str:
        node = self.tree.css_first("html")
        return ((node.attributes.get("lang") or "") if node else "").lower()[:2]

    def has_anchor(self, name: str) -> bool:
        """Whether a fragment `#name` finds its place."""
        quoted = re.sub(r'[\x00-\x1f\x7f"\\]', lambda match: f"\\{ord(match[0]):x} ", name)
        return self.tree.css_first(f'[id="{quoted}"], a[name="{quoted}"]') is not None

    @fact
    def _words(self) -> list[str]:
        found = (visible(self.tree) if self.html else self.source).split()
        if self.html and len(found) < _PLAYED and "</video" in self.source:  # in a long text it is no matter
            return visible(self.tree, players=True).split()
        return found

    @fact
    def text(self) -> str:
        """What a visitor can read, without scripts and markup."""
        return " ".join(self._words)

    @fact
    def main(self) -> str:
        """The text without navigation, header, footer, side bars, forms and comments; all of it when little is left."""
        if not self.html:
            return self.text
        tree = LexborHTMLParser(self.source)
        for node in tree.css(AROUND):
            if node.css_first("h1, article, main") is None:
                node.decompose()
        found = squeeze(stripped(tree, self.words < _PLAYED and "</video" in self.source))
        return found if words(found) >= 20 else self.text

    @fact
    def main_words(self) -> int:
        return words(self.main)

    @fact
    def words(self) -> int:
        """How many words a visitor can read."""
        return len(self._words) + _characters(self.text)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def _packed(coding: str, body: bytes) -> str:
    """The content coding that we do not undo and that lies over a body; empty for a body that is plain all the same."""
    names = [name for part in coding.lower().split(",") if (name := part.strip())]
    if len(names) <= 2 and all(name in _UNDONE for name in names):
        return ""
    top = body[:1000]
    return coding[:40] if sum(byte < 9 or 13 < byte < 32 for byte in top) * 50 > len(top) else ""


def _is_html(content_type: str, body: bytes) -> bool:
    kind = content_type.partition(";")[0].strip()
    if kind in ("text/html", "application/xhtml+xml"):
        return not body.startswith(b"%PDF-")
    if kind in ("", "text/plain", "application/octet-stream", "unknown/unknown"):
        return bool(_HTML.search(body[:1024]))
    return False


def _is_text(content_type: str, body: bytes) -> bool:
    kind = content_type.partition(";")[0].strip()
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        return True
    return kind == "" and b"\0" not in body[:1024] and not body.startswith(b"%PDF-")
