"""An atheris target: any text as a report that comes back reviewed, in each format that holds a review.

python -m fuzz.fuzz_review [libFuzzer options] fuzz/corpus
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import atheris

with atheris.instrument_imports(include=["cite_audit.review", "cite_audit.fix"]):
    from cite_audit.cited_links import collect_links
    from cite_audit.config.settings import Settings
    from cite_audit.errors import ReadError
    from cite_audit.fix import FixOptions, plan_edits
    from cite_audit.parse import read_report
    from cite_audit.pipeline import ReportSet, assess_reports, unchecked_verdicts
    from cite_audit.review.reviewed_report import review_report

from fuzz.harness import fuzz, refuse_own_fault, split_input

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = ("fuzz.md", "fuzz.html", "fuzz.txt", "fuzz.docx", "fuzz.odt")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _pack(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


def _build_docx(lines: list[str]) -> bytes:
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return _pack(
        {
            "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships">'
            f'<Relationship Id="r" Type="{office}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        }
    )


def _build_odt(lines: list[str]) -> bytes:
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    names = f'xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0"'
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
    kind = "application/vnd.oasis.opendocument.text"
    return _pack({"mimetype": kind, "content.xml": content + "</office:document-content>"})


def _build_report(path: str, data: bytes) -> bytes:
    if not path.endswith(("docx", "odt")):
        return data
    lines = NOT_XML.sub("", data.decode("utf-8", "replace")).split("\n")
    return _build_docx(lines) if path.endswith("docx") else _build_odt(lines)


def check(data: bytes) -> None:
    """Reviews a report of these bytes; the review is read again, and marks nothing where there is nothing to say."""
    name, data = split_input(data, len(PATHS))
    path = PATHS[name]
    content = _build_report(path, data)
    try:
        report = read_report(path, content)
    except ReadError as error:
        refuse_own_fault(error.problem)
        return
    audit = assess_reports(ReportSet((report,)), unchecked_verdicts(collect_links([report])), Settings(), now=NOW)
    options, findings = FixOptions(True, "plain"), audit.findings.get(report.path, ())
    edits = plan_edits(report, findings, audit.verdicts, options)
    try:
        reviewed = review_report(
            content, report, edits, findings, options, moment=NOW, reread=lambda new: read_report(path, new)
        )
        read_report(path, reviewed.data)
    except ReadError as error:
        refuse_own_fault(error.problem)
        return
    if not reviewed.applied and not reviewed.comments and reviewed.data != content:
        raise AssertionError("bytes changed without a change")
    if not path.endswith(("docx", "odt")):
        left = iter(reviewed.data)
        if not all(byte in left for byte in content):  # a change shows what was, beside what is proposed
            raise AssertionError("bytes of the report are lost")


if __name__ == "__main__":
    fuzz(check)
