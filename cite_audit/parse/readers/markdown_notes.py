"""Notes that Markdown holds in another dress: Pandoc's inline notes `^[…]`, and notes written as HTML."""

from __future__ import annotations

import re
from itertools import pairwise

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import MarkerSpan, NoteSpan

__all__ = ["find_markdown_notes"]

_DEFINITION = compile_lazily(r"^ {0,3}\[\^([^\]\s]{1,80})\]:", re.M)
_NEXT_DEFINITION = compile_lazily(r"\n {0,3}\[\^[^\]\s]{1,80}\]:")  # `re` finds `\n` far sooner than `^`
_DEFINED_TEXT = compile_lazily(
    r"[^\n]*(?:\n(?! {0,3}\[[^\]\n]{1,200}\]:)(?:[^\n]*\S[^\n]*|[ \t\r]*(?=\n(?: {2,}|\t)\S)))*"
)
_CODE = r"^ {0,3}(?P<fence>`{3,}+|~{3,}+).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)|`[^`\n]{1,1000}`"
_INLINE_NOTE_OR_CODE = compile_lazily(rf"{_CODE}|(?<![\\^])\^\[", re.M | re.S)
_MARKER_OR_CODE = compile_lazily(rf"{_CODE}|\[\^(?P<name>[^\]\s]{{1,80}})\]", re.M | re.S)
_BRACKET = compile_lazily(r"\\.|[\[\]]|\n[ \t]*\n", re.S)
_MAX_NOTE_LENGTH = 5000  # characters of an inline note
_MAX_DEPTH = 20  # brackets within an inline note that are open at once
_LOCAL_LINK = compile_lazily(r"<a\b[^<>]{0,200}\bhref\s*=\s*[\"']?#", re.I)
_LABEL = compile_lazily(
    r"(?:\s|<(?:sup|a|p|span|b|strong|em)\b[^<>]{0,200}>)*[\[(]?(\w{1,8})[\])]?[.:]?(?:</\w+>|[ \t])*[.:]?", re.I
)


def find_markdown_notes(text: str) -> tuple[list[MarkerSpan], list[NoteSpan]]:
    """Markers and notes of a text, as spans over it; none where it defines all of them in Markdown's own way."""
    if "^[" in text and (inline := _find_inline_notes(text)):
        definitions = {match[1]: match for match in reversed(list(_DEFINITION.finditer(text)))}
        return _number_notes(text, inline, definitions)
    if _DEFINITION.match(text) or _NEXT_DEFINITION.search(text):
        return [], []
    return _find_html_notes(text) if _LOCAL_LINK.search(text) else ([], [])


def _find_inline_notes(text: str) -> dict[int, tuple[int, int]]:
    """Where the text of each inline note starts and ends, by the place of its marker. `^[a-z]` in code is none."""
    inline: dict[int, tuple[int, int]] = {}
    position = 0
    for match in _INLINE_NOTE_OR_CODE.finditer(text):
        if match[0] == "^[" and match.start() >= position and (end := _find_closing_bracket(text, match.end())):
            inline[match.start()] = match.end(), end
            position = end
    return inline


def _number_notes(
    text: str, inline: dict[int, tuple[int, int]], definitions: dict[str, re.Match[str]]
) -> tuple[list[MarkerSpan], list[NoteSpan]]:
    """Inline and defined notes, numbered together in the order of their first markers, as Pandoc numbers them."""
    labels = {match.start(1) - 2 for match in definitions.values()}
    mentions = {start: (body_start, "") for start, (body_start, _) in inline.items()}
    if definitions:
        mentions |= {
            m.start(): (m.end(), m["name"])
            for m in _MARKER_OR_CODE.finditer(text)
            if m["name"] and m.start() not in labels
        }
    numbers: dict[str | int, int] = {}
    markers = []
    for start, (end, name) in sorted(mentions.items()):
        number = numbers.setdefault(name or start, len(numbers) + 1)
        markers.append(MarkerSpan(start, end, str(number), target=number))
    bodies: list[tuple[str | int, int, int]] = [(start, *span) for start, span in inline.items()]
    for name, match in definitions.items():
        body = _DEFINED_TEXT.match(text, match.end())
        bodies.append((name, match.end(), body.end() if body else match.end()))
    notes = []
    for key, start, end in sorted(bodies, key=lambda body: body[1]):
        number = numbers.setdefault(key, len(numbers) + 1)
        notes.append(NoteSpan(start, end, str(number), target=number))
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
        if depth > _MAX_DEPTH:
            return 0
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
