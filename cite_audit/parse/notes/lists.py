"""Chooses the list of labels that are the notes of a text, and finds the labels inside its lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse import boilerplate
from cite_audit.parse.links.found_link import FoundLink
from cite_audit.parse.notes import labels, note_content
from cite_audit.parse.notes.headings import NoteHeading, find_note_headings, is_note_heading
from cite_audit.parse.notes.labels import Label, LabelStyle
from cite_audit.parse.readers.base import Document

LINK_START = compile_lazily(
    r"[ \t\u00a0]*[;,:.|]?[ \t\u00a0]*(?:\r?\n)?[ \t\u00a0]*[<(\[]*(?:h..ps?|h[\[(*_]|t?tps?|www\b|ftp)", re.I
)
_TABLE_RULE = compile_lazily(r"[|:\- \t]*-{3}[|:\- \t]*")
_MAX_NOTE_LENGTH = 5000  # characters
_MAX_LOST_NUMBERS = 6
_PARAGRAPHS_TO_MARKER = 4  # numbered paragraphs refer to one another, but not each to a fourth of them
_LIST_ITEM_START = compile_lazily(
    r"[ \t\u00a0]*[;:.,]?[ \t\u00a0]*(?:[<(\[]*(?i:h..ps?\b|t?tps?:|www\b)|;|[“\"‘A-ZА-Я]|\[in\s)"
)
_NEXT_NOTE_START = compile_lazily(
    r"[ \t\u00a0]*[;:.,]?[ \t\u00a0]*(?:[<(\[]*(?:h..ps?\b|www\b)|[“\"A-ZА-Я;]|\\?\[(?:\d|in\s)|\Z)", re.I
)


def add_inline_labels(text: str, style: LabelStyle, line_labels: list[Label]) -> list[Label]:
    """Notes that lost their line ends, `[1] https://a [2] https://b`: only the next number counts."""
    out: list[Label] = []
    for label, following in zip(line_labels, [*line_labels[1:], None], strict=True):
        out.append(label)
        limit = following.start if following else len(text)
        blank = text.find("\n\n", label.end, limit)
        stop = blank if blank >= 0 else limit
        if stop - label.end > 20 and not (following and following.number == label.number + 1):
            for inner in labels.match_inner_labels(text, style, label.end, stop):
                skipped = inner.number - out[-1].number - 1  # some notes have lost their number too
                goes_on = _NEXT_NOTE_START if skipped == 0 else _LIST_ITEM_START
                if 0 <= skipped < _MAX_LOST_NUMBERS and goes_on.match(text, inner.end):
                    out.append(inner)
    return out


def choose_note_labels(document: Document, links: list[FoundLink]) -> tuple[LabelStyle, list[Label]] | None:
    """The style whose labels make the most convincing list of notes."""
    text, boilerplate_starts = document.text, [start for start, _ in document.boilerplate]
    starts = [link.outer for link in links]
    headings = [
        heading
        for heading in find_note_headings(text, document.headings)
        if not _is_in_boilerplate(document, boilerplate_starts, heading.start)
    ]
    marked: set[int] | None = None  # numbers of the markers in running text, once asked for
    best: tuple[float, LabelStyle, list[Label]] | None = None
    places = [
        place for place in labels.find_label_lines(text) if not _is_in_boilerplate(document, boilerplate_starts, place)
    ]
    strong_starts: list[list[int]] = []
    for style in labels.STYLES if places else ():
        candidates = list(labels.match_labels(text, style, places))
        if not candidates:
            continue
        accepted = _keep_paragraph_labels(text, candidates, style)
        if not style.strong:
            weak = _keep_weak_labels(text, accepted, headings, starts)
            if not weak and len(accepted) > 1:
                marked = find_marked_numbers(text) if marked is None else marked
                weak = _keep_agreeing_labels(accepted, marked)
            accepted = weak
        may_number_paragraphs = style.name == "square-bracket" and len(accepted) > 2 and not headings
        if may_number_paragraphs and not _mostly_cites(text, accepted, len(text), starts):
            marked = find_marked_numbers(text) if marked is None else marked
            accepted = [] if _are_paragraph_numbers(accepted, marked) else accepted
        if not accepted or _is_within_note(accepted, strong_starts):
            continue
        strong_starts += [[label.start for label in accepted]] if style.strong else []
        score = len(accepted) + (0.5 if style.strong else 0)
        if best is None or score > best[0]:
            best = score, style, accepted
        if best[0] > len(places):
            break  # no other style has as many
    return (best[1], best[2]) if best else None


def _is_in_boilerplate(document: Document, starts: list[int], place: int) -> bool:
    index = bisect_right(starts, place) - 1
    return index >= 0 and place < document.boilerplate[index][1]


def _is_within_note(candidates: list[Label], strong_starts: list[list[int]]) -> bool:
    """Whether a list stands between two labels of a strong style: `1.`, `2.`, `3.` in note [1] are of that note."""
    first_start, last_start = candidates[0].start, candidates[-1].start
    return any(
        0 < bisect_left(starts, first_start) == bisect_left(starts, last_start) < len(starts)
        for starts in strong_starts
    )


def _keep_paragraph_labels(text: str, candidates: list[Label], style: LabelStyle) -> list[Label]:
    """Labels that begin a paragraph, or go on a list of them; others are markers that a line break put first."""
    if style.named and style.strong:
        return candidates
    accepted: list[Label] = []
    opened: set[int] = set()
    for label in candidates:
        line = text.rfind("\n", 0, label.start)
        previous_start = text.rfind("\n", 0, max(line, 0))
        previous = text[previous_start + 1 : max(line, 0)].strip()
        opens = (
            not previous
            or is_note_heading(previous)
            or boilerplate.is_page_break(previous)
            or _TABLE_RULE.fullmatch(previous)
        )
        follows = (
            bool(accepted)
            and 1 <= label.number <= accepted[-1].number + 5
            and label.start - accepted[-1].end < _MAX_NOTE_LENGTH
            and (
                "\n\n" not in (between := text[accepted[-1].end : label.start])
                or _continues_list(accepted[-1], label, between)
            )
        )
        if style.named or opens or follows or LINK_START.match(text, label.end):
            accepted.append(label)
            opened.update([label.start] if opens else [])
    return accepted if style.strong else labels.prefer_paragraph_starts(accepted, opened)


def _continues_list(previous: Label, label: Label, between: str) -> bool:
    """Whether a label continues a list whose last note holds a page end: the next number, after an address."""
    return label.number == previous.number + 1 and ("://" in between or "www" in between)


def _are_paragraph_numbers(run: list[Label], marked: set[int]) -> bool:
    """Whether `[1]`, `[2]` …, few of which cite, number paragraphs, as in judgments: few are markers too."""
    numbers = {label.number for label in run}
    return len(numbers & marked) * _PARAGRAPHS_TO_MARKER < len(numbers)


def _keep_agreeing_labels(candidates: list[Label], marked: set[int]) -> list[Label]:
    """The last list from 1 upward whose numbers are those of the markers in the text, whatever stands above it."""
    runs: list[list[Label]] = [[]]
    for label in candidates:
        if label.number == 1:
            runs.append([label])
        elif runs[-1] and label.number == runs[-1][-1].number + 1:
            runs[-1].append(label)
    for run in reversed(runs):
        numbers = {label.number for label in run}
        if len(marked) > 1 and marked <= numbers and len(numbers) <= len(marked) + _MAX_LOST_NUMBERS:
            return run
    return []


def find_marked_numbers(text: str) -> set[int]:
    """The numbers of markers whose style leaves no doubt, as far as they count upward from 1."""
    for style in labels.STYLES:
        if style.strong and not style.named:
            numbers = {
                number
                for match in labels.match_markers(text, style)
                if text[match.start() - 1 : match.start()].strip()
                or text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
                for number in labels.parse_marker_numbers(match[1])
            }
            if {1, 2} <= numbers:
                return numbers
    return set()


def _keep_weak_labels(
    text: str, candidates: list[Label], headings: list[NoteHeading], starts: list[int]
) -> list[Label]:
    """Labels of a weak style: those after a heading for notes, or a list from 1 most of whose lines hold links."""
    titled: list[Label] = []
    places = [label.start for label in candidates]
    for heading, following in pairwise([*headings, NoteHeading(len(text), len(text), len(text))]):
        end, stop = heading.end, min(heading.reach, following.start)
        section_labels = candidates[bisect_left(places, end) : bisect_left(places, stop)]
        if section_labels and section_labels[0].number <= 2:
            titled += _keep_ascending(section_labels)
        elif len(section_labels) > 1 and all(
            b.number == a.number + 1 for a, b in pairwise(section_labels)
        ):  # an extract of a list
            titled += section_labels if _mostly_cites(text, section_labels, stop, starts) else []
    if titled:
        return titled
    run = _keep_ascending(candidates)
    if len(run) < 2 or run[0].number != 1:
        return []
    return run if _mostly_cites(text, run, len(text), starts) else []


def _mostly_cites(text: str, run: list[Label], stop: int, starts: list[int]) -> bool:
    """Whether most of the labels are followed by a link, or by an `ibid.`, before the next one."""
    citing = 0
    for label, following in zip(run, [*(next_label.start for next_label in run[1:]), stop], strict=True):
        first_link = bisect_left(starts, label.end)
        citing += (first_link < len(starts) and starts[first_link] < following) or note_content.is_ibid(
            text[label.end : following]
        )
    return citing * 2 > len(run)


def _keep_ascending(candidates: list[Label]) -> list[Label]:
    """The labels that count upward, restarts at 1 allowed; list numbers inside a note fall out."""
    ascending: list[Label] = []
    for label in candidates:
        previous_number = ascending[-1].number if ascending else 0
        if previous_number < label.number <= previous_number + 8 or (label.number == 1 and previous_number > 1):
            ascending.append(label)
    return ascending
