"""The rules about sourcing (CA4xx), from the measures of the grade, so that the two never contradict.

Each note that a measure counts has a finding, also where the grade allows some of them without taking points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cite_audit.model import Finding, Grade, Location, Report, Source, SourceGroup
from cite_audit.report.findings.rules import build_finding, format_sentence
from cite_audit.report.grading.measures import GradeBasis, Measure
from cite_audit.urls import registrable_domain, url_host

# measure of the grade → rule; the first table is about single notes, the second about the whole report
PER_NOTE: dict[str, str] = {Measure.STATE_MEDIA_ONLY: "CA401", Measure.SOCIAL_ONLY: "CA402", Measure.SELF_ONLY: "CA404"}
PER_REPORT: dict[str, str] = {Measure.SINGLE_PUBLISHER: "CA403", Measure.CONCENTRATION: "CA407"}


def find_sourcing_problems(
    report: Report, sources: Mapping[str, Source], grade: Grade, basis: GradeBasis
) -> Iterator[Finding]:
    """Findings of the CA4xx family for one report; `basis` is what its grade was made of."""
    locations_by_note = {note.number: note.locations[0] for note in reversed(report.notes) if note.locations}
    notes_by_measure = {name: result.notes for name, result in basis.measures.items()}
    for deduction in grade.deductions:
        if code := PER_REPORT.get(deduction.measure):
            yield build_finding(code, Location(report.path, 1), format_sentence(deduction.text))
        notes_by_measure[deduction.measure] = (*notes_by_measure.get(deduction.measure, ()), *deduction.notes)
    for measure, code in PER_NOTE.items():
        for number in sorted(set(notes_by_measure.get(measure, ()))):
            yield build_finding(code, locations_by_note.get(number, Location(report.path, 1, note=number)), note=number)
    yield from _find_unlisted_sites(report, sources)


def _find_unlisted_sites(report: Report, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """One finding for each site that no list knows, at its first citation."""
    reported_sites: set[str] = set()
    for citation in report.citations:
        url = citation.link.url
        source = sources.get(url)
        if source is None or source.group != SourceGroup.UNKNOWN:
            continue
        site = source.id or registrable_domain(url_host(url))
        if site and site not in reported_sites:
            reported_sites.add(site)
            yield build_finding("CA405", citation.location, f"Site: {site}.", note=citation.note, url=url)
