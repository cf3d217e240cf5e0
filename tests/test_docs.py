"""The documentation leads nowhere that is not there, tells every command, and its examples run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cite_audit import read_report
from cite_audit.cli import COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?\)")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# reports that the examples name → reports that are there
STAND_INS = {
    "report.md": "fixtures/reports/sochi-2020-09-14.md",
    "draft.md": "fixtures/reports/moscow-talks-2020-09-02.md",
    "draft.docx": "fixtures/same-report.docx",
    "reports/": "fixtures/reports",
}
OFFLINE = {"links", "grade", "explain", "config", "schema", "refang", "defang", "sources"}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the common renderers make them."""
    headings = re.findall(r"^#+ +(.*?)\s*$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower())) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = []
    for target in LINK.findall(FENCED.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            missing.append(target)
    assert not missing


def test_every_page_is_in_the_navigation() -> None:
    named = re.findall(r"[\w-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8"))
    assert sorted(named) == sorted(page.name for page in DOCS.glob("*.md"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told(command: str) -> None:
    assert f"## cite-audit {command}\n" in (DOCS / "cli.md").read_text("utf-8")


def test_contributing_names_files_that_are_there() -> None:
    table = [line for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines() if line.startswith("| a")]
    named = {name for line in table for name in re.findall(r"`([\w./*-]+\.(?:py|csv|toml)|[\w./-]+/)`", line)}
    missing = [
        name
        for name in named
        if "NAME" not in name
        and not list((ROOT / "cite_audit").glob(name))
        and not list((ROOT / "cite_audit" / "resolve" / "judge" / "data").glob(name))
    ]
    assert named
    assert not missing


def examples() -> Iterator[str]:
    """The commands of the guides' examples that ask no network and write nothing."""
    for page in (ROOT / "README.md", *sorted(DOCS.glob("for-*.md"))):
        for block in CONSOLE.findall(page.read_text("utf-8")):
            for line in re.sub(r"\\\n", "", block).splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words[:1] != ["cite-audit"] or not line.startswith("$ ") or "|" in words:
                    continue
                quiet = (
                    words[1] in OFFLINE or "--offline" in words or ("--dry-run" in words and "--missing" not in words)
                )
                if quiet and "update" not in words and "--baseline" not in words:
                    yield shlex.join(words)


@pytest.mark.parametrize("example", sorted(set(examples())))
def test_examples_run(example: str, tmp_path: Path) -> None:
    words = [STAND_INS.get(word, word) for word in shlex.split(example)[1:]]
    command = [sys.executable, "-m", "cite_audit", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    findings = words[0] == "audit" and done.returncode == 1 and "--fail-on" in done.stderr
    assert done.returncode == 0 or findings, done.stderr
    assert done.stdout.strip()


def tutorial() -> Iterator[tuple[str, list[str]]]:
    """The tutorial's commands in their order, each with the lines that it is said to write."""
    for block in CONSOLE.findall((DOCS / "first-steps.md").read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            if not command.startswith("pipx"):
                yield command, [line for line in shown if line != "…"]


def test_the_tutorial_can_be_followed_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    """Without a network: what it shows is what the notes, not the pages, make of it."""
    page = (DOCS / "first-steps.md").read_text("utf-8")
    (tmp_path / "draft.md").write_text(page.partition("```markdown\n")[2].partition("```")[0], "utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {"PATH": path, "HOME": str(tmp_path), "CITE_AUDIT_OFFLINE": "true"}
    followed = list(tutorial())
    assert len(followed) == 7
    for command, shown in followed:
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        for line in shown:
            assert line in (done.stdout + done.stderr).splitlines(), command
    assert done.returncode == 0
    assert (tmp_path / "draft.before-cite-audit.md").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_our_own_reader_finds_the_links_of_the_documentation_and_doubts_none(page: Path) -> None:
    report = read_report(str(page))
    found = {citation.link.url for citation in report.citations}
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", FENCED.sub("", page.read_text("utf-8")))  # a picture is no link
    printed = {link for link in LINK.findall(text) if link.startswith("http")}
    assert printed <= found
    assert not [c.link.raw for c in report.citations if c.link.url in printed and c.link.suspects]


def test_decisions_are_found_by_search_behind_the_guides_and_stay_out_of_the_side_bar() -> None:
    configuration = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "decisions" not in configuration.partition("\nnav:")[2]
    assert "decisions/README.md" in (DOCS / "README.md").read_text("utf-8")
    for section in ("Tutorial", "How to", "Reference", "Explanation"):
        assert f"  - {section}:\n" in configuration
