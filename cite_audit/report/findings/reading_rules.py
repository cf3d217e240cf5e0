"""The rules about reading (CA3xx): links as printed, unpaired markers and notes."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Applicability, Citation, Finding, Fix, Link, Location, Note, NoteKind, Report
from cite_audit.report.findings.rules import build_citation_finding, build_finding, format_sentence
from cite_audit.urls import url_host

MIN_LINK_CONFIDENCE = 0.5  # a link read with less confidence than this is not taken for one
SAFE_REPAIR_CONFIDENCE = 0.9


def find_reading_problems(report: Report) -> Iterator[Finding]:
    """Findings of the CA3xx family for one report."""
    if not report.notes and not report.citations and not report.markers:
        yield build_finding("CA310", Location(report.path, 1))
        return
    yield from _find_link_problems(report)
    yield from _find_note_problems(report)
    yield from _find_pairing_problems(report)


def is_unreadable(link: Link) -> bool:
    """Whether the address as read leads nowhere: no host, a host without a dot, blanks inside, or low confidence."""
    name = url_host(link.url)
    is_odd = not name or ("." not in name and ":" not in name) or link.url.split() != [link.url]
    return is_odd or link.confidence < MIN_LINK_CONFIDENCE


def _find_link_problems(report: Report) -> Iterator[Finding]:
    reported_places: set[tuple[int | None, int, str]] = set()
    for citation in report.citations:
        place = (citation.note, citation.section, citation.link.url)
        if place in reported_places and citation.note is not None:
            yield build_citation_finding("CA308", citation)
            continue
        reported_places.add(place)
        yield from _check_link(citation)


def _check_link(citation: Citation) -> Iterator[Finding]:
    link = citation.link
    if is_unreadable(link):
        suggested_fixes = tuple(Fix(Applicability.UNSAFE, url, "did you mean this?") for url in _list_suggestions(link))
        yield build_citation_finding("CA301", citation, _join_suspect_evidence(link), suggested_fixes)
        return
    if link.suspects:
        suggested_fixes = tuple(
            Fix(Applicability.UNSAFE, suspect.suggested_url, "did you mean this?") for suspect in link.suspects
        )
        yield build_citation_finding("CA303", citation, _join_suspect_evidence(link), suggested_fixes)
    if link.repairs:
        applicability = Applicability.SAFE if link.confidence >= SAFE_REPAIR_CONFIDENCE else Applicability.UNSAFE
        repair_kinds = ", ".join(dict.fromkeys(repair.kind.replace("-", " ") for repair in link.repairs))
        yield build_citation_finding(
            "CA302", citation, f"Repair: {repair_kinds}.", (Fix(applicability, link.url, "the link in one piece"),)
        )
    if link.alternatives:
        alternative_fixes = tuple(Fix(Applicability.UNSAFE, url, "another way to read it") for url in link.alternatives)
        yield build_citation_finding("CA309", citation, "", alternative_fixes)


def _list_suggestions(link: Link) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(suspect.suggested_url for suspect in link.suspects), *link.alternatives]))


def _join_suspect_evidence(link: Link) -> str:
    return " ".join(format_sentence(suspect.evidence) for suspect in link.suspects if suspect.evidence)


def _find_note_problems(report: Report) -> Iterator[Finding]:
    for note in report.notes:
        location = _locate_note(report, note)
        if note.kind == NoteKind.LOST_LINK or note.lost_slots:
            count = f"{note.lost_slots} links are missing." if note.lost_slots > 1 else ""
            yield build_finding("CA307", location, count, note=note.number)
        elif note.kind == NoteKind.EMPTY:
            yield build_finding("CA306", location, note=note.number)
        elif note.kind == NoteKind.ON_REQUEST:
            yield build_finding("CA406", location, note=note.number)


def _locate_note(report: Report, note: Note) -> Location:
    return note.locations[0] if note.locations else Location(report.path, 1, note=note.number)


def _find_pairing_problems(report: Report) -> Iterator[Finding]:
    markers_by_number = {marker.number: marker for marker in reversed(report.markers)}
    for number in report.missing_notes:
        location = (
            markers_by_number[number].location if number in markers_by_number else Location(report.path, 1, note=number)
        )
        yield build_finding("CA304", location, note=number)
    notes_by_number = {note.number: note for note in report.notes}
    for number in report.orphan_notes:
        location = (
            _locate_note(report, notes_by_number[number])
            if number in notes_by_number
            else Location(report.path, 1, note=number)
        )
        yield build_finding("CA305", location, note=number)
