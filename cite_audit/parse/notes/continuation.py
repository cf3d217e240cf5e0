"""Notes that go on in another style behind the last one of the chosen style: `¹ … ² … [^3]: …`, `3. https://…`."""

from __future__ import annotations

from cite_audit.parse.notes import labels
from cite_audit.parse.notes.labels import Label, LabelStyle
from cite_audit.parse.notes.lists import LINK_START


def find_continued_labels(text: str, style: LabelStyle, last: Label) -> list[tuple[LabelStyle, Label]]:
    """The labels of other styles that count on from the last note; one of a weak style must stand before a link."""
    places = labels.find_label_lines(text, last.end)
    candidates = [
        (label.start, not other.strong, other, label)
        for other in labels.STYLES
        if other is not style and places
        for label in labels.match_labels(text, other, places)
        if other.strong or LINK_START.match(text, label.end)
    ]
    continued: list[tuple[LabelStyle, Label]] = []
    next_number = last.number + 1
    for start, _, other, label in sorted(candidates, key=lambda row: row[:2]):
        number = labels.parse_label_number(label.printed)
        if number == next_number and (not continued or start > continued[-1][1].start):
            continued.append((other, Label(label.start, label.end, label.printed, number=number)))
            next_number += 1
    return continued


def find_continued_markers(text: str, continued: list[tuple[LabelStyle, Label]]) -> list[tuple[int, int, list[int]]]:
    """The markers of such notes before them, each with its number."""
    return [
        (match.start(), match.end(), [label.number])
        for style, label in continued
        for match in labels.match_markers(text[: continued[0][1].start], style)
        if match[1] == label.printed
    ]
