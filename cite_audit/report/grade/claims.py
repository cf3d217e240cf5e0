"""The unit of a grade: a note with the sentences it stands behind and the distinct sources it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cite_audit.model import Link, Note, Report, Source
from cite_audit.urls import key, unwrap

SOURCELESS = frozenset({"empty", "lost-link", "on-request"})


@dataclass(frozen=True, slots=True)
class Cited:
    """One source in one note: the address as cited, and what it amounts to."""

    url: str
    source: Source


@dataclass(frozen=True, slots=True)
class Claim:
    """One note as support for what is said before it. `weight`: how many markers point to it, at least 1."""

    note: int
    section: int
    sentences: tuple[str, ...]
    cited: tuple[Cited, ...]
    weight: int = 1
    text: str = field(default="", repr=False)

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(each.source.group for each in self.cited)

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(each.source.publisher or each.source.id for each in self.cited)


def page_of(url: str) -> str:
    """The key of the page an address leads to, whatever archive or redirector it goes through."""
    inner = unwrap(url)
    return key(inner.url if inner else url)


def distinct(links: Iterable[Link], sources: Mapping[str, Source]) -> tuple[Cited, ...]:
    """The sources of some links, each page once, in printed order."""
    seen: dict[str, Cited] = {}
    for link in links:
        if link.url in sources:
            seen.setdefault(page_of(link.url), Cited(link.url, sources[link.url]))
    return tuple(seen.values())


def claims(report: Report, sources: Mapping[str, Source]) -> tuple[Claim, ...]:
    """Every note that names a source, once: a note printed twice with the same links and sentences is one claim.

    A note that only refers to another (ibid.) stands on that one's sources.
    """
    sentences: dict[tuple[int, int], list[str]] = {}
    for marker in report.markers:
        sentences.setdefault((marker.section, marker.number), []).append(marker.sentence)
    by_number = {(note.section, note.number): note for note in report.notes if note.links}
    found: dict[tuple[int, frozenset[str], frozenset[str]], Claim] = {}
    for note in report.notes:
        cited = distinct(_links(note, by_number), sources)
        if not cited:
            continue
        said = sentences.get((note.section, note.number), [])
        once = tuple(dict.fromkeys(sentence for sentence in said if sentence))
        identity = (note.number, frozenset(page_of(each.url) for each in cited), frozenset(once))
        found.setdefault(identity, Claim(note.number, note.section, once, cited, max(1, len(said)), note.text))
    return tuple(found.values())


def _links(note: Note, by_number: Mapping[tuple[int, int], Note]) -> tuple[Link, ...]:
    if note.links or note.refers_to is None:
        return note.links
    meant = by_number.get((note.section, note.refers_to))
    return meant.links if meant else ()


def sourceless(report: Report) -> tuple[tuple[int, ...], int]:
    """The numbers of markers and notes without any source, and how many numbers the report has in all."""
    empty = {(note.section, note.number) for note in report.notes if not note.links and note.kind in SOURCELESS}
    filled = {(note.section, note.number) for note in report.notes} - empty
    marked = {(marker.section, marker.number) for marker in report.markers}
    numbers = {number for _, number in filled}
    missing = {(0, number) for number in report.missing_notes if number not in numbers}
    missing = {each for each in missing if not any(number == each[1] for _, number in empty)}
    bare = empty | missing
    return tuple(sorted({number for _, number in bare})), len(filled | empty | marked | missing)
