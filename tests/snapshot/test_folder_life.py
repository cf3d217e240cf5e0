"""A captures folder among people: renamed, copied, moved, edited, run twice at once. Nothing is lost, all is told."""

from __future__ import annotations

import gzip
import os
import shutil
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("warcio")

from cite_audit.cli.captures_site import build_site
from cite_audit.cli.exit_codes import ExitCode
from cite_audit.cli.snapshot_run import CaptureRun, capture_exit_code
from cite_audit.errors import UsageError
from cite_audit.files import hold_folder
from cite_audit.snapshot.fixity import check_folder
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import Outcome, SnapshotResult
from tests.loopback.wayback import Answer
from tests.snapshot.captured_site import HTML, WEEK, Site


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    """Two reports that share a page."""
    directory = tmp_path / "captures"
    site.snapshot(directory, "one.md", "/1", "/2")
    site.snapshot(directory, "two.md", "/2", "/3")
    return directory


def find_bundle(folder: Path, report: str = "one") -> Path:
    (bundle,) = (folder / report).glob("*.wacz")
    return bundle


def assert_whole(result: SnapshotResult, folder: Path) -> None:
    assert not result.shortfalls
    assert {capture.outcome for capture in result.captures} == {Outcome.VERIFIED}
    assert capture_exit_code(CaptureRun(result)) == ExitCode.OK
    assert not check_folder(folder).damages


def test_a_folder_that_was_moved_is_whole(site: Site, folder: Path) -> None:
    moved = folder.rename(folder.with_name("cold storage"))
    assert_whole(site.snapshot(moved, "one.md", "/1", "/2"), moved)
    assert len(list(moved.rglob("*.wacz"))) == 2  # nothing had to be captured again


def test_a_renamed_bundle_is_the_same_bundle(site: Site, folder: Path) -> None:
    bundle = find_bundle(folder).rename(folder / "one" / "as published.wacz")
    assert not check_folder(folder).damages
    assert str(bundle) in {copy.path for copy in list_copies(folder).copies}
    assert build_site(str(folder.with_name("site")), str(folder), "", "", quiet=2) == ExitCode.OK
    result = site.snapshot(folder, "one.md", "/1", "/2")
    assert_whole(result, folder)
    assert [remark.endswith("is now one/as published.wacz") for remark in result.remarks] == [True]
    (folder / "one").rename(folder / "Report One")
    result = site.snapshot(folder, "one.md", "/1", "/2")
    assert_whole(result, folder)
    paths = {copy.path for copy in list_copies(folder).copies if not copy.capture.uri_r.endswith("/3")}
    assert paths == {str(folder / "Report One" / bundle.name)}
    assert not site.snapshot(folder, "one.md", "/1").remarks
    (folder / "Report One" / bundle.name).unlink()
    assert check_folder(folder).damages
    assert site.snapshot(folder, "two.md", "/3").shortfalls


def test_a_copy_beside_the_original_changes_nothing(site: Site, folder: Path) -> None:
    shutil.copy(find_bundle(folder), folder / "one" / "copy.wacz")
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)
    assert len(list_copies(folder).copies) == 3
    find_bundle(folder, "two").rename(folder / "two" / "renamed.wacz")
    (folder / "one" / "copy.wacz").rename(folder / "copy.wacz")
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)
    (folder / "copy.wacz").rename(folder / "one" / "copy.wacz")
    (folder / "one").rename(folder / "both")
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)


def test_a_name_that_is_no_utf8_is_kept(site: Site, folder: Path) -> None:
    name = os.fsencode(folder / "one") + b"/copy \xff.wacz"
    try:
        shutil.copy(os.fsencode(find_bundle(folder)), name)
    except OSError:
        pytest.skip("this disk has no such names")
    for _ in range(2):
        assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)


def test_files_of_others_are_left_alone(site: Site, folder: Path) -> None:
    block = b"software: another\r\n"
    head = f"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: {len(block)}\r\n\r\n".encode()
    contents = {
        folder / "crawl.warc.gz": gzip.compress(head + block + b"\r\n\r\n"),
        folder / "one" / "crawl.warc.gz": gzip.compress(head + block + b"\r\n\r\n"),
        folder / ".DS_Store": b"x",
        folder / "one" / "desktop.ini": b"x",
        folder / "captures (conflicted copy).journal": b"x",
    }
    for path, content in contents.items():
        path.write_bytes(content)
    assert_whole(site.snapshot(folder, "one.md", "/1", "/4"), folder)
    assert {path: path.read_bytes() for path in contents} == contents


def test_a_run_killed_between_bundle_and_warc_is_finished(site: Site, folder: Path) -> None:
    bundle = find_bundle(folder)
    with zipfile.ZipFile(bundle) as package:
        (member,) = (name for name in package.namelist() if name.startswith("archive/"))
        warc = bundle.with_name(member.rpartition("/")[2])
        warc.write_bytes(package.read(member))
    texts = warc.with_name(warc.name.replace(".warc.gz", ".text.jsonl"))
    texts.write_bytes(b"{}\n")
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)
    assert not warc.exists()
    assert not texts.exists()
    warc.write_bytes(b"another")
    assert site.snapshot(folder, "one.md", "/1", "/2").shortfalls
    assert warc.exists()


def test_two_runs_at_once_never_share_a_folder(site: Site, folder: Path) -> None:
    with hold_folder(folder) as is_held:
        assert is_held
        with pytest.raises(UsageError, match="another run"):
            site.snapshot(folder, "one.md", "/1", journal=folder.with_name("other.journal"))
    assert_whole(site.snapshot(folder, "one.md", "/1"), folder)


def test_a_folder_that_is_gone_is_told_by_a_journal_elsewhere(site: Site, tmp_path: Path) -> None:
    directory, journal = tmp_path / "captures", tmp_path / "kept.journal"
    site.snapshot(directory, "one.md", "/1", journal=journal)
    shutil.rmtree(directory)
    result = site.snapshot(directory, "two.md", "/2", journal=journal)
    assert any("no other copy of" in shortfall for shortfall in result.shortfalls)
    assert capture_exit_code(CaptureRun(result)) == ExitCode.INCOMPLETE


def test_a_journal_with_other_line_ends_is_told_once_and_read(site: Site, folder: Path) -> None:
    journal = folder / "captures.journal"
    journal.write_bytes(journal.read_bytes().replace(b"\n", b"\r\n"))
    assert site.snapshot(folder, "one.md", "/1", "/2").shortfalls
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2"), folder)


def test_names_that_some_disks_take_for_one_never_meet(site: Site, tmp_path: Path) -> None:
    reports = ["Звіт й.md", unicodedata.normalize("NFD", "Звіт й.md"), "звіт й.docx", "ЗВІТ Й.pdf"]
    for number, report in enumerate(reports):
        site.snapshot(tmp_path / "captures", report, f"/{number}")
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.wacz")]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(reports)
    assert_whole(site.snapshot(tmp_path / "captures", reports[0], "/0"), tmp_path / "captures")


REPORTS = [
    "captures.journal.md",
    "collection.json.md",
    "captures.wacz",
    "Archive.md",
    "MANIFESTS.md",
    "aux.md",
    "..",
    "",
]


@pytest.mark.parametrize("report", REPORTS)
def test_no_report_is_named_like_a_file_of_the_folder(folder: Path, report: str) -> None:
    present = {path.name.casefold() for path in folder.iterdir()} - {"one", "two"}
    reserved = {"archive", "manifests", "screenshots", "aux", ".", ".."}
    warc = CaptureFolder(folder).choose_warc(report, datetime(2026, 1, 1, tzinfo=UTC))
    assert warc.partition("/")[0].casefold() not in present | reserved


def test_a_report_named_like_a_file_gets_a_folder_beside_it(site: Site, folder: Path) -> None:
    (folder / "notes").write_text("of the user")
    assert_whole(site.snapshot(folder, "notes.md", "/1", "/5"), folder)
    assert (folder / "notes").read_text() == "of the user"


def test_pages_that_move_or_close_keep_their_copies(tmp_path: Path) -> None:
    site, directory = Site(), tmp_path / "captures"
    pages = ["/2024/05/the-count-at-the-quay", "/closes", "/fails", "/dies"]
    with site.serving:
        site.snapshot(directory, "weekly.md", *pages)
        site.clock.now += WEEK
        site.answers = {
            "/2024/05/the-count-at-the-quay": Answer(302, b"", (("Location", "/"),)),
            "/": Answer(200, b"<title>Home</title><h1>Welcome</h1><p>All our news in one place.</p>", HTML),
            "/closes": Answer(403, b"<title>Just a moment...</title>", (*HTML, ("cf-mitigated", "challenge"))),
            "/fails": Answer(500, b"", HTML),
            "/dies": Answer(410, b"", HTML),
        }
        result = site.snapshot(directory, "weekly.md", *pages, again=True)
    outcomes = {capture.uri_r.rpartition("/")[2]: capture.outcome for capture in result.captures}
    assert outcomes.pop("dies") is Outcome.DIED
    assert set(outcomes.values()) <= {Outcome.DIED, Outcome.KEPT}
    assert capture_exit_code(CaptureRun(result)) == ExitCode.INCOMPLETE  # three may come back
    assert all("kept" in capture.message and capture.verified for capture in result.captures)
    assert not check_folder(directory).damages


def test_a_clock_that_was_set_back_overwrites_nothing(site: Site, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.wacz")}
    now = site.clock.now
    site.clock.now -= timedelta(weeks=5).total_seconds()
    assert_whole(site.snapshot(folder, "one.md", "/1", "/2", again=True), folder)
    assert_whole(site.snapshot(folder, "one.md", "/6"), folder)
    site.clock.now = now
    assert_whole(site.snapshot(folder, "one.md", "/7"), folder)  # the minute of the first run
    assert before.items() <= {path: path.read_bytes() for path in folder.rglob("*.wacz")}.items()
