"""Records behave as frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import KW_ONLY, FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from cite_audit.frozen_record import frozen_record


@frozen_record
class Shelf:
    """A row of books."""

    label: str
    books: list[str] = field(default_factory=list)
    key: str = field(default="", repr=False)
    _: KW_ONLY
    floor: int = 0
    weight: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StandardShelf:
    """The same by the standard library."""

    label: str
    books: list[str] = field(default_factory=list)
    key: str = field(default="", repr=False)
    _: KW_ONLY
    floor: int = 0
    weight: float | None = field(default=None, compare=False)


@frozen_record(kw_only=True)
class Span:
    """A record that checks its fields and works one of them out."""

    start: int
    end: int
    length: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", self.end - self.start)


@frozen_record
class Shade:
    """A record with an equality of its own."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shade) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())


def test_a_record_takes_reads_and_shows_its_fields_as_a_dataclass_does() -> None:
    ours, standard = Shelf("A", floor=2, key="k"), StandardShelf("A", floor=2, key="k")
    assert repr(ours) == repr(standard).removeprefix("Standard")
    assert asdict(ours) == asdict(standard)
    assert Shelf.__match_args__ == StandardShelf.__match_args__
    assert [each.name for each in fields(ours)] == [each.name for each in fields(standard)]
    assert not hasattr(ours, "__dict__")
    with pytest.raises(TypeError, match="positional"):
        Shelf("A", [], "k", 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="label"):
        Shelf()  # type: ignore[call-arg]


def test_a_default_that_is_made_is_not_shared() -> None:
    assert Shelf("A").books is not Shelf("A").books


def test_no_field_can_be_set_or_deleted() -> None:
    shelf = Shelf("A")
    with pytest.raises(FrozenInstanceError, match="label"):
        shelf.label = "B"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="label"):
        del shelf.label


def test_a_record_has_no_subclasses_and_is_of_its_class() -> None:
    assert type(Shelf("A")) is Shelf
    with pytest.raises(TypeError, match="Cupboard"):
        type("Cupboard", (Shelf,), {})


def test_records_are_equal_by_the_fields_that_count() -> None:
    assert Shelf("A", weight=1.0) == Shelf("A", weight=2.0) != Shelf("B")
    assert Shelf("A") != StandardShelf("A")  # type: ignore[comparison-overlap]
    assert hash(Span(start=1, end=3)) == hash(Span(start=1, end=3))
    assert Shade("Red") == Shade("red")
    assert len({Shade("Red"), Shade("red")}) == 1


def test_copies_are_equal_and_checked_again() -> None:
    span = Span(start=1, end=3)
    assert span.length == 2
    assert replace(span, end=9).length == 8
    assert pickle.loads(pickle.dumps(span)) == copy.deepcopy(span) == span
