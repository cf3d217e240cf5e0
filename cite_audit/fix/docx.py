"""Where a wish changes a DOCX: the text runs of a paragraph and the targets of its hyperlinks, nothing else.

The package's other parts, the order of its entries and every byte of the changed parts outside the edited runs stay.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from cite_audit.fix.edits import Edit, apply, disjoint
from cite_audit.fix.wishes import Wish
from cite_audit.parse.refang import refang
from cite_audit.urls import key

__all__ = ["rewrite"]

PARTS = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml")
RELS = re.compile(r"word/_rels/(?:document|footnotes|endnotes)\d*\.xml\.rels")
_PARAGRAPH = re.compile(r"<w:p[ >](?:(?!<w:p[ >]).)*?</w:p>", re.S)
_PIECE = re.compile(
    r"<w:t(?P<attributes>(?:\s[^>]*)?)>(?P<text>[^<]*)</w:t>|<w:(?P<other>br|cr|tab|noBreakHyphen)\b[^>]*/>"
)
_RELATION = re.compile(r'<Relationship\b[^>]*\bTarget="([^"]*)"[^>]*>')
_FIELD = re.compile(r'(<w:instrText[^>]*>[^<]*HYPERLINK\s+(?:"|&quot;))([^"<&]*(?:&amp;[^"<&]*)*)((?:"|&quot;))')
_OTHER = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_GOES_ON = re.compile(r"[\w/%#?=&~+-]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run's text: its span in the part, its attributes, and where its text starts in the paragraph's text."""

    start: int
    end: int
    attributes: str
    text: str
    at: int
    editable: bool


class Sought:
    """The wishes in forms that are made once: what to look for in each paragraph, and whose target is whose."""

    def __init__(self, wishes: Sequence[Wish]) -> None:
        self.wishes = wishes
        self.by_target: dict[str, list[int]] = {}
        self.printed: list[tuple[int, Wish, str, re.Pattern[str]]] = []
        for number, wish in enumerate(wishes):
            self.by_target.setdefault(key(wish.citation.link.url), []).append(number)
            words = wish.citation.link.raw.split()
            pattern = re.compile(r"\s*".join(map(re.escape, words)))
            self.printed.append((number, wish, max(words, key=len, default=""), pattern))

    def led_to(self, target: str) -> Iterator[tuple[int, Wish]]:
        """The wishes for the link that a target of the package leads to."""
        for number in self.by_target.get(key(refang(unescape(target))), ()):
            yield number, self.wishes[number]

    def found(self, printed: str) -> Iterator[tuple[int, Wish, int, int]]:
        """Where links are printed whole in a paragraph: not as the beginning or the end of a longer one."""
        for number, wish, word, pattern in self.printed:
            for match in pattern.finditer(printed) if word in printed else ():
                before, after = printed[: match.start()][-1:], printed[match.end() :][:1]
                if not (_GOES_ON.match(before) or _GOES_ON.match(after)):
                    yield number, wish, *match.span()


def rewrite(data: bytes, wishes: Sequence[Wish]) -> tuple[bytes, dict[int, bool]]:
    """The package with the wishes made true; the numbers of those that found their place, and whether it changed."""
    done: dict[int, bool] = {}
    sought = Sought(wishes)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as written:
        for entry in package.infolist():
            content = package.read(entry)
            if PARTS.fullmatch(entry.filename):
                content = _part(content.decode("utf-8"), sought, done).encode("utf-8")
            elif RELS.fullmatch(entry.filename):
                content = _relations(content.decode("utf-8"), sought, done).encode("utf-8")
            written.writestr(entry, content, entry.compress_type)
    return out.getvalue(), done


def _relations(text: str, sought: Sought, done: dict[int, bool]) -> str:
    edits = []
    for match in _RELATION.finditer(text):
        for number, wish in sought.led_to(match[1]):
            done.setdefault(number, False)
            if _moves(wish):
                edits.append(Edit(*match.span(1), quoteattr(wish.url)[1:-1].replace('"', "&quot;")))
                done[number] = True
    return apply(text, edits)


def _moves(wish: Wish) -> bool:
    return wish.replaces and key(wish.url) != key(wish.citation.link.url)


def _part(text: str, sought: Sought, done: dict[int, bool]) -> str:
    edits: list[Edit] = []
    for match in _FIELD.finditer(text):
        for number, wish in sought.led_to(match[2]):
            if _moves(wish):
                edits.append(Edit(*match.span(2), escape(wish.url)))
                done[number] = True
    for paragraph in _PARAGRAPH.finditer(text):
        pieces = list(_pieces(text, paragraph.start(), paragraph.end()))
        printed = "".join(piece.text for piece in pieces)
        wanted: list[Edit] = []
        for number, wish, start, end in sought.found(printed):
            done[number] = True
            if wish.replaces:
                wanted.append(Edit(start, end, wish.spelled))
            if wish.memento:
                edits += _copy(text, pieces, end, wish, wanted)
        edits += _runs(pieces, disjoint(wanted))
    return apply(text, edits)


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    at = 0
    for match in _PIECE.finditer(text, start, end):
        other = match["other"]
        said = _OTHER[other] if other else unescape(match["text"])
        yield Piece(*match.span(), match["attributes"] or "", said, at, not other)
        at += len(said)


def _runs(pieces: Sequence[Piece], wanted: Sequence[Edit]) -> Iterator[Edit]:
    """The runs' new texts: a new spelling goes into the first run it touches, the others lose their part of the old."""
    placed: set[Edit] = set()
    for piece in pieces:
        stop = piece.at + len(piece.text)
        own: list[Edit] = []
        for edit in wanted:
            if (edit.start < stop and edit.end > piece.at) or edit.start == edit.end == stop:
                new = edit.new if piece.editable and edit not in placed else ""
                placed |= {edit} if new else set()
                own.append(Edit(max(edit.start - piece.at, 0), min(edit.end, stop) - piece.at, new))
        if own and piece.editable:
            yield Edit(piece.start, piece.end, _run_text(piece.attributes, apply(piece.text, own)))
        elif any(edit.end > edit.start for edit in own):
            yield Edit(piece.start, piece.end, "")


def _copy(text: str, pieces: Sequence[Piece], end: int, wish: Wish, wanted: list[Edit]) -> list[Edit]:
    """The archived copy behind the link: inside its run where text follows there, else in a run of its own."""
    last = next(piece for piece in pieces if piece.at < end <= piece.at + len(piece.text))
    if end < last.at + len(last.text):
        wanted.append(Edit(end, end, _note(wish)))
        return []
    at = _behind(text, last.end)
    return [Edit(at, at, f'<w:r><w:t xml:space="preserve">{escape(_note(wish))}</w:t></w:r>')]


def _note(wish: Wish) -> str:
    return f" (archived {wish.captured:%Y-%m-%d}: {wish.memento})" if wish.captured else f" ({wish.memento})"


def _run_text(attributes: str, said: str) -> str:
    if said != said.strip() and "xml:space" not in attributes:
        attributes += ' xml:space="preserve"'
    return f"<w:t{attributes}>{escape(said)}</w:t>"


def _behind(text: str, at: int) -> int:
    """The end of the run, or of the hyperlink around it."""
    run = text.index("</w:r>", at) + len("</w:r>")
    closing = re.compile(
        r"(?:\s|<w:r[ >](?:(?!</w:r>).)*</w:r>|<w:(?:proofErr|bookmark\w+)\b[^>]*/>)*</w:hyperlink>", re.S
    )
    match = closing.match(text, run)
    return match.end() if match else run
