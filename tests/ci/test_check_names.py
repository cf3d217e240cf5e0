"""The check of names and sizes, and the figures of the code, on small trees and on the package itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_script(name: str, *arguments: str | Path) -> tuple[int, list[str]]:
    command = [sys.executable, str(ROOT / "ci" / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def make_tree(folder: Path, modules: Mapping[str, str]) -> Path:
    for name, text in modules.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def lines(count: int) -> str:
    return "x = 1\n" * count


def function(count: int) -> str:
    return "def count_all():\n" + "    x = 1\n" * (count - 1)


@pytest.mark.parametrize(("modules", "faults"), [
    ({"a": "class Page: ...", "b/c": "class Page: ..."}, ["class Page is defined 2 times: a, b/c"]),
    ({"a": "class Page: ...", "b": "class Leaf:\n    class Page: ..."}, ["class Page is defined 2 times: a, b"]),
    (dict.fromkeys("ab", "def show(): ..."), []),
    (dict.fromkeys("abc", "def show(): ..."), ["function show() is public in 3 modules: a, b, c"]),
    (dict.fromkeys("abc", "def _show(): ..."), []),
    ({name: "class X" + name + ":\n    def show(self): ..." for name in "abc"}, []),
    ({f"parse/readers/{name}": "def read(): ..." for name in "abc"}, []),
    ({"a": lines(300)}, []),
    ({"a": lines(301)}, ["a: 301 lines (at most 300)"]),
    ({"a": function(45)}, []),
    ({"a": "x = 1\n" + function(46)}, ["a:2: count_all() has 46 lines (at most 45)"]),
    ({"tests/a": lines(400)}, []),
])  # fmt: skip
def test_a_fault_is_named_and_what_is_right_passes(tmp_path: Path, modules: dict[str, str], faults: list[str]) -> None:
    assert run_script("check_names.py", make_tree(tmp_path, modules)) == (int(bool(faults)), faults)


@pytest.mark.parametrize("name", ["asking", "link_asking", "asked", "found", "words/told", "asking/__init__"])
def test_a_module_named_by_a_gerund_or_participle_is_a_fault(tmp_path: Path, name: str) -> None:
    code, (fault,) = run_script("check_names.py", make_tree(tmp_path, {name: ""}))
    assert code == 1
    assert fault.startswith(f"{name}: a module is named by a noun")


@pytest.mark.parametrize("name", ["grading", "hedging", "ranking", "found_link", "link", "grading/__init__", "feed"])
def test_nouns_of_the_field_are_nouns(tmp_path: Path, name: str) -> None:
    assert run_script("check_names.py", make_tree(tmp_path, {name: ""})) == (0, [])


def figures(folder: Path) -> dict[str, float]:
    _, (_, *rows) = run_script("measure_code.py", folder)
    return {row[:38].strip(): float(row[38:]) for row in rows}


def test_names_are_counted(tmp_path: Path) -> None:
    text = '''"""Doc."""


def show(one: int, page: int) -> None:  # a remark
    """Doc."""
    for told in range(one):
        page += told


class Page:
    def read_all(self):
        total = 1
        return total

    def __init__(self): ...
'''
    found = figures(make_tree(tmp_path, {"a": text, "b/c": "def show(): ...\n"}))
    assert (found["modules"], found["folders"], found["depth"], found["lines"]) == (2, 2, 2, 16)
    assert found["one-word functions %"] == 66.7  # show, show, read_all; __init__ is not for us to name
    assert found["median function name"] == 4
    assert found["function-word bindings %"] == 28.6  # one, told of one, page, told, page, self, total, self
    assert found["shared function names %"] == 100
    assert found["annotated %"] == 25
    assert found["modules with a docstring %"] == 50


@pytest.mark.parametrize(("modules", "circles"), [
    ({"a": "from pkg.b import f", "b": "import pkg.c", "c": "def g():\n    from pkg import a"}, 1),
    ({"a": "from pkg.b import f", "b": "x = 1"}, 0),
    ({"a": "from .b import f", "b": "from . import a"}, 1),
    ({"a": "from pkg.b import f", "b": "if TYPE_CHECKING:\n    from pkg.a import g"}, 0),
])  # fmt: skip
def test_import_circles_are_found(tmp_path: Path, modules: dict[str, str], circles: int) -> None:
    assert figures(make_tree(tmp_path / "pkg", modules))["import circles"] == circles


def test_a_missed_bar_fails(tmp_path: Path) -> None:
    code, rows = run_script("measure_code.py", "--bars", make_tree(tmp_path, {"a": "def f(): ...\n"}))
    assert code == 1
    assert "one-word functions % is 100.0; the bar is ≤ 45" in rows


@pytest.mark.slow
def test_the_package_keeps_the_bars_of_its_names() -> None:
    package = figures(ROOT / "cite_audit")
    assert package["one-word functions %"] <= 45
    assert package["median function name"] >= 9
    assert package["function-word bindings %"] <= 4
    assert package["shared function names %"] <= 10
    assert (package["class names twice"], package["import circles"]) == (0, 0)
