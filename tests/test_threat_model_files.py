"""SECURITY.md as tests, continued: what the tree under audit may do to this machine, and who may read what is written.

The names read like the table; one row, one test or more.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cite_audit.store import open_store
from tests.cli.running import run
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.parse.readers import making

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and shells of POSIX")

ROOT = Path(__file__).parents[1]
REPORT = "# R\n\nA.[^1]\n\n[^1]: hxxp://news[.]example/1\n"
PAGE = b"<html><head><title>$(touch PWNED)</title></head><body><p>Its text, as it stood that day.</p></body></html>"
MARK = "HOSTILE_CODE_RAN"


def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    return Answer(200, PAGE, (("Content-Type", "text/html"),))


@pytest.fixture
def flags() -> Iterator[list[str]]:
    with Serving(respond) as serving:
        yield ["--no-config", "--allow-address", "127.0.0.0/8", "--connect-to", f"*:80={serving.netloc}"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "profile").write_text("mine", "utf-8")
    return tmp_path / "tree"


# The tree under audit runs nothing ------------------------------------------------------------------------------------


@pytest.fixture
def hostile_tree(tree: Path) -> Path:
    """A module for every name that Python or a package of ours imports, and a program for all that we call."""
    names = set(sys.stdlib_module_names) | set(importlib.metadata.packages_distributions())
    names |= {"sitecustomize", "usercustomize", "pip", "wacz", "warcio", "encodings", "cite_audit"}
    code = f"import os\nopen({str(tree.parent / MARK)!r}, 'a').write(__name__ + '\\n')\nos._exit(66)\n"
    for name in names:
        if name.isidentifier():
            (tree / f"{name}.py").write_text(code, "utf-8")
    for name in ("python", "python3", "cite-audit", "chromium", "google-chrome", "pip", "git", "cat", "mkdir"):
        (tree / name).write_text(f"#!/bin/sh\necho {name} >> '{tree.parent / MARK}'\n", "utf-8")
        (tree / name).chmod(0o755)
    (tree / "r.pdf").write_bytes(making.pdf_of([making.shown(72, 700, 12, "See https://news.example/1 for that.")]))
    return tree


def call(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The installed program, as users and CI run it: `python -m` would import from the current folder by itself."""
    program = Path(sys.executable).parent / "cite-audit"
    env = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache"), **more}
    return subprocess.run(
        [program, *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_no_module_of_the_tree_is_imported(hostile_tree: Path, flags: list[str]) -> None:
    pytest.importorskip("surt")
    done = call(hostile_tree, "snapshot", "r.md", *flags)
    assert done.returncode == 0, done.stderr
    assert list((hostile_tree / "captures").rglob("*.wacz"))
    done = call(hostile_tree, "audit", "r.md", "r.pdf", "--offline", "--no-config", "--allow-empty")
    assert done.returncode in (0, 1), done.stderr
    assert not (hostile_tree.parent / MARK).exists()


@pytest.mark.slow
def test_no_module_of_the_tree_is_imported_by_the_workers_of_a_corpus(hostile_tree: Path) -> None:
    pytest.importorskip("distributed")
    arguments = ("audit", "r.md", "r.pdf", "--out", "../corpus", "--workers", "2", "--offline", "--no-config")
    done = call(hostile_tree, "corpus", *arguments)
    assert done.returncode == 0, done.stderr
    assert not (hostile_tree.parent / MARK).exists()


def test_no_module_of_the_tree_is_imported_by_the_action(hostile_tree: Path) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    out = {"RUNNER_TEMP": str(hostile_tree.parent / "temp"), "GITHUB_OUTPUT": str(hostile_tree.parent / "output")}
    env = {"PATH": path, "HOME": str(hostile_tree.parent), "CITE_AUDIT_OFFLINE": "true", "REPORTS": "r.md", **out}
    subprocess.run([bash, str(ROOT / "ci" / "github.sh")], cwd=hostile_tree, env=env, check=False, capture_output=True)
    assert "grade=" in (hostile_tree.parent / "output").read_text("utf-8")
    assert not (hostile_tree.parent / MARK).exists()


def test_files_for_ci_start_python_in_isolation_and_pip_outside_the_tree() -> None:
    texts = {name: (ROOT / name).read_text("utf-8") for name in ("action.yml", "ci/github.sh", "docs/ci/gitlab-ci.yml")}
    for name, text in texts.items():
        starts = re.findall(r"\bpython3? +(?!-version)(-\S*|\S+\.py)", text)
        assert starts, name
        assert set(starts) == {"-I"}
        assert not re.search(r"(?<!-m )\bpip3? install", text)
    assert "working-directory: ${{ runner.temp }}" in texts["action.yml"].partition("pip install")[0]


def test_no_word_of_a_file_reaches_a_shell(tree: Path, flags: list[str]) -> None:
    pytest.importorskip("surt")
    name = "$(touch PWNED) `touch PWNED`;touch PWNED.md"
    (tree / name).write_text(REPORT, "utf-8")
    assert call(tree, "snapshot", name, *flags).returncode == 0
    assert not (tree / "PWNED").exists()
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "cite_audit").rglob("*.py")}
    pattern = r"shell=True|os\.system|os\.popen|\beval\(|\bexec\("
    starting = {name for name, source in sources.items() if re.search(pattern, source)}
    assert starting == {"frozen_record.py"}  # an `__init__` of the names of fields, as `dataclasses` writes it


# The tree under audit does not choose where is written ----------------------------------------------------------------

Plant = Callable[[Path, Path], None]


def plant_link(name: str) -> Plant:
    def plant(tree: Path, target: Path) -> None:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).symlink_to(target)

    return plant


@pytest.mark.parametrize(
    ("planted", "target", "command"),
    [
        ("captures/captures.journal", "profile", ["snapshot", "r.md"]),
        ("captures/captures.journal", "new", ["snapshot", "r.md"]),
        ("captures/collection.json", "profile", ["snapshot", "r.md"]),
        ("captures/.collection.json", "profile", ["snapshot", "r.md"]),
        ("captures/r", "folder", ["snapshot", "r.md"]),
        ("captures", "folder", ["snapshot", "r.md"]),
        ("captures", "new", ["snapshot", "r.md"]),
        ("captures", "folder", ["snapshot", "r.md", "--journal", "my.journal"]),
        ("out.csv", "profile", ["snapshot", "r.md", "--dry-run", "-f", "csv=out.csv"]),
        ("r.before-cite-audit.md", "profile", ["fix", "r.md", "--refang", "--write", "--offline"]),
        ("r.before-cite-audit.md", "new", ["fix", "r.md", "--refang", "--write", "--offline"]),
        (".cite-audit-baseline.json", "new", ["baseline", "update", "r.md", "--offline"]),
        ("out.json", "profile", ["audit", "r.md", "--offline", "-f", "json=out.json"]),
        ("out.json", "new", ["audit", "r.md", "--offline", "-f", "json=out.json"]),
        ("out.md", "tree/.git/hooks/pre-commit", ["audit", "r.md", "--offline", "-f", "markdown=out.md"]),
        ("s.db", "new", ["audit", "r.md", "--store", "s.db"]),
    ],
)
def test_a_link_in_the_tree_leads_no_write_out_of_it(
    planted: str, target: str, command: list[str], tree: Path, flags: list[str]
) -> None:
    pytest.importorskip("surt")
    (tree.parent / "folder").mkdir()
    hook = tree / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text("mine", "utf-8")
    plant_link(planted)(tree, tree.parent / target)
    done = call(tree, *command, *flags, CITE_AUDIT_ARCHIVE="false")
    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert (tree.parent / "profile").read_text("utf-8") == hook.read_text("utf-8") == "mine"
    assert not (tree.parent / "new").exists()
    assert not list((tree.parent / "folder").iterdir())


@pytest.mark.parametrize("planted", ["captures/captures.journal", "captures/r", "captures"])
def test_a_capture_that_a_link_keeps_from_being_stored_is_said(planted: str, tree: Path, flags: list[str]) -> None:
    pytest.importorskip("surt")
    (tree.parent / "folder").mkdir()
    plant_link(planted)(tree, tree.parent / ("folder" if planted != "captures/captures.journal" else "profile"))
    done = call(tree, "snapshot", "r.md", *flags)
    assert done.returncode in (2, 3)
    assert "link" in done.stdout + done.stderr
    assert "bundle:" not in done.stdout


def test_a_backup_takes_no_execution_bit_and_keeps_its_suffix(tree: Path) -> None:
    (tree / "r.md").chmod(0o755)
    done = run(tree, "fix", "r.md", "--refang", "--write", "--no-config")
    assert done.returncode == 0, done.stderr
    backup = tree / "r.before-cite-audit.md"
    assert backup.read_text("utf-8") == REPORT
    assert not backup.stat().st_mode & 0o111


def test_a_backup_is_no_report_of_its_folder(tree: Path) -> None:
    assert run(tree, "fix", "r.md", "--refang", "--write", "--no-config").returncode == 0
    assert '"reports":1' in re.sub(r"\s", "", run(tree, "audit", ".", "--no-config", "-f", "json").stdout)


# Other users of this machine ------------------------------------------------------------------------------------------


def test_store_captures_and_journals_are_their_owners_alone(tree: Path, flags: list[str]) -> None:
    pytest.importorskip("surt")
    assert call(tree, "snapshot", "r.md", *flags).returncode == 0
    places = [*(tree / "captures").rglob("*"), tree / "captures", *(tree.parent / "cache").rglob("*")]
    assert len(places) >= 6
    for place in places:
        assert stat.S_IMODE(place.stat().st_mode) == (0o700 if place.is_dir() else 0o600), place


def test_the_users_own_store_that_others_could_read_is_closed_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    open_store("").close()
    path = tmp_path / "cite-audit" / "store.sqlite"
    path.chmod(0o644)
    store = open_store("")
    store.close()
    assert not store.remarks
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# A full disk, a library, a power cut ----------------------------------------------------------------------------------


def test_a_file_of_the_captures_that_cannot_be_made_is_said_and_made_by_the_next_run(
    tree: Path, flags: list[str]
) -> None:
    pytest.importorskip("surt")
    (tree / "captures" / "collection.json").mkdir(parents=True)
    done = call(tree, "snapshot", "r.md", *flags)
    assert done.returncode == 3, done.stderr
    assert "collection.json" in done.stdout
    (tree / "captures" / "collection.json").rmdir()
    assert "collection.json" in call(tree, "snapshot", "r.md", *flags).stdout  # said to have been missing
    assert (tree / "captures" / "collection.json").is_file()
    assert call(tree, "snapshot", "r.md", *flags).returncode == 0
