"""JATS by expat: what the article prints is written as it comes; its elements declare notes and references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from cite_audit.parse.readers.base import Document, Href, MarkerSpan, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.encoding import decode_markup
from cite_audit.parse.readers.line_index import NEWLINE, line_starts
from cite_audit.parse.readers.zip_package import local_attributes, local_name, open_xml_parser, run_xml_parser

FORMAT_NAME = "jats"
REFERENCE_KINDS = {"fn": "footnote", "table-fn": "footnote", "bibr": "work"}
NOTES = {"fn": "footnote", "ref": "work"}
PARAGRAPHS = frozenset(
    [
        "p",
        "title",
        "sec",
        "fn",
        "ref",
        "td",
        "th",
        "list-item",
        "disp-quote",
        "caption",
        "abstract",
        "ack",
        "label-title",
        "mixed-citation",
    ]
)
# Front matter is metadata; formulas, pictures and the licence are no part of the report.
SKIPPED = frozenset(
    ["journal-meta", "permissions", "graphic", "inline-graphic", "media", "tex-math", "math", "private-char", "aff"]
)
NAME_PARTS = frozenset(("surname", "given-names", "string-name", "collab"))
IDENTIFIERS = {
    "doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/", "arxiv": "https://arxiv.org/abs/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/", "pmc": "https://www.ncbi.nlm.nih.gov/pmc/articles/",
}  # fmt: skip


def read_jats(data: bytes, path: str) -> Document:
    """The article. Raises ReadError."""
    source, encoding = decode_markup(data)
    writer = JatsWriter(source)
    parser = open_xml_parser(writer.start_element, writer.end_element, writer.character_data, allow_doctype=True)
    parser.buffer_text = False  # text that was gathered first would be told of after its place
    writer.place = lambda: (parser.CurrentLineNumber, parser.CurrentColumnNumber)
    run_xml_parser(parser, source.encode("utf-8", "replace"), path, "article")
    return writer.build_document(encoding)


class JatsWriter:
    """Collects the masthead, and writes the body, the notes and the references."""

    def __init__(self, source: str) -> None:
        self.source, self.starts = source, line_starts(source, NEWLINE)
        self.builder = DocumentBuilder()
        self.place: Callable[[], tuple[int, int]] = lambda: (1, 0)
        self.path: list[str] = []
        self.depths: Counter[str] = Counter()  # how many elements of each name are open
        self.open: list[tuple[str, dict[str, str], int]] = []  # elements that are open, with where their text began
        self.skipped_depth = 0
        self.targets: dict[str, int] = {}
        self.counts = {"footnote": 0, "work": 0}
        self.labels: list[str] = []
        self.said: dict[str, list[str]] = {
            name: [] for name in ("title", "surname", "given-names", "string-name", "collab", "date")
        }
        self.date_parts: dict[str, str] = {}

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local_name(tag), local_attributes(attributes)
        self.path.append(name)
        self.depths[name] += 1
        if self.skipped_depth or name in SKIPPED:
            self.skipped_depth += 1
            return
        if name in PARAGRAPHS:
            self.builder.end_paragraph()
        if name == "fn" and self.depths["p"] and self.depths["body"] and not values.get("id"):
            self.add_own_marker()
        self.open.append((name, values, self.builder.length))
        if name in NAME_PARTS and self.depths["contrib"]:
            self.said[name].append("")

    def end_element(self, tag: str) -> None:
        name = self.path.pop()
        self.depths[name] -= 1
        if self.skipped_depth:
            self.skipped_depth -= 1
            return
        _, values, start = self.open.pop()
        end = self.builder.length
        if name in ("ext-link", "uri", "self-uri") and (target := values.get("href", "")):
            self.builder.hrefs.append(Href(start, end, target))
        elif name == "pub-id" and (prefix := IDENTIFIERS.get(values.get("pub-id-type", ""))) and end > start:
            identifier = self.builder.text_since(start).strip()
            target = identifier if identifier.lower().startswith("http") else prefix + identifier
            self.builder.hrefs.append(Href(start, end, target))
        elif name == "xref" and (family := REFERENCE_KINDS.get(values.get("ref-type", ""))):
            self.end_reference(start, values.get("rid", ""), family)
        elif name in NOTES:
            self.end_note(start, values.get("id", ""), NOTES[name])
        elif name in ("pub-date", "date") and self.depths["article-meta"]:
            self.end_date()
        if name in PARAGRAPHS:
            self.builder.end_paragraph()

    def add_own_marker(self) -> None:
        """The marker of a note that stands in the sentence itself (JATS Article Authoring): no `xref` leads there."""
        start, label = self.builder.length, str(self.counts["footnote"] + 1)
        self.builder.write(f"[{label}]")
        self.builder.markers.append(MarkerSpan(start, self.builder.length, label, "footnote"))

    def end_reference(self, start: int, identities: str, family: str) -> None:
        label = self.builder.text_since(start).strip("[]() \n")
        if label and len(label) < 12:
            for identity in identities.split()[:1]:
                self.builder.markers.append(
                    MarkerSpan(start, self.builder.length, label, family, self.find_target(identity))
                )

    def end_note(self, start: int, identity: str, family: str) -> None:
        self.counts[family] += 1
        label = self.labels.pop() if self.labels else str(self.counts[family])
        self.labels.clear()
        self.builder.notes.append(
            NoteSpan(start, self.builder.length, label.strip("[]()."), family, self.find_target(identity))
        )

    def end_date(self) -> None:
        parts = [self.date_parts.get(name, "") for name in ("year", "month", "day")]
        self.said["date"].append("-".join(part.zfill(2) for part in parts if part))
        self.date_parts = {}

    def find_target(self, identity: str) -> int:
        return self.targets.setdefault(identity, len(self.targets) + 1) if identity else 0

    def character_data(self, text: str) -> None:
        if self.skipped_depth or not self.path:
            return
        name = self.path[-1]
        if self.depths["front"] and not self.depths["fn"]:
            self.collect_masthead(name, text)
        elif name == "label" and len(self.path) > 1 and self.path[-2] in NOTES:
            self.labels = ["".join(self.labels) + text]
        else:
            self.write(text)

    def collect_masthead(self, name: str, text: str) -> None:
        if self.depths["article-title"] and self.depths["title-group"]:
            self.said["title"].append(text)
        elif name in NAME_PARTS and self.said[name]:
            self.said[name][-1] += text
        elif name in ("year", "month", "day"):
            self.date_parts[name] = self.date_parts.get(name, "") + text.strip()
        elif self.depths["abstract"]:
            self.write(text)

    def write(self, text: str) -> None:
        line, column = self.place()
        offset = (self.starts[line - 1] if line <= len(self.starts) else 0) + column
        words = " ".join(text.split())
        if words:
            lead = (
                " " if text[0].isspace() and not self.builder.tail.endswith((" ", "\n")) and self.builder.length else ""
            )
            self.builder.write(lead + words, offset)
            self.builder.write(" " if text[-1].isspace() else "")
        elif not self.builder.tail.endswith((" ", "\n")):
            self.builder.write(" ")

    def build_document(self, encoding: str) -> Document:
        names = [
            f"{given} {family}" for given, family in zip(self.said["given-names"], self.said["surname"], strict=False)
        ]
        whole_names = self.said["string-name"] + self.said["collab"]
        metadata = Metadata(
            " ".join("".join(self.said["title"]).split()),
            tuple(" ".join(name.split()) for name in [*names, *whole_names] if name.strip()),
            next(iter(self.said["date"]), ""),
        )
        return self.builder.build_document(FORMAT_NAME, metadata, self.source, encoding)
