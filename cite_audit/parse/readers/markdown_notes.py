"""Notes that Markdown holds in another dress: Pandoc's inline notes `^[…]`, and notes written as HTML."""

from __future__ import annotations

import re
from itertools import pairwise

from cite_audit.parse.readers.base import MarkerSpan, NoteSpan

__all__ = ["find_markdown_notes"]

_DEFINITION = re.compile(r"^ {0,3}\[\^[^\]\s]{1,80}\]:", re.M)
_INLINE_NOTE = re.compile(r"(?<![\\^])\^\[")
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n", re.S)
_MAX_NOTE_LENGTH = 5000  # characters of an inline note
_LOCAL_LINK = re.compile(r"<a\b[^<>]{0,200}\bhref\s*=\s*[\"']?#", re.I)
_LABEL = re.compile(
    r"(?:\s|<(?:sup|a|p|span|b|strong|em)\b[^<>]{0,200}>)*[\[(]?(\w{1,8})[\])]?[.:]?(?:</\w+>|[ \t])*[.:]?", re.I
)


def find_markdown_notes(text: str) -> tuple[list[MarkerSpan], list[NoteSpan]]:
    """Markers and notes of a text, as spans over it; none where it defines notes in Markdown's own way."""
    if _DEFINITION.search(text):
        return [], []
    if "^[" in text and (found := _find_inline_notes(text))[0]:
        return found
    return _find_html_notes(text) if _LOCAL_LINK.search(text) else ([], [])


def _find_inline_notes(text: str) -> tuple[list[MarkerSpan], list[NoteSpan]]:
    markers: list[MarkerSpan] = []
    notes: list[NoteSpan] = []
    position = 0
    while match := _INLINE_NOTE.search(text, position):
        end = _find_closing_bracket(text, match.end())
        position = end or match.end()
        if end:
            label = str(len(notes) + 1)
            markers.append(MarkerSpan(match.start(), match.end(), label, target=len(notes) + 1))
            notes.append(NoteSpan(match.end(), end, label, target=len(notes) + 1))
    return markers, notes


def _find_closing_bracket(text: str, start: int) -> int:
    """Where the bracket opened before `start` closes within its paragraph; 0 where it does not."""
    depth = 1
    for match in _BRACKET.finditer(text, start, start + _MAX_NOTE_LENGTH):
        if match[0][0] == "\n":
            return 0
        depth += {"[": 1, "]": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return 0


def _find_html_notes(text: str) -> tuple[list[MarkerSpan], list[NoteSpan]]:
    """Notes that are links within the page, `<a href="#fn1">`, as in a page of HTML."""
    from cite_audit.parse.readers.html.notes import find_html_notes
    from cite_audit.parse.readers.html.tree import parse_html

    tree = parse_html(text)
    page_notes = find_html_notes(tree)
    markers = [
        MarkerSpan(tree.nodes[order].start, tree.nodes[order].end, label, family, page_notes.targets.get(order, 0))
        for order, (label, family) in sorted(page_notes.markers.items())
    ]
    bodies = sorted(page_notes.bodies, key=lambda body: body.first_node.start)
    starts = [body.first_node.start for body in bodies]
    notes = []
    for body, (start, following) in zip(bodies, pairwise([*starts, len(text)]), strict=True):
        first = body.first_node.inner if body.owns_first_node else start
        end = min(body.last_node.end, following)
        if not body.owns_first_node and (blank := text.find("\n\n", first, end)) >= 0:
            end = blank
        label = _LABEL.match(text, first, end)
        first = label.end() if label and label[1] == body.label else first
        notes.append(NoteSpan(min(first, end), end, body.label, body.family, body.target))
    tree.release_nodes()
    return (markers, notes) if notes else ([], [])
