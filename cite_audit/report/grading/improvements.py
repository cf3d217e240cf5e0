"""Suggestions to raise a grade: the notes whose repair gains most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cite_audit.report.counts import format_count
from cite_audit.report.grading.claims import Claim
from cite_audit.report.grading.measures import (
    GradeBasis,
    Measure,
    MeasureResult,
    compute_concentration,
    count_voices,
    is_first_hand,
)
from cite_audit.report.grading.presets import Preset, compute_run_factor

# measure → how to repair one of its notes, the gravest first
REMEDIES: dict[str, str] = {
    Measure.STATE_MEDIA_ONLY: "say in the sentence who said it, or add a source outside the state's media",
    Measure.SOCIAL_ONLY: "say in the sentence who said it, add a source that is no account, or show where it was taken",
    Measure.SELF_ONLY: "cite the original instead of the own earlier report",
    Measure.DANGLING: "supply the missing source",
    Measure.DEAD_UNRECOVERABLE: "replace the dead link",
    Measure.SINGLE_PUBLISHER: "add a second, independent publisher that a list knows, or say who says so",
    Measure.UNARCHIVED: "have the page archived, and cite the copy",
    Measure.CONCENTRATION: "rest it on somebody cited less often",
}
MAX_SUGGESTIONS = 3
SMALLEST_GAIN = 0.05  # points; less is not printed as a gain


@dataclass(frozen=True, slots=True)
class NoteRepair:
    """A note that could be mended: the points it gains alone, and the gravest measure it counts in."""

    gain: float
    note: int
    measure: str


class _MendedGrade:
    """The measures of a report as its notes are mended one after the other."""

    def __init__(self, basis: GradeBasis, preset: Preset) -> None:
        self.preset = preset
        self.measures = {
            name: result
            for name, result in basis.measures.items()
            if name in preset.measures and not result.not_run_reason
        }
        self.factor = compute_run_factor(basis.measures, preset)
        self.claims_by_note: dict[int, list[Claim]] = {}
        for claim in basis.claims:
            self.claims_by_note.setdefault(claim.note, []).append(claim)
        crowding = [claim for claim in basis.claims if not is_first_hand(claim, basis.roles)]
        self.crowding_notes = {claim.note for claim in crowding}
        self.counts = count_voices(crowding)
        self.claim_count = len(basis.claims)
        self.total_weight = sum(claim.weight for claim in basis.claims) or 1

    def score(self, measures: Mapping[str, MeasureResult] | None = None) -> float:
        """The score before it is cut off at zero, so that every repair shows its gain."""
        values = self.measures if measures is None else measures
        points = sum(
            self.preset.measures[name].points_at(result.value, result.total) for name, result in values.items()
        )
        return 100 - points * self.factor

    def mend(self, note: int) -> dict[str, MeasureResult]:
        """The measures once a note counts in none of them."""
        mended = dict(self.measures)
        weight = sum(claim.weight for claim in self.claims_by_note.get(note, ())) / self.total_weight
        for name, result in self.measures.items():
            if name != Measure.CONCENTRATION and note in result.notes:
                share = 1 / result.total if name == Measure.DANGLING else weight
                mended[name] = replace(result, value=max(0.0, result.value - share))
        if Measure.CONCENTRATION in mended and note in self.crowding_notes:
            index = compute_concentration(self._count_without(note), self.claim_count)
            mended[Measure.CONCENTRATION] = replace(mended[Measure.CONCENTRATION], value=index)
        return mended

    def _count_without(self, note: int) -> Mapping[str, float]:
        counts = self.counts.copy()
        counts.subtract(count_voices(self.claims_by_note.get(note, ())))
        return counts

    def keep(self, note: int, mended: dict[str, MeasureResult]) -> None:
        """Let a repair stand."""
        self.measures = mended
        if note in self.crowding_notes:
            self.counts.subtract(count_voices(self.claims_by_note.get(note, ())))
            self.crowding_notes.discard(note)


def suggest_improvements(basis: GradeBasis, preset: Preset, score: float | None) -> tuple[str, ...]:
    """The notes to repair first, each with what to do and the points it gains.

    Then how many notes raise the letter; a `score` of None is that of a report too short for any.
    """
    state = _MendedGrade(basis, preset)
    repairs = _rank_repairs(state)
    hints = [
        f"note {repair.note}: {REMEDIES[repair.measure]} (+{repair.gain:.1f})"
        for repair in repairs
        if repair.gain >= SMALLEST_GAIN
    ][:MAX_SUGGESTIONS]
    hints += [
        f"note {repair.note}: {REMEDIES[repair.measure]}" for repair in repairs[: 0 if hints else MAX_SUGGESTIONS]
    ]
    return (*hints, *_describe_next_letter(state, repairs, preset, score))


def _rank_repairs(state: _MendedGrade) -> list[NoteRepair]:
    """Every note that counts in some measure, the largest gain first."""
    before = state.score()
    repairs = []
    for note in sorted({note for name in REMEDIES if name in state.measures for note in state.measures[name].notes}):
        measure = next(name for name in REMEDIES if name in state.measures and note in state.measures[name].notes)
        repairs.append(NoteRepair(state.score(state.mend(note)) - before, note, measure))
    return sorted(repairs, key=lambda repair: (-repair.gain, repair.note))


def _describe_next_letter(
    state: _MendedGrade, repairs: list[NoteRepair], preset: Preset, score: float | None
) -> tuple[str, ...]:
    """How many repairs reach the next letter, by mending them one after the other."""
    if score is None:
        return ()
    higher_letters = sorted((floor, name) for name, floor in preset.letters.items() if floor > round(score, 1))
    if not higher_letters:
        return ()
    floor, letter = higher_letters[0]
    for number, repair in enumerate(repairs, 1):
        mended = state.mend(repair.note)
        state.keep(repair.note, mended)
        if round(state.score(), 1) >= floor:
            return (f"about {format_count(number, 'mended note')} would make it {letter}",)
    return ()
