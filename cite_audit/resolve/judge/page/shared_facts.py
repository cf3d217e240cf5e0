"""Facts of a text that all pages with that text share: a site's error page is parsed once, whatever its addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Generic, Protocol, TypeVar

# Characters of a text whose facts are kept for the next page, an error page within its site's frame.
MAX_SHARED = 32_000
Fact = TypeVar("Fact")


class HasSharedFacts(Protocol):
    """What `shared_property` needs of its owner."""

    shared_facts: dict[object, Any]


Owner = TypeVar("Owner", bound=HasSharedFacts)


def facts_of_text(source: str, is_html: bool) -> dict[object, Any]:
    """Where the facts of a text are kept; long texts keep their own."""
    return _load_facts(source, is_html) if len(source) <= MAX_SHARED else {}


@lru_cache(maxsize=16)
def _load_facts(_source: str, _is_html: bool) -> dict[object, Any]:
    return {}


def shared_fact(find: Callable[[Owner], Fact]) -> Callable[[Owner], Fact]:
    """A function of a page that follows from its text alone: found once for all pages of that text."""

    @wraps(find)
    def recall(owner: Owner) -> Fact:
        facts = owner.shared_facts
        if find not in facts:
            facts[find] = find(owner)
        fact: Fact = facts[find]
        return fact

    return recall


class shared_property(Generic[Owner, Fact]):  # noqa: N801  used as a decorator, beside `cached_property`
    """A property that follows from a text alone, so that its owners of the same text share it."""

    def __init__(self, compute: Callable[[Owner], Fact]) -> None:
        self.compute, self.name = compute, compute.__name__

    def __get__(self, owner: Owner, owner_type: type[Owner]) -> Fact:
        if self.name not in owner.shared_facts:
            owner.shared_facts[self.name] = self.compute(owner)
        value: Fact = owner.shared_facts[self.name]
        owner.__dict__[self.name] = value
        return value
