"""One report mended: edits made, the result read again, and what did not come back as meant taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cite_audit.fix import docx, page, text
from cite_audit.fix.edits import Edit, apply
from cite_audit.fix.wishes import Options, Wish
from cite_audit.model import Location, Report
from cite_audit.parse.readers.text import decode
from cite_audit.urls import key

__all__ = ["FORMATS", "Change", "Left", "Mended", "mend"]

FORMATS = ("text", "markdown", "html", "docx")
Reread = Callable[[bytes], Report]


@dataclass(frozen=True, slots=True)
class Change:
    """One link that is written otherwise now, for a person."""

    note: int | None
    location: Location
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """A link that was to change and did not: why in a few words."""

    note: int | None
    location: Location
    link: str
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The report's new bytes (the old ones when nothing changed), and what was and was not done."""

    data: bytes
    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()
    encoding: str = ""  # of the text, for a diff; empty for packages
    never: str = ""  # why nothing can be changed in a report of this format


def mend(data: bytes, report: Report, wanted: Iterable[Wish], options: Options, reread: Reread) -> Mended:
    """The report with every wish made true that can be proved by reading it again.

    `reread` reads bytes as the report was read. Formats that cannot be edited are left, each link with its reason.
    """
    todo = list(wanted)
    if report.format not in FORMATS:
        never = f"{report.format} files are not edited"
        return Mended(data, left=tuple(_left(wish, never) for wish in todo), never=never)
    left: list[Left] = []
    encoding = ""
    while todo:
        new, placed, encoding = _rewritten(data, report, todo, options)
        left += [_left(wish, "not found where it was read") for i, wish in enumerate(todo) if i not in placed]
        todo = [wish for i, wish in enumerate(todo) if placed.get(i)]
        wrong = _astray(report, todo, reread(new)) if todo else []
        if not wrong:
            return Mended(new if todo else data, tuple(map(_change, todo)), tuple(left), encoding)
        left += [_left(wish, "would not read back as the link that was meant") for wish in wrong]
        todo = [wish for wish in todo if wish not in wrong]
    return Mended(data, (), tuple(left), encoding)


def _rewritten(
    data: bytes, report: Report, wanted: Sequence[Wish], options: Options
) -> tuple[bytes, dict[int, bool], str]:
    """New bytes, which wishes found their place and whether they changed something there, and the text's encoding."""
    if report.format == "docx":
        return (*docx.rewrite(data, wanted), "")
    source, encoding = decode(data, report.path)
    if source.encode(encoding, "replace") != data:
        return data, {}, encoding  # some byte would change on the way: better none does
    last = {citation.note: citation for citation in report.citations} if options.beside == "note" else {}
    edits: list[Edit] = []
    placed: dict[int, bool] = {}
    for i, wish in enumerate(wanted):
        behind = last.get(wish.citation.note, wish.citation)
        if report.format == "html":
            made = page.place(source, wish, options.beside, behind)
        else:
            made = text.place(source, wish, options.beside, report.format == "markdown", behind)
        if made is not None:
            placed[i] = bool(made)
            edits += made
    return apply(source, edits).encode(encoding), placed, encoding


def _astray(before: Report, made: Sequence[Wish], after: Report) -> list[Wish]:
    """The wishes whose link is not in its note after all; all of them when any other link changed."""
    found = Counter((c.note, key(c.link.url)) for c in after.citations)
    meant = Counter((w.citation.note, key(url)) for w in made for url in (w.url, w.memento) if url)
    missing = meant - found
    wrong = [w for w in made if any((w.citation.note, key(url)) in missing for url in (w.url, w.memento) if url)]
    if wrong:
        return wrong
    changed = {(w.citation.note, key(w.citation.link.url)) for w in made}
    kept = Counter((c.note, key(c.link.url)) for c in before.citations)
    others = Counter({place: n for place, n in kept.items() if place not in changed})
    return list(made) if others - found else []


def _change(wish: Wish) -> Change:
    where, raw = wish.citation.location, wish.citation.link.raw
    after = wish.spelled if wish.replaces else f"{raw} + {wish.memento}"
    return Change(wish.citation.note, where, raw, after, wish.why)


def _left(wish: Wish, why: str) -> Left:
    return Left(wish.citation.note, wish.citation.location, wish.citation.link.raw, why)
