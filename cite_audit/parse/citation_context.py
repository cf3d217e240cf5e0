"""What stands round a citation: the words its hyperlink shows, the sentence that rests on it, its paragraph."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Marker
from cite_audit.parse.links.found_link import MARKDOWN, FoundLink, LinkFrame
from cite_audit.parse.links.piece_comparison import bare_url
from cite_audit.parse.readers.base import Document
from cite_audit.parse.sentences import Sentences

MAX_SHOWN, MAX_SENTENCE = 200, 1000  # characters
MAX_SENTENCES = 3  # that one note stands behind
_FRAMES_WITH_WORDS = (MARKDOWN, LinkFrame.DECLARED)
_BLANK_LINE = compile_lazily(r"\n[ \t\r]*\n\s*")
_TAG = compile_lazily(r"<[^>]{0,400}>")
_EMPHASIS_MARKS = frozenset("*_`\\")
_EMPHASIS = compile_lazily(r"(?<!\w)[*_`]{1,3}|[*_`]{1,3}(?!\w)|\\(?=[^\w\s])")


class CitationContext:
    """Tells it of the links of one document; `markers` say which sentence each note belongs to.

    `has_lines`: whether a line leads a reader to the place, so that paragraphs need not be counted.
    """

    def __init__(self, document: Document, markers: Iterable[Marker], sentences: Sentences, *, has_lines: bool) -> None:
        self._text = document.text
        self._sentences = sentences
        self._of_notes: dict[tuple[int, int], tuple[str, ...]] = {}
        for marker in markers:
            known = self._of_notes.get((marker.section, marker.number), ())
            if marker.sentence and marker.sentence not in known and len(known) < MAX_SENTENCES:
                self._of_notes[marker.section, marker.number] = (*known, marker.sentence)
        self._paragraphs: list[int] | None = None
        if not document.pages and not has_lines:
            first = len(document.text) - len(document.text.lstrip())
            self._paragraphs = [match.end() for match in _BLANK_LINE.finditer(document.text, first)]

    def shown_text(self, link: FoundLink) -> str:
        """What a reader sees and searches for instead of the address; empty where the address itself is printed."""
        if link.frame not in _FRAMES_WITH_WORDS:
            return ""
        frame = self._text[link.outer : link.outer_end]
        if link.frame != MARKDOWN:
            shown = frame
        elif frame[:1] == "[":
            shown = frame[1:].rpartition("](")[0]
        elif frame[:2].lower() == "<a":
            shown = _TAG.sub("", frame)
        else:
            return ""
        shown = " ".join((shown if _EMPHASIS_MARKS.isdisjoint(shown) else _EMPHASIS.sub("", shown)).split())
        may_be_address = " " not in shown or "://" in shown or " " in link.raw
        is_address = may_be_address and _spell(shown) in (_spell(link.url), _spell(link.raw))
        return "" if is_address else shorten(shown, MAX_SHOWN)

    def note_sentence(self, section: int, number: int) -> str:
        """The sentence that the note's marker stands behind; of several, the first three as one text."""
        return shorten(" ".join(self._of_notes.get((section, number), ())), MAX_SENTENCE)

    def body_sentence(self, link: FoundLink) -> str:
        """The sentence of running text that a link stands in."""
        return shorten(self._sentences.sentence_at(link.outer, link.outer_end), MAX_SENTENCE)

    def paragraph_number(self, offset: int) -> int | None:
        """Which paragraph `text[offset]` is in, from 1, in formats that have neither lines nor pages to find."""
        return None if self._paragraphs is None else bisect_right(self._paragraphs, offset) + 1


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a space, with an ellipsis for the rest."""
    return text if len(text) <= limit else f"{text[: limit - 1].rsplit(' ', 1)[0]}…"


def _spell(address: str) -> str:
    return bare_url(address.strip("<> ")).rstrip("/").lower()
