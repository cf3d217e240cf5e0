"""What holds of every grade."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cite_audit.model import Link, Note, Report
from cite_audit.report.grading import MEASURE_PHRASES
from cite_audit.report.grading.measures import MeasureResult
from cite_audit.report.grading.presets import choose_preset, load_presets
from cite_audit.report.grading.score import assign_letter, compute_points
from tests.report.grading.made import HAPPENED, KINDS, SAID, graded, report

NAMES = [f"{kind}-{n}" for kind in KINDS for n in range(3)]
NOTES = st.lists(st.lists(st.sampled_from(NAMES), max_size=4), min_size=1, max_size=12)
VALUES = st.fixed_dictionaries({name: st.none() | st.floats(0, 1) for name in MEASURE_PHRASES})


def measured(values: dict[str, float | None]) -> dict[str, MeasureResult]:
    return {
        n: MeasureResult(0.0, not_run_reason="nobody looked") if v is None else MeasureResult(v)
        for n, v in values.items()
    }


@given(VALUES, st.sampled_from(sorted(load_presets())), st.sampled_from(sorted(MEASURE_PHRASES)), st.floats(0, 1))
def test_no_measure_raises_a_score_by_getting_worse(
    values: dict[str, float | None], name: str, measure: str, more: float
) -> None:
    before, _ = compute_points(measured(values), choose_preset(name))
    assert 0 <= before <= 100
    if values[measure] is not None:
        worse = {**values, measure: min(1.0, (values[measure] or 0) + more)}
        after, taken = compute_points(measured(worse), choose_preset(name))
        assert after <= before + 1e-9
        order = "ABCDF"
        assert order.index(assign_letter(after, measured(worse), choose_preset(name))) >= order.index(
            assign_letter(before, measured(values), choose_preset(name))
        )
        assert all(0 <= each <= 100 + 1e-9 for each in taken.values())


@settings(deadline=None, max_examples=60)
@given(NOTES, st.sampled_from([SAID, HAPPENED, ""]), st.randoms(use_true_random=False))
def test_the_order_of_notes_and_of_their_links_changes_nothing(
    notes: list[list[str]], sentence: str, chance: random.Random
) -> None:
    made = report(notes, sentence)
    shuffled = list(made.notes)
    chance.shuffle(shuffled)
    turned = tuple(_with(note, tuple(reversed(note.links))) for note in shuffled)
    other = replace(made, notes=turned, markers=tuple(reversed(made.markers)))
    assert _essence(other) == _essence(made)


@settings(deadline=None, max_examples=60)
@given(NOTES, st.sampled_from([SAID, HAPPENED]), st.integers(2, 3))
def test_a_report_printed_twice_is_graded_as_once(notes: list[list[str]], sentence: str, times: int) -> None:
    made = report(notes, sentence)
    again = replace(made, notes=made.notes * times, markers=made.markers * times, citations=made.citations * times)
    assert _essence(again) == _essence(made)
    assert graded(made) == graded(made)


@settings(deadline=None, max_examples=60)
@given(NOTES, st.integers(0, 11))
def test_a_link_repeated_within_its_note_changes_nothing(notes: list[list[str]], which: int) -> None:
    made = report(notes)
    note = made.notes[which % len(notes)]
    if not note.links:
        return
    repeated = Link(note.links[0].raw, note.links[0].url.replace("https://", "http://www.") + "?utm_source=x")
    doubled = _with(note, (*note.links, note.links[0], repeated))
    other = replace(made, notes=tuple(doubled if each is note else each for each in made.notes))
    assert _essence(other) == _essence(made)


@settings(deadline=None, max_examples=60)
@given(NOTES, st.lists(st.integers(50, 60), unique=True, max_size=4))
def test_every_score_is_bounded_and_every_deduction_accounted_for(notes: list[list[str]], missing: list[int]) -> None:
    grade = graded(report(notes, missing=missing))
    if not grade.gradable:
        assert grade.letter is None
        return
    assert grade.score is not None
    assert 0 <= grade.score <= 100
    assert abs(100 - sum(each.points for each in grade.deductions) - grade.score) < 0.5
    assert all(each.notes for each in grade.deductions)


def _with(note: Note, links: tuple[Link, ...]) -> Note:
    return Note(note.number, note.kind, note.text, links=links)


def _essence(made: Report) -> tuple[object, ...]:
    grade = graded(made)
    taken = sorted((each.measure, each.points, each.notes) for each in grade.deductions)
    return grade.letter, grade.score, taken, dict(grade.measures), {n: s.share for n, s in grade.groups.items()}
