"""The frame of a site's pages: menus, banners, sidebars, forms and comments around the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cite_audit.foreign_html import parse_source
from cite_audit.resolve.judge.page.text import collapse_spaces
from cite_audit.resolve.judge.page.visible_text import extract_by_stripping

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

FRAME_SELECTOR = (
    "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo],"
    " [class*=comment], [id*=comment]"
)
_CONTENT_SELECTOR = "h1, article, main"  # a frame around one of them is no frame


def strip_frame(source: str, without_players: bool = False) -> str:
    """The text of a source without what stands in the frame of a site's pages."""
    tree = parse_source(source)
    for node in find_frame(tree):
        node.decompose()
    return collapse_spaces(extract_by_stripping(tree, without_players))


def find_frame(tree: LexborHTMLParser) -> list[LexborNode]:
    """The elements of the frame of a site's pages, but for those around a text."""
    nodes = tree.css(FRAME_SELECTOR)
    holders = _find_ancestors(tree, _CONTENT_SELECTOR) if nodes else ()
    return [node for node in nodes if node.mem_id not in holders]


def _find_ancestors(tree: LexborHTMLParser, selector: str) -> set[int]:
    """The `mem_id` of each element that holds one of `selector`, itself included."""
    ancestors: set[int] = set()
    for node in tree.css(selector):
        ancestor: LexborNode | None = node
        while ancestor is not None and ancestor.mem_id not in ancestors:
            ancestors.add(ancestor.mem_id)
            ancestor = ancestor.parent
    return ancestors
