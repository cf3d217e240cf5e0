"""The project's address is one constant, a release writes it everywhere, and what is built holds what it should."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from cite_audit import __version__
from cite_audit.project import PROJECT_URL

ROOT = Path(__file__).parents[2]
NEW = "https://code.example/press/cite-audit"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TEXTS = {".md", ".toml", ".yml", ".sh", ".py", ".txt", ".1"}


def set_release(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "ci/set_release.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a release may change."""
    for folder in ("ci", "docs", "post"):
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__", "pictures"))
    (tmp_path / "cite_audit").mkdir()
    names = ("README.md", "pyproject.toml", "mkdocs.yml", "action.yml", "CONTRIBUTING.md", "SECURITY.md")
    for name in (*names, "cite_audit/__init__.py", "cite_audit/project.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def read_all(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.*")) if path.suffix in TEXTS)


def test_a_release_writes_address_commit_and_version_wherever_they_stand(project: Path) -> None:
    init = project / "cite_audit/__init__.py"
    init.write_text(init.read_text("utf-8").replace(f'"{__version__}"', '"7.8.9rc1"'), "utf-8")
    before = read_all(project)
    done = set_release(project, NEW, COMMIT)
    assert done.returncode == 0, done.stderr
    text = read_all(project)
    assert PROJECT_URL not in text
    assert text.count(NEW) == before.count(PROJECT_URL) > 10
    used = re.findall(r"uses: (\S*cite-audit\S*) # (\S+)", text)
    assert len(used) >= 7
    assert {commit.partition("@")[2] for commit, _ in used} == {COMMIT}
    assert {action.partition("@")[0] for action, _ in used} == {"press/cite-audit", "press/cite-audit/post"}
    assert {version for _, version in used} == {"v7.8.9rc1"}
    assert set(re.findall(rf"{NEW}/(?:archive|blob|raw)/(v[\w.]+?)(?:\.tar\.gz|/)", text)) == {"v7.8.9rc1"}
    again = set_release(project, NEW, COMMIT)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize("arguments", [("code.example/cite-audit", COMMIT), (NEW, "v1"), ("https://a/b/c/d", COMMIT)])
def test_what_is_no_address_or_no_full_commit_is_refused(project: Path, arguments: tuple[str, str]) -> None:
    before = read_all(project)
    assert set_release(project, *arguments).returncode != 0
    assert read_all(project) == before


def test_the_projects_own_files_agree_with_the_constant() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert all(url.startswith(PROJECT_URL) for url in urls.values())
    readme = (ROOT / "README.md").read_text("utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme)
    assert pictures
    for picture in pictures:  # an index shows the README, and holds no pictures
        start = f"{PROJECT_URL}/raw/v{__version__}/"
        assert picture.startswith(start)
        assert (ROOT / picture.removeprefix(start)).is_file()
    everything = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.*") if path.suffix in TEXTS)
    assert not re.search(r"\bOWNER/|uses: cite-audit\S*@v", everything + readme)


def build(folder: Path, *, without: str = "", more: str = "") -> None:
    """A wheel and an sdist of empty files, named as ours are."""
    wheel = ["cite_audit/py.typed", "cite_audit/report/findings/rules.toml", "cite_audit/report/sources/data/a.csv"]
    wheel += ["a-1.data/data/share/man/man1/cite-audit.1", "a-1.dist-info/licenses/LICENSE"]
    sdist = ["LICENSE", "README.md", "CHANGELOG.md", "Makefile", "constraints.txt", "action.yml", "post/action.yml"]
    sdist += [f"{name}/a" for name in ("cite_audit", "tests", "fixtures", "docs", "ci")]
    with zipfile.ZipFile(folder / "a-1.whl", "w") as archive:
        for name in wheel + [more] * bool(more):
            if name != without:
                archive.writestr(name, "")
    with tarfile.open(folder / "a-1.tar.gz", "w:gz") as packed:
        for name in sdist:
            if name != without:
                packed.addfile(tarfile.TarInfo(f"a-1/{name}"), io.BytesIO())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"without": "a-1.data/data/share/man/man1/cite-audit.1"}, "nothing matches"),
        ({"without": "a-1.dist-info/licenses/LICENSE"}, "nothing matches"),
        ({"without": "tests/a"}, "nothing matches tests/"),
        ({"more": "tests/test_a.py"}, "tests/test_a.py is no part of the program"),
        ({"more": "cite_audit/__pycache__/a.pyc"}, "has no place there"),
    ],
)
def test_what_a_build_lacks_or_holds_too_much_is_told(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    build(tmp_path, **changes)
    command = [sys.executable, str(ROOT / "ci/check_release.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is (told == "")
    assert told in done.stdout
