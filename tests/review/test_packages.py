"""Reviewed manuscripts: accepted they are what `fix` writes, rejected what they were, and nothing else is touched."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cite_audit.errors import ReadError
from cite_audit.fix import FixOptions, plan_edits, rewrite_report
from cite_audit.model import Archived, Finding, Grade, Health, Reason, Report, Verdict
from cite_audit.parse import read_report
from cite_audit.parse.readers import choose_reader
from cite_audit.report.findings.evaluation import evaluate_report
from cite_audit.review.reviewed_report import ReviewedReport, review_report
from tests.report.audits import NOW, memento, verdict
from tests.review.manuscripts import DEAD, FAR, WALL, word_manuscript
from tests.review.revisions import count, settle

FIXTURES = Path(__file__).parents[2] / "fixtures"
COPY = memento(DEAD).uri_m
SURE = {
    DEAD: verdict(DEAD, Health.BROKEN, Reason.NOT_FOUND, status=404),
    WALL: verdict(WALL, Health.UNKNOWN, Reason.PAYWALL, status=402),
}
LOST = FAR.replace("&amp;", "&")
SURE[LOST] = verdict(LOST, Health.BROKEN, Reason.PARKED, archived=Archived.NOT_ARCHIVED)
MANUSCRIPTS = {
    "word": word_manuscript(),
    "strict": word_manuscript(strict=True),
    "commented": word_manuscript(comments=True),
}
SAVED = ("same-report.docx", "same-report-writer.docx", "same-report.odt")


def judged(data: bytes, path: str, *, all_gone: bool = False) -> tuple[Report, dict[str, Verdict], tuple[Finding, ...]]:
    report = read_report(path, data)
    gone = {c.link.url: verdict(c.link.url, Health.BROKEN, Reason.GONE, status=410) for c in report.citations}
    known = {url: (gone[url] if all_gone else SURE.get(url, verdict(url))) for url in gone}
    return report, known, evaluate_report(report, known, {}, Grade(True), NOW)


def fixed_and_reviewed(data: bytes, path: str = "a.docx", **more: bool) -> tuple[bytes, ReviewedReport]:
    report, known, findings = judged(data, path, **more)
    options = FixOptions(unsafe=bool(more))

    def reread(new: bytes) -> Report:
        return read_report(path, new)

    plan = list(plan_edits(report, findings, known, options))
    fixed = rewrite_report(data, report, plan, options, reread)
    assert fixed.skipped == ()
    return fixed.data, review_report(data, report, plan, findings, options, moment=NOW, reread=reread)


def seen(data: bytes, path: str = "a.docx") -> object:
    """All that a reader of the document sees: text, targets, notes, markers."""
    document = choose_reader(data, path).read(data, path)
    return document.text, document.hrefs, document.notes, document.markers


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_every_way_to_write_a_link_is_fixed(name: str) -> None:
    data = MANUSCRIPTS[name]
    fixed, _ = fixed_and_reviewed(data)
    before = [(c.note, c.section, c.link.url) for c in read_report("a.docx", data).citations]
    after = [(c.note, c.section, c.link.url) for c in read_report("a.docx", fixed).citations]
    assert after == [(note, section, COPY if url == DEAD else url) for note, section, url in before]
    assert [url for _, _, url in before].count(DEAD) == 13


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_accepted_it_is_what_fix_writes_and_rejected_what_it_was(name: str) -> None:
    data = MANUSCRIPTS[name]
    fixed, reviewed = fixed_and_reviewed(data)
    assert seen(settle(reviewed.data, accept=True)) == seen(fixed)
    assert seen(settle(reviewed.data, accept=False)) == seen(data)
    assert seen(reviewed.data) == seen(fixed)


@pytest.mark.parametrize("path", SAVED)
def test_files_of_word_processors_are_settled_the_same(path: str) -> None:
    data = (FIXTURES / path).read_bytes()
    fixed, reviewed = fixed_and_reviewed(data, path, all_gone=True)
    assert len(reviewed.applied) == 15
    assert seen(settle(reviewed.data, accept=True), path) == seen(fixed, path)
    assert seen(settle(reviewed.data, accept=False), path) == seen(data, path)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {entry.filename: package.read(entry) for entry in package.infolist()}


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_other_parts_stay_to_the_byte_and_every_part_is_well_formed(name: str) -> None:
    before, after = parts(MANUSCRIPTS[name]), parts(fixed_and_reviewed(MANUSCRIPTS[name])[1].data)
    assert [part for part in after if part in before] == list(before)
    allowed = r"word/(document|footnotes|endnotes|comments)\.xml|word/_rels/document\.xml\.rels|\[Content_Types\]\.xml"
    assert all(re.fullmatch(allowed, part) for part in after if before.get(part) != after[part])
    for part in after.values():
        ElementTree.fromstring(part)


def test_marks_are_ours_and_dated_and_have_numbers_of_their_own() -> None:
    data = fixed_and_reviewed(MANUSCRIPTS["word"])[1].data
    text = b"".join(content for name, content in parts(data).items() if "notes" in name or "document" in name).decode()
    marks = re.findall(r"<w:(?:ins|del) [^>]*>", text)
    ours = [mark for mark in marks if 'w:author="cite-audit" w:date="2026-03-02T10:11:12Z"' in mark]
    numbers = re.findall(r'w:id="(\d+)"', "".join(marks))
    assert len(ours) >= 26  # a deletion and an insertion for each of 13 links
    assert len(set(ours)) == len(ours)
    assert {"901", "902", "903"} <= set(numbers)
    assert not {"901", "902", "903"} & set(re.findall(r'w:id="(\d+)"', "".join(ours)))


def test_what_others_inserted_and_deleted_stays_theirs() -> None:
    data = fixed_and_reviewed(MANUSCRIPTS["word"])[1].data
    undone = settle(data, accept=False)
    assert count(undone, "ins", author="Reviewer") == 2  # parted by our insertion, which is no part of theirs
    assert count(undone, "del", author="Reviewer") == 2
    with_theirs_rejected = settle(settle(data, accept=False), accept=False, author="Reviewer")
    assert seen(with_theirs_rejected) == seen(settle(MANUSCRIPTS["word"], accept=False, author="Reviewer"))


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_a_comment_stands_in_the_body_behind_its_notes_marker(name: str) -> None:
    reviewed = fixed_and_reviewed(MANUSCRIPTS[name])[1]
    after = parts(reviewed.data)
    body = after["word/document.xml"].decode()
    assert b"commentReference" not in after["word/footnotes.xml"] + after["word/endnotes.xml"]
    assert "commentRangeStart" not in body  # a range with the marker in it makes LibreOffice repeat the note
    text = after["word/comments.xml"].decode()
    comments = dict(re.findall(r'<w:comment w:id="(\d+)" w:author="cite-audit"[^>]*>(.*?)</w:comment>', text, re.S))
    assert len(comments) == len(reviewed.comments)
    (lost,) = (number for number, comment in comments.items() if "CA106" in comment)
    others = r'(?:<w:r><w:commentReference w:id="\d+"/></w:r>)*'
    mark = rf'<w:commentReference w:id="{lost}"/>'
    assert re.search(rf'<w:footnoteReference w:id="11"/></w:r>{others}<w:r>{mark}', body)
    in_cell = re.findall(r'commentReference w:id="(\d+)"', body[body.index("Cell ") : body.index("</w:tbl>")])
    assert [number for number in in_cell if WALL in comments[number]]  # beside the link itself
    assert sorted(re.findall(r'commentReference w:id="(\d+)"', body)) == sorted(comments)


def test_the_comments_of_others_keep_their_numbers() -> None:
    data = fixed_and_reviewed(MANUSCRIPTS["commented"])[1].data
    comments = parts(data)["word/comments.xml"].decode()
    numbers = re.findall(r'<w:comment w:id="(\d+)" w:author="([^"]*)"', comments)
    assert numbers[0] == ("4", "Reviewer")
    assert [number for number, _ in numbers] == [str(n) for n in range(4, 4 + len(numbers))]
    assert parts(data)["[Content_Types].xml"] == parts(MANUSCRIPTS["commented"])["[Content_Types].xml"]


@pytest.mark.parametrize("path", ["empty.odt", "empty.docx"])
def test_a_document_without_a_paragraph_is_refused(path: str) -> None:
    """There is nothing that a comment could be attached to."""
    data = (FIXTURES / f"same-report.{path[6:]}").read_bytes()
    name, body = ("content.xml", "office:text") if path.endswith("odt") else ("word/document.xml", "w:body")
    emptied = io.BytesIO()
    with zipfile.ZipFile(emptied, "w") as package:
        for part, content in parts(data).items():
            if part == name:
                content = re.sub(rf"(?s)(<{body}\b[^>]*>).*(</{body}>)", r"\1\2", content.decode()).encode()
            package.writestr(part, content)
    report, _, findings = judged(emptied.getvalue(), path)
    assert findings
    with pytest.raises(ReadError, match="has no paragraph that a comment can be attached to"):
        review_report(emptied.getvalue(), report, (), findings, FixOptions(), moment=NOW, reread=lambda new: report)
