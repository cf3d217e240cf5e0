"""The styles of an ODT as far as they decide what is printed: raised text, paragraph roles, list numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.readers.docx.lists import parse_small_number
from cite_audit.parse.readers.zip_package import ZipPackage, local_attributes, local_name


@frozen_record
class ListNumbering:
    """A level of a list: the format of its numbers, what stands around them, the first."""

    sample: str
    prefix: str
    suffix: str
    start: int


@dataclass(slots=True)
class OdtStyles:
    """Raised text styles, parents of styles, levels of list styles."""

    raised: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    list_levels: dict[str, dict[int, ListNumbering]] = field(default_factory=dict)

    def paragraph_role(self, style: str) -> str:
        """The named style that an automatic one comes from, in lower case."""
        for _ in range(10):
            if style not in self.parents or style[:1] != "P" or not style[1:].isdecimal():
                break
            style = self.parents[style]
        return style.lower()


def read_odt_styles(package: ZipPackage) -> OdtStyles:
    """The styles of both parts. Raises ReadError if they are damaged."""
    styles = OdtStyles()
    style = ""

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        name, values = local_name(tag), local_attributes(attributes)
        if name in ("style", "list-style"):
            style = values.get("name", "")
            if "parent-style-name" in values:
                styles.parents[style] = values["parent-style-name"]
        elif name == "text-properties":
            position = values.get("text-position", "").split()
            if position:
                styles.raised[style] = position[0] == "super" or (position[0][:-1].isdecimal() and position[0] != "0%")
        elif name == "list-level-style-number":
            level = ListNumbering(
                values.get("num-format", ""),
                values.get("num-prefix", ""),
                values.get("num-suffix", ""),
                parse_small_number(values.get("start-value", "1")),
            )
            styles.list_levels.setdefault(style, {})[parse_small_number(values.get("level", "1"))] = level

    for part in ("styles.xml", "content.xml"):
        package.parse_part(part, start_element)
    return styles
