"""A bundle that has its name is whole; one that cannot be made is said, and the earlier one stays."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("warcio")
pytest.importorskip("wacz")

from cite_audit.errors import StoreError
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from cite_audit.snapshot.wacz import is_bundle_current, write_wacz
from cite_audit.snapshot.wacz_check import find_bundle_fault
from cite_audit.snapshot.warc_files import WarcFile

URL = "http://news.example/1"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CAPTURE = Capture(
    URL, "local", Outcome.VERIFIED, AT, uri_m=f"captures-1.warc.gz#20260102030405/{URL}", captured_at=AT, file="x"
)


def store_page(directory: Path, url: str = URL, valid_bytes: int = 0, body: bytes = b"<p>News</p>") -> int:
    """Append a page to the WARC file; its length then."""
    reply = Reply(url, 200, (("content-type", "text/html"),), body)
    with WarcFile(directory / "archive" / "captures-1.warc.gz", valid_bytes) as warc:
        return warc.write(Request(url), reply, AT).end


def bundle(directory: Path) -> Path:
    return write_wacz(directory, [CAPTURE], [CaptureRequest(URL)])


def warcs(directory: Path) -> list[Path]:
    return [directory / "archive" / "captures-1.warc.gz"]


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> None:
    """Write the package anew with its files changed (None: left out)."""
    with zipfile.ZipFile(path) as package:
        contents = {name: change(name, package.read(name)) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in {**contents, **(more or {})}.items():
            if content is not None:
                package.writestr(name, content)


def drop_one_record(content: bytes) -> bytes:
    lines = gzip.decompress(content).splitlines(keepends=True)
    return gzip.compress(b"".join(lines[:-1]))


def test_a_bundle_is_whole_and_private_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    store_page(tmp_path)
    path = bundle(tmp_path)
    assert not find_bundle_fault(path, warcs(tmp_path))
    assert is_bundle_current(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["archive", "captures.wacz"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda path: path.unlink(), "not written"),
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "cannot be read"),
        (lambda path: path.write_bytes(b""), "cannot be read"),
        (lambda path: rewrite(path, lambda name, data: None if name == "datapackage.json" else data), "has no datap"),
        (lambda path: rewrite(path, lambda name, data: data + b" " if name == "datapackage.json" else data), "digest"),
        (
            lambda path: rewrite(path, lambda name, data: data + b"\n" if "pages" in name else data),
            "pages.jsonl is not",
        ),
        (lambda path: rewrite(path, lambda name, data: data, {"more.txt": b"x"}), "more.txt is not in its"),
    ],
)
def test_a_damaged_bundle_is_known_and_made_anew(damage: Callable[[Path], object], fault: str, tmp_path: Path) -> None:
    store_page(tmp_path)
    damage(bundle(tmp_path))
    assert fault in find_bundle_fault(tmp_path / "captures.wacz", warcs(tmp_path))
    assert not is_bundle_current(tmp_path)
    assert not find_bundle_fault(bundle(tmp_path), warcs(tmp_path))


def test_a_bundle_lacks_what_was_captured_after_it(tmp_path: Path) -> None:
    end = store_page(tmp_path)
    bundle(tmp_path)
    store_page(tmp_path, "http://news.example/2", end)
    assert "lacks captures" in find_bundle_fault(tmp_path / "captures.wacz", warcs(tmp_path))


def test_an_index_that_lacks_a_record_is_a_fault(tmp_path: Path) -> None:
    import hashlib

    end = store_page(tmp_path)
    store_page(tmp_path, "http://news.example/2", end)
    path = bundle(tmp_path)
    with zipfile.ZipFile(path) as package:
        index = drop_one_record(package.read("indexes/index.cdx.gz"))
        listing = json.loads(package.read("datapackage.json"))
    for entry in listing["resources"]:
        if entry["path"] == "indexes/index.cdx.gz":
            entry |= {"bytes": len(index), "hash": f"sha256:{hashlib.sha256(index).hexdigest()}"}
    package_bytes = json.dumps(listing).encode()
    digest = json.dumps({"hash": f"sha256:{hashlib.sha256(package_bytes).hexdigest()}"}).encode()
    changed = {"indexes/index.cdx.gz": index, "datapackage.json": package_bytes, "datapackage-digest.json": digest}
    rewrite(path, lambda name, data: changed.get(name, data))
    assert find_bundle_fault(path, warcs(tmp_path)) == "its index has 1 of 2 records"


@pytest.mark.parametrize(
    ("main", "fault"),
    [
        ("raise SystemExit('no luck')", "no luck"),
        ("return 0", "not written"),
        ("import pathlib; pathlib.Path(arguments[2]).write_bytes(b'half'); return 0", "cannot be read"),
        ("import os; os._exit(9)", "ended with 9"),
    ],
)
def test_a_library_that_fails_leaves_the_earlier_bundle_and_is_said(
    main: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_page(tmp_path)
    earlier = bundle(tmp_path).read_bytes()
    (tmp_path / "lib" / "wacz").mkdir(parents=True)
    (tmp_path / "lib" / "wacz" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "lib" / "wacz" / "main.py").write_text(f"def main(arguments):\n    {main}\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    with pytest.raises(StoreError, match=fault):
        bundle(tmp_path)
    assert (tmp_path / "captures.wacz").read_bytes() == earlier
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "captures.wacz", "lib"]


def test_the_current_folder_gives_the_library_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("wacz", "json", "warcio", "gzip", "argparse"):
        (tmp_path / f"{name}.py").write_text("import os; os._exit(66)", "utf-8")
    store_page(tmp_path / "captures")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep)  # an empty entry is the current folder
    assert not find_bundle_fault(bundle(Path("captures")), warcs(tmp_path / "captures"))


BUNDLE = """
import resource, sys
from pathlib import Path
from tests.snapshot.test_wacz import bundle
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
bundle(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_full_disk_is_said_and_leaves_no_bundle(tmp_path: Path) -> None:
    end = store_page(tmp_path, body=os.urandom(100_000))
    command = [sys.executable, "-c", BUNDLE, str(tmp_path), str(end + 10)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert "StoreError" in done.stderr.splitlines()[-1]
    assert "was not made" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_no_link_is_bundled(tmp_path: Path) -> None:
    store_page(tmp_path)
    (tmp_path / "secret").write_bytes(warcs(tmp_path)[0].read_bytes())
    (tmp_path / "archive" / "more.warc.gz").symlink_to("../secret")
    with zipfile.ZipFile(bundle(tmp_path)) as package:
        assert [name for name in package.namelist() if name.startswith("archive/")] == ["archive/captures-1.warc.gz"]
