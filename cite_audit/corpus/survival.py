"""How long citations last: the Kaplan–Meier estimate of the share still there, by years since they were cited.

Kaplan and Meier 1958, by SciPy; bands of 95 % by Greenwood's formula on the log-log scale. A death is placed midway
between the last time a link was known to be there (cited, well archived, or seen) and the first look that found it
gone; a link that is there, or of which nothing can be told, is censored at that last time.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

from cite_audit.frozen_record import frozen_record

LEVEL = 0.95
LEAST_LINKS = 20  # below which a curve says nothing
MOST_STEPS = 200  # points of a curve that are kept


@frozen_record
class SurvivalCurve:
    """The share of links still there by age in years, with its band; `gone` of `links` were seen to be gone."""

    name: str
    links: int
    gone: int
    ages: tuple[float, ...]
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def half_life(self) -> float | None:
        """The age at which half are gone; None where the curve does not come so low."""
        return next((age for age, share in zip(self.ages, self.shares, strict=True) if share <= 0.5), None)

    def share_at(self, age: float) -> float | None:
        """The share still there at an age; None beyond the oldest link."""
        if not self.ages or age > self.ages[-1]:
            return None
        return next((share for at, share in zip(self.ages[::-1], self.shares[::-1], strict=True) if at <= age), 1.0)


def estimate_survival(name: str, ages: Sequence[float], gone: Sequence[bool]) -> SurvivalCurve | None:
    """The curve of links with these ages (years), of which some are `gone`; None for too few of them."""
    if len(ages) < LEAST_LINKS:
        return None
    from scipy.stats import CensoredData, ecdf

    dead = [age for age, is_gone in zip(ages, gone, strict=True) if is_gone]
    censored = [age for age, is_gone in zip(ages, gone, strict=True) if not is_gone]
    if not dead:
        end = max(ages)
        return SurvivalCurve(name, len(ages), 0, (0.0, end), (1.0, 1.0), (1.0, 1.0), (1.0, 1.0))
    with warnings.catch_warnings():  # where nobody is gone yet, or all are, there is no band
        warnings.simplefilter("ignore")
        estimate = ecdf(CensoredData(uncensored=dead, right=censored)).sf
        band = estimate.confidence_interval(confidence_level=LEVEL, method="log-log")
    places = list(zip(estimate.quantiles, estimate.probabilities, strict=True))
    bands = list(zip(band.low.probabilities, band.high.probabilities, strict=True))
    step = max(1, len(places) // MOST_STEPS)
    kept = sorted({*range(0, len(places), step), len(places) - 1})
    shares = [float(places[index][1]) for index in kept]
    low = [_or_else(bands[index][0], share) for index, share in zip(kept, shares, strict=True)]
    high = [_or_else(bands[index][1], share) for index, share in zip(kept, shares, strict=True)]
    ages_kept = [float(places[index][0]) for index in kept]
    return SurvivalCurve(name, len(ages), len(dead), (0.0, *ages_kept), (1.0, *shares), (1.0, *low), (1.0, *high))


def _or_else(value: float, other: float) -> float:
    return other if math.isnan(value) else float(value)
