"""PDF, taken apart by a process of its own (`child_process`) and put together here: lines, notes at the foot, links."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.pdf.boilerplate import remove_boilerplate
from cite_audit.parse.readers.pdf.endnotes import find_endnotes
from cite_audit.parse.readers.pdf.footnotes import find_footnotes
from cite_audit.parse.readers.pdf.lines import assemble_lines, find_body_size, raise_lone_numbers
from cite_audit.parse.readers.pdf.masthead import read_masthead
from cite_audit.parse.readers.pdf.symbol_notes import find_symbol_notes
from cite_audit.parse.readers.pdf.text_writer import TextWriter
from cite_audit.parse.readers.pdf.word_breaks import LineEdges, adds_hyphens

CHILD_SCRIPT = Path(__file__).with_name("child_process.py")
CHILD_DEADLINE = 45.0  # seconds; the child itself may use 30 s of processor time


def read_pdf(data: bytes, path: str) -> Document:
    """The text of a PDF in reading order, page numbers kept; footnotes after the text. Raises ReadError."""
    return build_document(extract_in_child(data, path), path)


def build_document(extraction: dict[str, Any], path: str) -> Document:
    """The document of what the child process gave. Raises ReadError if its pages are only pictures."""
    pages: list[dict[str, Any]] = extraction["pages"]
    if pages and sum(page["characters"] for page in pages) < 3 * len(pages):
        raise ReadError(path, "there is no text in this PDF, only pictures of it; run a text recognition (OCR) first")
    lines = remove_boilerplate([assemble_lines(page, number) for number, page in enumerate(pages)])
    size = find_body_size(lines)
    raise_lone_numbers(lines, size)
    rules = [[(left, width, y) for left, width, y in page["rules"]] for page in pages]
    layout = find_footnotes(lines, rules, size)
    endnotes = find_endnotes(lines, any_label=bool(layout.footnotes))
    if len(endnotes.footnotes) > len(layout.footnotes):
        layout = endnotes
    if not layout.footnotes:
        layout = find_symbol_notes(lines, size)
    has_added_hyphens = adds_hyphens(line for page_lines in lines for line in page_lines)
    edges = LineEdges(lines)
    writer = TextWriter(pages, size, layout.markers, edges=edges, has_added_hyphens=has_added_hyphens)
    writer.write_bodies(layout.bodies)
    writer.write_footnotes(layout.footnotes)
    writer.add_links()
    masthead = read_masthead(extraction.get("metadata", {}), lines, pages[0].get("gaps", []) if pages else [])
    document = writer.builder.build_document("pdf", masthead)
    return replace(document, full_lines=frozenset(writer.full_lines))


def extract_in_child(data: bytes, path: str, deadline: float = CHILD_DEADLINE) -> dict[str, Any]:
    """The runs and links of a PDF, from the child process. Raises ReadError if it gives none in time."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))}
    try:
        # -P: no module of the child's own directory is imported by its bare name
        process = subprocess.run(  # noqa: S603 - our own interpreter, our own file
            [sys.executable, "-P", str(CHILD_SCRIPT)],
            input=data,
            capture_output=True,
            timeout=deadline,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise ReadError(path, f"refused: the PDF was not read within {deadline:.0f} s") from None
    except OSError as error:
        raise ReadError(path, f"no process could be started to read the PDF: {error}") from error
    if process.returncode != 0:
        raise ReadError(path, "refused: reading the PDF took more than 1 GB or 30 s, or it is badly damaged")
    try:
        output = json.loads(process.stdout)
    except ValueError:
        raise ReadError(path, "the PDF is damaged: nothing readable came out of it") from None
    if "missing" in output:
        raise ReadError(path, f"reading PDF needs {output['missing']}: {format_install_command('pdf')}")
    if "problem" in output:
        raise ReadError(path, output["problem"])
    extraction: dict[str, Any] = output
    return extraction
