"""Which labels of a text are those of its notes: the list that convinces most, and the labels hidden in its lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from cite_audit.parse import furniture, labels, slots
from cite_audit.parse.found import Found
from cite_audit.parse.labels import Label, LabelStyle
from cite_audit.parse.readers.base import Document

LINK_START = re.compile(
    r"[ \t\u00a0]*[;,:.|]?[ \t\u00a0]*(?:\r?\n)?[ \t\u00a0]*[<(\[]*(?:h..ps?|h[\[(*_]|t?tps?|www\b|ftp)", re.I
)
_LONG_NOTE = 5000  # characters
_LOST_NUMBERS = 6
_LISTED = re.compile(r"[ \t\u00a0]*[;:.,]?[ \t\u00a0]*(?:[<(\[]*(?i:h..ps?\b|t?tps?:|www\b)|;|[“\"‘A-ZА-Я]|\[in\s)")
_GOES_ON = re.compile(
    r"[ \t\u00a0]*[;:.,]?[ \t\u00a0]*(?:[<(\[]*(?:h..ps?\b|www\b)|[“\"A-ZА-Я;]|\\?\[(?:\d|in\s)|\Z)", re.I
)


def on_one_line(text: str, style: LabelStyle, kept: list[Label]) -> list[Label]:
    """Notes that lost their line ends, `[1] https://a [2] https://b`: only the next number counts."""
    out: list[Label] = []
    for label, following in zip(kept, [*kept[1:], None], strict=True):
        out.append(label)
        limit = following.start if following else len(text)
        blank = text.find("\n\n", label.end, limit)
        stop = blank if blank >= 0 else limit
        if stop - label.end > 20 and not (following and following.number == label.number + 1):
            for inner in labels.inner_labels(text, style, label.end, stop):
                skipped = inner.number - out[-1].number - 1  # of some notes not even the number is left
                goes_on = _GOES_ON if skipped == 0 else _LISTED
                if 0 <= skipped < _LOST_NUMBERS and goes_on.match(text, inner.end):
                    out.append(inner)
    return out


def choose(document: Document, found: list[Found]) -> tuple[LabelStyle, list[Label]] | None:
    """The style whose labels make the most convincing list of notes."""
    text, furniture_at = document.text, [start for start, _ in document.furniture]
    starts = [one.outer for one in found]
    headings = [(match.start(), match.end()) for match in labels.HEADING.finditer(text)]
    best: tuple[float, LabelStyle, list[Label]] | None = None
    places = [place for place in labels.candidates(text) if not _in_furniture(document, furniture_at, place)]
    sure: list[list[int]] = []
    for style in labels.STYLES if places else ():
        listed = list(labels.labels(text, style, places))
        if not listed:
            continue
        kept = _at_paragraphs(text, listed, style)
        if not style.strong:
            kept = _weak(text, kept, headings, starts)
        if not kept or _within_a_note(kept, sure):
            continue
        sure += [[label.start for label in kept]] if style.strong else []
        score = len(kept) + (0.5 if style.strong else 0)
        if best is None or score > best[0]:
            best = score, style, kept
    return (best[1], best[2]) if best else None


def _in_furniture(document: Document, starts: list[int], place: int) -> bool:
    at = bisect_right(starts, place) - 1
    return at >= 0 and place < document.furniture[at][1]


def _within_a_note(kept: list[Label], sure: list[list[int]]) -> bool:
    """Whether a list stands between two labels of a strong style: `1.`, `2.`, `3.` in note [1] are of that note."""
    first, last = kept[0].start, kept[-1].start
    return any(0 < bisect_left(starts, first) == bisect_left(starts, last) < len(starts) for starts in sure)


def _at_paragraphs(text: str, listed: list[Label], style: LabelStyle) -> list[Label]:
    """Labels that begin a paragraph, or go on a list of them; others are markers that a line break put first."""
    kept: list[Label] = []
    opened: set[int] = set()
    for label in listed:
        line = text.rfind("\n", 0, label.start)
        before = text.rfind("\n", 0, max(line, 0))
        previous = text[before + 1 : max(line, 0)].strip()
        opens = not previous or labels.HEADING.match(previous) or furniture.is_page_break(previous)
        follows = (
            bool(kept)
            and 1 <= label.number <= kept[-1].number + 5
            and label.start - kept[-1].end < _LONG_NOTE
            and ("\n\n" not in (between := text[kept[-1].end : label.start]) or _next(kept[-1], label, between))
        )
        if style.name == "footnote" or opens or follows or LINK_START.match(text, label.end):
            kept.append(label)
            opened.update([label.start] if opens else [])
    return kept if style.strong else labels.paragraphs_first(kept, opened)


def _next(last: Label, label: Label, between: str) -> bool:
    """Whether a label goes on a list whose last note has a page's end in it: the next number, after an address."""
    return label.number == last.number + 1 and ("://" in between or "www" in between)


def _weak(text: str, listed: list[Label], headings: list[tuple[int, int]], starts: list[int]) -> list[Label]:
    """Labels of a weak style: those after a heading for notes, or a list from 1 most of whose lines hold links."""
    titled: list[Label] = []
    places = [label.start for label in listed]
    for (_, end), (stop, _) in pairwise([*headings, (len(text), 0)]):
        after = listed[bisect_left(places, end) : bisect_left(places, stop)]
        if after and after[0].number <= 2:
            titled += _ascending(after)
        elif len(after) > 1 and all(b.number == a.number + 1 for a, b in pairwise(after)):  # an extract of a list
            titled += after if _cites(text, after, stop, starts) else []
    if titled:
        return titled
    run = _ascending(listed)
    if len(run) < 2 or run[0].number != 1:
        return []
    return run if _cites(text, run, len(text), starts) else []


def _cites(text: str, run: list[Label], stop: int, starts: list[int]) -> bool:
    """Whether most of the labels are followed by a link, or by an `ibid.`, before the next one."""
    citing = 0
    for label, following in zip(run, [*(one.start for one in run[1:]), stop], strict=True):
        first = bisect_left(starts, label.end)
        citing += (first < len(starts) and starts[first] < following) or slots.is_ibid(text[label.end : following])
    return citing * 2 > len(run)


def _ascending(listed: list[Label]) -> list[Label]:
    """The labels that count upward, restarts at 1 allowed; list numbers inside a note fall out."""
    kept: list[Label] = []
    for label in listed:
        last = kept[-1].number if kept else 0
        if last < label.number <= last + 8 or (label.number == 1 and last > 1):
            kept.append(label)
    return kept
