"""The styles of an ODT as far as they decide what is printed: raised text, paragraph roles, list numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cite_audit.parse.readers.docx_lists import small
from cite_audit.parse.readers.package import Package, local, locals_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """A level of a list: the format of its numbers, what stands around them, the first."""

    sample: str
    prefix: str
    suffix: str
    start: int


@dataclass(slots=True)
class Styles:
    """Raised text styles, parents of styles, levels of list styles."""

    raised: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[int, Numbers]] = field(default_factory=dict)

    def role(self, style: str) -> str:
        """The named style that an automatic one comes from, in lower case."""
        for _ in range(10):
            if style not in self.parents or style[:1] != "P" or not style[1:].isdecimal():
                break
            style = self.parents[style]
        return style.lower()


def styles_of(package: Package) -> Styles:
    """The styles of both parts. Raises ReadError if they are damaged."""
    found = Styles()
    style = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        name, values = local(tag), locals_of(attributes)
        if name in ("style", "list-style"):
            style = values.get("name", "")
            if "parent-style-name" in values:
                found.parents[style] = values["parent-style-name"]
        elif name == "text-properties":
            position = values.get("text-position", "").split()
            if position:
                found.raised[style] = position[0] == "super" or (position[0][:-1].isdecimal() and position[0] != "0%")
        elif name == "list-level-style-number":
            level = Numbers(
                values.get("num-format", ""),
                values.get("num-prefix", ""),
                values.get("num-suffix", ""),
                small(values.get("start-value", "1")),
            )
            found.lists.setdefault(style, {})[small(values.get("level", "1"))] = level

    for part in ("styles.xml", "content.xml"):
        package.parse(part, start)
    return found
