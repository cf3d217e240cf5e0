"""New targets of hyperlinks in a DOCX: in the relationships of the part, in a link's own element, or in its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from cite_audit.fix.docx_change import ParagraphChange, change_instruction
from cite_audit.fix.docx_text import DocxHyperlink, DocxPart
from cite_audit.fix.edits import Edit, apply_edits
from cite_audit.fix.xml_tree import XmlElement, parse_xml_tree

__all__ = ["add_relationship", "edit_targets", "relations_name"]

_TARGET = re.compile(r"""\bTarget\s*=\s*(?:"[^"]*"|'[^']*')""")
_REFERENCE = re.compile(r"""(?<![\w.-])([\w.-]+:id)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ANCHOR = re.compile(r"""\s(?:[\w.-]+:)?anchor\s*=\s*(?:"[^"]*"|'[^']*')""")
_INSTRUCTION = re.compile(r"""(?<![\w.-])((?:[\w.-]+:)?instr)\s*=\s*(?:"[^"]*"|'[^']*')""")


def relations_name(part: str) -> str:
    """The name of the part that holds the relationships of `part`."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def edit_targets(part: DocxPart, changes: Sequence[ParagraphChange], relations: str) -> tuple[list[Edit], str]:
    """The edits of a part that give its hyperlinks their new targets, and the text of its relationships with them."""
    links = [(link, url) for change in changes for link, url in change.targets.values()]
    related = [(link, url) for link, url in links if not link.is_field and link.elements[0].local == "hyperlink"]
    edits: list[Edit] = []
    wanted: dict[str, set[str]] = {}
    for link, url in related:
        wanted.setdefault(link.elements[0].attribute("id"), set()).add(url)
    users = _count_users(part)
    for identity, urls in wanted.items():
        own = [(link, url) for link, url in related if link.elements[0].attribute("id") == identity]
        if len(urls) == 1 and users[identity] == len(own):
            relations = _replace_target(relations, identity, next(iter(urls)))
            edits += [_edit_link_tag(part.text, link.elements[0], identity) for link, _ in own]
            continue
        for link, url in own:
            relations, new_identity = add_relationship(relations, "hyperlink", url, like=identity)
            edits.append(_edit_link_tag(part.text, link.elements[0], new_identity))
    for link, url in links:
        if link.is_field:
            edits += _edit_field(part.text, link, url)
        elif link.elements[0].local == "fldSimple":
            edits.append(_edit_simple_field(part.text, link.elements[0], url))
    return edits, relations


def _count_users(part: DocxPart) -> Mapping[str, int]:
    users: dict[str, int] = {}
    for element in part.root.walk():
        for name, value in element.attributes.items():
            if name.endswith(":id") and value in part.relations:
                users[value] = users.get(value, 0) + 1
    return users


def _edit_link_tag(text: str, element: XmlElement, identity: str) -> Edit:
    """The opening tag with this relationship, and without a bookmark that was part of the old target."""
    tag = _ANCHOR.sub("", text[element.start : element.open_end])
    tag = _REFERENCE.sub(lambda match: f"{match[1]}={quoteattr(identity)}", tag, count=1)
    return Edit(element.start, element.open_end, tag)


def _edit_simple_field(text: str, element: XmlElement, url: str) -> Edit:
    instruction = quoteattr(change_instruction(element.attribute("instr"), url), {'"': "&quot;"})
    tag = _INSTRUCTION.sub(lambda match: f"{match[1]}={instruction}", text[element.start : element.open_end], count=1)
    return Edit(element.start, element.open_end, tag)


def _edit_field(text: str, link: DocxHyperlink, url: str) -> Iterator[Edit]:
    """The instruction in the first of its elements; the others are emptied."""
    whole = "".join(unescape(text[i.open_end : i.close_start]) for i in link.instructions)
    contents = [change_instruction(whole, url), *[""] * (len(link.instructions) - 1)]
    for instruction, content in zip(link.instructions, contents, strict=True):
        yield Edit(instruction.open_end, instruction.close_start, escape(content))


def _replace_target(relations: str, identity: str, url: str) -> str:
    target = "Target=" + quoteattr(url, {'"': "&quot;"})
    return apply_edits(
        relations,
        [
            Edit(row.start, row.open_end, _TARGET.sub(lambda _: target, relations[row.start : row.open_end], count=1))
            for row in parse_xml_tree(relations).children
            if row.attribute("Id") == identity
        ],
    )


def add_relationship(relations: str, kind: str, target: str, *, like: str = "", space: str = "") -> tuple[str, str]:
    """The relationships with one more, and its id; its type's namespace is that of the row `like`, or `space`."""
    root = parse_xml_tree(relations)
    taken = {row.attribute("Id") for row in root.children}
    identity = next(name for number in range(1, len(taken) + 2) if (name := f"rIdCiteAudit{number}") not in taken)
    space = next((r.attribute("Type").rpartition("/")[0] for r in root.children if r.attribute("Id") == like), space)
    mode = ' TargetMode="External"' if kind == "hyperlink" else ""
    row = f'<{root.prefix}Relationship Id="{identity}" Type="{space}/{kind}" Target={quoteattr(target)}{mode}/>'
    return insert_child(relations, root, row), identity


def insert_child(text: str, parent: XmlElement, child: str) -> str:
    """The text with one more child at the end of an element, which may have been empty."""
    if parent.close_start == parent.end:  # <parent/>
        opened = text[parent.start : parent.open_end - 2].rstrip() + ">"
        return f"{text[: parent.start]}{opened}{child}</{parent.tag}>{text[parent.end :]}"
    return text[: parent.close_start] + child + text[parent.close_start :]


__all__ += ["insert_child"]
