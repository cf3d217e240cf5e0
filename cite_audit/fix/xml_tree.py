"""The elements of an XML text with their places in it, so that a part is edited and every other character stays.

For texts that the reader has parsed before: well-formed, without a DOCTYPE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

__all__ = ["XmlElement", "parse_xml_tree"]

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|<(?P<close>/?)(?P<name>[^\s/>]+)(?P<attributes>(?:[^>\"'/]|\"[^\"]*\"|'[^']*'|/(?!>))*)(?P<empty>/?)>",
    re.S,
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(slots=True, eq=False)
class XmlElement:
    """`text[start:end]` is the element, `text[open_end:close_start]` what is inside. Its name: `space`, `local`."""

    tag: str  # as written, with the prefix
    space: str
    local: str
    start: int
    open_end: int
    attributes: Mapping[str, str]  # by name as written, entities resolved
    parent: XmlElement | None = None
    close_start: int = 0
    end: int = 0
    children: list[XmlElement] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """The prefix of the tag with its colon; empty without one."""
        return self.tag[: -len(self.local)] if self.tag != self.local else ""

    def attribute(self, local: str) -> str:
        """The attribute of that name in whatever namespace; empty where there is none."""
        return next((value for name, value in self.attributes.items() if name.rpartition(":")[2] == local), "")

    def walk(self) -> Iterator[XmlElement]:
        """The element and all inside it, in the order of the text."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def ancestors(self) -> Iterator[XmlElement]:
        """The elements around this one, the nearest first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent


def parse_xml_tree(text: str) -> XmlElement:
    """The root element. Raises ValueError for a text that is not well-formed."""
    root: XmlElement | None = None
    open_elements: list[XmlElement] = []
    spaces: list[Mapping[str, str]] = [{}]
    for token in _TOKEN.finditer(text):
        if token["name"] is None:
            continue
        if token["close"]:
            if not open_elements or open_elements[-1].tag != token["name"]:
                raise ValueError(f"</{token['name']}> closes nothing")
            element = open_elements.pop()
            spaces.pop()
            element.close_start, element.end = token.span()
            continue
        attributes = {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(token["attributes"])}
        declared = {name[6:]: value for name, value in attributes.items() if name[:5] == "xmlns" and name[5:6] in ":"}
        known = {**spaces[-1], **declared} if declared else spaces[-1]
        prefix, _, local = token["name"].rpartition(":")
        parent = open_elements[-1] if open_elements else None
        element = XmlElement(token["name"], known.get(prefix, ""), local, *token.span(), attributes, parent)
        if parent is not None:
            parent.children.append(element)
        root = root or element
        if token["empty"]:
            element.close_start = element.end = element.open_end
        else:
            open_elements.append(element)
            spaces.append(known)
    if root is None or open_elements:
        raise ValueError("the XML ends too early")
    return root
