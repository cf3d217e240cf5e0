"""Advice on what the report rests on (CA4xx): follows the grade's own measures, so the two never contradict.

Every note that a measure counts is told, also where the grade allows some of them without taking points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cite_audit.config import Grading
from cite_audit.model import Finding, Grade, Location, Report, Source
from cite_audit.report.grade.reading import read
from cite_audit.report.grade.weights import preset
from cite_audit.report.rules import advise, sentence
from cite_audit.urls import host, registrable

# measure of the grade → rule; the measures of the first table speak of single notes, of the second of the whole report
PER_NOTE = {"state_media_only_unattributed": "CA401", "social_only": "CA402", "self_only": "CA404"}
PER_REPORT = {"single_publisher": "CA403", "concentration": "CA407"}


def sourcing(report: Report, sources: Mapping[str, Source], grade: Grade, settings: Grading) -> Iterator[Finding]:
    """Findings of the CA4xx family for one report."""
    places = {note.number: note.locations[0] for note in reversed(report.notes) if note.locations}
    notes = _measured(report, sources, settings)
    for deduction in grade.deductions:
        if code := PER_REPORT.get(deduction.measure):
            yield advise(code, Location(report.path, 1), sentence(deduction.text))
        notes[deduction.measure] = (*notes.get(deduction.measure, ()), *deduction.notes)
    for measure, code in PER_NOTE.items():
        for number in sorted(set(notes.get(measure, ()))):
            yield advise(code, places.get(number, Location(report.path, 1, note=number)), note=number)
    yield from _unlisted(report, sources)


def _measured(report: Report, sources: Mapping[str, Source], settings: Grading) -> dict[str, tuple[int, ...]]:
    """The notes that each measure of sources counts."""
    chosen = preset(settings.preset, settings.weights)
    reading = read(report, {}, sources, military_claims=chosen.military_claims, overrides=settings.roles)
    return {name: measured.notes for name, measured in reading.measures.items()}


def _unlisted(report: Report, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """One finding for each site that no list knows, at its first citation."""
    told: set[str] = set()
    for citation in report.citations:
        url = citation.link.url
        source = sources.get(url)
        if source is None or source.group != "unknown":
            continue
        site = source.id or registrable(host(url))
        if site and site not in told:
            told.add(site)
            yield advise("CA405", citation.location, f"Site: {site}.", note=citation.note, url=url)
