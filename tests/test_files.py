"""Writing of files: where they were meant, whole, with no stranger's mode."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import pytest

from cite_audit.files import (
    check_inside,
    make_private_folder,
    open_for_update,
    replace_file,
    resolve_target,
    temporary_folder,
    write_file,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


ROOT = Path(__file__).parents[1] / "cite_audit"
WRITING = re.compile(
    r"""(?<!self)\.write_(?:text|bytes)\(|\bopen\([^)\n]*["'][rwaxb+]*[wax+][rwaxb+]*["']|os\.(?:replace|rename|open|link)\("""
    r"|mkstemp|NamedTemporaryFile|shutil\.(?:copy|move)|\.mkdir\(|makedirs|\.(?:symlink|hardlink)_to\("
)
# module → why it writes by itself
WRITERS = {
    "files.py": "the one that does",
    "cli/output_files.py": "devices, pipes and descriptors that the shell opened",
    "cli/stdio.py": "opens the null device",
    "resolve/http/descriptors.py": "opens the null device",
    "snapshot/wacz.py": "members of a package whose file files.py opened",
    "snapshot/replay.py": "a key for one picture, in the system's folder for such files",
}


def test_no_other_module_opens_a_file_for_writing() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.py")}
    assert {name for name, text in sources.items() if WRITING.search(text)} == set(WRITERS)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file of the user's, outside the folder `tree`."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "profile").write_text("mine", "utf-8")
    return tmp_path / "profile"


@pytest.mark.parametrize("spelling", ["../profile", "{}/profile", "hop"])
def test_a_link_out_of_its_folder_is_refused_and_what_it_leads_to_stays(spelling: str, outside: Path) -> None:
    tree = outside.parent / "tree"
    (tree / "hop").symlink_to("../profile")
    (tree / "link").symlink_to(spelling.format(outside.parent))
    with pytest.raises(OSError, match="leads out of its folder"):
        write_file(tree / "link", b"theirs")
    with pytest.raises(OSError, match="link"):
        open_for_update(tree / "link")
    assert outside.read_text("utf-8") == "mine"


@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_created_through_a_dangling_link(exists: bool, outside: Path) -> None:
    link = outside.parent / "tree" / "report.before-cite-audit.md"
    link.symlink_to(outside if exists else outside.with_name("hook"))
    with pytest.raises(FileExistsError):
        write_file(link, b"theirs", exclusive=True)
    with pytest.raises(OSError, match="link"):
        open_for_update(link, append=True)
    assert (outside.read_text("utf-8"), outside.with_name("hook").exists()) == ("mine", False)


def test_a_link_to_a_neighbour_is_written_to_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "2026.csv").write_text("old", "utf-8")
    (tmp_path / "2026.csv").chmod(0o640)
    (tmp_path / "latest.csv").symlink_to("2026.csv")
    write_file(tmp_path / "latest.csv", b"new")
    assert (tmp_path / "2026.csv").read_bytes() == b"new"
    assert mode_of(tmp_path / "2026.csv") == 0o640
    assert (tmp_path / "latest.csv").is_symlink()


@pytest.mark.parametrize("hidden", [".git/hooks/pre-commit", "sub/.git/config", ".venv/bin/activate", ".envrc"])
def test_a_link_to_what_is_hidden_is_refused(hidden: str, tmp_path: Path) -> None:
    place = tmp_path / hidden
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine", "utf-8")
    (tmp_path / "link").symlink_to(hidden)
    with pytest.raises(OSError, match="hidden"):
        write_file(tmp_path / "link", b"theirs")
    assert place.read_text("utf-8") == "mine"
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "link").symlink_to("file")  # its folder is hidden, and not from itself
    write_file(tmp_path / ".cache" / "link", b"ours")
    assert (tmp_path / ".cache" / "file").read_bytes() == b"ours"


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="link"):
        write_file(tmp_path / "loop", b"x")
    with pytest.raises(OSError, match="link"):
        resolve_target(tmp_path / "loop")


@pytest.mark.parametrize(("foreign", "taken"), [(0o755, 0o644), (0o4777, 0o666), (0o600, 0o600), (0o444, 0o644)])
def test_a_copy_takes_the_read_and_write_bits_alone(foreign: int, taken: int, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("A", "utf-8")
    (tmp_path / "report.md").chmod(foreign)
    write_file(tmp_path / "copy.md", b"A", mode_source=tmp_path / "report.md", exclusive=True)
    assert mode_of(tmp_path / "copy.md") == taken


def test_a_replaced_file_loses_set_id_bits(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("A", "utf-8")
    (tmp_path / "a").chmod(0o4755)
    write_file(tmp_path / "a", b"B")
    assert mode_of(tmp_path / "a") == 0o755


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_file(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_is_a_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "captures" / "archive").symlink_to("../elsewhere")
    with pytest.raises(OSError, match="leads out of"):
        check_inside(tmp_path / "captures" / "archive" / "x.warc.gz", tmp_path / "captures")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "captures").symlink_to("../elsewhere")
    with pytest.raises(OSError, match="leads out of"):
        check_inside(tmp_path / "tree" / "captures" / "manifest.csv", tmp_path / "tree" / "captures")


def test_what_is_opened_for_update_is_private_and_a_regular_file(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        folder = make_private_folder(tmp_path / "a" / "b")
        with open_for_update(folder / "journal", append=True) as file:
            file.write(b"line\n")
    finally:
        os.umask(previous)
    assert [mode_of(path) for path in (folder.parent, folder, folder / "journal")] == [0o700, 0o700, 0o600]
    os.mkfifo(folder / "pipe")
    with pytest.raises(OSError, match="regular"):
        open_for_update(folder / "pipe")


def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    assert mode_of(make_private_folder(tmp_path / "shared")) == 0o755
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match="no folder"):
        make_private_folder(tmp_path / "file")


def test_a_temporary_folder_goes_with_what_a_killed_run_left(tmp_path: Path) -> None:
    (tmp_path / ".cite-audit-bundle-old").mkdir()
    (tmp_path / ".cite-audit-bundle-old" / "half").write_text("x", "utf-8")
    with temporary_folder(tmp_path, "bundle") as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]
        (folder / "done").write_text("whole", "utf-8")
        replace_file(folder / "done", tmp_path / "done")
    assert [path.name for path in tmp_path.iterdir()] == ["done"]
