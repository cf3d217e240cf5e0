"""Advice on what was read: links as printed, markers and notes that do not meet (CA3xx)."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Citation, Finding, Fix, Link, Location, Note, Report
from cite_audit.report.rules import advise, sentence
from cite_audit.urls import host

DOUBTFUL = 0.5  # a link read with less confidence than this is not taken for one
SURE = 0.9


def reading(report: Report) -> Iterator[Finding]:
    """Findings of the CA3xx family for one report."""
    if not report.notes and not report.citations and not report.markers:
        yield advise("CA310", Location(report.path, 1))
        return
    yield from _links(report)
    yield from _notes(report)
    yield from _pairing(report)


def unreadable(link: Link) -> bool:
    """Whether the address as read can lead nowhere: no host, a host without a dot, blanks inside, or mere guesswork."""
    name = host(link.url)
    odd = not name or ("." not in name and ":" not in name) or link.url.split() != [link.url]
    return odd or link.confidence < DOUBTFUL


def _links(report: Report) -> Iterator[Finding]:
    told: set[tuple[int | None, int, str]] = set()
    for citation in report.citations:
        place = (citation.note, citation.section, citation.link.url)
        if place in told and citation.note is not None:
            yield _cited("CA308", citation)
            continue
        told.add(place)
        yield from _link(citation)


def _link(citation: Citation) -> Iterator[Finding]:
    link = citation.link
    if unreadable(link):
        meant = tuple(Fix("unsafe", url, "did you mean this?") for url in _suggestions(link))
        yield _cited("CA301", citation, _evidence(link), meant)
        return
    if link.suspects:
        meant = tuple(Fix("unsafe", suspect.suggest, "did you mean this?") for suspect in link.suspects)
        yield _cited("CA303", citation, _evidence(link), meant)
    if link.repairs:
        sure = "safe" if link.confidence >= SURE else "unsafe"
        how = ", ".join(dict.fromkeys(repair.kind.replace("-", " ") for repair in link.repairs))
        yield _cited("CA302", citation, f"Repair: {how}.", (Fix(sure, link.url, "the link in one piece"),))
    if link.alternatives:
        others = tuple(Fix("unsafe", url, "another way to read it") for url in link.alternatives)
        yield _cited("CA309", citation, "", others)


def _suggestions(link: Link) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(suspect.suggest for suspect in link.suspects), *link.alternatives]))


def _evidence(link: Link) -> str:
    return " ".join(sentence(suspect.evidence) for suspect in link.suspects if suspect.evidence)


def _cited(code: str, citation: Citation, details: str = "", fixes: tuple[Fix, ...] = ()) -> Finding:
    return advise(code, citation.location, details, note=citation.note, url=citation.link.url, fixes=fixes)


def _notes(report: Report) -> Iterator[Finding]:
    for note in report.notes:
        where = _place(report, note)
        if note.kind == "lost-link" or note.lost_slots:
            count = f"{note.lost_slots} links are missing." if note.lost_slots > 1 else ""
            yield advise("CA307", where, count, note=note.number)
        elif note.kind == "empty":
            yield advise("CA306", where, note=note.number)
        elif note.kind == "on-request":
            yield advise("CA406", where, note=note.number)


def _place(report: Report, note: Note) -> Location:
    return note.locations[0] if note.locations else Location(report.path, 1, note=note.number)


def _pairing(report: Report) -> Iterator[Finding]:
    marked = {marker.number: marker for marker in reversed(report.markers)}
    for number in report.missing_notes:
        where = marked[number].location if number in marked else Location(report.path, 1, note=number)
        yield advise("CA304", where, note=number)
    bodies = {note.number: note for note in report.notes}
    for number in report.orphan_notes:
        where = _place(report, bodies[number]) if number in bodies else Location(report.path, 1, note=number)
        yield advise("CA305", where, note=number)
