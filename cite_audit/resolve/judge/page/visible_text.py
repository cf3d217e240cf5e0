"""What a visitor can read of a parsed page."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN_SELECTOR = (
    "script, style, noscript, template, svg, iframe, object, [hidden],"
    " [style*='display:none'], [style*='display: none']"
)
_PLAYER_SELECTOR = ", video, audio"  # their texts are for browsers that cannot play them
_MAX_COMPARISONS = 20_000  # of texts in the search for one node
_SEPARATOR = "\x00"  # no parser leaves it in a text


def extract_visible_text(tree: LexborHTMLParser, without_players: bool = False) -> str:
    """The text of the body without scripts and hidden elements; leaves the tree as it is.

    `without_players`: whether to leave out the texts inside media players, which takes time.

    To parse a page costs as much as all other judging, so that the texts of unseen nodes are taken out of the list of
    all texts instead of out of the tree.
    """
    body = tree.body
    if body is None:
        return ""
    texts = body.text(separator=_SEPARATOR).split(_SEPARATOR)
    unseen_selector = _UNSEEN_SELECTOR + _PLAYER_SELECTOR if without_players else _UNSEEN_SELECTOR
    visited_nodes: set[int] = set()  # a node comes once for each selector that it matches
    kept_texts: list[str] = []
    start = 0  # of the texts that are neither kept nor left out
    for node in body.css(unseen_selector):
        if node.mem_id in visited_nodes or node.mem_id == body.mem_id:
            continue
        visited_nodes.add(node.mem_id)
        if node.child is not None:
            visited_nodes.update(inner.mem_id for inner in node.css(unseen_selector))
        if not (text := node.text(separator=_SEPARATOR)):
            continue
        node_texts = text.split(_SEPARATOR)
        position = _find_texts(texts, node_texts, start)
        if position < 0:
            return extract_by_stripping(tree.clone(), without_players)
        kept_texts += texts[start:position]
        start = position + len(node_texts)
    return " ".join(kept_texts + texts[start:])


def _find_texts(texts: list[str], node_texts: list[str], start: int) -> int:
    """The index of a node's texts among all of them; -1 where they are missing, or many others begin as they do."""
    try:
        for _ in range(1 + _MAX_COMPARISONS // len(node_texts)):
            if texts[start : start + len(node_texts)] == node_texts:
                return start
            start = texts.index(node_texts[0], start + 1)
    except ValueError:
        pass
    return -1


def extract_by_stripping(tree: LexborHTMLParser, without_players: bool = False) -> str:
    """The same text; the unseen nodes are removed from the tree."""
    for node in tree.css(_UNSEEN_SELECTOR + _PLAYER_SELECTOR if without_players else _UNSEEN_SELECTOR):
        if node.tag not in ("html", "body"):
            node.decompose()
    body: LexborNode | None = tree.body
    return body.text(separator=" ") if body else ""
