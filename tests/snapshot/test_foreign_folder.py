"""A captures folder that a stranger filled ends no command, holds none, and leads to no file outside it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("warcio")

from cite_audit.errors import StoreError, UsageError
from cite_audit.snapshot.bag import BagContent, write_bag
from cite_audit.snapshot.collection import COLLECTION_NAME
from cite_audit.snapshot.fixity import check_folder
from cite_audit.snapshot.folder import INDEX_NAME, CaptureFolder, read_index
from cite_audit.snapshot.journal import MAX_JOURNAL, Journal
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.wacz import PAGES_NAME
from tests.snapshot.captured_site import Site

JOURNAL = "captures.journal"
DEEP = "[" * 100_000


@pytest.fixture(scope="module")
def whole(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("foreign") / "captures"
    site.snapshot(directory, "one.md", "/1")
    return directory


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "captures")


def snapshot_and_look_after(site: Site, folder: Path) -> list[str]:
    """What a check finds; a new page is captured, and listed, whatever else lies there."""
    damages = check_folder(folder).damages
    list_copies(folder)
    result = site.snapshot(folder, "two.md", "/2")
    assert [capture.outcome.value for capture in result.captures] == ["archived_verified"]
    assert any(copy.capture.uri_r.endswith("/2") for copy in list_copies(folder).copies)
    return [damage.file for damage in damages]


LISTS = {
    "deep": DEEP,
    "a number": "5",
    "resources: 5": '{"resources": 5}',
    "resources: [5]": '{"resources": [5], "journal": {"bytes": 1, "sha256": "a"}}',
    "no size": '{"resources": [], "journal": {"bytes": 1e999, "sha256": 5}}',
    "a large size": '{"resources": [], "journal": {"bytes": 1%s, "sha256": "a"}}' % ("0" * 60),
    "a size below 0": '{"resources": [], "journal": {"bytes": -5, "sha256": "a"}}',
    "outside": '{"resources": [{"path": "../../../etc/hostname"}, {"path": "a\\u0000"}, {"path": "\\ud800"}]}',
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
def test_a_list_of_bundles_of_any_content_is_damaged(content: str, folder: Path, site: Site) -> None:
    (folder / COLLECTION_NAME).write_text(content)
    assert COLLECTION_NAME in snapshot_and_look_after(site, folder)


PLACE = {"cited": "http://a.example/", "report": "r.md", "note": 1, "raw": "a"}
FILE = {"stored": "x.wacz", "sha256": "0", "bytes": 0}
CAPTURE = {
    "uri_r": "http://a.example/",
    "archive": "local",
    "outcome": "archived_verified",
    "at": "2026-01-01T00:00:00+00:00",
    "captured_at": "2026-01-01T00:00:00+00:00",
    "uri_m": "one/1.warc.gz#20260101000000/http://a.example/",
    "file": "one/1.warc.gz",
}
LINES = {
    "deep": DEEP,
    "an offset below 0": {**CAPTURE, "offset": -5},
    "no number": {**CAPTURE, "offset": "x"},
    "no status": {**CAPTURE, "status": "x"},
    "a file above": {**CAPTURE, "file": "../../x.warc.gz"},
    "before the year 1": {**CAPTURE, "captured_at": "0001-01-01T00:00:00+14:00"},
    "behind the year 9999": {**CAPTURE, "at": "9999-12-31T23:59:59-14:00"},
    "a stored file above": {**FILE, "stored": "../../../etc/hostname"},
    "a device": {**FILE, "stored": "/dev/zero"},
    "a NUL": {**FILE, "stored": "a\0b"},
    "a surrogate": {**FILE, "stored": "\ud800.wacz"},
    "a report of another type": {**PLACE, "report": 5},
    "a note of another type": {**PLACE, "note": {}},
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_of_the_journal_that_no_run_writes_is_damaged(line: object, folder: Path, site: Site) -> None:
    with (folder / JOURNAL).open("a") as file:
        file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
    assert snapshot_and_look_after(site, folder) == [JOURNAL]


@pytest.mark.parametrize("name", ["pipe.wacz", "a" * 300 + ".wacz"], ids=["a pipe", "a long name"])
def test_a_file_that_cannot_be_read_is_damaged(name: str, folder: Path, site: Site) -> None:
    if len(name) < 100:
        os.mkfifo(folder / name)
    with (folder / JOURNAL).open("a") as file:
        file.write(json.dumps({**FILE, "stored": name}) + "\n")
    assert snapshot_and_look_after(site, folder) == [name]


def test_a_journal_without_end_is_refused(folder: Path) -> None:
    os.truncate(folder / JOURNAL, MAX_JOURNAL + 1)
    for writing in (True, False):
        with pytest.raises(UsageError, match="more than 256 MB"):
            Journal(folder / JOURNAL, writing=writing)


def rewrite_member(bundle: Path, name: str, content: bytes, packing: int) -> None:
    with zipfile.ZipFile(bundle) as package:
        members = {member.filename: (member, package.read(member)) for member in package.infolist()}
    bundle.unlink()
    with zipfile.ZipFile(bundle, "w") as package:
        for other, (member, old) in members.items():
            package.writestr(
                other, content if other == name else old, packing if other == name else member.compress_type
            )


MEMBERS = {
    "an index that is deep": (INDEX_NAME, gzip.compress(b"a 1 " + b'{"a":' * 100_000)),
    "an index without places": (INDEX_NAME, gzip.compress(b'a 1 {"url": "a", "digest": "sha1:A"}\n')),
    "an index of a place below 0": (INDEX_NAME, gzip.compress(b'a 1 {"offset": "-5"}\n')),
    "an index in one line": (INDEX_NAME, gzip.compress(b"a" * (20 << 20), 1)),
    "a package that is deep": ("datapackage.json", DEEP.encode()),
    "a package of another kind": ("datapackage.json", b'{"resources": [5]}'),
    "pages that are deep": (PAGES_NAME, b"{}\n" + DEEP.encode()),
}


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "taken in"])
@pytest.mark.parametrize(("name", "content"), MEMBERS.values(), ids=MEMBERS)
def test_a_bundle_of_any_content_is_damaged(
    name: str, content: bytes, is_known: bool, folder: Path, site: Site
) -> None:
    (bundle,) = folder.rglob("*.wacz")
    rewrite_member(bundle, name, content, zipfile.ZIP_DEFLATED)
    if not is_known:
        (folder / JOURNAL).write_text(json.dumps(PLACE) + "\n")
    assert bundle.relative_to(folder).as_posix() in snapshot_and_look_after(site, folder)


def test_an_index_is_read_up_to_its_damage(folder: Path) -> None:
    (bundle,) = folder.rglob("*.wacz")
    good = b'a 1 {"url": "u", "digest": "sha1:A", "mime": "m", "offset": "7", "filename": "f"}\n'
    rewrite_member(bundle, INDEX_NAME, gzip.compress(good + b"broken\n" + good), zipfile.ZIP_STORED)
    assert [entry["offset"] for entry in read_index(bundle)] == ["7"]


def forge_pages(folder: Path, *pages: object) -> None:
    """A bundle that is as its package says, with these pages, and no journal that knows it."""
    (bundle,) = folder.rglob("*.wacz")
    content = b'{"format": "json-pages-1.0"}\n' + b"".join(json.dumps(page).encode() + b"\n" for page in pages)
    rewrite_member(bundle, PAGES_NAME, content, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(bundle) as package:
        described = json.loads(package.read("datapackage.json"))
    for resource in described["resources"]:
        if resource["path"] == PAGES_NAME:
            resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    text = json.dumps(described).encode()
    rewrite_member(bundle, "datapackage.json", text, zipfile.ZIP_DEFLATED)
    digest = json.dumps({"hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}).encode()
    rewrite_member(bundle, "datapackage-digest.json", digest, zipfile.ZIP_DEFLATED)
    (folder / JOURNAL).unlink()
    (folder / COLLECTION_NAME).unlink()


def test_a_file_whose_name_is_no_utf_8_goes_into_no_bag(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("bagit")
    (folder / os.fsdecode(b"\xff.wacz")).write_bytes(b"x")
    with pytest.raises(StoreError, match="cannot be written"):
        write_bag(folder, folder / JOURNAL, tmp_path / "bag", BagContent((), b""), datetime.now(UTC), lambda _: b"")
    assert not (tmp_path / "bag").exists()


def test_of_the_pages_of_a_bundle_those_are_taken_in_that_can_be_read(folder: Path, site: Site) -> None:
    page = {"ts": "2026-01-01T00:00:00Z", "url": "http://a.example/", "cited": "http://a.example/", "offset": 0}
    forge_pages(
        folder,
        {**page, "ts": "0001-01-01T00:00:00+14:00"},
        {**page, "ts": 5},
        {**page, "cited": ["a"]},
        {**page, "offset": -1},
        {**page, "outcome": "x"},
        [],
        page,
    )
    site.snapshot(folder, "two.md", "/2")
    assert [copy.capture.uri_r for copy in list_copies(folder, uri_r="http://a.example/").copies] == [page["cited"]]
    assert not CaptureFolder(folder).list_warcs()
