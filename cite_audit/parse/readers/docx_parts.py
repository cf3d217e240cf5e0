"""What a DOCX keeps beside its text: relationships and the numbering of notes."""

from __future__ import annotations

from dataclasses import dataclass

from cite_audit.parse.readers.numbering import FORMATS, label
from cite_audit.parse.readers.package import Package, local, locals_of, resolve

W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
# Where nothing says otherwise: footnotes 1, 2, 3; endnotes i, ii, iii (ECMA-376-1 §17.11.17 and 17.11.18).
DEFAULT_SAMPLES = {"footnote": "1", "endnote": "i"}
REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
LEFT_OUT = frozenset(
    ("del", "moveFrom", "Fallback", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange")
)


def relationships(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relationship ids of a part -> (last word of the type, target)."""
    folder, _, name = part.rpartition("/")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship" and "Id" in attributes:
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes["Id"]] = (kind, attributes.get("Target", ""))

    package.parse(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels", start)
    return found


def related(package: Package, part: str, kind: str) -> str:
    """The part that `part` is related to by `kind`; empty if there is none."""
    for found, target in relationships(package, part).values():
        if found == kind and resolve(part, target) in package:
            return resolve(part, target)
    return ""


@dataclass(slots=True)
class Numbering:
    """How a section numbers one family of notes."""

    sample: str = ""
    start: int = 0
    restart: str = ""


def note_labels(package: Package, document: str, settings: str) -> dict[tuple[str, str], str | None]:
    """The label of each note that the document refers to, in order; None where a mark of its own follows.

    Restarts per page are numbered through: pages are not laid out here.
    """
    defaults = {family: Numbering() for family in DEFAULT_SAMPLES}
    if settings:
        common_scan = _SectionScan(defaults, [])
        package.parse(settings, common_scan.start, common_scan.end)
    sections: list[_SectionScan] = []
    scan = _SectionScan({family: Numbering() for family in DEFAULT_SAMPLES}, sections)
    package.parse(document, scan.start, scan.end)
    sections.append(scan.copy())
    found: dict[tuple[str, str], str | None] = {}
    counts = dict.fromkeys(DEFAULT_SAMPLES, 0)
    for place, section in enumerate(sections):
        for family, counted in counts.items():
            own, common = section.numberings[family], defaults[family]
            if place == 0 or (own.restart or common.restart) == "eachSect":
                counts[family] = (own.start or common.start or 1) - 1
            else:
                counts[family] = counted
        for family, identity, custom in section.references:
            if (family, identity) in found:
                continue
            if custom:
                found[family, identity] = None
                continue
            counts[family] += 1
            sample = section.numberings[family].sample or defaults[family].sample or DEFAULT_SAMPLES[family]
            found[family, identity] = label(counts[family], sample)
    return found


class _SectionScan:
    """Collects references and numbering, section by section; a section's properties come at its end."""

    def __init__(self, numberings: dict[str, Numbering], done: list[_SectionScan]) -> None:
        self.numberings, self.done = numberings, done
        self.references: list[tuple[str, str, bool]] = []
        self.family = ""
        self.left_out = 0
        self.paragraphs = 0
        self.closing = False

    def copy(self) -> _SectionScan:
        other = _SectionScan(self.numberings, self.done)
        other.references = self.references
        return other

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self.left_out or name in LEFT_OUT:
            self.left_out += 1
            return
        self.paragraphs += name == "p"
        values = locals_of(attributes)
        if name in REFERENCES:
            custom = values.get("customMarkFollows", "0") in ("1", "true", "on")
            self.references.append((REFERENCES[name], values.get("id", ""), custom))
        elif name in ("footnotePr", "endnotePr"):
            self.family = name.removesuffix("Pr")
        elif self.family and name == "numFmt":
            self.numberings[self.family].sample = FORMATS.get(values.get("val", ""), "1")
        elif self.family and name == "numStart" and values.get("val", "").isdecimal():
            self.numberings[self.family].start = int(values["val"][:6])
        elif self.family and name == "numRestart":
            self.numberings[self.family].restart = values.get("val", "")

    def end(self, tag: str) -> None:
        self.paragraphs -= local(tag) == "p" and not self.left_out
        if self.left_out:
            self.left_out -= 1
        elif local(tag) in ("footnotePr", "endnotePr"):
            self.family = ""
        elif local(tag) == "sectPr" and self.paragraphs:
            self.closing = True  # the section ends with the paragraph that holds its properties, not before its text
        elif local(tag) == "sectPr" or (local(tag) == "p" and self.closing):
            self.closing = False
            self.done.append(self.copy())
            self.numberings = {family: Numbering() for family in DEFAULT_SAMPLES}
            self.references = []
