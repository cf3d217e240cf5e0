"""The unit of a grade: a note with the sentences it stands behind and the distinct sources it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, field, replace

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Link, Note, NoteKind, Report, Source
from cite_audit.report.grading.attribution_speaker import Attribution, Speaker
from cite_audit.report.grading.front_page import is_front_page
from cite_audit.urls import canonical_key, unwrap_url

_COMMENT = compile_lazily(r"<!--.*?(?:-->|$)", re.S)
_COMMENT_MARK = "cite-audit:"
ENOUGH_MARKED = 5  # notes with a marker; where fewer were read, markers may have been missed
UNSOURCED_KINDS = frozenset({NoteKind.EMPTY, NoteKind.LOST_LINK, NoteKind.ON_REQUEST})


@frozen_record
class SourceCitation:
    """One source in one note: the address as cited, its source, and the origin it shares with other pages, if any.

    `is_front_page`: it names a site and no page of it.
    """

    url: str
    source: Source
    origin: str = ""
    is_front_page: bool = False

    @property
    def voice(self) -> str:
        """What it counts as when independent voices are counted: its origin, its side, else its publisher."""
        return self.origin or self.source.side or self.source.publisher or self.source.id


@frozen_record
class Claim:
    """One note as support for what is said before it. `weight`: how many markers point to it, at least 1."""

    note: int
    section: int
    _: KW_ONLY
    sentences: tuple[str, ...]
    citations: tuple[SourceCitation, ...]
    weight: int = 1
    text: str = field(default="", repr=False)
    attribution: Attribution | None = None
    # the citations of which is known whose words they give (the others neither cost nor help), their groups, and the
    # independent voices among them
    known_citations: tuple[SourceCitation, ...] = field(init=False, repr=False, compare=False)
    known_groups: frozenset[str] = field(init=False, repr=False, compare=False)
    voices: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = tuple(citation for citation in self.citations if citation.source.is_known)
        known = tuple(each for each in known if not each.is_front_page) or known  # beside a page it supports nothing
        object.__setattr__(self, "known_citations", known)
        object.__setattr__(self, "known_groups", frozenset(citation.source.group for citation in known))
        object.__setattr__(self, "voices", frozenset(citation.voice for citation in known))

    @property
    def is_attributed(self) -> bool:
        """Whether its sentences say who says so."""
        return self.attribution is not None and self.attribution.attributed_to in (Speaker.OUTLET, Speaker.OFFICIAL)

    @property
    def is_unread(self) -> bool:
        """Whether no table reads the language of its sentences."""
        return self.attribution is not None and self.attribution.unread

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(citation.source.group for citation in self.citations)

    @property
    def publishers(self) -> frozenset[str]:
        """The publishers it names; an archive, a short link or a map names none."""
        return frozenset(
            citation.source.publisher or citation.source.id
            for citation in self.citations
            if not citation.source.neutral
        )


def page_key(url: str) -> str:
    """The key of the page an address leads to, whatever archive or redirector it goes through."""
    inner = unwrap_url(url)
    return canonical_key(inner.url if inner else url)


def collect_citations(
    links: Iterable[Link], sources: Mapping[str, Source], origins: Mapping[str, str]
) -> tuple[SourceCitation, ...]:
    """The sources of some links, each page once, in printed order."""
    citations_by_page: dict[str, SourceCitation] = {}
    for link in links:
        if link.url in sources:
            key = page_key(link.url)
            origin = origins.get(link.url, "")
            source = sources[link.url]
            citation = SourceCitation(link.url, source, origin, is_front_page=is_front_page(key, source))
            citations_by_page.setdefault(key, citation)
    return tuple(citations_by_page.values())


def collect_claims(
    report: Report, sources: Mapping[str, Source], origins: Mapping[str, str] | None = None
) -> tuple[Claim, ...]:
    """Every note that names a source, once: a note printed twice with the same links and sentences is one claim.

    Notes of several numbers with the same links behind the same sentences are one claim too: a repeated filler.

    A note that nothing in the text points to supports no claim. A note that only refers to another (ibid.) stands on
    that one's sources. `origins`: the origin that a page shares with others, by URL as cited.
    """
    sentences: dict[tuple[int, int], list[str]] = {}
    for marker in report.markers:
        sentences.setdefault((marker.section, marker.number), []).append(marker.sentence)
    notes_by_number = {(note.section, note.number): note for note in report.notes if note.links}
    marked_sections = find_marked_sections(report)
    claims_by_identity: dict[tuple[int, frozenset[str], frozenset[str]], Claim] = {}
    for note in report.notes:
        citations = collect_citations(_find_note_links(note, notes_by_number), sources, origins or {})
        if not citations:
            continue
        place = (note.section, note.number)
        marker_sentences = sentences.get((marked_sections.get(place, note.section), note.number), [])
        distinct_sentences = tuple(dict.fromkeys(sentence for sentence in marker_sentences if sentence))
        identity = (
            0 if distinct_sentences else note.number,
            frozenset(page_key(citation.url) for citation in citations),
            frozenset(distinct_sentences),
        )
        claims_by_identity.setdefault(
            identity,
            Claim(
                note.number,
                note.section,
                sentences=distinct_sentences,
                citations=citations,
                weight=len(marker_sentences),
                text=collect_note_remarks(report, note),
            ),
        )
    return _drop_unmarked(claims_by_identity.values())


def _drop_unmarked(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims that markers point to, where enough of them were read; else all, with a weight of at least 1."""
    marked_claims = tuple(claim for claim in claims if claim.weight)
    if len(marked_claims) >= ENOUGH_MARKED:
        return marked_claims
    return tuple(claim if claim.weight else replace(claim, weight=1) for claim in claims)


def find_marked_sections(report: Report) -> dict[tuple[int, int], int]:
    """The section of the text that the notes of a section without markers stand behind, by section and number.

    A list of notes printed twice is read as two sections behind one text; notes of a chapter whose markers were not
    read have links of their own, and stay where they are.
    """
    marked_sections = {marker.section for marker in report.markers}
    if len(marked_sections) != 1:
        return {}
    (marked,) = marked_sections
    if all(note.section == marked for note in report.notes):
        return {}
    pages: dict[int, set[frozenset[str]]] = {}
    for note in report.notes:
        if note.section == marked:
            pages.setdefault(note.number, set()).add(_page_keys(note))
    return {
        (note.section, note.number): marked
        for note in report.notes
        if note.number not in pages or _page_keys(note) in pages[note.number]
    }


def _page_keys(note: Note) -> frozenset[str]:
    return frozenset(page_key(link.url) for link in note.links)


def collect_note_remarks(report: Report, note: Note) -> str:
    """What is said to this program in a note: its comments where the reader tells their lines, else its text."""
    if not report.comments:
        return note.text
    lines = sorted({other.locations[0].line for other in report.notes if other.locations})
    if not note.locations:
        return ""
    first_line = note.locations[0].line
    next_line = next((line for line in lines if line > first_line), None)
    return "\n".join(
        f"cite-audit: {comment.text}"
        for comment in report.comments
        if first_line <= comment.about_line and (next_line is None or comment.about_line < next_line)
    )


def _find_note_links(note: Note, notes_by_number: Mapping[tuple[int, int], Note]) -> tuple[Link, ...]:
    if note.links or note.refers_to is None:
        return _drop_hidden_links(note)
    referenced_note = notes_by_number.get((note.section, note.refers_to))
    return _drop_hidden_links(referenced_note) if referenced_note else ()


def _drop_hidden_links(note: Note) -> tuple[Link, ...]:
    """The links that readers of the report see: what stands in a comment alone supports nothing."""
    if "<!--" not in note.text:
        return note.links
    visible = _COMMENT.sub("", note.text)
    return tuple(link for link in note.links if link.raw in visible or link.raw not in note.text)


def find_unsourced_numbers(report: Report) -> tuple[tuple[int, ...], int]:
    """The numbers of markers and notes without any source, and how many numbers the report has in all."""
    marked_sections = find_marked_sections(report)
    places = [(marked_sections.get((note.section, note.number), note.section), note.number) for note in report.notes]
    empty_notes = {
        place
        for place, note in zip(places, report.notes, strict=True)
        if not note.links and note.kind in UNSOURCED_KINDS
    }
    sourced_notes = set(places) - empty_notes
    marker_places = {(marker.section, marker.number) for marker in report.markers}
    numbers = {number for _, number in sourced_notes}
    missing = {(0, number) for number in report.missing_notes if number not in numbers}
    empty_numbers = {number for _, number in empty_notes}
    missing = {place for place in missing if place[1] not in empty_numbers}
    unsourced = empty_notes | missing
    return tuple(sorted({number for _, number in unsourced})), len(
        sourced_notes | empty_notes | marker_places | missing
    )


def search_comment(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match of a pattern behind `cite-audit:`, within a line; each line is searched once."""
    for line in text.split("\n") if _COMMENT_MARK in text else ():
        place = line.find(_COMMENT_MARK)
        if place >= 0 and (match := pattern.search(line, place)):
            return match
    return None
