"""Advice on what was read (CA3xx, CA406): links as printed, notes, markers."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Applicability, Finding, Fix, Link, Location, Note, NoteKind, RepairKind, Report
from cite_audit.report.findings.rules import FindingRule, build_citation_finding, build_finding, format_sentence
from cite_audit.report.findings.subject import RuleSubject

SAFE_REPAIR_CONFIDENCE = 0.95  # printed whole elsewhere, framed, or broken at a defanged dot; a shape alone is less
SOFT_HYPHEN = "\u00ad"


def find_unreadable_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.unreadable_citations:
        link = citation.link
        suggestions = dict.fromkeys([*(suspect.suggested_url for suspect in link.suspects), *link.alternatives])
        fixes = tuple(Fix(Applicability.UNSAFE, url, "did you mean this?") for url in suggestions)
        yield build_citation_finding(rule.code, citation, _join_suspect_evidence(link), fixes)


def find_repaired_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.readable_citations:
        link = citation.link
        if link.repairs and not (subject.report.format == "markdown" and _is_escaped_rightly(link)):
            applicability = Applicability.SAFE if _is_certain(link) else Applicability.UNSAFE
            repair_kinds = ", ".join(dict.fromkeys(repair.kind.replace("-", " ") for repair in link.repairs))
            fix = Fix(applicability, link.url, "the link in one piece")
            yield build_citation_finding(rule.code, citation, f"Repair: {repair_kinds}.", (fix,))


def _is_escaped_rightly(link: Link) -> bool:
    """Whether an address is only written as Markdown writes it: `x\\_y`, `?a=1&amp;b=2` (CommonMark 0.31, 2.4)."""
    return link.raw.isascii() and all(repair.kind == RepairKind.UNESCAPED for repair in link.repairs)


def _is_certain(link: Link) -> bool:
    """Whether the evidence for what was repaired proves how the link is to be read."""
    is_guess = SOFT_HYPHEN in link.raw or bool(link.suspects)
    return link.confidence >= SAFE_REPAIR_CONFIDENCE and not is_guess


def find_suspected_misprints(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.readable_citations:
        if suspects := citation.link.suspects:
            fixes = tuple(
                Fix(Applicability.UNSAFE, suspect.suggested_url, "did you mean this?") for suspect in suspects
            )
            yield build_citation_finding(rule.code, citation, _join_suspect_evidence(citation.link), fixes)


def find_ambiguous_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.readable_citations:
        if alternatives := citation.link.alternatives:
            fixes = tuple(Fix(Applicability.UNSAFE, url, "another way to read it") for url in alternatives)
            yield build_citation_finding(rule.code, citation, "", fixes)


def find_repeated_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.repeated_citations:
        yield build_citation_finding(rule.code, citation)


def _join_suspect_evidence(link: Link) -> str:
    return " ".join(format_sentence(suspect.evidence) for suspect in link.suspects if suspect.evidence)


def find_missing_notes(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    report = subject.report
    locations = {marker.number: marker.location for marker in reversed(report.markers)}
    for number in report.missing_notes:
        yield build_finding(rule.code, locations.get(number) or _unknown_place(report, number), note=number)


def find_orphan_notes(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    report = subject.report
    locations = {note.number: _locate_note(report, note) for note in report.notes}
    for number in report.orphan_notes:
        yield build_finding(rule.code, locations.get(number) or _unknown_place(report, number), note=number)


def find_unlisted_markers(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    report = subject.report
    if report.markers and not report.notes:
        yield build_finding(rule.code, report.markers[0].location)


def find_lost_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for note in subject.report.notes:
        if _has_lost_links(note):
            count = f"{note.lost_slots} links are missing." if note.lost_slots > 1 else ""
            yield build_finding(rule.code, _locate_note(subject.report, note), count, note=note.number)


def find_empty_notes(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    return _find_notes_of_kind(NoteKind.EMPTY, rule, subject)


def find_sources_on_request(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    return _find_notes_of_kind(NoteKind.ON_REQUEST, rule, subject)


def _find_notes_of_kind(kind: NoteKind, rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for note in subject.report.notes:
        if note.kind == kind and not _has_lost_links(note):
            yield build_finding(rule.code, _locate_note(subject.report, note), note=note.number)


def find_no_sources(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    report = subject.report
    if not report.notes and not report.citations and not report.markers:
        yield build_finding(rule.code, Location(report.path, 1))


def _has_lost_links(note: Note) -> bool:
    return note.kind == NoteKind.LOST_LINK or note.lost_slots > 0


def _locate_note(report: Report, note: Note) -> Location:
    return note.locations[0] if note.locations else _unknown_place(report, note.number)


def _unknown_place(report: Report, note: int) -> Location:
    return Location(report.path, 1, note=note)
