"""The command line starts quickly because it loads little."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("httpx", "requests", "waybackpy", "tldextract", "rich.console", "asyncio", "selectolax", "dateparser")


def test_help_loads_none_of_the_heavy_packages() -> None:
    script = f"""
import sys
from cite_audit.cli import build_app
build_app()
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (["--version"], 0, "cite-audit "),
    (["--help"], 0, "audit"),
    (["audit", "--help"], 0, "--deadline"),
    (["audit", "--no-such-option", "x.md"], 2, "No such option"),
    (["audit"], 2, "Missing argument"),
    (["no-such-command"], 2, "No such command"),
])  # fmt: skip
def test_usage(arguments: list[str], code: int, says: str) -> None:
    done = subprocess.run([sys.executable, "-m", "cite_audit", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
