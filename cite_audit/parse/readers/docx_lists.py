"""What a DOCX prints before the paragraphs of its lists: endnotes are often typed as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cite_audit.parse.readers.numbering import FORMATS, label
from cite_audit.parse.readers.package import Package, local, locals_of

PLACE = re.compile(r"%([1-9])")
HEADING = re.compile(r"(?:heading|title|toc)", re.IGNORECASE)


@dataclass(slots=True)
class Level:
    """One level of a list: its first number, the format of its numbers, and the text they stand in (`%1.`)."""

    start: int = 1
    sample: str = "1"
    text: str = ""


@dataclass(slots=True)
class Lists:
    """The lists a package declares, with the numbers reached so far."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by abstractNumId
    numbers: dict[str, str] = field(default_factory=dict)  # numId -> abstractNumId
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # overrides by numId and level
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style -> numId, level
    names: dict[str, str] = field(default_factory=dict)  # style -> its name in lower case
    reached: dict[str, dict[int, int]] = field(default_factory=dict)  # abstractNumId -> level -> number
    begun: set[str] = field(default_factory=set)  # numIds with an override that have begun

    def prefix(self, number: str, level: int, style: str) -> str:
        """What is printed before the next paragraph of this list; empty for headings and for no list."""
        if not number and style in self.styles:
            number, level = self.styles[style]
        abstract = self.numbers.get(number, "")
        levels = self.levels.get(abstract, {})
        if level not in levels or HEADING.match(self.names.get(style, style)):
            return ""
        reached = self.reached.setdefault(abstract, {})
        if (number, level) in self.starts and number not in self.begun:
            self.begun.add(number)
            reached.pop(level, None)
        first = self.starts.get((number, level), levels[level].start)
        reached[level] = reached.get(level, first - 1) + 1
        for deeper in [key for key in reached if key > level]:
            del reached[deeper]

        def printed(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = levels.get(place, Level())
            return label(reached.get(place, shown.start), shown.sample)

        text = PLACE.sub(printed, levels[level].text) if levels[level].sample != "•" else "•"
        return f"{text} " if text.strip() else ""


def lists_of(package: Package, numbering: str, styles: str) -> Lists:
    """The lists of a package. Raises ReadError if their parts are damaged."""
    found = Lists()
    if numbering:
        scan = _NumberingScan(found)
        package.parse(numbering, scan.start)
    if styles:
        scan_styles(package, styles, found)
    return found


class _NumberingScan:
    def __init__(self, found: Lists) -> None:
        self.found = found
        self.abstract = self.number = ""
        self.place = 0
        self.level = Level()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local(tag), locals_of(attributes)
        value = values.get("val", "")
        if name == "abstractNum":
            self.abstract, self.number = values.get("abstractNumId", ""), ""
        elif name == "num":
            self.number = values.get("numId", "")
        elif name in ("lvl", "lvlOverride"):
            self.place, self.level = small(values.get("ilvl", "0")), Level()
            if name == "lvl" and not self.number:
                self.found.levels.setdefault(self.abstract, {})[self.place] = self.level
        elif name == "abstractNumId" and self.number:
            self.found.numbers[self.number] = value
        elif name == "startOverride" and self.number:
            self.found.starts[self.number, self.place] = small(value)
        elif name == "start":
            self.level.start = small(value)
        elif name == "numFmt":
            self.level.sample = FORMATS.get(value, "1")
        elif name == "lvlText":
            self.level.text = value[:20]


def scan_styles(package: Package, styles: str, found: Lists) -> None:
    """Adds the styles' names and the lists they belong to, inherited ones included."""
    based: dict[str, str] = {}
    style = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        name, values = local(tag), locals_of(attributes)
        if name == "style":
            style = values.get("styleId", "")
        elif name == "name":
            found.names[style] = values.get("val", "").lower()
        elif name == "basedOn":
            based[style] = values.get("val", "")
        elif name == "numId":
            found.styles[style] = (values.get("val", ""), found.styles.get(style, ("", 0))[1])
        elif name == "ilvl":
            found.styles[style] = (found.styles.get(style, ("", 0))[0], small(values.get("val", "0")))

    package.parse(styles, start)
    for name in based:
        ancestor = name
        for _ in range(10):
            ancestor = based.get(ancestor, "")
            if ancestor in found.styles and name not in found.styles:
                found.styles[name] = found.styles[ancestor]


def small(value: str) -> int:
    """A number of at most five digits; 0 for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 5 else 0
