"""What would raise a grade, and that mending never lowers it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cite_audit.config.settings import Grading
from cite_audit.model import Archived, Grade, Health, Verdict
from cite_audit.report.grading import grade_report
from tests.report.grading.made import HAPPENED, KINDS, SAID, graded, report, source, verdict

NAMES = [f"{kind}-{n}" for kind in KINDS for n in range(3)]
KNOWN = [name for name in NAMES if not name.startswith("unknown")]
INDEPENDENT = [f"{kind}-{n}" for kind in ("western", "regional", "official") for n in range(3)]
SENTENCES = st.sampled_from([SAID, HAPPENED, ""])
ANY_NOTES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=2, max_size=12)
KNOWN_NOTES = st.lists(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=3), min_size=2, max_size=12)
PRESETS = st.sampled_from(["event-reporting", "statement-tracking", "cti", "academic", "court", "strict"])
WHICH = st.integers(0, 11)
property_test = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def _add(notes: list[list[str]], which: int, *names: str) -> list[list[str]]:
    index = which % len(notes)
    return [[*each, *names] if at == index else each for at, each in enumerate(notes)]


def _score(grade: Grade) -> float:
    assert grade.score is not None
    return grade.score


@property_test
@given(ANY_NOTES, SENTENCES, PRESETS, WHICH)
def test_two_independent_publishers_more_never_lower_a_score(
    notes: list[list[str]], sentence: str, preset: str, which: int
) -> None:
    chosen = Grading(preset=preset)
    before = graded(report(notes, sentence), settings=chosen)
    assume(before.gradable)
    mended = _add(notes, which, "western-77", "regional-77")
    assert _score(graded(report(mended, sentence), settings=chosen)) >= _score(before)


@property_test
@given(KNOWN_NOTES, SENTENCES, PRESETS, WHICH, st.sampled_from(INDEPENDENT))
def test_one_publisher_more_never_lowers_a_score_however_often_it_is_cited(
    notes: list[list[str]], sentence: str, preset: str, which: int, added: str
) -> None:
    chosen = Grading(preset=preset)
    before = graded(report(notes, sentence), settings=chosen)
    assert _score(graded(report(_add(notes, which, added), sentence), settings=chosen)) >= _score(before)


@property_test
@given(ANY_NOTES, SENTENCES, st.lists(st.sampled_from(["archived", "bare", "dead"]), min_size=36, max_size=36), WHICH)
def test_archiving_a_page_never_lowers_a_score(
    notes: list[list[str]], sentence: str, states: list[str], which: int
) -> None:
    made = report(notes, sentence)
    urls = sorted({citation.link.url for citation in made.citations})
    verdicts = {url: _verdict(url, state) for url, state in zip(urls, states, strict=False)}
    chosen = urls[which % len(urls)]
    before = graded(made, verdicts)
    assume(before.gradable)
    assert _score(graded(made, {**verdicts, chosen: _verdict(chosen, "archived")})) >= _score(before)


def _verdict(url: str, state: str) -> Verdict:
    if state == "dead":
        return verdict(url, Health.BROKEN, Archived.NOT_ARCHIVED)
    return verdict(url, Health.ALIVE, Archived.ARCHIVED if state == "archived" else Archived.NOT_ARCHIVED)


@property_test
@given(ANY_NOTES, SENTENCES, WHICH)
def test_saying_who_says_so_never_lowers_a_score(notes: list[list[str]], sentence: str, which: int) -> None:
    made = report(notes, sentence)
    before = graded(made)
    assume(before.gradable)
    index = which % len(notes)
    markers = tuple(replace(marker, sentence=SAID) if at == index else marker for at, marker in enumerate(made.markers))
    assert _score(graded(replace(made, markers=markers))) >= _score(before)


@property_test
@given(ANY_NOTES, st.sampled_from([SAID, HAPPENED]), PRESETS, st.lists(st.integers(50, 60), unique=True, max_size=3))
def test_below_an_a_something_is_always_said_and_its_gain_is_true(
    notes: list[list[str]], sentence: str, preset: str, missing: list[int]
) -> None:
    chosen = Grading(preset=preset)
    before = graded(report(notes, sentence, missing), settings=chosen)
    if before.letter in ("A", None):
        return
    assert before.suggestions
    for hint in before.suggestions:
        match = re.fullmatch(r"note (\d+): .*\(\+(\d+\.\d)\)", hint)
        if match and int(match[1]) <= len(notes) and _score(before) > 0:
            mended = _add(notes, int(match[1]) - 1, "western-77", "regional-77")
            gain = _score(graded(report(mended, sentence, missing), settings=chosen)) - _score(before)
            assert gain == pytest.approx(float(match[2]), abs=0.16), hint


def test_mending_all_the_notes_that_are_promised_reaches_the_letter() -> None:
    notes = [["state-1"], ["channel-1"], ["western-1"], ["western-1"], ["unknown-1"], *[["official-1"]] * 3]
    before = graded(report(notes))
    assert before.letter == "C"
    assert before.suggestions[-1] == "about 2 mended notes would make it B"
    once = graded(report(_add(notes, 0, "western-77", "regional-77")))
    twice = graded(report(_add(_add(notes, 0, "western-77", "regional-77"), 1, "western-78", "regional-78")))
    assert (once.letter, twice.letter) == ("C", "B")


def test_a_note_on_unknown_sources_is_told_what_helps_it() -> None:
    notes = [["unknown-1"], *[["official-1"]] * 5, ["western-1"]]
    hints = graded(report(notes)).suggestions
    assert hints[0].startswith("note 1: add two independent publishers that a list knows, list its own (--sources)")
    assert hints[1].startswith("note 7: add a second, independent publisher that a list knows")


def test_gains_are_those_of_the_presets_own_weights() -> None:
    made = report([["western-1"], *[["official-1"]] * 5])
    sources = {citation.link.url: source(citation.link.url) for citation in made.citations}
    grade = grade_report(made, {}, sources, Grading(weights={"single_publisher": (0, 0, 1)}))
    assert (grade.score, grade.suggestions) == (100.0, ())
