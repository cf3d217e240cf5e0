"""The rules about sourcing (CA4xx), from the measures of the grade, so that the two never contradict.

Each note that a measure counts has a finding, also where the grade allows some of them without taking points.
"""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Finding, Location, SourceGroup
from cite_audit.report.findings.rules import FindingRule, build_finding, format_sentence
from cite_audit.report.findings.subject import RuleSubject
from cite_audit.urls import registrable_domain, to_readable, url_host


def find_measured_notes(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each note that the rule's measure counts."""
    report = subject.report
    locations = {note.number: note.locations[0] for note in reversed(report.notes) if note.locations}
    measured = subject.basis.measures.get(rule.measure)
    numbers = set(measured.notes if measured else ())
    numbers.update(*(deduction.notes for deduction in subject.grade.deductions if deduction.measure == rule.measure))
    for number in sorted(numbers):
        yield build_finding(rule.code, locations.get(number, Location(report.path, 1, note=number)), note=number)


def find_deduction(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for the whole report where the grade lost points to the rule's measure."""
    for deduction in subject.grade.deductions:
        if deduction.measure == rule.measure:
            yield build_finding(rule.code, Location(subject.report.path, 1), format_sentence(deduction.text))


def find_unlisted_sites(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each site that no list knows, at its first citation."""
    reported_sites: set[str] = set()
    for citation in subject.report.citations:
        url = citation.link.url
        source = subject.sources.get(url)
        if source is None or source.group != SourceGroup.UNKNOWN:
            continue
        site = source.id or registrable_domain(url_host(url))
        if site and site not in reported_sites:
            reported_sites.add(site)
            yield build_finding(
                rule.code, citation.location, f"Site: {to_readable(site)}.", note=citation.note, url=url
            )
