"""Writes the pages that are made from the program itself: `python docs/generate.py`; tests fail when they drift.

docs/rules.md from the catalogue of rules, docs/cli.md and docs/cite-audit.1 from the commands, docs/settings.md from
the fields of the settings, docs/corpus-tables.md from the columns of a corpus.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from cite_audit import __version__
from cite_audit.cli import build_app
from cite_audit.cli.exit_codes import MEANINGS
from cite_audit.config.keys import KEYS, SettingKey, name_variable
from cite_audit.config.settings import CENTURY, FoundRight
from cite_audit.corpus.columns import SCHEMA_VERSION, TABLES, TYPES
from cite_audit.report.findings.rule_pages import render_rules_markdown

HERE = Path(__file__).parent
CODES = [(int(code), meaning) for code, meaning in sorted(MEANINGS.items())]


def pages() -> dict[str, str]:
    """Each generated page by its name in docs/."""
    return {
        "rules.md": render_rules_markdown(),
        "cli.md": reference(),
        "cite-audit.1": manual(),
        "settings.md": settings(),
        "corpus-tables.md": corpus_tables(),
    }


def corpus_tables() -> str:
    """The tables of a corpus."""
    lines = [
        "# Tables of a corpus",
        "",
        f"Version {SCHEMA_VERSION}. Within version 1 columns are added, never renamed, dropped or given another type. "
        "`cite-audit corpus schema` prints this as JSON. What is private is for later stages alone.",
    ]
    for table, columns in TABLES.items():
        lines += ["", f"## {table}", "", "| column | type | what it holds |", "| --- | --- | --- |"]
        lines += [f"| `{name}` | {column.type} | {column.help} |" for name, column in columns.items()]
    lines += ["", "## Types", "", "| type | in Parquet |", "| --- | --- |"]
    lines += [f"| {name} | {parquet} |" for name, parquet in TYPES.items()]
    return "\n".join([*lines, ""])


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups before their members, hidden ones left out."""
    yield from _below("cite-audit", get_command(build_app()))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if getattr(command, "hidden", False):
        return
    yield name, command
    for child in command.list_commands(None) if hasattr(command, "commands") else ():
        yield from _below(f"{name} {child}", command.commands[child])


def options(command: Any) -> Iterator[tuple[str, str]]:
    """What a command takes: how it is written, and what it is for."""
    for param in command.params:
        if getattr(param, "hidden", False) or "completion" in param.name:
            continue
        if param.param_type_name == "argument":
            yield f"{param.human_readable_name}{'…' if param.nargs == -1 else ''}", param.help or ""
            continue
        flags = ", ".join([*param.opts, *param.secondary_opts])
        kind = (param.metavar or param.type.name).upper().removesuffix(" RANGE")
        value = "" if param.is_flag or param.count else f" {kind}"
        default = param.default
        shown = f" [{default}]" if isinstance(default, str | int | float) and default not in ("", 0, False) else ""
        yield f"{flags}{value}", f"{param.help or ''}{shown}"


def reference() -> str:
    """The commands as one Markdown page."""
    lines = ["# Command line", "", "Made from the program by `python docs/generate.py`.", ""]
    for name, command in commands():
        lines += [f"## {name}", "", _summary(command), ""]
        for written, purpose in options(command):
            lines.append(f"- `{written}` {purpose}")
        lines.append("")
    lines += ["## Exit codes", "", "| code | meaning |", "| ---: | --- |"]
    lines += [f"| {code} | {meaning} |" for code, meaning in CODES]
    return "\n".join(lines) + "\n"


def _summary(command: Any) -> str:
    return re.sub(r"\s+", " ", command.help or "").strip()


def settings() -> str:
    """The settings as one Markdown table."""
    lines = [
        "# Settings",
        "",
        "Made from the fields of `cite_audit/config/settings.py` by `python docs/generate.py`. A key with a dot stands",
        "in the table of that name ([configuration](configuration.md)); its variable is written like",
        f"`{name_variable('network.per-host')}`. Times are in seconds here.",
        "",
        "| key | option | default | bounds | a found file, `--config` |",
        "| --- | --- | --- | --- | --- |",
    ]
    for setting in KEYS.values():
        option = f"`--{setting.facts.flag}`" if setting.facts.help else ""
        default = f"`{_default(setting.default)}`"
        lines.append(f"| `{setting.key}` | {option} | {default} | {_bounds(setting)} | {_right(setting.facts.found)} |")
    return "\n".join(lines) + "\n"


def _default(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value) if value is not None else "none"


def _bounds(setting: SettingKey) -> str:
    if not setting.kind.startswith(("int", "float")):
        return ""
    least, most = setting.facts.least, setting.facts.most
    return f"{least:g} or more" if most == CENTURY else f"{least:g} to {most:g}"


def _right(right: FoundRight | None) -> str:
    if right is None:
        return "refused"
    if right.beside:
        return "files in its own folder, links followed, not in `.git`"
    limits = [f"at least {right.least:g}"] * math.isfinite(right.least) + [f"at most {right.most:g}"] * math.isfinite(
        right.most
    )
    return ", ".join(limits) or "any value"


def manual() -> str:
    """The commands as one man page (roff)."""
    lines = [
        f'.TH CITE-AUDIT 1 "" "cite-audit {__version__}" "User Commands"',
        ".SH NAME",
        "cite-audit \\- audit the citations of reports",
        ".SH SYNOPSIS",
        ".B cite-audit",
        ".I COMMAND",
        "[options] [REPORT...]",
    ]
    for name, command in commands():
        lines += [f".SH {name.upper()}", _roff(_summary(command))]
        for written, purpose in options(command):
            lines += [".TP", f".B {_roff(written)}", _roff(purpose)]
    lines.append(".SH EXIT STATUS")
    for code, meaning in CODES:
        lines += [".TP", f".B {code}", _roff(meaning)]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return f"\\&{text}" if text[:1] in (".", "'") else text or "\\&"


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, "utf-8")
        sys.stdout.write(f"docs/{name}\n")
