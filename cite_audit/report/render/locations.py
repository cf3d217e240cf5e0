"""Where a reader finds what is spoken of: a note, else a page, else a line where the document shows lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cite_audit.model import Location, Report

__all__ = ["describe_place", "describe_places", "format_ranges"]


class Locatable(Protocol):
    """A citation, a finding, a change: something with a place in a report."""

    @property
    def note(self) -> int | None: ...

    @property
    def location(self) -> Location: ...


def describe_place(report: Report, item: Locatable) -> str:
    """`note 3`, `page 2`, `line 14`; empty in a format that has no lines to find."""
    return describe_places(report, [item])


def describe_places(report: Report, items: Iterable[Locatable]) -> str:
    """`notes 3, 5–8; page 2; line 14`."""
    numbers: dict[str, set[int]] = {"note": set(), "page": set(), "line": set()}
    for item in items:
        location = item.location
        if item.note is not None:
            numbers["note"].add(item.note)
        elif location.page is not None:
            numbers["page"].add(location.page)
        elif report.has_lines or location.path != report.path:  # an ignore stands in its own file
            numbers["line"].add(location.line)
    return "; ".join(f"{name}{'s' * (len(n) > 1)} {format_ranges(sorted(n))}" for name, n in numbers.items() if n)


def format_ranges(numbers: Sequence[int]) -> str:
    """`3, 5–8` for the sorted numbers 3, 5, 6, 7, 8."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(
        str(span[0]) if len(span) == 1 else f"{span[0]}{', ' if len(span) == 2 else '–'}{span[-1]}" for span in spans
    )
