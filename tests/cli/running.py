"""The command line as its users call it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPORT = "# A report\n\nJune 2, 2021\n\nA.[^1] B.[^2]\n\n[^1]: <https://news.example.com/a>\n[^2]: <https://t.me/b/1>\n"
LACKING = REPORT.replace("B.[^2]", "B.[^2] C.[^3]")  # CA304: a note is missing


def run(
    folder: Path, *arguments: str, stdin: bytes = b"", shell: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `cite-audit` in a folder, offline; `shell`: a script that runs it as `"$@"`."""
    env = {**os.environ, "CITE_AUDIT_OFFLINE": "true", "XDG_CACHE_HOME": str(folder / "cache"), **more}
    command = [sys.executable, "-m", "cite_audit", *arguments]
    if shell:
        command = ["bash", "-c", shell, "bash", *command]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, input=stdin, timeout=60, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())
