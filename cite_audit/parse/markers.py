"""Finds the markers in running text and pairs them with the notes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter

from cite_audit.model import Location, Marker
from cite_audit.parse import labels
from cite_audit.parse.labels import STYLES, LabelStyle
from cite_audit.parse.notes import NoteParts
from cite_audit.parse.readers.base import Document
from cite_audit.parse.sentences import Sentences

_UNIT = re.compile(r"(?:\b(?:k|c|m|d|µ|n)?m|\bft|\bmi|\byd|\bha|\d|\b[a-zA-Z])$")
_DASHES = ("-", "–", "—")
_REPEATS = 400  # a number printed more often than this in running text is no marker


def find_markers(document: Document, parts: NoteParts, path: str) -> tuple[Marker, ...]:
    """Every marker in the order of the text; a range or a list gives one for each number."""
    if document.marks:
        return _declared(document, parts, path)
    places = _printed(document, parts)
    if not places:
        return ()
    sentences = Sentences(document.text)
    out: list[Marker] = []
    sections = max((body.section for body in parts.bodies), default=0)
    section, last = 0, 0
    places.reverse()
    while places:  # each is let go as its marker is told
        start, end, numbers = places.pop()
        line, column, at = document.place(start)
        place = Location(path, line, column, document.page(start), None, at)
        said = sentences.around(start, end)
        for number in numbers:
            if number == 1 and last > 1 and section < sections:
                section += 1
            last = number
            out.append(Marker(number, place, said, section))
    return tuple(out)


def _declared(document: Document, parts: NoteParts, path: str) -> tuple[Marker, ...]:
    """The markers that the format declares, each paired with the note of its own family and numbering."""
    by_label: dict[tuple[str, str], list[int]] = {}
    families = [note.family for note in document.notes] or [""] * len(parts.bodies)
    for place, (family, body) in enumerate(zip(families, parts.bodies, strict=True)):
        by_label.setdefault((family, body.label), []).append(place)
        if family:
            by_label.setdefault(("", body.label), []).append(place)
    sentences = Sentences(document.text)
    reached: dict[str, int] = {}
    out: list[Marker] = []
    for mark in document.marks:
        places = by_label.get((mark.family, mark.label)) or by_label.get(("", mark.label)) or []
        following = bisect_left(places, reached.get(mark.family, 0))
        at = (places[following] if following < len(places) else places[-1]) if places else -1
        reached[mark.family] = max(at, reached.get(mark.family, 0))
        number = parts.bodies[at].number if places else labels.number_of(mark.label.strip("[]^().*"))
        if not number:
            continue
        line, column, offset = document.place(mark.start)
        where = Location(path, line, column, document.page(mark.start), None, offset)
        section = parts.bodies[at].section if places else 0
        out.append(Marker(number, where, sentences.around(mark.start, mark.end), section))
    return tuple(out)


def _printed(document: Document, parts: NoteParts) -> list[tuple[int, int, list[int]]]:
    """The markers of the style that agrees best with the notes."""
    text = document.text
    closed = sorted([*parts.spans, *parts.site, *document.furniture])
    wanted = Counter(body.number for body in parts.bodies)
    names = {body.label: body.number for body in parts.bodies}
    best: tuple[float, list[tuple[int, int, list[int]]]] = (0.0, [])
    for style in sorted(STYLES, key=lambda one: one is not parts.style):
        if not style.strong and not wanted:
            continue
        if best[0] > len(wanted) > 0:
            break
        places = _of_style(text, style, closed, names)
        if style.name == "dotted":
            places = _in_order(places)
        said = {number for _, _, numbers in places for number in numbers}
        if not wanted and not (1 in said and len(said) > 1):
            continue
        score = len(said & wanted.keys()) + 0.5 * style.strong + 0.01 * len(said) if wanted else len(said)
        if (said & wanted.keys() or not wanted) and score > best[0]:
            best = (score, places)
    return best[1]


def _of_style(
    text: str, style: LabelStyle, closed: list[tuple[int, int]], names: dict[str, int]
) -> list[tuple[int, int, list[int]]]:
    starts = [start for start, _ in closed]
    highest = max(names.values(), default=0)
    times: Counter[str | int] = Counter()
    out: list[tuple[int, int, list[int]]] = []
    for match in labels.markers(text, style):
        if times[match[1]] >= _REPEATS:
            continue
        times[match[1]] += 1
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and match.start() < closed[at][1]:
            continue
        if style.name == "unicode-superscript" and _UNIT.search(text, max(0, match.start() - 4), match.start()):
            continue
        numbers = [names[match[1]]] if style.name == "footnote" and match[1] in names else labels.numbers_of(match[1])
        numbers = _apart(match[1], numbers, highest)
        if 1900 <= numbers[0] <= 2100 and highest < 1000:
            continue
        if out and text[out[-1][1] : match.start()] in _DASHES and out[-1][2][-1] < numbers[0] <= out[-1][2][-1] + 30:
            numbers = [*range(out[-1][2][-1] + 1, numbers[0]), *numbers]
        times.update(numbers)
        if all(number and times[number] < _REPEATS for number in numbers):
            out.append((match.start(), match.end(), numbers))
    return out


def _apart(printed: str, numbers: list[int], highest: int) -> list[int]:
    """`¹²` where there are only nine notes is 1 and 2."""
    if highest and len(numbers) == 1 and numbers[0] > max(highest, 9) and numbers[0] > highest + 30:
        digits = [labels.number_of(c) for c in printed]
        if all(digits) and len(digits) > 1 and max(digits) <= highest:
            return digits
    return numbers


def _in_order(places: list[tuple[int, int, list[int]]]) -> list[tuple[int, int, list[int]]]:
    """Bare digits are markers only where they count upward one by one, or repeat."""
    out: list[tuple[int, int, list[int]]] = []
    last = 0
    for place in places:
        if place[2][0] in (last + 1, last + 2):
            out.append(place)
            last = place[2][0]
    return out


def unpaired(parts: NoteParts, markers: tuple[Marker, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of markers without a note, and of notes without a marker (none when no marker is printed)."""
    notes = {(body.section, body.number) for body in parts.bodies}
    said = {(marker.section, marker.number) for marker in markers}
    if len({section for section, _ in notes}) <= 1 or len({section for section, _ in said}) <= 1:
        notes, said = {(0, n) for _, n in notes}, {(0, n) for _, n in said}
    if not said:
        numbers = {number for _, number in notes} if len({s for s, _ in notes}) <= 1 else set()
        gaps = set(range(1, max(numbers, default=0))) - numbers if 1 in numbers else set()
        return tuple(sorted(gaps)) if len(gaps) <= len(numbers) else (), ()
    missing = sorted({number for _, number in said - notes})
    orphans = sorted({number for _, number in notes - said})
    return tuple(missing), tuple(orphans)
