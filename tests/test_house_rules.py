"""Rules of CONTRIBUTING.md about the tests themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# the servers and clocks of tests/loopback are what the program waits for; everything else waits for an event
SLEEPERS = {"asyncio.sleep", "time.sleep", "sleep"}


def _pauses(tree: ast.AST) -> Iterator[int]:
    """The lines that sleep; `asyncio.sleep(0)` only lets others act."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SLEEPERS and ast.unparse(node.args[0]) != "0":
            yield node.lineno


def test_no_test_sleeps() -> None:
    pauses = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.parent.name != "loopback"
        for line in _pauses(ast.parse(path.read_text("utf-8")))
    ]
    assert pauses == []


@pytest.mark.parametrize(("code", "pauses"), [("time.sleep(0.1)", 1), ("await asyncio.sleep(0)", 0)])
def test_a_pause_is_seen(code: str, pauses: int) -> None:
    assert len(list(_pauses(ast.parse(f"async def test():\n    {code}")))) == pauses
