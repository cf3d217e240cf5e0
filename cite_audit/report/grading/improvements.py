"""Suggestions to raise a grade: the notes whose repair gains most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cite_audit.report.grading.measures import GradeBasis, Measure, MeasureResult
from cite_audit.report.grading.presets import Preset
from cite_audit.report.render.labels import format_count

# measure → how to repair one of its notes; measures that no single note can change are left out
REMEDIES: dict[str, str] = {
    Measure.STATE_MEDIA_ONLY: "say in the sentence who said it, or add a source outside the state's media",
    Measure.SOCIAL_ONLY: "add a source that is not a channel or an account",
    Measure.SINGLE_PUBLISHER: "add a second, independent publisher",
    Measure.SELF_ONLY: "cite the original instead of the own earlier report",
    Measure.DANGLING: "supply the missing source",
    Measure.DEAD_UNRECOVERABLE: "replace the dead link",
    Measure.UNARCHIVED: "have the page archived, and cite the copy",
}
MAX_SUGGESTIONS = 3


def suggest_improvements(basis: GradeBasis, preset: Preset, score: float | None) -> tuple[str, ...]:
    """The notes to repair first, each with what to do and the points it gains.

    Then how many notes raise the letter; a `score` of None is that of a report too short for any.
    """
    gains: list[tuple[float, int, list[str]]] = []
    measures_run = {
        name: entry for name, entry in basis.measures.items() if name in preset.measures and not entry.not_run_reason
    }
    for note in sorted({note for name in REMEDIES if name in measures_run for note in measures_run[name].notes}):
        affected_measures = [name for name in REMEDIES if name in measures_run and note in measures_run[name].notes]
        improved_measures = _measures_without_note(measures_run, note, affected_measures, basis)
        gain = _score_from_measures(improved_measures, preset) - _score_from_measures(measures_run, preset)
        if gain >= 0.05:
            gains.append((gain, note, affected_measures))
    gains.sort(key=lambda each: (-each[0], each[1]))
    return tuple(
        f"note {note}: {REMEDIES[affected_measures[0]]} (+{gain:.1f})"
        for gain, note, affected_measures in gains[:MAX_SUGGESTIONS]
    ) + _describe_next_letter(gains, preset, score)


def _measures_without_note(
    measures_run: Mapping[str, MeasureResult], note: int, affected_measures: list[str], basis: GradeBasis
) -> dict[str, MeasureResult]:
    weights = {claim.note: claim.weight for claim in basis.claims}
    total = sum(claim.weight for claim in basis.claims)
    improved_measures = dict(measures_run)
    for name in affected_measures:
        share = 1 / measures_run[name].total if name == Measure.DANGLING else weights.get(note, 1) / total
        improved_measures[name] = replace(measures_run[name], value=max(0.0, measures_run[name].value - share))
    return improved_measures


def _score_from_measures(measures: Mapping[str, MeasureResult], preset: Preset) -> float:
    total = sum(preset.measures[name].weight for name in measures)
    points_taken = sum(preset.measures[name].points_at(result.value) for name, result in measures.items())
    return 100 - points_taken * 100 / total if total else 100.0


def _describe_next_letter(
    gains: list[tuple[float, int, list[str]]], preset: Preset, score: float | None
) -> tuple[str, ...]:
    if score is None:
        return ()
    higher_letters = sorted((floor, name) for name, floor in preset.letters.items() if floor > round(score, 1))
    if not higher_letters or not gains:
        return ()
    floor, name = higher_letters[0]
    projected_score = score
    for number, (gain, _, _) in enumerate(gains, 1):
        projected_score += gain
        if projected_score >= floor:
            return (f"about {format_count(number, 'mended note')} would make it {name}",)
    return ()
