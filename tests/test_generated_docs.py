"""The pages made from the program say what the program says, and every rule has its place in them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cite_audit.report.findings.rules import load_catalogue

DOCS = Path(__file__).parents[1] / "docs"


def made() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


@pytest.mark.parametrize("name", ["rules.md", "cli.md", "cite-audit.1", "settings.md"])
def test_generated_pages_have_not_drifted(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == made()[name], "run: python docs/generate.py"


def test_every_rule_has_its_section() -> None:
    page = (DOCS / "rules.md").read_text("utf-8")
    for rule in load_catalogue().values():
        assert f"### {rule.code} {rule.name}\n\n{rule.what}" in page


def test_codes_and_names_are_unique_and_every_rule_tells_all() -> None:
    rules = list(load_catalogue().values())
    assert len({r.name for r in rules}) == len(rules)
    assert [r.code for r in rules] == sorted(r.code for r in rules)
    for rule in rules:
        assert all(text.strip() and text.rstrip("`")[-1] in ".)?" for text in (rule.what, rule.why, rule.fix)), (
            rule.code
        )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    words = {"COMP_WORDS": "cite-audit expl", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "cite-audit expl"}
    asked = {"_CITE_AUDIT_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    command = [str(Path(sys.executable).parent / "cite-audit")]
    done = subprocess.run(command, env={**os.environ, **words, **asked}, capture_output=True, text=True, timeout=30)
    assert "explain" in done.stdout
