"""The same report, saved anew by the LibreOffice that is installed here, gives the same notes and links."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cite_audit.model import Report
from cite_audit.parse import read_report
from tests.parse.readers.test_same_report import FIXTURES, INLINE, NOTES, expected

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# the format's filter → the suffix of the file it writes; each begins with the ODT, whose notes are real footnotes
FILTERS = {"docx:MS Word 2007 XML": "docx", "html:HTML (StarWriter)": "html", "pdf": "pdf", "odt": "odt"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice (Debian: apt-get install libreoffice-writer-nogui)"),
]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(params=FILTERS)
def saved(request: pytest.FixtureRequest, profile: Path, tmp_path: Path) -> Report:
    source = "same-report-writer.docx" if request.param == "odt" else "same-report.odt"
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", request.param]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(FIXTURES / source)], capture_output=True, timeout=180, check=True
    )
    return read_report(str(tmp_path / Path(source).with_suffix(f".{FILTERS[request.param]}").name))


def test_what_writer_saves_is_read_the_same(saved: Report) -> None:
    links = {note.number: [link.url for link in note.links] for note in saved.notes}
    assert links == {number: expected(links, saved) for number, links in NOTES.items()}
    assert [one.link.url for one in saved.citations if one.note is None] == expected(INLINE, saved)
    assert [marker.number for marker in saved.markers] == list(NOTES)
