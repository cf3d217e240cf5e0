"""Separates a page's main content from its boilerplate: navigation, sharing, subscriptions, comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from urllib.parse import urljoin

from cite_audit.parse.boilerplate import heads_teasers
from cite_audit.parse.readers.html.link_blocks import LinkBlocks
from cite_audit.parse.readers.html.notes import HtmlNotes
from cite_audit.parse.readers.html.tree import HtmlNode, HtmlText, HtmlTree, name_set
from cite_audit.parse.readers.link_targets import WEB_ADDRESS, site_host, web_address

# Never shown, or shown by a plugin.
INVISIBLE_TAGS = name_set(
    "script style noscript template svg math iframe object embed select option button input textarea audio video canvas"
    " map head title xmp noembed noframes datalist progress meter rt rp del"
)
BOILERPLATE_TAGS = frozenset({"nav", "dialog", "search", "menu"})
BOILERPLATE_OUTSIDE_ARTICLES = frozenset({"header", "footer", "aside", "form"})
BOILERPLATE_ROLES = name_set(
    "navigation banner contentinfo search complementary menu menubar dialog alertdialog alert toolbar doc-toc"
    " doc-pagelist doc-index"
)
BOILERPLATE_WORD = re.compile(
    r"(?:.*[-_])?(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|share|sharing|sharedaddy|social|addtoany|related|"
    r"recommend(?:ed|ations?)|printfooter|newsletter|subscribe|subscription|signup|promo|adverts?|advertisement|ads?|cookies?|consent|"
    r"(?:most|top)-?(?:read|popular|viewed|shared|stories|posts)|popular-?posts|trending|read-?more|recent-?posts|postamble|(?:post|entry|article)-?footer|gdpr|no-?print|d-print-none|hidden-print|print-hidden|topics|tags|mood|feedback|sponsored|taboola|outbrain|pager|pagination|masthead|skip-links?|skiplink|taglist|toolbar|popup|modal|(?:site|page|global)-?(?:header|footer)|"
    r"comment-?(?:form|list|area|respond)|respond|disqus|toc|screen-reader-text|visually-hidden|sr-only)(?:[-_].*)?"
    r"|(?:.*[-_])?(?:field-files?|file-attachments?)|footer",
    re.IGNORECASE,
)
COMMENT_LIST = re.compile(
    r"(?:.*[-_])?(?:comments?|comment-?(?:list|area|section|thread|wrap(?:per)?)|disqus_thread|responses)",
    re.IGNORECASE,
)
BOILERPLATE_CONTAINERS = name_set("div section ul ol aside header footer p span table form figure")
ARTICLE_TAGS = frozenset({"article", "main"})
WHOLE_PAGE_TAGS = frozenset({"#root", "html", "body"})
# Links that are about the page, not part of what it says.
PAGE_RELATIONS = name_set("author tag category prev previous next home shortlink search help license bookmark")
BYLINE = re.compile(r"(?:.*[-_])?(?:byline|authors?|contrib(?:utor)?s?|vcard|posted-?by)(?:[-_].*)?", re.IGNORECASE)
TITLE = re.compile(r"(?:.*[-_])?(?:entry|post|article)-?(?:title|headline)", re.IGNORECASE)
MAX_BYLINE_LENGTH = 300  # characters of source
SHARE_LINK = re.compile(
    r"https?://(?:www\.|m\.)?(?:facebook\.com/(?:sharer|dialog/)|twitter\.com/(?:intent/|share\b|home\?status)|x\.com/(?:intent/|share\b)|"
    r"linkedin\.com/(?:shareArticle|sharing/|cws/share)|t\.me/share|telegram\.me/share|api\.whatsapp\.com/send|wa\.me/\?|"
    r"reddit\.com/submit|pinterest\.com/pin/create|addtoany\.com|vk\.com/share|bsky\.app/intent|threads\.net/intent|"
    r"tumblr\.com/(?:share|widgets/share)|getpocket\.com/save|flipboard\.com/share|news\.ycombinator\.com/submitlink)",
    re.IGNORECASE,
)
WIKI_PAGE = re.compile(r"https?://[^/]+/(?:wiki/|w/index\.php|w/)", re.IGNORECASE)
MIN_TEXT_SHARE = 0.5  # the share of a page's text that its article must hold to stand for the page


class MainContent:
    """The report within a page."""

    def __init__(self, tree: HtmlTree, notes: HtmlNotes) -> None:
        self.tree = tree
        self.protected_orders = note_element_orders(notes) | marker_holder_orders(tree, notes)
        note_offsets = [tree.nodes[order].start for order in notes.markers] + [
            body.last_node.start for body in notes.bodies
        ]
        self.notes_extent = (min(note_offsets), max(note_offsets)) if note_offsets else (len(tree.source), 0)
        self.text_sizes = self.measure_text()
        self.article_ranges: list[tuple[int, int]] = []  # from where to where, the outermost ones
        for node in tree.nodes:
            if node.tag in ARTICLE_TAGS and not (self.article_ranges and node.start < self.article_ranges[-1][1]):
                self.article_ranges.append((node.start, node.end))
        self.root = self.choose_root()
        self.base_url = find_base_url(tree)
        self.link_blocks = LinkBlocks(tree, INVISIBLE_TAGS, self.base_url)
        self.is_wiki = "mw-parser-output" in tree.source or "mw-content-text" in tree.source

    def is_skipped(self, node: HtmlNode) -> bool:
        """Whether an element and all within it are left out."""
        if node.tag in INVISIBLE_TAGS:
            return True
        if node.order in self.protected_orders or node.tag in WHOLE_PAGE_TAGS:
            return False
        return (
            self.is_boilerplate(node)
            or self.is_hidden(node)
            or self.link_blocks.is_link_block(node)
            or self.is_below_teaser(node)
        )

    def is_below_teaser(self, node: HtmlNode) -> bool:
        """Whether a list stands below a heading such as “Related posts”."""
        if node.tag not in ("ul", "ol") or node.parent is None:
            return False
        before = node.parent.children[max(0, node.place - 2) : node.place]
        heading = next((child for child in reversed(before) if isinstance(child, HtmlNode)), None)
        if heading is None or heading.tag not in ("h2", "h3", "h4", "h5", "h6"):
            return False
        return heads_teasers(self.tree.plain_text(heading, 90))

    def is_hidden(self, node: HtmlNode) -> bool:
        if node.inner - node.name_end <= len("hidden"):
            return False
        attributes = node.attributes(self.tree.source)
        style = attributes.get("style", "").replace(" ", "").lower()
        is_flat = "overflow:hidden" in style and re.search(r"(?<![-\w])height:0(?:px)?(?:;|$)", style) is not None
        return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style or is_flat

    def is_boilerplate(self, node: HtmlNode) -> bool:
        if node.tag in BOILERPLATE_TAGS:
            return True
        if node.tag in BOILERPLATE_OUTSIDE_ARTICLES:
            has_heading = node.tag == "header" and any(child.tag == "h1" for child in node.iter_elements())
            if has_heading:
                return False
            if not self.is_in_article(node):
                return True
        if node.inner - node.name_end <= 4:
            return False
        attributes = node.attributes(self.tree.source)
        if BOILERPLATE_ROLES.intersection(attributes.get("role", "").lower().split()):
            return True
        if node.tag not in BOILERPLATE_CONTAINERS:
            return False
        words = f"{attributes.get('class', '')[:400]} {attributes.get('id', '')[:100]}".split()
        return any(len(word) <= 60 and BOILERPLATE_WORD.fullmatch(word) for word in words) or self.is_comment_list(node)

    def is_in_article(self, node: HtmlNode) -> bool:
        index = bisect_left(self.article_ranges, (node.start, 0)) - 1
        return index >= 0 and node.start < self.article_ranges[index][1]

    def measure_text(self) -> dict[int, int]:
        """Characters of text in each element, boilerplate left out. A large element is never boilerplate."""
        text_sizes: dict[int, int] = {}
        for node in reversed(self.tree.nodes):  # children come after their parents
            if node.tag in INVISIBLE_TAGS:
                text_sizes[node.order] = 0
                continue
            size = 0
            for child in node.children:
                size += child.end - child.start if isinstance(child, HtmlText) else text_sizes[child.order]
            text_sizes[node.order] = size
        page_size = text_sizes[0]
        for node in self.tree.nodes:
            if text_sizes[node.order] > MIN_TEXT_SHARE * page_size and not self.is_comment_list(node):
                self.protected_orders.add(node.order)
        return text_sizes

    def is_comment_list(self, node: HtmlNode) -> bool:
        """Whether an element declares that readers' comments stand in it, which may be longer than the article."""
        if node.tag not in ("ol", "ul", "div", "section") or node.inner - node.name_end <= 4:
            return False
        attributes = node.attributes(self.tree.source)
        words = f"{attributes.get('class', '')[:400]} {attributes.get('id', '')[:100]}".split()
        return any(COMMENT_LIST.fullmatch(word) for word in words)

    def choose_root(self) -> HtmlNode:
        """The `<main>` or `<article>` that holds most of the text and all of the notes; else the whole page."""
        page_size = self.text_sizes[0]
        best_root = self.tree.root
        source = self.tree.source
        for node in self.tree.nodes:
            candidate = node.tag in ARTICLE_TAGS
            if not candidate and node.inner - node.name_end > 4:
                attributes = node.attributes(source)
                candidate = attributes.get("role") == "main" or "articleBody" in attributes.get("itemprop", "").split()
            if candidate and self.text_sizes[node.order] >= MIN_TEXT_SHARE * page_size and self.holds_notes(node):
                best_root = node
        return best_root

    def holds_notes(self, node: HtmlNode) -> bool:
        """Whether all markers and notes stand within `node`."""
        first_start, last_start = self.notes_extent
        return node.start <= first_start and last_start <= node.end


def note_element_orders(notes: HtmlNotes) -> set[int]:
    """The elements that hold a note: never boilerplate."""
    orders: set[int] = set()
    for body in notes.bodies:
        orders.update((body.first_node.order, *(node.order for node in body.first_node.ancestors())))
    return orders


def marker_holder_orders(tree: HtmlTree, notes: HtmlNotes) -> set[int]:
    """The elements around a note's marker: a box beside the text that cites is part of the report."""
    orders: set[int] = set()
    for marker in notes.markers:
        for holder in tree.nodes[marker].ancestors():
            if holder.order in orders:
                break
            orders.add(holder.order)
    return orders


def find_base_url(tree: HtmlTree) -> str:
    """The address that relative links start from: the page's base, its canonical link, or where it was saved from."""
    base = canonical = ""
    for node in tree.nodes:
        if node.tag == "base":
            base = base or node.attributes(tree.source).get("href", "")
        elif node.tag == "link" and node.attributes(tree.source).get("rel", "").lower() == "canonical":
            canonical = canonical or node.attributes(tree.source).get("href", "")
        elif node.tag == "meta" and node.attributes(tree.source).get("property", "").lower() == "og:url":
            canonical = canonical or node.attributes(tree.source).get("content", "")
    saved_from = re.search(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->", tree.source[:4096])
    for address in (base, canonical, saved_from[1] if saved_from else ""):
        if address.startswith(("http://", "https://")):
            return address
    return ""


def is_masthead_link(link: HtmlNode, source: str) -> bool:
    """Whether a link is an author's name in a byline, or the title of the page."""
    for holder in (link, *islice(link.ancestors(), 3)):
        if holder.tag == "h1":
            return True
        if (
            holder.tag not in ("a", "span", "p", "div", "h2", "h3", "address")
            or holder.end - holder.start > MAX_BYLINE_LENGTH
        ):
            return False
        words = holder.attributes(source).get("class", "").split()
        pattern = TITLE if holder.tag in ("h2", "h3") else BYLINE
        if any(len(word) <= 60 and pattern.fullmatch(word) for word in words):
            return True
    return False


def resolve_link_target(node: HtmlNode, page: MainContent) -> str:
    """Where a link leads, if that is an address that a reader could be sent to; else empty."""
    attributes = node.attributes(page.tree.source)
    href = attributes.get("href", "").strip()
    if not href or href.startswith("#") or SHARE_LINK.match(href):
        return ""
    if PAGE_RELATIONS.intersection(attributes.get("rel", "").lower().split()):
        return ""
    if not WEB_ADDRESS.match(href) and page.base_url:
        try:
            href = urljoin(page.base_url, href)
        except ValueError:  # an address that is none, such as `//[`
            return ""
    if page.is_wiki and WIKI_PAGE.match(href) and site_host(href) == site_host(page.base_url):
        return ""  # an article of the same wiki is no source
    is_own_page = page.base_url and href.partition("#")[0] == page.base_url.partition("#")[0]
    return "" if is_own_page else web_address(href)
