"""What a visitor can read of a parsed page."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN = (
    "script, style, noscript, template, svg, iframe, object, [hidden],"
    " [style*='display:none'], [style*='display: none']"
)
_PLAYERS = ", video, audio"  # what they hold is for browsers that cannot play it
_BETWEEN = "\x00"  # no parser leaves it in a text


def visible(tree: LexborHTMLParser, players: bool = False) -> str:
    """The text of the body without scripts and what is hidden; leaves the tree as it is.

    `players`: whether to leave out what players say, which takes time.

    A parsed page is as dear as all the rest of judging it, so that it is parsed once: what the unseen nodes hold is
    taken out of the list of all texts instead of out of the tree.
    """
    body = tree.body
    if body is None:
        return ""
    texts = body.text(separator=_BETWEEN).split(_BETWEEN)
    unseen = _UNSEEN + _PLAYERS if players else _UNSEEN
    done: set[int] = set()  # a node is given once for each selector that it answers to
    start = 0
    for node in body.css(unseen):
        if node.mem_id in done or node.mem_id == body.mem_id:
            continue
        done.add(node.mem_id)
        if not (text := node.text(separator=_BETWEEN)):
            continue
        done.update(inner.mem_id for inner in node.css(unseen))
        held = text.split(_BETWEEN)
        start = _found(texts, held, start)
        if start < 0:
            return stripped(tree.clone(), players)
        del texts[start : start + len(held)]
    return " ".join(texts)


def _found(texts: list[str], held: list[str], start: int) -> int:
    """Where the texts of a node stand among all of them; -1 where they do not."""
    try:
        while texts[start : start + len(held)] != held:
            start = texts.index(held[0], start + 1)
    except ValueError:
        return -1
    return start


def stripped(tree: LexborHTMLParser, players: bool = False) -> str:
    """The same text, the unseen nodes taken out of the tree."""
    for node in tree.css(_UNSEEN + _PLAYERS if players else _UNSEEN):
        if node.tag not in ("html", "body"):
            node.decompose()
    body: LexborNode | None = tree.body
    return body.text(separator=" ") if body else ""
