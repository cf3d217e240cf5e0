"""What would raise a grade: the notes whose mending gains most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cite_audit.report.grade.measures import Measured, Reading
from cite_audit.report.grade.weights import Preset
from cite_audit.report.render.wording import count

# measure → what mends one of its notes; those that no single note can mend are left out
MENDS: dict[str, str] = {
    "state_media_only_unattributed": "say in the sentence who said it, or add a source outside the state's media",
    "social_only": "add a source that is not a channel or an account",
    "single_publisher": "add a second, independent publisher",
    "self_only": "cite the original instead of the own earlier report",
    "dangling": "supply the missing source",
    "dead_unrecoverable": "replace the dead link",
    "unarchived": "have the page archived, and cite the copy",
}
MOST = 3


def raise_it(reading: Reading, chosen: Preset, score: float | None) -> tuple[str, ...]:
    """The few notes worth mending first, each with what to do and the points it gains.

    Then how many make the next letter; a `score` of None is that of a report too short for any.
    """
    gains: list[tuple[float, int, list[str]]] = []
    run = {name: each for name, each in reading.measures.items() if name in chosen.measures and not each.not_run}
    for note in sorted({note for name in MENDS if name in run for note in run[name].notes}):
        concerned = [name for name in MENDS if name in run and note in run[name].notes]
        mended = _without(run, note, concerned, reading)
        gain = _score(mended, chosen) - _score(run, chosen)
        if gain >= 0.05:
            gains.append((gain, note, concerned))
    gains.sort(key=lambda each: (-each[0], each[1]))
    return tuple(
        f"note {note}: {MENDS[concerned[0]]} (+{gain:.1f})" for gain, note, concerned in gains[:MOST]
    ) + _next_letter(gains, chosen, score)


def _without(run: Mapping[str, Measured], note: int, concerned: list[str], reading: Reading) -> dict[str, Measured]:
    weights = {claim.note: claim.weight for claim in reading.claims}
    total = sum(claim.weight for claim in reading.claims)
    mended = dict(run)
    for name in concerned:
        part = 1 / run[name].of if name == "dangling" else weights.get(note, 1) / total
        mended[name] = replace(run[name], value=max(0.0, run[name].value - part))
    return mended


def _score(measures: Mapping[str, Measured], chosen: Preset) -> float:
    total = sum(chosen.measures[name].weight for name in measures)
    taken = sum(chosen.measures[name].points(each.value) for name, each in measures.items())
    return 100 - taken * 100 / total if total else 100.0


def _next_letter(gains: list[tuple[float, int, list[str]]], chosen: Preset, score: float | None) -> tuple[str, ...]:
    if score is None:
        return ()
    above = sorted((floor, name) for name, floor in chosen.letters.items() if floor > round(score, 1))
    if not above or not gains:
        return ()
    floor, name = above[0]
    reached = score
    for number, (gain, _, _) in enumerate(gains, 1):
        reached += gain
        if reached >= floor:
            return (f"about {count(number, 'mended note')} would make it {name}",)
    return ()
