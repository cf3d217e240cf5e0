"""What a DOCX prints before the paragraphs of its lists: endnotes are often typed as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cite_audit.parse.readers.list_numbers import NUMBER_FORMATS, format_label
from cite_audit.parse.readers.zip_package import ZipPackage, local_attributes, local_name

LEVEL_PLACEHOLDER = re.compile(r"%([1-9])")
HEADING_STYLE = re.compile(r"(?:heading|title|toc)", re.IGNORECASE)


@dataclass(slots=True)
class ListLevel:
    """One level of a list: its first number, the format of its numbers, and the text they stand in (`%1.`)."""

    start: int = 1
    sample: str = "1"
    text: str = ""


@dataclass(slots=True)
class DocxLists:
    """The lists a package declares, with the numbers reached so far."""

    levels: dict[str, dict[int, ListLevel]] = field(default_factory=dict)  # by abstractNumId
    abstract_ids: dict[str, str] = field(default_factory=dict)  # numId -> abstractNumId
    start_overrides: dict[tuple[str, int], int] = field(default_factory=dict)  # overrides by numId and level
    style_lists: dict[str, tuple[str, int]] = field(default_factory=dict)  # style -> numId, level
    style_names: dict[str, str] = field(default_factory=dict)  # style -> its name in lower case
    counters: dict[str, dict[int, int]] = field(default_factory=dict)  # abstractNumId -> level -> number
    started_num_ids: set[str] = field(default_factory=set)  # numIds with an override that have begun

    def next_prefix(self, num_id: str, level: int, style: str) -> str:
        """What is printed before the next paragraph of this list; empty for headings and for no list."""
        if not num_id and style in self.style_lists:
            num_id, level = self.style_lists[style]
        abstract_id = self.abstract_ids.get(num_id, "")
        levels = self.levels.get(abstract_id, {})
        if level not in levels or HEADING_STYLE.match(self.style_names.get(style, style)):
            return ""
        counters = self.counters.setdefault(abstract_id, {})
        if (num_id, level) in self.start_overrides and num_id not in self.started_num_ids:
            self.started_num_ids.add(num_id)
            counters.pop(level, None)
        first_number = self.start_overrides.get((num_id, level), levels[level].start)
        counters[level] = counters.get(level, first_number - 1) + 1
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]

        def format_level(match: re.Match[str]) -> str:
            level_index = int(match[1]) - 1
            list_level = levels.get(level_index, ListLevel())
            return format_label(counters.get(level_index, list_level.start), list_level.sample)

        text = LEVEL_PLACEHOLDER.sub(format_level, levels[level].text) if levels[level].sample != "•" else "•"
        return f"{text} " if text.strip() else ""


def read_docx_lists(package: ZipPackage, numbering_part: str, styles_part: str) -> DocxLists:
    """The lists of a package. Raises ReadError if their parts are damaged."""
    lists = DocxLists()
    if numbering_part:
        parser = _NumberingParser(lists)
        package.parse_part(numbering_part, parser.start_element)
    if styles_part:
        read_list_styles(package, styles_part, lists)
    return lists


class _NumberingParser:
    def __init__(self, lists: DocxLists) -> None:
        self.lists = lists
        self.abstract_id = self.num_id = ""
        self.level_index = 0
        self.level = ListLevel()

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local_name(tag), local_attributes(attributes)
        value = values.get("val", "")
        if name == "abstractNum":
            self.abstract_id, self.num_id = values.get("abstractNumId", ""), ""
        elif name == "num":
            self.num_id = values.get("numId", "")
        elif name in ("lvl", "lvlOverride"):
            self.level_index, self.level = parse_small_number(values.get("ilvl", "0")), ListLevel()
            if name == "lvl" and not self.num_id:
                self.lists.levels.setdefault(self.abstract_id, {})[self.level_index] = self.level
        elif name == "abstractNumId" and self.num_id:
            self.lists.abstract_ids[self.num_id] = value
        elif name == "startOverride" and self.num_id:
            self.lists.start_overrides[self.num_id, self.level_index] = parse_small_number(value)
        elif name == "start":
            self.level.start = parse_small_number(value)
        elif name == "numFmt":
            self.level.sample = NUMBER_FORMATS.get(value, "1")
        elif name == "lvlText":
            self.level.text = value[:20]


def read_list_styles(package: ZipPackage, styles_part: str, lists: DocxLists) -> None:
    """Adds the styles' names and the lists they belong to, inherited ones included."""
    base_styles: dict[str, str] = {}
    style = ""

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        name, values = local_name(tag), local_attributes(attributes)
        if name == "style":
            style = values.get("styleId", "")
        elif name == "name":
            lists.style_names[style] = values.get("val", "").lower()
        elif name == "basedOn":
            base_styles[style] = values.get("val", "")
        elif name == "numId":
            lists.style_lists[style] = (values.get("val", ""), lists.style_lists.get(style, ("", 0))[1])
        elif name == "ilvl":
            lists.style_lists[style] = (
                lists.style_lists.get(style, ("", 0))[0],
                parse_small_number(values.get("val", "0")),
            )

    package.parse_part(styles_part, start_element)
    for name in base_styles:
        ancestor = name
        for _ in range(10):
            ancestor = base_styles.get(ancestor, "")
            if ancestor in lists.style_lists and name not in lists.style_lists:
                lists.style_lists[name] = lists.style_lists[ancestor]


def parse_small_number(value: str) -> int:
    """A number of at most five digits; 0 for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 5 else 0
