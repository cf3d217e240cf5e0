"""Advice on what the report rests on (CA4xx): follows the grade's own working, so the two never contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cite_audit.model import Finding, Grade, Location, Report, Source
from cite_audit.report.rules import advise, sentence
from cite_audit.urls import host, registrable

# measure of the grade → rule; the measures of the first table speak of single notes, of the second of the whole report
PER_NOTE = {"state_media_only_unattributed": "CA401", "social_only": "CA402", "self_only": "CA404"}
PER_REPORT = {"single_publisher": "CA403", "concentration": "CA407"}


def sourcing(report: Report, sources: Mapping[str, Source], grade: Grade) -> Iterator[Finding]:
    """Findings of the CA4xx family for one report."""
    places = {note.number: note.locations[0] for note in reversed(report.notes) if note.locations}
    top = Location(report.path, 1)
    for deduction in grade.deductions:
        if code := PER_NOTE.get(deduction.measure):
            for number in deduction.notes:
                yield advise(code, places.get(number, Location(report.path, 1, note=number)), note=number)
        elif code := PER_REPORT.get(deduction.measure):
            yield advise(code, top, sentence(deduction.text))
    yield from _unlisted(report, sources)


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
