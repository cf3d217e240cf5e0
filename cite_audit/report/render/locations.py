"""Where a reader finds what is spoken of: a note, else a page, a line where the document shows lines, a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cite_audit.model import Location, Report
from cite_audit.report.render.media.sanitizer import sanitize_line

__all__ = ["describe_place", "describe_places", "format_ranges", "shorten_words"]

MAX_WORDS = 60  # characters of a hyperlink's text in a heading


class Locatable(Protocol):
    """A citation, a finding, a change: something with a place in a report."""

    @property
    def note(self) -> int | None: ...

    @property
    def location(self) -> Location: ...


def describe_place(report: Report, item: Locatable) -> str:
    """`note 3`, `page 2`, `line 14`, `paragraph 12, ‘the follow-up’`: outside notes with what a hyperlink shows there.

    What it shows is foreign text on one line, to be escaped.
    """
    words = shorten_words(item.location.link_text) if item.note is None else ""
    place = _find_place(report, item)
    named = f"{place[0]} {place[1]}" if place else ""
    return f"{named}{', ' if named and words else ''}{words and f'‘{words}’'}"


def shorten_words(text: str) -> str:
    """What a hyperlink shows, as much of it as it takes to find it."""
    line = sanitize_line(text)
    return line if len(line) <= MAX_WORDS else f"{line[: MAX_WORDS - 1].rsplit(' ', 1)[0]}…"


def describe_places(report: Report, items: Iterable[Locatable]) -> str:
    """`notes 3, 5–8; page 2; line 14; paragraph 12`."""
    numbers: dict[str, set[int]] = {"note": set(), "page": set(), "line": set(), "paragraph": set()}
    for item in items:
        if place := _find_place(report, item):
            numbers[place[0]].add(place[1])
    return "; ".join(f"{name}{'s' * (len(n) > 1)} {format_ranges(sorted(n))}" for name, n in numbers.items() if n)


def _find_place(report: Report, item: Locatable) -> tuple[str, int] | None:
    location = item.location
    if item.note is not None:
        return "note", item.note
    if location.page is not None:
        return "page", location.page
    if report.has_lines or location.path != report.path:  # an ignore stands in its own file
        return "line", location.line
    return ("paragraph", location.paragraph) if location.paragraph is not None else None


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
