"""`make pictures`: the pictures of the documentation, taken from real runs against the web of `make demo`.

Each terminal picture is what a command wrote, drawn as SVG; each page is the HTML report in a headless Chromium.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.demo import REPORTS, flags, loopback
from tests.report.render.browser import CHROMIUM

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
COLUMNS = 100
TALKS = relpath(REPORTS / "moscow-talks-2020-09-02.md")
# rich's drawing without the font it would load from elsewhere
DRAWING = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
THEME = TerminalTheme(
    (250, 250, 248),
    (40, 44, 52),
    [
        (40, 44, 52),
        (190, 40, 50),
        (30, 120, 60),
        (150, 95, 0),
        (40, 90, 180),
        (140, 50, 140),
        (0, 115, 130),
        (90, 95, 105),
    ],
)


@dataclass(frozen=True)
class Terminal:
    """One picture: a command, and which of its lines are shown (`begin` and `end` match the first and the last)."""

    name: str
    command: Sequence[str]
    networked: bool = True
    begin: str = ""
    end: str = ""
    most: int = 60


TERMINALS = (
    Terminal("audit", ("audit", TALKS), end="note 19"),
    Terminal("audit-end", ("audit", TALKS), begin="who is cited"),
    Terminal("links", ("links", TALKS), networked=False, most=24),
    Terminal("fix", ("fix", TALKS, "--diff"), most=40),
    Terminal("explain", ("explain", "CA101"), networked=False),
    Terminal("grade", ("grade", TALKS), networked=False),
)


def main() -> int:
    """Take every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with loopback() as (web, wayback), tempfile.TemporaryDirectory() as folder:
        met = flags(web, wayback)
        for terminal in TERMINALS:
            written = _run([*terminal.command, *(met if terminal.networked else ())])
            _draw(terminal, _cut(written, terminal))
        page = Path(folder) / "report.html"
        _run(["audit", TALKS, *met, "-f", f"html={page}"])
        _photograph(page, "report-wide.png", (1200, 1000))
        _photograph(page, "report-phone.png", (420, 1100))
    for picture in sorted(PICTURES.iterdir()):
        print(f"{relpath(picture)}  {picture.stat().st_size // 1000} kB")
    return 0


def _run(arguments: Sequence[str]) -> str:
    """What cite-audit writes to a terminal that shows colours."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "cite_audit", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300).stdout


def _cut(written: str, terminal: Terminal) -> list[str]:
    lines = written.rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in lines]
    first = next((i for i, line in enumerate(plain) if terminal.begin and line.startswith(terminal.begin)), 0)
    last = next((i for i, line in enumerate(plain) if terminal.end and line.startswith(terminal.end)), len(lines))
    shown = lines[first : min(last, first + terminal.most)]
    return [*(["…"] if first else []), *shown, *(["…"] if first + len(shown) < len(lines) else [])]


def _draw(terminal: Terminal, lines: Sequence[str]) -> None:
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in lines:
        console.print(Text.from_ansi(line), no_wrap=True, overflow="ellipsis", crop=True)
    title = " ".join(("cite-audit", *terminal.command))
    drawn = console.export_svg(title=title, theme=THEME, code_format=DRAWING, unique_id=terminal.name)
    (PICTURES / f"{terminal.name}.svg").write_text(drawn.replace("Fira Code, monospace", "monospace"), "utf-8")


def _photograph(page: Path, name: str, size: tuple[int, int]) -> None:
    if CHROMIUM is None:
        print(f"{name} stays as it is: no Chromium here")
        return
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={page.parent / 'profile'}"]
    command += [f"--window-size={size[0]},{size[1]}", f"--screenshot={PICTURES / name}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    raise SystemExit(main())
