"""Suggestions to raise a grade: the notes whose repair gains most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from cite_audit.frozen_record import frozen_record
from cite_audit.report.counts import format_count
from cite_audit.report.grading.measures import GradeBasis, Measure, compute_concentration, is_crowding
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
# of a note of whose sources nothing is known: one listed publisher more would still be the only one
UNKNOWN_REMEDY = "add two independent publishers that a list knows, list its own (--sources), or say who says so"
MAX_SUGGESTIONS = 3
SMALLEST_GAIN = 0.05  # points; less is not printed as a gain


@frozen_record
class NoteRepair:
    """A note that could be mended: the points it gains alone, and the gravest measure it counts in."""

    gain: float
    note: int
    measure: str


class _MendedGrade:
    """The measures of a report as its notes are mended one after the other; each repair costs the same time."""

    def __init__(self, basis: GradeBasis, preset: Preset) -> None:
        self.preset = preset
        self.factor = compute_run_factor(basis.measures, preset)
        self.results = {
            name: result
            for name, result in basis.measures.items()
            if name in preset.measures and not result.not_run_reason
        }
        self.values = {name: result.value for name, result in self.results.items()}
        self.notes = {name: frozenset(result.notes) for name, result in self.results.items()}
        total_weight = sum(claim.weight for claim in basis.claims) or 1
        self.claim_count = len(basis.claims)
        self.weights: Counter[int] = Counter()
        self.crowding_voices: dict[int, Counter[str]] = {}
        self.counts: Counter[str] = Counter()
        known_notes = set()
        for claim in basis.claims:
            self.weights[claim.note] += claim.weight / total_weight  # type: ignore[assignment]
            if is_crowding(claim, basis.roles):
                self.crowding_voices.setdefault(claim.note, Counter()).update(claim.voices)
                self.counts.update(claim.voices)
            if claim.known_citations:
                known_notes.add(claim.note)
        self.unknown_notes = self.weights.keys() - known_notes

    def score(self) -> float:
        """The score before it is cut off at zero, so that every repair shows its gain."""
        return 100 - sum(self._points(name, value) for name, value in self.values.items())

    def _points(self, name: str, value: float) -> float:
        return self.preset.measures[name].points_at(value, self.results[name].total) * self.factor

    def mend(self, note: int) -> dict[str, float]:
        """The values of the measures that a note counts in, once it counts in none of them."""
        mended = {
            name: max(0.0, self.values[name] - (1 / self.results[name].total if name == Measure.DANGLING else share))
            for share in (self.weights[note],)
            for name, notes in self.notes.items()
            if note in notes and name != Measure.CONCENTRATION
        }
        if Measure.CONCENTRATION in self.values and note in self.crowding_voices:
            gone = sum(
                compute_concentration((self.counts[voice],), self.claim_count)
                - compute_concentration((self.counts[voice] - count,), self.claim_count)
                for voice, count in self.crowding_voices[note].items()
            )
            mended[Measure.CONCENTRATION] = max(0.0, self.values[Measure.CONCENTRATION] - gone)
        return mended

    def measure_gain(self, mended: Mapping[str, float]) -> float:
        """The points that new values gain."""
        return sum(self._points(name, self.values[name]) - self._points(name, value) for name, value in mended.items())

    def keep(self, note: int) -> None:
        """Let a repair stand."""
        self.values |= self.mend(note)
        self.counts.subtract(self.crowding_voices.pop(note, ()))


def suggest_improvements(basis: GradeBasis, preset: Preset, score: float | None) -> tuple[str, ...]:
    """The notes to repair first, each with what to do and the points it gains.

    Then how many notes raise the letter; a `score` of None is that of a report too short for any.
    """
    state = _MendedGrade(basis, preset)
    repairs = _rank_repairs(state)
    hints = [
        f"note {repair.note}: {_describe_remedy(state, repair)} (+{repair.gain:.1f})"
        for repair in repairs
        if repair.gain >= SMALLEST_GAIN
    ][:MAX_SUGGESTIONS]
    if not hints and round(state.score(), 1) < 100:
        hints = [f"note {repair.note}: {_describe_remedy(state, repair)}" for repair in repairs[:MAX_SUGGESTIONS]]
    return (*hints, *_describe_next_letter(state, repairs, preset, score))


def _rank_repairs(state: _MendedGrade) -> list[NoteRepair]:
    """Every note that counts in some measure, the largest gain first."""
    measure_by_note: dict[int, str] = {}
    for name in REMEDIES:
        for note in state.notes.get(name, ()):
            measure_by_note.setdefault(note, name)
    repairs = [
        NoteRepair(state.measure_gain(state.mend(note)), note, measure) for note, measure in measure_by_note.items()
    ]
    return sorted(repairs, key=lambda repair: (-repair.gain, repair.note))


def _describe_remedy(state: _MendedGrade, repair: NoteRepair) -> str:
    if repair.measure == Measure.SINGLE_PUBLISHER and repair.note in state.unknown_notes:
        return UNKNOWN_REMEDY
    return REMEDIES[repair.measure]


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
        state.keep(repair.note)
        if round(state.score(), 1) >= floor:
            return (f"about {format_count(number, 'mended note')} would make it {letter}",)
    return ()
