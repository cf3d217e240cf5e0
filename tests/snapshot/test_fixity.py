"""A captures folder after damage: nothing intact is lost, and the exit code tells."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("warcio")

from cite_audit.cli.exit_codes import ExitCode
from cite_audit.cli.snapshot_run import CaptureRun, capture_exit_code
from cite_audit.errors import UsageError
from cite_audit.snapshot.collection import write_collection
from cite_audit.snapshot.fixity import check_folder
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.snapshot.warc_records import WarcRecord, is_intact, iter_records
from tests.snapshot.captured_site import WEEK, Site


@pytest.fixture(scope="module")
def whole(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks of two reports that share a page, with a picture and a manifest."""
    directory = tmp_path_factory.mktemp("whole") / "captures"
    for _ in range(2):
        site.snapshot(directory, "one.md", "/1", "/2", again=True)
        site.clock.now += WEEK
    site.snapshot(directory, "two.md", "/2", "/3")
    folder = CaptureFolder(directory)
    with Journal(directory / "captures.journal") as journal:
        for name in ("screenshots/1.png", "manifests/2026-01-01T0000.csv"):
            (directory / name).parent.mkdir()
            (directory / name).write_bytes(b"as written, " * 9)
            journal.record_file(folder.measure_file(name))
        write_collection(folder, journal)
    return directory


def read_records(directory: Path) -> list[WarcRecord]:
    """Every record that can be read, wherever it lies."""
    records: list[WarcRecord] = []
    for place in CaptureFolder(directory).list_places():
        with place.path.open("rb") as stream:
            records += (
                record
                for record in iter_records(stream, place.start, place.size)
                if isinstance(record, WarcRecord) and is_intact(record)
            )
    return records


def intact_records(directory: Path) -> set[tuple[str, str]]:
    """The identity and digest of every intact record."""
    return {
        (record.headers["warc-record-id"], hashlib.sha256(record.block).hexdigest())
        for record in read_records(directory)
    }


def copy_folder(whole: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(whole, target)
    return target


def test_an_untouched_folder_is_whole(whole: Path) -> None:
    result = check_folder(whole)
    assert not result.damages
    assert not result.unchecked
    assert not result.unlisted
    assert result.records > 10


def test_each_run_and_report_has_its_bundle_and_unchanged_pages_are_stored_once(whole: Path) -> None:
    assert len(list((whole / "one").glob("*.wacz"))) == 2
    assert len(list((whole / "two").glob("*.wacz"))) == 1
    bodies = [record.digest for record in read_records(whole) if record.kind == "response"]
    assert len(bodies) == len(set(bodies)) == 3


def test_a_sample_of_a_whole_folder_is_whole_and_says_that_it_is_one(whole: Path) -> None:
    everything = check_folder(whole)
    for share in (0.01, 0.5, 0.99):
        result = check_folder(whole, sample=share)
        assert result.is_sample
        assert not result.damages
        assert result.files == max(1, round(everything.files * share))
    assert not everything.is_sample


def test_a_sample_tells_damage_of_what_it_reads_alone(site: Site, tmp_path: Path) -> None:
    directory = tmp_path / "captures"
    for number in range(1, 5):
        site.snapshot(directory, f"{number}.md", f"/sample{number}")
    folder = CaptureFolder(directory)
    for copy in list_copies(directory).copies:
        (place,) = folder.find_warc(copy.capture.file)
        content = bytearray(place.path.read_bytes())
        content[place.start + (copy.capture.offset or 0) + 200] ^= 0xFF
        place.path.write_bytes(content)
    for share, files in ((0.01, 1), (0.5, 2), (1.0, 4)):
        damages = check_folder(directory, sample=share).damages
        assert len({damage.file for damage in damages}) == files
        assert len({damage.uri_r for damage in damages if damage.uri_r}) == files


def name_files(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_any_missing_file_is_told_and_costs_nothing_else(site: Site, whole: Path, tmp_path: Path) -> None:
    for name in name_files(whole):
        directory = copy_folder(whole, tmp_path / "captures")
        (directory / name).unlink()
        before = intact_records(directory)
        assert check_folder(directory).damages, name
        result = site.snapshot(directory, "two.md", "/2", "/3")
        assert result.shortfalls, name
        assert before <= intact_records(directory), name
        assert {capture.outcome for capture in result.captures} == {Outcome.VERIFIED}, name
        assert len(list_copies(directory).copies) == 3, name


def damage_file(content: bytes, others: list[bytes], data: st.DataObject) -> bytes:
    """The content after one accident: a byte, a lost end, a block of zeros, another file under its name, more bytes."""
    kind = data.draw(st.sampled_from(["byte", "byte", "cut", "zeros", "other"]))
    position = data.draw(st.integers(0, len(content) - 1))
    if kind == "byte":
        return (
            content[:position] + bytes([content[position] ^ data.draw(st.integers(1, 255))]) + content[position + 1 :]
        )
    if kind == "cut":
        return content[:position]
    if kind == "zeros":
        size = min(data.draw(st.integers(1, 4096)), len(content) - position)
        return content[:position] + bytes(size) + content[position + size :]
    return data.draw(st.sampled_from(others))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_damaged_file_costs_no_intact_record_and_is_told(
    site: Site, whole: Path, tmp_path: Path, data: st.DataObject
) -> None:
    directory = copy_folder(whole, tmp_path / "captures")
    names = name_files(directory)
    name = data.draw(st.sampled_from(names))
    content = (directory / name).read_bytes()
    others = [(directory / other).read_bytes() for other in names if other != name]
    damaged = damage_file(content, others, data)
    assume(damaged != content)
    (directory / name).write_bytes(damaged)
    before = intact_records(directory)
    assert check_folder(directory).damages
    result = site.snapshot(directory, "one.md", "/1", "/2", "/4")
    assert result.shortfalls
    assert before <= intact_records(directory)
    assert {capture.outcome for capture in result.captures} == {Outcome.VERIFIED}


def test_a_page_that_dies_in_the_fourth_week_keeps_its_three_copies(tmp_path: Path) -> None:
    site, directory = Site(), tmp_path / "captures"
    days = []
    with site.serving:
        for week in range(1, 4):
            site.text = f"As it stood in week {week}."
            site.snapshot(directory, "weekly.md", "/story", "/other", again=True)
            days.append(f"{datetime.fromtimestamp(site.clock.now, UTC):%Y-%m-%d}")
            site.clock.now += WEEK
        site.gone.add("/story")
        result = site.snapshot(directory, "weekly.md", "/story", "/other", again=True)
    story, other = sorted(result.captures, key=lambda capture: capture.uri_r, reverse=True)
    assert (story.outcome, other.outcome) == (Outcome.DIED, Outcome.VERIFIED)
    assert story.message == f"died; copy of {days[-1]} kept"
    assert capture_exit_code(CaptureRun(result)) == ExitCode.OK
    copies = [copy.capture for copy in list_copies(directory, uri_r=story.uri_r).copies]
    good_copies = [copy for copy in copies if copy.outcome is Outcome.VERIFIED]
    assert [f"{copy.captured_at:%Y-%m-%d}" for copy in good_copies] == days
    folder = CaptureFolder(directory)
    texts = [record.payload for copy in good_copies if (record := folder.read_capture(copy))]
    assert [b"week %d" % week in text for week, text in enumerate(texts, start=1)] == [True] * 3
    assert not check_folder(directory).damages
    collection = json.loads((directory / "collection.json").read_bytes())
    assert len(collection["resources"]) == 4


def test_damage_names_the_page_its_file_and_the_last_good_copy(site: Site, tmp_path: Path) -> None:
    directory = tmp_path / "captures"
    for path in ("/5", "/6"):
        site.snapshot(directory, path.strip("/"), "/5", again=True)
        site.clock.now += WEEK
    second = next((directory / "6").glob("*.wacz"))
    content = bytearray(second.read_bytes())
    with zipfile.ZipFile(second) as package:
        start = package.getinfo(next(name for name in package.namelist() if name.startswith("archive/"))).header_offset
    revisit = next(capture.offset for capture in _copies(directory, "6") if capture.offset)
    content[start + 80 + revisit + 60] ^= 0xFF
    second.write_bytes(content)
    (page,) = {damage.uri_r for damage in check_folder(directory).damages if damage.uri_r}
    assert page.endswith("/5")
    good_copies = {damage.good_copy for damage in check_folder(directory).damages if damage.uri_r}
    assert all("5/" in copy for copy in good_copies)


def _copies(directory: Path, report: str) -> list[Capture]:
    copies = list_copies(directory).copies
    return [
        copy.capture
        for copy in list_copies(directory, uri_r=copies[0].capture.uri_r).copies
        if copy.capture.file.startswith(f"{report}/")
    ]


def test_a_page_that_died_keeps_its_copy_in_front(site: Site, tmp_path: Path) -> None:
    directory = tmp_path / "captures"
    site.snapshot(directory, "one.md", "/dies")
    first_day = f"{datetime.fromtimestamp(site.clock.now, UTC):%Y-%m-%d}"
    site.clock.now += WEEK
    site.gone.add("/dies")
    (capture,) = site.snapshot(directory, "one.md", "/dies", again=True).captures
    assert capture.outcome is Outcome.DIED
    assert capture.message == f"died; copy of {first_day} kept"
    assert f"{capture.captured_at:%Y-%m-%d}" == first_day
    (listed,) = list_copies(directory).copies
    assert listed.capture.outcome is Outcome.DIED
    pages = [zipfile.ZipFile(path).read("pages/pages.jsonl") for path in sorted((directory / "one").glob("*.wacz"))]
    assert [page.count(b'"url"') for page in pages] == [0, 1] or [page.count(b'"url"') for page in pages] == [1, 0]


def test_the_other_reports_citations_stay(whole: Path) -> None:
    shared = next(copy for copy in list_copies(whole).copies if copy.capture.uri_r.endswith("/2"))
    assert [(place.report, place.note) for place in shared.places] == [("one.md", 2), ("two.md", 1)]


def test_a_folder_without_captures_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no captures"):
        check_folder(tmp_path)


def make_earlier_folder(site: Site, directory: Path) -> Path:
    """A folder as versions before 2026-12 left it: one WARC and one bundle of it, no offsets in the journal."""
    site.snapshot(directory, "one.md", "/1", "/2")
    (bundle,) = directory.rglob("*.wacz")
    new_name = f"one/{bundle.stem}.warc.gz"
    (directory / "archive").mkdir()
    with zipfile.ZipFile(bundle) as package, zipfile.ZipFile(directory / "captures.wacz", "w") as earlier:
        for name in package.namelist():
            renamed = name.replace(f"{bundle.stem}.warc.gz", "captures-1.warc.gz")
            if name.startswith("archive/"):
                (directory / "archive" / "captures-1.warc.gz").write_bytes(package.read(name))
            if name.startswith("archive/") or name == "pages/pages.jsonl":
                earlier.writestr(renamed, package.read(name))
        resources = [
            {"name": name, "path": name, "hash": f"sha256:{hashlib.sha256(earlier.read(name)).hexdigest()}"}
            for name in earlier.namelist()
        ]
        earlier.writestr("datapackage.json", json.dumps({"resources": resources}))
    lines = []
    for line in (directory / "captures.journal").read_text().splitlines():
        values = json.loads(line)
        if "uri_r" in values:
            del values["crc"], values["offset"]
            values |= {"file": "captures-1.warc.gz", "uri_m": values["uri_m"].replace(new_name, "captures-1.warc.gz")}
            lines.append(json.dumps(values) + "\n")
    (directory / "captures.journal").write_text("".join(lines))
    shutil.rmtree(directory / "one")
    (directory / "collection.json").unlink()
    return directory


def test_a_folder_of_an_earlier_version_is_read_and_stays(site: Site, tmp_path: Path) -> None:
    directory = make_earlier_folder(site, tmp_path / "captures")
    bundle = directory / "captures.wacz"
    warc = directory / "archive" / "captures-1.warc.gz"
    earlier = {path: path.read_bytes() for path in (bundle, warc)}
    result = site.snapshot(directory, "two.md", "/2", "/3")
    assert not result.shortfalls
    assert [capture.file.partition("/")[0] for capture in result.captures] == ["captures-1.warc.gz", "two"]
    assert all(path.read_bytes() == content for path, content in earlier.items())
    assert not check_folder(directory).damages
    warc.unlink()
    assert [damage.file for damage in check_folder(directory).damages] == ["archive/captures-1.warc.gz"]
    result = site.snapshot(directory, "one.md", "/1")
    assert result.shortfalls
    assert result.captures[0].outcome is Outcome.VERIFIED  # from the bundle
