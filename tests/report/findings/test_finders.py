"""The registry of rules: every rule of the catalogue has its function, and an example in which it fires."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import cite_audit
from cite_audit.config.settings import Ignore
from cite_audit.report.findings.finders import FINDERS, IGNORE_FINDERS
from cite_audit.report.findings.ignores import apply_ignores
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.grading.measures import Measure
from tests.report.audits import audit, everything_wrong, report

TODAY = date(2026, 11, 30)
IGNORES = (
    Ignore("it was down", until=date(2020, 1, 1), rules=("CA101",)),
    Ignore("", rules=("CA101",)),
    Ignore("no such link", report="reports/grid.md", rules=("CA310",)),
)


def fired() -> set[str]:
    """The rules that fire: in a report with all that can be wrong, an empty one, one without notes, three ignores."""
    unlisted = audit([report({}, missing=(41,))])  # a marker, and no list of notes
    examples = (apply_ignores(everything_wrong(), IGNORES, TODAY), audit([report({})]), unlisted)
    return {finding.rule for made in examples for findings in made.findings.values() for finding in findings}


def test_every_rule_fires_in_an_example() -> None:
    assert fired() == set(load_catalogue())


def test_rules_are_spelled_in_the_catalogue_and_where_fixes_are_chosen() -> None:
    """What is said of a rule is a column of its table; other modules ask for the column, not for the code."""
    package = Path(cite_audit.__file__).parent
    spelled = {
        (path.relative_to(package).as_posix(), str(node.value))
        for path in package.rglob("*.py")
        if not path.is_relative_to(package / "report" / "findings")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and re.fullmatch(r"CA\d{1,3}", str(node.value))
    }
    assert {place for place, _ in spelled} == {
        "fix/edit_plan.py",
        "fix/outcome.py",
        "report/render/audit/page/links.py",
        "review/comments.py",
    }
    assert all(any(code.startswith(name) for code in load_catalogue()) for _, name in spelled)


def test_every_rule_has_its_function_and_every_function_its_rule() -> None:
    assert [*FINDERS, *IGNORE_FINDERS] == list(load_catalogue())


@pytest.mark.parametrize("code", [*FINDERS, *IGNORE_FINDERS])
def test_a_function_of_the_registry_takes_the_rule_and_its_subject(code: str) -> None:
    finders: dict[str, Callable[..., object]] = {**FINDERS, **IGNORE_FINDERS}
    assert list(inspect.signature(finders[code]).parameters) == ["rule", "subject"]


def test_a_rule_that_follows_a_measure_names_one_of_the_grade() -> None:
    measures = [rule.measure for rule in load_catalogue().values() if rule.measure]
    assert measures
    assert set(measures) <= set(Measure)
