"""An atheris target: any bytes under any name, through the readers; nothing but ReadError.

python -m fuzz.fuzz_readers [libFuzzer options] [corpus]
"""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["cite_audit.parse"]):
    from cite_audit.errors import ReadError
    from cite_audit.parse import read_report
    from cite_audit.parse.inline_comments import attach_comments  # noqa: F401  loaded late, and to be instrumented
    from cite_audit.parse.readers import READERS, open_reader
    from cite_audit.parse.readers.bibtex import entries as bibtex_entries  # noqa: F401
    from cite_audit.parse.readers.csl import reader as csl_reader  # noqa: F401
    from cite_audit.parse.readers.docx import reader as docx_reader  # noqa: F401
    from cite_audit.parse.readers.html import reader as html_reader  # noqa: F401
    from cite_audit.parse.readers.jats import reader as jats_reader  # noqa: F401
    from cite_audit.parse.readers.latex import reader as latex_reader  # noqa: F401
    from cite_audit.parse.readers.link_table import reader as link_table_reader  # noqa: F401
    from cite_audit.parse.readers.mail import reader as mail_reader  # noqa: F401
    from cite_audit.parse.readers.ris import reader as ris_reader  # noqa: F401
    from cite_audit.parse.readers.rst import reader as rst_reader  # noqa: F401
    from cite_audit.parse.readers.zotero import reader as zotero_reader  # noqa: F401
    from cite_audit.parse.report_builder import build_report  # noqa: F401

    for format_name in READERS:
        open_reader(format_name)

from fuzz.harness import fuzz, refuse_own_fault, split_input

SUFFIXES = sorted({suffix for name in READERS for suffix in open_reader(name).FORMAT.suffixes} - {".pdf"})
HEADS = (b"", b"<!DOCTYPE html><html><body>", b"From: a@b.c\nSubject: s\nMIME-Version: 1.0\nContent-Type: ", b"%TOC\n")


def check(data: bytes) -> None:
    """Reads the bytes as a report whose suffix and first bytes two of them choose."""
    suffix, data = split_input(data, len(SUFFIXES))
    head, data = split_input(data, len(HEADS))
    try:
        read_report(f"fuzz{SUFFIXES[suffix]}", HEADS[head] + data)
    except ReadError as error:
        refuse_own_fault(error.problem)


if __name__ == "__main__":
    fuzz(check)
