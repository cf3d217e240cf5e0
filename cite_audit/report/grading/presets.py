"""The weights of a grade: presets from `presets.toml`, and the user's changes to them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cite_audit.errors import ConfigError
from cite_audit.frozen_record import frozen_record
from cite_audit.report.grading.measures import MeasureResult

FAULTLESS_NOTES = 2  # added to the notes counted (Laplace): one bad note of one is no proof of a bad report


@frozen_record
class MeasureWeight:
    """Points a measure can take; shares (0–1) up to which it takes none, and from which it takes all."""

    weight: float
    ok: float
    bad: float

    def points_at(self, value: float, notes: int = 0) -> float:
        """The points taken at a value: a straight line between `ok` and `bad`.

        A share of few notes says less: of n `notes` it counts by n/(n+2), as if two more had been without fault.
        """
        value *= notes / (notes + FAULTLESS_NOTES) if notes else 1.0
        if self.bad <= self.ok:
            return self.weight if value > self.ok else 0.0
        return self.weight * min(1.0, max(0.0, (value - self.ok) / (self.bad - self.ok)))


@frozen_record
class LetterCap:
    """A ceiling: where a measure is above a share, the letter is at most this."""

    above: float
    letter: str


@frozen_record(kw_only=True)
class Preset:
    name: str
    version: str
    says: str
    letters: Mapping[str, float]
    fewest_notes: int
    provisional_above: float
    not_enough_above: float
    military_claims: bool
    caps: Mapping[str, LetterCap]
    measures: Mapping[str, MeasureWeight]


@lru_cache(maxsize=1)
def load_presets() -> dict[str, Preset]:
    """The presets by name."""
    table: dict[str, Any] = tomllib.loads((Path(__file__).parent / "presets.toml").read_text("utf-8"))
    version = table.pop("version")
    return {name: _build_preset(name, version, fields) for name, fields in table.items()}


def _build_preset(name: str, version: str, fields: dict[str, Any]) -> Preset:
    caps = {measure: LetterCap(**cap) for measure, cap in fields.pop("caps").items()}
    measures = {measure: MeasureWeight(**weight) for measure, weight in fields.pop("measures").items()}
    return Preset(name=name, version=version, caps=caps, measures=measures, **fields)


def compute_run_factor(measures: Mapping[str, MeasureResult], preset: Preset) -> float:
    """How much more the measures that were run weigh, since those that were not leave their weight to them."""
    known = {name: result for name, result in measures.items() if name in preset.measures}
    total = sum(preset.measures[name].weight for name in known)
    run = sum(preset.measures[name].weight for name, result in known.items() if not result.not_run_reason)
    return total / run if run else 0.0


def choose_preset(name: str, weights: Mapping[str, Sequence[float]] | None = None) -> Preset:
    """A preset with the user's own figures put in. Raises ConfigError for a name or a figure that makes no sense."""
    known = load_presets()
    if name not in known:
        raise ConfigError(f"unknown preset “{name}”; known are {', '.join(known)}")
    preset = known[name]
    if not weights:
        return preset
    measures = dict(preset.measures)
    for measure, figures in weights.items():
        if measure not in measures:
            raise ConfigError(f"unknown measure “{measure}”; known are {', '.join(measures)}")
        if len(figures) != 3 or figures[0] < 0 or not 0 <= figures[1] <= 1 or not 0 <= figures[2] <= 1:
            raise ConfigError(f"{measure}: wants weight ≥ 0, then ok and bad between 0 and 1; got {list(figures)}")
        measures[measure] = MeasureWeight(*map(float, figures))
    return replace(preset, version=f"{preset.version}, changed", measures=measures)
