"""Dublin Core of a report, as OAI-PMH's `oai_dc` record, which repositories take in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from cite_audit.model import Report
from cite_audit.urls import url_host

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def build_dublin_core(report: Report, name: str, relations: Sequence[str] = ()) -> bytes:
    """The record of a report that is handed over as `name`; `relations`: the files that belong to it."""
    for prefix, namespace in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
        ET.register_namespace(prefix, namespace)
    root = ET.Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} {OAI_DC.rstrip('/')}.xsd"})
    for element, value in _iter_statements(report, name, relations):
        if text := _clean_text(value):
            ET.SubElement(root, f"{{{DC}}}{element}").text = text
    ET.indent(root)
    content: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return content + b"\n"


def _iter_statements(report: Report, name: str, relations: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = {citation.link.url for citation in report.citations}
    yield "title", report.title or name
    yield from (("creator", author) for author in report.authors)
    yield "publisher", report.publisher
    yield "date", report.published.isoformat() if report.published else ""
    yield "language", report.language
    yield "type", "Text"
    yield "identifier", name
    hosts = len({url_host(page) for page in pages})
    yield "description", f"It cites {len(pages)} pages of {hosts} sites." if pages else ""
    yield from (("relation", relation) for relation in relations)


def _clean_text(value: str) -> str:
    """Text without the characters that XML 1.0 §2.2 has not."""
    is_allowed = (character if character >= " " and not _is_forbidden(character) else " " for character in value)
    return " ".join("".join(is_allowed).split())


def _is_forbidden(character: str) -> bool:
    return "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff"
