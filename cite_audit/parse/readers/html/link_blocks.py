"""Blocks of links outside the running text of a page: menus, teasers, lists of the most read, language switches.

The running text stands in the smallest container that holds most of the page's long pieces of text. What stands outside
it and is links, mostly, and most of them to the page's own site, belongs to the site; a list of sources below its
heading does not.
"""

from __future__ import annotations

import re
from collections import Counter

from cite_audit.parse.notes.headings import is_note_heading
from cite_audit.parse.readers.html.tree import HtmlNode, HtmlText, HtmlTree, name_set
from cite_audit.parse.readers.link_targets import WEB_ADDRESS, site_host
from cite_audit.urls.suffix import registrable_domain

MIN_PROSE = 80  # characters of a piece of text that is prose; half of them in scripts without spaces
MIN_PROSE_SHARE = 0.15  # of a page's text that must be prose for the page to have a running text
MIN_ROOT_SHARE = 0.7  # of the prose that the running text's element holds
MIN_LINK_SHARE = 0.6  # of a block's text that is links
MIN_OWN_SHARE = 0.5  # of a block's links that lead to the page's own site
MIN_LINKS = 2  # of such a block; one link is enough where nothing else stands beside it
BLOCKS = name_set("ul ol dl li div section aside table tr td p header footer form center h3 h4 h5 h6")
ROOT_TAGS = name_set("div section article main body html td #root")
SOURCE_WORDS = re.compile(
    r"(?:^|[-_ ])(?:refs?|references?|footnotes?|endnotes?|notes?|sources?|citations?|bibliograph\w*)", re.I
)
WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


class LinkBlocks:
    """Which elements of a page are blocks of links that belong to the site. Linear in the page."""

    def __init__(self, tree: HtmlTree, invisible_tags: frozenset[str], base_url: str) -> None:
        self.tree = tree
        count = len(tree.nodes)
        self.text_sizes, self.link_sizes, self.links = [0] * count, [0] * count, [0] * count
        prose_sizes = [0] * count
        for node in reversed(tree.nodes):  # children come after their parents
            if node.tag in invisible_tags:
                continue
            self._measure_node(node, prose_sizes)
        self.root = self._find_root(prose_sizes)
        self.holders = {holder.order for holder in self.root.ancestors()} if self.root else set()
        self.own_links = self._count_own_links(base_url) if self.root else []

    def _measure_node(self, node: HtmlNode, prose_sizes: list[int]) -> None:
        order, source = node.order, self.tree.source
        for child in node.children:
            if isinstance(child, HtmlText):
                text = source[child.start : child.end].strip()
                self.text_sizes[order] += len(text)
                is_long = len(text) >= MIN_PROSE or (2 * len(text) >= MIN_PROSE and WIDE.search(text))
                prose_sizes[order] += len(text) if is_long else 0
            else:
                self.text_sizes[order] += self.text_sizes[child.order]
                self.link_sizes[order] += self.link_sizes[child.order]
                self.links[order] += self.links[child.order]
                prose_sizes[order] += prose_sizes[child.order]
        if node.tag == "a":
            self.link_sizes[order], self.links[order], prose_sizes[order] = self.text_sizes[order], 1, 0

    def _find_root(self, prose_sizes: list[int]) -> HtmlNode | None:
        """The smallest element that holds most of the prose; None where there is little."""
        total = prose_sizes[0]
        if total == 0 or total < MIN_PROSE_SHARE * self.text_sizes[0]:
            return None
        return max(
            (
                node
                for node in self.tree.nodes
                if node.tag in ROOT_TAGS and prose_sizes[node.order] >= MIN_ROOT_SHARE * total
            ),
            key=lambda node: node.order,
        )

    def _count_own_links(self, base_url: str) -> list[int]:
        """How many links of each element lead to the page's own site, else to the one that its frame links most."""
        root, counts = self.root, [0] * len(self.tree.nodes)
        domains: dict[int, str] = {}
        for node in self.tree.nodes:
            if node.tag == "a" and root and not root.start <= node.start < root.end:
                href = node.attributes(self.tree.source).get("href", "").strip()
                domains[node.order] = registrable_domain(site_host(href)) if WEB_ADDRESS.match(href) else ""
        common = Counter(domain for domain in domains.values() if domain).most_common(1)
        own_domain = registrable_domain(site_host(base_url)) or (common[0][0] if common else "")
        for order, domain in domains.items():
            counts[order] = int(domain in ("", own_domain))
        for node in reversed(self.tree.nodes[1:]):
            if node.parent is not None:
                counts[node.parent.order] += counts[node.order]
        return counts

    def is_link_block(self, node: HtmlNode) -> bool:
        """Whether an element outside the running text holds little but links, and no sources."""
        root, order = self.root, node.order
        if root is None or node.tag not in BLOCKS or order in self.holders or not self.links[order]:
            return False
        if root.start <= node.start < root.end:
            return False
        if self.link_sizes[order] < MIN_LINK_SHARE * self.text_sizes[order]:
            return False
        if self.own_links[order] < MIN_OWN_SHARE * self.links[order]:
            return False
        is_bare = self.links[order] >= MIN_LINKS or self.link_sizes[order] == self.text_sizes[order]
        return is_bare and not self._is_source_list(node)

    def _is_source_list(self, node: HtmlNode) -> bool:
        """Whether a block says by its class, or by the heading in it or above it, that it lists sources."""
        for holder in (node, *node.ancestors()):
            attributes = holder.attributes(self.tree.source)
            if SOURCE_WORDS.search(f"{attributes.get('class', '')[:200]} {attributes.get('id', '')[:100]}"):
                return True
            siblings = holder.parent.children[max(0, holder.place - 3) : holder.place] if holder.parent else []
            elements = [child for child in siblings if isinstance(child, HtmlNode)]
            first = next((child for child in holder.children if isinstance(child, HtmlNode)), None)
            if any(
                is_note_heading(self.tree.plain_text(child, 90))
                for child in (*elements[-1:], *([first] if first else []))
            ):
                return True
            if holder.order in self.holders or holder.tag == "body":
                return False
        return False
