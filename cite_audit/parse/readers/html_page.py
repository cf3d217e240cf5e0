"""What of a page is its report, and what is furniture: navigation, sharing, subscriptions, comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from urllib.parse import urljoin

from cite_audit.parse.readers.html_notes import Notes
from cite_audit.parse.readers.html_tree import Node, Text, Tree, names
from cite_audit.parse.readers.targets import ADDRESS, address_in

# Never shown, or shown by a plugin.
UNSEEN = names(
    "script style noscript template svg math iframe object embed select option button input textarea audio video canvas"
    " map head title xmp noembed noframes datalist progress meter rt rp"
)
FURNITURE_TAGS = frozenset({"nav", "dialog", "search", "menu"})
FURNITURE_OUTSIDE_ARTICLES = frozenset({"header", "footer", "aside", "form"})
FURNITURE_ROLES = names(
    "navigation banner contentinfo search complementary menu menubar dialog alertdialog alert toolbar doc-toc"
    " doc-pagelist doc-index"
)
FURNITURE_WORD = re.compile(
    r"(?:.*[-_])?(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|share|sharing|sharedaddy|social|addtoany|related|"
    r"recommend(?:ed|ations?)|newsletter|subscribe|subscription|signup|promo|adverts?|advertisement|ads?|cookies?|consent|"
    r"gdpr|pager|pagination|masthead|skip-links?|skiplink|taglist|toolbar|popup|modal|(?:site|page|global)-?(?:header|footer)|"
    r"comment-?(?:form|list|area|respond)|respond|disqus|toc|screen-reader-text|visually-hidden|sr-only)(?:[-_].*)?"
    r"|(?:.*[-_])?(?:field-files?|file-attachments?)|footer",
    re.IGNORECASE,
)
FURNITURE_HOLDERS = names("div section ul ol aside header footer p span table form figure")
ARTICLES = frozenset({"article", "main"})
WHOLE_PAGE = frozenset({"#root", "html", "body"})
# Links that are about the page, not part of what it says.
OTHER_RELATIONS = names("author tag category prev previous next home shortlink search help license bookmark")
SHARING = re.compile(
    r"https?://(?:www\.|m\.)?(?:facebook\.com/(?:sharer|dialog/)|twitter\.com/(?:intent/|share\b|home\?status)|x\.com/(?:intent/|share\b)|"
    r"linkedin\.com/(?:shareArticle|sharing/|cws/share)|t\.me/share|telegram\.me/share|api\.whatsapp\.com/send|wa\.me/\?|"
    r"reddit\.com/submit|pinterest\.com/pin/create|addtoany\.com|vk\.com/share|bsky\.app/intent|threads\.net/intent|"
    r"tumblr\.com/(?:share|widgets/share)|getpocket\.com/save|flipboard\.com/share|news\.ycombinator\.com/submitlink)",
    re.IGNORECASE,
)
ENOUGH = 0.5  # the share of a page's text that its article must hold to stand for the page


class Page:
    """The report within a page."""

    def __init__(self, tree: Tree, notes: Notes) -> None:
        self.tree = tree
        self.protected = protected(notes)
        places = [tree.nodes[order].start for order in notes.markers] + [body.last.start for body in notes.bodies]
        self.extent = (min(places), max(places)) if places else (len(tree.source), 0)
        self.sizes = self.measure()
        self.articles: list[tuple[int, int]] = []  # from where to where, the outermost ones
        for node in tree.nodes:
            if node.tag in ARTICLES and not (self.articles and node.start < self.articles[-1][1]):
                self.articles.append((node.start, node.end))
        self.root = self.choose_root()
        self.base = base_of(tree)

    def skipped(self, node: Node) -> bool:
        """Whether an element and all within it are left out."""
        if node.tag in UNSEEN:
            return True
        if node.order in self.protected or node.tag in WHOLE_PAGE:
            return False
        return self.is_furniture(node) or self.hidden(node)

    def hidden(self, node: Node) -> bool:
        if node.inner - node.name_end <= len("hidden"):
            return False
        attributes = node.attributes(self.tree.source)
        style = attributes.get("style", "").replace(" ", "").lower()
        return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style

    def is_furniture(self, node: Node) -> bool:
        if node.tag in FURNITURE_TAGS:
            return True
        if node.tag in FURNITURE_OUTSIDE_ARTICLES:
            titled = node.tag == "header" and any(child.tag == "h1" for child in node.elements())
            return not titled and not self.in_article(node)
        if node.inner - node.name_end <= 4:
            return False
        attributes = node.attributes(self.tree.source)
        if FURNITURE_ROLES.intersection(attributes.get("role", "").lower().split()):
            return True
        if node.tag not in FURNITURE_HOLDERS:
            return False
        words = f"{attributes.get('class', '')[:400]} {attributes.get('id', '')[:100]}".split()
        return any(len(word) <= 60 and FURNITURE_WORD.fullmatch(word) for word in words)

    def in_article(self, node: Node) -> bool:
        at = bisect_left(self.articles, (node.start, 0)) - 1
        return at >= 0 and node.start < self.articles[at][1]

    def measure(self) -> dict[int, int]:
        """How many characters of text each element holds, furniture left out. Large furniture is no furniture."""
        sizes: dict[int, int] = {}
        for node in reversed(self.tree.nodes):  # children come after their parents
            if node.tag in UNSEEN:
                sizes[node.order] = 0
                continue
            size = 0
            for child in node.children:
                size += child.end - child.start if isinstance(child, Text) else sizes[child.order]
            sizes[node.order] = size
        whole = sizes[0]
        for node in self.tree.nodes:
            if sizes[node.order] > ENOUGH * whole:
                self.protected.add(node.order)
        return sizes

    def choose_root(self) -> Node:
        """The `<main>` or `<article>` that holds most of the text and all of the notes; else the whole page."""
        whole = self.sizes[0]
        best = self.tree.root
        source = self.tree.source
        for node in self.tree.nodes:
            candidate = node.tag in ARTICLES
            if not candidate and node.inner - node.name_end > 4:
                attributes = node.attributes(source)
                candidate = attributes.get("role") == "main" or "articleBody" in attributes.get("itemprop", "").split()
            if candidate and self.sizes[node.order] >= ENOUGH * whole and self.holds_notes(node):
                best = node
        return best

    def holds_notes(self, node: Node) -> bool:
        """Whether all markers and notes stand within `node`."""
        first, last = self.extent
        return node.start <= first and last <= node.end


def protected(notes: Notes) -> set[int]:
    """The elements that hold a note: never furniture."""
    held: set[int] = set()
    for body in notes.bodies:
        held.update((body.first.order, *(node.order for node in body.first.ancestors())))
    return held


def base_of(tree: Tree) -> str:
    """The address that relative links start from: the page's base, its canonical link, or where it was saved from."""
    base = canonical = ""
    for node in tree.nodes:
        if node.tag == "base":
            base = base or node.attributes(tree.source).get("href", "")
        elif node.tag == "link" and node.attributes(tree.source).get("rel", "").lower() == "canonical":
            canonical = canonical or node.attributes(tree.source).get("href", "")
        elif node.tag == "meta" and node.attributes(tree.source).get("property", "").lower() == "og:url":
            canonical = canonical or node.attributes(tree.source).get("content", "")
    saved = re.search(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->", tree.source[:4096])
    for address in (base, canonical, saved[1] if saved else ""):
        if address.startswith(("http://", "https://")):
            return address
    return ""


def target_of(node: Node, page: Page) -> str:
    """Where a link leads, if that is an address that a reader could be sent to; else empty."""
    attributes = node.attributes(page.tree.source)
    href = attributes.get("href", "").strip()
    if not href or href.startswith("#") or SHARING.match(href):
        return ""
    if OTHER_RELATIONS.intersection(attributes.get("rel", "").lower().split()):
        return ""
    if not ADDRESS.match(href) and page.base:
        try:
            href = urljoin(page.base, href)
        except ValueError:  # an address that is none, such as `//[`
            return ""
    itself = page.base and href.partition("#")[0] == page.base.partition("#")[0]
    return "" if itself else address_in(href)
