"""Finds the markers in running text and pairs them with the notes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Location, Marker
from cite_audit.parse.notes import labels
from cite_audit.parse.notes.continuation import find_continued_markers
from cite_audit.parse.notes.discovery import NoteParts
from cite_audit.parse.notes.labels import STYLES, LabelStyle
from cite_audit.parse.readers.base import Document
from cite_audit.parse.sentences import Sentences

_UNIT_BEFORE = compile_lazily(r"(?:\b(?:k|c|m|d|µ|n)?m|\bft|\bmi|\byd|\bha|\d|\b[a-zA-Z])$")
_DASHES = ("-", "–", "—")
MAX_DASH_LENGTH = 4  # characters, brackets and spaces beside it counted
MAX_RANGE = 30  # notes that one range names
_BEHIND_LOCATOR = compile_lazily(r";\s?(\d{1,4})(?=\s?[,;\]］】〕])")
MAX_GAPS = 1.5  # highest number to count of numbers
MAX_UNLISTED = 400  # the highest marker that is believed without a list of notes
_MAX_REPEATS = 400  # a number printed this often in running text is no marker from there on


def find_markers(document: Document, parts: NoteParts, path: str, sentences: Sentences) -> tuple[Marker, ...]:
    """Every marker in the order of the text; a range or a list gives one for each number."""
    if document.markers:
        return _pair_declared_markers(document, parts, path, sentences)
    places = _find_printed_markers(document, parts)
    if parts.continued:
        places = sorted([*places, *find_continued_markers(document.text, parts.continued)])
    if not places:
        return ()
    out: list[Marker] = []
    sections = max((body.section for body in parts.bodies), default=0)
    section, previous_number = 0, 0
    places.reverse()
    while places:  # each place is dropped as its marker is built
        start, end, numbers = places.pop()
        line, column, offset = document.input_position(start)
        page = document.page_number(start) if document.pages else None
        place = Location(path, line, column, page, None, offset)  # by position: quicker
        sentence = sentences.sentence_at(start, end)
        for number in numbers:
            if number == 1 and previous_number > 1 and section < sections:
                section += 1
            previous_number = number
            out.append(Marker(number, place, sentence=sentence, section=section))
    return tuple(out)


def _pair_declared_markers(document: Document, parts: NoteParts, path: str, sentences: Sentences) -> tuple[Marker, ...]:
    """The markers that the format declares, each paired with the note of its own family and numbering."""
    by_label: dict[tuple[str, str], list[int]] = {}
    families = [note.family for note in document.notes] or [""] * len(parts.bodies)
    for index, (family, body) in enumerate(zip(families, parts.bodies, strict=True)):
        by_label.setdefault((family, body.label), []).append(index)
        if family:
            by_label.setdefault(("", body.label), []).append(index)
    by_target = {note.target: index for index, note in enumerate(document.notes) if note.target}
    reached: dict[str, int] = {}
    previous_end = 0
    out: list[Marker] = []
    for mark in document.markers:
        places = by_label.get((mark.family, mark.label)) or by_label.get(("", mark.label)) or []
        following = bisect_left(places, reached.get(mark.family, 0))
        if mark.target in by_target:
            places, following = [by_target[mark.target]], 0
        note_index = (places[following] if following < len(places) else places[-1]) if places else -1
        reached[mark.family] = max(note_index, reached.get(mark.family, 0))
        number = parts.bodies[note_index].number if places else labels.parse_label_number(mark.label.strip("[]^().*"))
        if not number:
            continue
        line, column, offset = document.input_position(mark.start)
        location = Location(path, line, column=column, page=document.page_number(mark.start), note=None, offset=offset)
        section = parts.bodies[note_index].section if places else 0
        sentence = sentences.sentence_at(mark.start, mark.end)
        first = out[-1].number + 1 if out and _is_range(document.text, previous_end, mark.start) else number
        numbers = range(first, number + 1) if first <= number <= first + MAX_RANGE else (number,)
        out += [Marker(each, location, sentence=sentence, section=section) for each in numbers]
        previous_end = mark.end
    return tuple(out)


def _is_range(text: str, end: int, start: int) -> bool:
    """Whether only a dash stands between two markers: `[1]–[3]` is three notes."""
    return 0 < start - end <= MAX_DASH_LENGTH and text[end:start].strip(" \u00a0[]()") in _DASHES


def _find_printed_markers(document: Document, parts: NoteParts) -> list[tuple[int, int, list[int]]]:
    """The markers of the style that agrees best with the notes."""
    text = document.text
    excluded = sorted([*parts.spans, *parts.boilerplate, *document.boilerplate])
    note_numbers = Counter(body.number for body in parts.bodies)
    names = {body.label: body.number for body in parts.bodies}
    best: tuple[float, list[tuple[int, int, list[int]]]] = (0.0, [])
    for style in sorted(STYLES, key=lambda candidate: candidate is not parts.style):
        if not style.strong and not note_numbers:
            continue
        if best[0] > len(note_numbers) > 0:
            break
        places = _match_style(text, style, excluded, names)
        if style is labels.BARE_DIGITS:
            places = _keep_counting_up(places)
        printed_numbers = {number for _, _, numbers in places for number in numbers}
        if not note_numbers and not _counts_from_one(printed_numbers):
            continue
        score = (
            len(printed_numbers & note_numbers.keys()) + 0.5 * style.strong + 0.01 * len(printed_numbers)
            if note_numbers
            else len(printed_numbers)
        )
        if (printed_numbers & note_numbers.keys() or not note_numbers) and score > best[0]:
            best = (score, places)
    return best[1]


def _counts_from_one(numbers: set[int]) -> bool:
    """Whether numbers without a list of notes count like markers: from 1 upward, with few gaps."""
    return len(numbers) > 1 and min(numbers) == 1 and max(numbers) <= len(numbers) * MAX_GAPS


def _match_style(
    text: str, style: LabelStyle, excluded: list[tuple[int, int]], names: dict[str, int]
) -> list[tuple[int, int, list[int]]]:
    starts = [start for start, _ in excluded]
    highest = max(names.values(), default=0)
    has_lenticular_labels = any(text[start : start + 1] == "【" for start, _ in excluded)
    times: defaultdict[str | int, int] = defaultdict(int)
    out: list[tuple[int, int, list[int]]] = []
    for match in labels.match_markers(text, style):
        printed, (start, end) = match[1], match.span()
        if times[printed] >= _MAX_REPEATS:
            continue
        times[printed] += 1
        index = bisect_right(starts, start) - 1
        if index >= 0 and start < excluded[index][1]:
            continue
        if style.superscript and _UNIT_BEFORE.search(text, max(0, start - 4), start):
            continue
        numbers = [names[printed]] if style.named and printed in names else _parse_cited_numbers(match)
        numbers = _split_superscript(printed, numbers, highest)
        if match[0][0] == "【" and not has_lenticular_labels:
            continue  # an index, or a title: 【23】
        if not _is_marker_list(text, match, numbers, highest):
            continue
        if 1900 <= numbers[0] <= 2100 and highest < 1000:
            continue
        if out and text[out[-1][1] : start] in _DASHES and out[-1][2][-1] < numbers[0] <= out[-1][2][-1] + 30:
            numbers = [*range(out[-1][2][-1] + 1, numbers[0]), *numbers]
        for number in numbers:
            times[number] += 1
        if 0 not in numbers and max(map(times.__getitem__, numbers)) < _MAX_REPEATS:
            out.append((start, end, numbers))
    return out


def _parse_cited_numbers(marker: re.Match[str]) -> list[int]:
    """Every number of a marker, those behind a page too: `[8, с. 15; 9]`."""
    numbers = labels.parse_marker_numbers(marker[1])
    behind = marker[0][marker.end(1) - marker.start() :]
    return [*numbers, *map(int, _BEHIND_LOCATOR.findall(behind))] if ";" in behind else numbers


def _is_marker_list(text: str, match: re.Match[str], numbers: list[int], highest: int) -> bool:
    """Whether brackets hold a marker, and not an array, an index (`a[1]`) or the label of a definition."""
    start, end = match.span()
    if not text.startswith(("[", "［", "\\["), start):
        return True
    line_start = text.rfind("\n", 0, start) + 1
    if text[end : end + 1] == ":" and not text[line_start:start].strip():
        return False
    if len(numbers) > 1 and (numbers != sorted(set(numbers)) or (not highest and numbers[-1] > MAX_UNLISTED)):
        return bool(highest) and max(numbers) <= highest
    return not text.endswith(("=", "= "), line_start, start)


def _split_superscript(printed: str, numbers: list[int], highest: int) -> list[int]:
    """`¹²` where there are only nine notes is 1 and 2."""
    if highest and len(numbers) == 1 and numbers[0] > max(highest, 9) and numbers[0] > highest + 30:
        digits = [labels.parse_label_number(c) for c in printed]
        if all(digits) and len(digits) > 1 and max(digits) <= highest:
            return digits
    return numbers


def _keep_counting_up(places: list[tuple[int, int, list[int]]]) -> list[tuple[int, int, list[int]]]:
    """Bare digits are markers only where they count upward one by one, or repeat."""
    out: list[tuple[int, int, list[int]]] = []
    previous_number = 0
    for place in places:
        if place[2][0] in (previous_number + 1, previous_number + 2):
            out.append(place)
            previous_number = place[2][0]
    return out


def find_unpaired(parts: NoteParts, markers: tuple[Marker, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of markers without a note, and of notes without a marker.

    None where no marker is printed, and none where no list of notes was recognised: then all would be missing.
    """
    if not parts.bodies:
        return (), ()
    notes = {(body.section, body.number) for body in parts.bodies}
    marked = {(marker.section, marker.number) for marker in markers}
    if len({section for section, _ in notes}) <= 1 or len({section for section, _ in marked}) <= 1:
        notes, marked = {(0, n) for _, n in notes}, {(0, n) for _, n in marked}
    if not marked:
        numbers = {number for _, number in notes} if len({s for s, _ in notes}) <= 1 else set()
        gaps = set(range(1, max(numbers, default=0))) - numbers if 1 in numbers else set()
        return tuple(sorted(gaps)) if len(gaps) <= len(numbers) else (), ()
    missing = sorted({number for _, number in marked - notes})
    orphans = sorted({number for _, number in notes - marked})
    return tuple(missing), tuple(orphans)
