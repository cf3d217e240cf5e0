"""An atheris target: bytes as a PDF, through what the child process does and what is made of that; only ReadError.

Most inputs choose what stands on well-formed pages (`pdf_writer`), the others are taken for a PDF as they are, or are
written over one. The child's work is done in this process: a crash in PDFium, which users see as a refusal, ends it.

python -m fuzz.fuzz_pdf [libFuzzer options] [corpus]
"""

from __future__ import annotations

import json

import atheris

with atheris.instrument_imports(include=["cite_audit.parse"]):
    from cite_audit.errors import ReadError
    from cite_audit.parse.readers.base import Document
    from cite_audit.parse.readers.pdf.child_process import extract_document
    from cite_audit.parse.readers.pdf.reader import build_document
    from cite_audit.parse.report_builder import build_report

from fuzz.harness import fuzz, refuse_own_fault, split_input
from fuzz.pdf_writer import PdfWriter

FRAME = PdfWriter(atheris.FuzzedDataProvider(b"\xff\x11 some bytes that stand for choices \x07\x02\x15" * 9)).write()


def _write_over(data: bytes) -> bytes:
    """A PDF with bytes put over it at the place that the first two choose."""
    place = int.from_bytes(data[:2], "big") % len(FRAME)
    return FRAME[:place] + data[2:] + FRAME[place + len(data[2:]) :]


def check(data: bytes) -> None:
    """Reads the bytes as a PDF of the kind that the first of them chooses."""
    kind, data = split_input(data, 8)
    if kind < 6:
        data = PdfWriter(atheris.FuzzedDataProvider(data)).write()
    else:
        data = _write_over(data) if kind == 6 else b"%PDF-1.4\n" + data
    extraction = json.loads(json.dumps(extract_document(data)))
    if "problem" in extraction:
        return
    try:
        document: Document = build_document(extraction, "fuzz.pdf")
        build_report(document, "fuzz.pdf")
    except ReadError as error:
        refuse_own_fault(error.problem)


if __name__ == "__main__":
    fuzz(check)
