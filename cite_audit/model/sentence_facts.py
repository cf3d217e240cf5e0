"""Facts of a sentence, and what of them stands on the page that it cites."""

from __future__ import annotations

from dataclasses import KW_ONLY
from enum import StrEnum

from cite_audit.frozen_record import frozen_record


class FactKind(StrEnum):
    """What a fact is."""

    QUOTATION = "quotation"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    MONEY = "money"
    DATE = "date"
    NAME = "name"
    ACRONYM = "acronym"


class FactAnswer(StrEnum):
    """What is said of a citation's sentence and its page."""

    MENTIONS = "mentions"  # some of its facts, or all, stand on the page
    NONE = "none"  # none of at least three telling facts does: the one that raises a finding
    CANNOT_TELL = "cannot_tell"


@frozen_record
class Fact:
    """A quotation, number, day or name at `start`…`end` of a sentence.

    `values`: what a number may mean, the likeliest first, `step` the value of its last printed place. `year`, `month`,
    `day`: of a date; 0 where it is not printed. `words`: of a name, folded; `strong` those that only names have.
    """

    kind: FactKind
    text: str
    start: int
    end: int
    _: KW_ONLY
    values: tuple[float, ...] = ()
    step: float = 1.0
    year: int = 0
    month: int = 0
    day: int = 0
    words: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()

    @property
    def is_weak(self) -> bool:
        """Whether a page may mention it by chance: a year or a month alone, a small number, a common word."""
        if self.kind == FactKind.DATE:
            return not self.day and not (self.month and self.year)
        if self.kind == FactKind.NAME:
            return not self.strong
        return bool(self.values) and self.values[0] < 32

    @property
    def key(self) -> tuple[object, ...]:
        """What two facts share that mean the same."""
        if self.kind == FactKind.DATE:
            return self.kind, self.year, self.month, self.day
        return (self.kind, *(self.values or self.words or (self.text,)))


@frozen_record
class FoundFact:
    """A fact that stands on the page; `snippet` is the page's text round it, from `start` to `end` the fact itself."""

    fact: Fact
    snippet: str = ""
    start: int = 0
    end: int = 0


@frozen_record(kw_only=True)
class PageFacts:
    """What of a citation's sentence stands on the page. `reason`: why nothing can be told."""

    answer: FactAnswer
    found: tuple[FoundFact, ...] = ()
    missing: tuple[Fact, ...] = ()
    reason: str = ""
    telling: int = 0  # facts that few other pages of the run mention
