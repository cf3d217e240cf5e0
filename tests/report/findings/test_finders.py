"""The registry of rules: every rule of the catalogue has its function, and an example in which it fires."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date

import pytest

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
