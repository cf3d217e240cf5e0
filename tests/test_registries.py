"""Every registry of plug-ins: each plug-in satisfies its Protocol, and stands where the documentation promises it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.main import get_command

from cite_audit.cli import COMMANDS, build_app
from cite_audit.cli.options import RUN_OPTIONS, SHARED
from cite_audit.config.keys import FLAGS, KEYS
from cite_audit.parse.readers import READERS, collect_suffixes, open_reader
from cite_audit.parse.readers.base import Editor, Reader
from cite_audit.parse.readers.refusals import find_unread_suffix
from cite_audit.report.render import Subject, list_formats
from cite_audit.resolve.archive.drivers import DRIVERS, Driver, load_driver
from tests.plugins import misfits

DOCS = Path(__file__).parents[1] / "docs"
FORMATS_PAGE = (DOCS / "formats.md").read_text("utf-8")
REPORTS_HEADING = "## Formats of reports\n"
# registry: name of a plug-in → the plug-in; and the Protocol of all its plug-ins. A new registry is one line.
REGISTRIES: dict[str, tuple[dict[str, object], type]] = {
    "readers": ({name: open_reader(name) for name in READERS}, Reader),
    "drivers": ({name: load_driver(name) for name in DRIVERS}, Driver),
}
PLUGINS = [
    pytest.param(plugin, protocol, id=f"{registry}-{name}")
    for registry, (plugins, protocol) in REGISTRIES.items()
    for name, plugin in plugins.items()
]


@pytest.mark.parametrize(("plugin", "protocol"), PLUGINS)
def test_every_plugin_satisfies_its_protocol(plugin: object, protocol: type) -> None:
    assert misfits(plugin, protocol) == []


def test_a_plugin_that_lacks_something_is_noticed() -> None:
    lacking = SimpleNamespace(FORMAT="rst", matches=lambda head, path: False)
    assert misfits(lacking, Reader) == [
        "FORMAT is no FormatFacts",
        "matches() takes ['head', 'path'], not ['head']",
        "read() is missing",
    ]


# Readers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_a_format_says_its_facts(name: str) -> None:
    facts = open_reader(name).FORMAT
    assert facts.name == name
    assert facts.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in facts.suffixes)
    assert not open_reader(name).matches(b"")


def test_no_two_formats_claim_a_suffix() -> None:
    suffixes = [suffix for name in READERS for suffix in open_reader(name).FORMAT.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert collect_suffixes() < set(suffixes)  # lists of links and zip archives are read when they are named


@pytest.mark.parametrize("suffix", [".adoc", ".org", ".ipynb", ".rtf", ".doc", ".pages", ".msg", ".xls", ".typ"])
def test_what_is_refused_is_claimed_by_no_reader(suffix: str) -> None:
    assert find_unread_suffix(f"report{suffix}") == suffix
    assert all(suffix not in open_reader(name).FORMAT.suffixes for name in READERS)


def test_every_way_of_editing_is_some_formats() -> None:
    assert {open_reader(name).FORMAT.editor for name in READERS} == {*Editor, None}


def test_the_facts_of_all_formats_load_without_what_reads_them() -> None:
    script = f"""
import sys
from cite_audit.parse.readers import READERS, collect_suffixes, choose_reader
collect_suffixes()
choose_reader(b"%PDF-1.7", "x")
print(*[name for name in {("zipfile", "email.message", "subprocess", "cite_audit.parse.readers.html.tree")!r}
        if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", READERS)
def test_every_reader_stands_in_the_documentation(name: str) -> None:
    facts = open_reader(name).FORMAT
    row = _table_rows(FORMATS_PAGE.partition(REPORTS_HEADING)[2])[f"`{name}`"]
    suffixes, place, comments, fixed = (cell.strip() for cell in row.split("|")[2:-1])
    assert suffixes == " ".join(f"`{suffix}`" for suffix in facts.suffixes)
    assert ("line" in place) == facts.has_lines
    assert comments == ("yes" if facts.has_comments else "no")
    assert fixed == ("yes" if facts.editor else "no")


# Output formats ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({name for subject in Subject for name in list_formats(subject)}))
def test_every_output_format_stands_in_the_documentation(name: str) -> None:
    assert any(f"`{name}`" in cell for cell in _table_rows(FORMATS_PAGE.partition(REPORTS_HEADING)[0]))


def _table_rows(text: str) -> dict[str, str]:
    """The rows of a table by their first cell."""
    return {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| `")}


# Archives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRIVERS)
def test_every_archive_stands_in_the_documentation_and_in_the_help(name: str) -> None:
    assert re.search(rf"^\| `{name}[:`]", (DOCS / "archives.md").read_text("utf-8"), re.MULTILINE)
    assert name in KEYS["archiving.archives"].facts.help


# Commands and settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_in_one_line(name: str) -> None:
    app = build_app(name)
    assert isinstance(app, typer.Typer)
    summary = (get_command(app).commands[name].help or "").split("\n\n")[0]  # type: ignore[attr-defined]
    assert summary.endswith(".")
    assert len(summary) <= 60


def _options() -> Iterator[str]:
    def below(command: object) -> Iterator[str]:
        for child in getattr(command, "commands", {}).values():
            yield from below(child)
        yield from (parameter.name for parameter in command.params)  # type: ignore[attr-defined]

    yield from below(get_command(build_app()))


def test_every_setting_with_an_option_is_taken_by_some_command() -> None:
    assert set(FLAGS) <= set(_options())


def test_the_shared_options_are_settings_or_options_of_the_run() -> None:
    assert set(SHARED) <= {*FLAGS, *RUN_OPTIONS}
    assert len(SHARED) == len(set(SHARED))


@pytest.mark.parametrize("key", KEYS)
def test_the_default_of_a_setting_is_within_its_bounds(key: str) -> None:
    setting = KEYS[key]
    if isinstance(setting.default, int | float):
        assert setting.facts.least <= setting.default <= setting.facts.most
        if setting.facts.found and not isinstance(setting.default, bool):
            assert setting.facts.found.least <= setting.default <= setting.facts.found.most
