"""What a DOCX keeps beside its text: relationships and the numbering of notes."""

from __future__ import annotations

from dataclasses import dataclass

from cite_audit.parse.readers.list_numbers import NUMBER_FORMATS, format_label
from cite_audit.parse.readers.zip_package import ZipPackage, local_attributes, local_name, resolve_part_name

W_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
# Where nothing says otherwise: footnotes 1, 2, 3; endnotes i, ii, iii (ECMA-376-1 §17.11.17 and 17.11.18).
DEFAULT_SAMPLES = {"footnote": "1", "endnote": "i"}
NOTE_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
SKIPPED_ELEMENTS = frozenset(
    ("del", "moveFrom", "Fallback", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange")
)


def read_relationships(package: ZipPackage, part: str) -> dict[str, tuple[str, str]]:
    """Relationship ids of a part -> (last word of the type, target)."""
    folder, _, name = part.rpartition("/")
    relations: dict[str, tuple[str, str]] = {}

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship" and "Id" in attributes:
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes["Id"]] = (kind, attributes.get("Target", ""))

    package.parse_part(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels", start_element)
    return relations


def find_related_part(package: ZipPackage, part: str, kind: str) -> str:
    """The part that `part` is related to by `kind`; empty if there is none."""
    for relation_kind, target in read_relationships(package, part).values():
        if relation_kind == kind and resolve_part_name(part, target) in package:
            return resolve_part_name(part, target)
    return ""


@dataclass(slots=True)
class NoteNumbering:
    """How a section numbers one family of notes."""

    sample: str = ""
    start: int = 0
    restart: str = ""


def assign_note_labels(package: ZipPackage, document: str, settings: str) -> dict[tuple[str, str], str | None]:
    """The label of each note that the document refers to, in order; None where a mark of its own follows.

    Restarts per page are numbered through: pages are not laid out here.
    """
    defaults = {family: NoteNumbering() for family in DEFAULT_SAMPLES}
    if settings:
        settings_parser = _SectionParser(defaults, [])
        package.parse_part(settings, settings_parser.start_element, settings_parser.end_element)
    sections: list[_SectionParser] = []
    document_parser = _SectionParser({family: NoteNumbering() for family in DEFAULT_SAMPLES}, sections)
    package.parse_part(document, document_parser.start_element, document_parser.end_element)
    sections.append(document_parser.copy_section())
    labels: dict[tuple[str, str], str | None] = {}
    counts = dict.fromkeys(DEFAULT_SAMPLES, 0)
    for section_index, section in enumerate(sections):
        for family, count in counts.items():
            section_numbering, default_numbering = section.numberings[family], defaults[family]
            if section_index == 0 or (section_numbering.restart or default_numbering.restart) == "eachSect":
                counts[family] = (section_numbering.start or default_numbering.start or 1) - 1
            else:
                counts[family] = count
        for family, identity, has_custom_mark in section.references:
            if (family, identity) in labels:
                continue
            if has_custom_mark:
                labels[family, identity] = None
                continue
            counts[family] += 1
            sample = section.numberings[family].sample or defaults[family].sample or DEFAULT_SAMPLES[family]
            labels[family, identity] = format_label(counts[family], sample)
    return labels


class _SectionParser:
    """Collects references and numbering by section; a section's properties stand at its end."""

    def __init__(self, numberings: dict[str, NoteNumbering], sections: list[_SectionParser]) -> None:
        self.numberings, self.sections = numberings, sections
        self.references: list[tuple[str, str, bool]] = []
        self.family = ""
        self.skipped_depth = 0
        self.paragraph_depth = 0
        self.at_section_end = False

    def copy_section(self) -> _SectionParser:
        section = _SectionParser(self.numberings, self.sections)
        section.references = self.references
        return section

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if self.skipped_depth or name in SKIPPED_ELEMENTS:
            self.skipped_depth += 1
            return
        self.paragraph_depth += name == "p"
        values = local_attributes(attributes)
        if name in NOTE_REFERENCES:
            has_custom_mark = values.get("customMarkFollows", "0") in ("1", "true", "on")
            self.references.append((NOTE_REFERENCES[name], values.get("id", ""), has_custom_mark))
        elif name in ("footnotePr", "endnotePr"):
            self.family = name.removesuffix("Pr")
        elif self.family and name == "numFmt":
            self.numberings[self.family].sample = NUMBER_FORMATS.get(values.get("val", ""), "1")
        elif self.family and name == "numStart" and values.get("val", "").isdecimal():
            self.numberings[self.family].start = int(values["val"][:6])
        elif self.family and name == "numRestart":
            self.numberings[self.family].restart = values.get("val", "")

    def end_element(self, tag: str) -> None:
        self.paragraph_depth -= local_name(tag) == "p" and not self.skipped_depth
        if self.skipped_depth:
            self.skipped_depth -= 1
        elif local_name(tag) in ("footnotePr", "endnotePr"):
            self.family = ""
        elif local_name(tag) == "sectPr" and self.paragraph_depth:
            self.at_section_end = (
                True  # the section ends with the paragraph that holds its properties, not before its text
            )
        elif local_name(tag) == "sectPr" or (local_name(tag) == "p" and self.at_section_end):
            self.at_section_end = False
            self.sections.append(self.copy_section())
            self.numberings = {family: NoteNumbering() for family in DEFAULT_SAMPLES}
            self.references = []
