"""What a visitor can read of a parsed page: blocks apart, and what is inline in one piece, as browsers show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.markup import iter_scripts

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN_TAGS = "script, style, noscript, template, svg, iframe, object"
_UNSEEN_SELECTOR = f"{_UNSEEN_TAGS}, [hidden], [style*='display:none'], [style*='display: none']"
HIDING_MARKS = ("hidden", "display:")  # what a source with hidden elements says somewhere
_PLAYER_SELECTOR = ", video, audio"  # their texts are for browsers that cannot play them
_MAX_COMPARISONS = 20_000  # of texts in the search for one node
_SEPARATOR = "\x00"  # no parser leaves it in a text
_WORD_BORDER = compile_lazily(r"\x00(?<=(\w)\x00)(?=(\w))")
_BLOCK_TAGS = (
    "d(?:iv|[dlt]|ialog|etails)|p(?:re)?|l(?:i|egend)|t(?:[dhr]|able|body|foot|head|extarea)|ul|h(?:[1-6r]|eader)"
    "|a(?:ddress|rticle|side)|b(?:lockquote|r|utton)|s(?:ection|elect|ummary)|o(?:l|ption|ptgroup)|nav|c(?:aption|enter)"
    "|f(?:ieldset|igcaption|igure|ooter|orm)|m(?:ain|enu)"
)
# Behind a blank, or right behind a block's bare tag, there is no text to part: each border left out is a node less to
# make and to read.
_BEHIND_SHORT_TAG = r"(?<![</](?:t[dhr]|li|[ou]l|br|d[dlt]|h[1-6])><)"
_BEHIND_OTHER_TAG = r"(?<![</]p><)(?<![</]div><)(?<![</]table><)"
# Both cases spelled out: to ignore case takes ten times as long. What most tags fail comes first.
_BLOCK_BORDER = compile_lazily(
    rf"<(?<!\s<){_BEHIND_SHORT_TAG}(?!/?(?:[abi]|span|code)[\s>]){_BEHIND_OTHER_TAG}"
    rf"(?=/?(?:{_BLOCK_TAGS}|{_BLOCK_TAGS.upper()})[\s/>])"
)


def mark_block_borders(source: str) -> str:
    """A source with a line break at each border of a block that text may touch, where the text of its tree has none.

    Links side by side are apart too, since style sheets put them apart. Scripts stay as they are.
    """
    marked, start = [], 0
    for script, end in iter_scripts(source):
        marked += [_mark_borders(source[start:script]), source[script:end]]
        start = end
    return "".join([*marked, _mark_borders(source[start:])])


def _mark_borders(markup: str) -> str:
    return _BLOCK_BORDER.sub("\n<", markup).replace("</a><a", "</a>\n<a")


def join_inline(separated_text: str) -> str:
    """The texts of nodes in their order as one text, as browsers show it, without soft hyphens.

    `separated_text`: the texts with a `_SEPARATOR` between each two. A small letter or a number before a capital is the
    end of a word, which a style sheet puts apart (“Home”, “News”).
    """
    while _SEPARATOR * 2 in separated_text:  # an empty text
        separated_text = separated_text.replace(_SEPARATOR * 2, _SEPARATOR)
    return _remove_separators(_WORD_BORDER.sub(_part_words, separated_text))


def _remove_separators(separated_text: str) -> str:
    return separated_text.replace(_SEPARATOR, "").replace("\xad", "").replace("\u200b", "")


def _part_words(border: re.Match[str]) -> str:
    """What stands between the last letter of a text and the first of the next."""
    if not border[2].isupper():
        return ""
    position = border.start()
    is_number = position >= 3 and border.string[position - 3 : position].isdecimal()
    return " " if border[1].islower() or is_number else ""


def read_text(node: LexborNode) -> str:
    """The text of a node of a source whose block borders are marked, in one line."""
    return " ".join(join_inline(node.text(separator=_SEPARATOR) or "").split())


def extract_visible_text(tree: LexborHTMLParser, without_players: bool = False) -> str:
    """The text of the body without scripts and hidden elements; leaves the tree as it is.

    `without_players`: whether to leave out the texts inside media players, which takes time.
    """
    return join_inline(_extract_separated_text(tree, _UNSEEN_SELECTOR + _PLAYER_SELECTOR * without_players))


def extract_rough_text(tree: LexborHTMLParser, may_hide: bool) -> str:
    """The same text, quicker: words that only a style sheet puts apart are one word.

    `may_hide`: False where no element is hidden, which saves time.
    """
    return _remove_separators(_extract_separated_text(tree, _UNSEEN_SELECTOR if may_hide else _UNSEEN_TAGS))


def _extract_separated_text(tree: LexborHTMLParser, unseen_selector: str) -> str:
    """The texts of the body but for those of unseen nodes, with a separator between each two.

    To parse a page costs as much as all other judging, so that the texts of unseen nodes are taken out of the list of
    all texts instead of out of the tree.
    """
    body = tree.body
    if body is None:
        return ""
    body_text = body.text(separator=_SEPARATOR)
    unseen_nodes = body.css(unseen_selector)
    if not unseen_nodes:
        return body_text
    texts = body_text.split(_SEPARATOR)
    visited_nodes: set[int] = set()  # a node comes once for each selector that it matches
    kept_texts: list[str] = []
    start = 0  # of the texts that are neither kept nor left out
    for node in unseen_nodes:
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
            return _strip_unseen_nodes(tree.clone(), unseen_selector)
        kept_texts += texts[start:position]
        start = position + len(node_texts)
    return _SEPARATOR.join(kept_texts + texts[start:])


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
    """The same text as `extract_visible_text` gives; the unseen nodes are removed from the tree."""
    return join_inline(_strip_unseen_nodes(tree, _UNSEEN_SELECTOR + _PLAYER_SELECTOR * without_players))


def _strip_unseen_nodes(tree: LexborHTMLParser, unseen_selector: str) -> str:
    for node in tree.css(unseen_selector):
        if node.tag not in ("html", "body"):
            node.decompose()
    body: LexborNode | None = tree.body
    return body.text(separator=_SEPARATOR) if body else ""
