"""Where the bodies of a page's notes begin and end, once it is known which element each of them starts at."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass

from cite_audit.parse.readers.html.tree import HtmlNode, HtmlText, HtmlTree, name_set

NOTE_CONTAINER = re.compile(r"_?(?:sd)?(?:ftn|edn|fn|foot-?note|end-?note)[-_]?\w{0,40}", re.IGNORECASE)
CONTAINERS = name_set("li p div td tr dt dd dl aside section blockquote h1 h2 h3 h4 h5 h6 body #root")
MAX_CONTINUATIONS = 40  # paragraphs of one note after its first


@dataclass(slots=True)
class HtmlNoteBody:
    """A note's body: from `first_node`, or just after the text before it, to the end of `last_node`."""

    label: str
    family: str
    _: KW_ONLY
    first_node: HtmlNode
    last_node: HtmlNode
    owns_first_node: bool  # the first node holds this note alone
    target: int = 0  # the element that the markers of this note lead to


def role_words(node: HtmlNode, source: str) -> frozenset[str]:
    """The role, epub:type and class words of an element, in lower case."""
    attributes = node.attributes(source)
    return frozenset(" ".join(attributes.get(key, "") for key in ("role", "epub:type", "class")).lower().split())


def enclosing_block(node: HtmlNode) -> HtmlNode:
    """The block that a note's anchor stands in."""
    return (
        node
        if node.tag in CONTAINERS
        else next((ancestor for ancestor in node.ancestors() if ancestor.tag in CONTAINERS), node)
    )


def locate_note_bodies(tree: HtmlTree, starts: dict[int, tuple[str, str, HtmlNode]]) -> list[HtmlNoteBody]:
    """Each note from its anchor, or from the block that is its own, to the last block before the next note."""
    holders: dict[int, int] = {}
    for _, _, node in starts.values():
        for holder in (node, *node.ancestors()):
            holders[holder.order] = holders.get(holder.order, 0) + 1
    note_bodies = []
    for order in sorted(starts):
        label, family, node = starts[order]
        block = enclosing_block(node)
        for holder in block.ancestors():
            if holders[holder.order] > 1 or not is_own_container(holder, tree):
                break
            block = holder
        is_alone = holders[block.order] == 1
        first_node = block if is_alone else node
        last_node = find_last_paragraph(block, tree, holders) if is_alone and block.tag in ("p", "dt") else block
        note_bodies.append(
            HtmlNoteBody(
                label, family, first_node=first_node, last_node=last_node, owns_first_node=is_alone, target=order
            )
        )
    return note_bodies


def add_sibling_notes(tree: HtmlTree, targets: dict[int, tuple[str, str, HtmlNode]], is_id: re.Pattern[str]) -> None:
    """Adds the items between the linked ones of a list of references: of `1–3` a page links the ends alone."""
    lists: dict[int, HtmlNode] = {}
    for _, _, node in targets.values():
        if node.tag in ("li", "p", "div", "tr") and node.parent is not None:
            lists[node.parent.order] = node.parent
    for parent in lists.values():
        items = [child for child in parent.children if isinstance(child, HtmlNode)]
        linked = [place for place, item in enumerate(items) if item.order in targets]
        numbers = {
            int(targets[items[place].order][0]) - place
            for place in linked
            if targets[items[place].order][0].isdecimal()
        }
        if len(linked) < 2 or len(numbers) != 1:
            continue  # not counted one by one
        first = numbers.pop()
        for place, item in enumerate(items):
            if item.order not in targets and is_id.fullmatch(item.attributes(tree.source).get("id", "")):
                targets[item.order] = (str(first + place), targets[items[linked[0]].order][1], item)


def is_own_container(node: HtmlNode, tree: HtmlTree) -> bool:
    """Whether an element around a note's block is that note's alone: a list item, a row, Word's `<div id="ftn1">`."""
    if node.tag in ("li", "tr", "dd", "aside"):
        return True
    attributes = node.attributes(tree.source)
    return node.tag == "div" and bool(
        NOTE_CONTAINER.fullmatch(attributes.get("id", "")) or "footnote" in role_words(node, tree.source)
    )


def find_last_paragraph(block: HtmlNode, tree: HtmlTree, holders: dict[int, int]) -> HtmlNode:
    """The last paragraph of the note that starts with `block`: further ones count only if another note follows."""
    siblings = block.parent.children if block.parent else []
    last_paragraph = block
    for child in siblings[block.place + 1 : block.place + 2 * MAX_CONTINUATIONS]:
        if isinstance(child, HtmlText):
            continue
        if block.tag == "dt":  # calibre: the label is the term, the note its definition
            return child if child.tag == "dd" else block
        if child.order in holders:
            return last_paragraph
        if child.tag not in ("p", "ul", "ol", "blockquote"):
            break
        last_paragraph = child
    return block
