"""Reviewed manuscripts in the LibreOffice that is installed here: opened whole, accepted, rejected, printed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cite_audit.parse import read_report
from tests.review.manuscripts import CONTROL, word_manuscript
from tests.review.test_packages import FIXTURES, fixed_and_reviewed

SESSION = Path(__file__).with_name("office_session.py")
DOCX_FILTER, ODT_FILTER, PDF_FILTER = "MS Word 2007 XML", "writer8", "writer_pdf_Export"


def find_python() -> str:
    """A Python with LibreOffice's bindings; empty where there is none, or no LibreOffice."""
    for python in ("/usr/bin/python3", shutil.which("python3") or ""):
        if python and shutil.which("soffice") and Path(python).exists():
            found = subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60, check=False)
            if found.returncode == 0:
                return python
    return ""


PYTHON = find_python()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON, reason="no LibreOffice with Python (Debian: libreoffice-writer python3-uno)"),
]
# without the control: LibreOffice 7.4 counts one character more before a change behind a control in a note
MANUSCRIPTS = {
    "a.docx": word_manuscript(without=CONTROL),
    "strict.docx": word_manuscript(strict=True, without=CONTROL),
    "commented.docx": word_manuscript(comments=True, without=CONTROL),
    **{
        name: (FIXTURES / name).read_bytes()
        for name in ("same-report.docx", "same-report-writer.docx", "same-report.odt")
    },
}
Session = Callable[[list[dict[str, str]]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def perform(tmp_path_factory: pytest.TempPathFactory) -> Session:
    profile = tmp_path_factory.mktemp("office")

    def perform_jobs(jobs: list[dict[str, str]]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [PYTHON, str(SESSION), str(profile)], input=json.dumps(jobs), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return perform_jobs


def content(path: Path) -> Mapping[str, object]:
    report = read_report(str(path))
    return {
        "notes": [(note.number, note.text) for note in report.notes],
        "links": [(citation.note, citation.link.raw, citation.link.url) for citation in report.citations],
        "markers": [marker.number for marker in report.markers],
    }


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_what_writer_accepts_is_what_fix_writes_and_what_it_rejects_is_what_was(
    name: str, perform: Session, tmp_path: Path
) -> None:
    data = MANUSCRIPTS[name]
    more = {"all_gone": True} if name.startswith("same") else {}
    fixed, reviewed = fixed_and_reviewed(data, name, **more)
    suffix = Path(name).suffix
    jobs = []
    for stem, content_bytes, action in (
        ("old", data, ""),
        ("fixed", fixed, ""),
        ("accepted", reviewed.data, "AcceptAllTrackedChanges"),
        ("rejected", reviewed.data, "RejectAllTrackedChanges"),
    ):
        source = tmp_path / f"{stem}{suffix}"
        source.write_bytes(content_bytes)
        # as ODT: where a link was deleted, the writer of DOCX lays its empty rest upon the text behind it
        jobs.append(
            {
                "source": str(source),
                "target": str(tmp_path / f"{stem}-saved.odt"),
                "action": action,
                "filter": ODT_FILTER,
            }
        )
    theirs = bool(name in ("a.docx", "strict.docx", "commented.docx"))
    if theirs:  # what others changed is accepted and rejected with ours
        jobs[0]["action"], jobs[1]["action"] = "RejectAllTrackedChanges", "AcceptAllTrackedChanges"
    answers = perform(jobs)
    assert answers[2]["texts"] == answers[1]["texts"]
    assert answers[3]["texts"] == answers[0]["texts"]
    assert content(tmp_path / "accepted-saved.odt") == content(tmp_path / "fixed-saved.odt")
    assert content(tmp_path / "rejected-saved.odt") == content(tmp_path / "old-saved.odt")


@pytest.mark.parametrize("name", MANUSCRIPTS)
def test_it_opens_with_all_notes_comments_and_changes_and_prints(name: str, perform: Session, tmp_path: Path) -> None:
    data = MANUSCRIPTS[name]
    more = {"all_gone": True} if name.startswith("same") else {}
    _, reviewed = fixed_and_reviewed(data, name, **more)
    source, old, pdf = tmp_path / f"new-{name}", tmp_path / f"old-{name}", tmp_path / "printed.pdf"
    source.write_bytes(reviewed.data)
    old.write_bytes(data)
    before, after = perform(
        [
            {"source": str(old)},
            {"source": str(source), "target": str(pdf), "filter": PDF_FILTER},
        ]
    )
    assert (after["footnotes"], after["endnotes"]) == (before["footnotes"], before["endnotes"])
    ours = [comment for comment in after["comments"] if comment[0] == "cite-audit"]
    assert len(ours) == len(reviewed.comments)
    assert len(after["comments"]) == len(before["comments"]) + len(ours)
    assert after["changes"].count("cite-audit") >= 2 * len(reviewed.applied)
    assert pdf.read_bytes().startswith(b"%PDF")
