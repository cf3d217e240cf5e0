"""Where a reader finds what is spoken of: a note, else a page, else a line where the document shows lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cite_audit.model import Location, Report

__all__ = ["place", "places", "ranges"]

LINELESS = ("docx", "odt", "epub", "pdf")  # the lines of what was read out of these are no lines of a page


class Placed(Protocol):
    """A citation, a finding, a change: something with a place in a report."""

    @property
    def note(self) -> int | None: ...

    @property
    def location(self) -> Location: ...


def place(report: Report, one: Placed) -> str:
    """`note 3`, `page 2`, `line 14`; empty in a format that has no lines to find."""
    return places(report, [one])


def places(report: Report, several: Iterable[Placed]) -> str:
    """`notes 3, 5–8; page 2; line 14`."""
    numbers: dict[str, set[int]] = {"note": set(), "page": set(), "line": set()}
    for one in several:
        where = one.location
        if one.note is not None:
            numbers["note"].add(one.note)
        elif where.page is not None:
            numbers["page"].add(where.page)
        elif report.format not in LINELESS or where.path != report.path:  # an ignore stands in its own file
            numbers["line"].add(where.line)
    return "; ".join(f"{name}{'s' * (len(n) > 1)} {ranges(sorted(n))}" for name, n in numbers.items() if n)


def ranges(numbers: Sequence[int]) -> str:
    """`3, 5–8` for the sorted numbers 3, 5, 6, 7, 8."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(str(s[0]) if len(s) == 1 else f"{s[0]}{', ' if len(s) == 2 else '–'}{s[-1]}" for s in spans)
