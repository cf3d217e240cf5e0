"""The links of a report as the page shows them: what is to be done about each, and what names it in a decision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Audit, Citation, Finding, Fix, Health, Reason, Report, Severity, Source, Verdict
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.render.audit.place_findings import group_by_place, keep_distinct
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.urls import canonical_key

WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
UNSAFE_REASONS = {Reason.HIJACKED, Reason.PARKED, Reason.UNSAFE, Reason.INVALID}  # not to be clicked by accident
WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.I)


class LinkState(StrEnum):
    """What an editor has to do about a link."""

    READY = "ready"  # wrong, and what to write instead was seen
    NEEDS = "needs"  # wrong, and a person has to find what to do
    UNKNOWN = "unknown"  # it could not be told
    FINE = "fine"


@frozen_record(kw_only=True)
class PageLink:
    """One citation with all that is known of it. `anchor`: the id of its entry; `key`: its name in a decision."""

    anchor: str
    citation: Citation
    occurrence: int
    verdict: Verdict | None
    source: Source | None
    findings: tuple[Finding, ...]
    state: LinkState

    @property
    def offered(self) -> Fix | None:
        """What to write instead, where something is offered."""
        return next((fix for _, fix in self._offers), None)

    @property
    def is_ready(self) -> bool:
        """Whether what is offered was seen; a guess at a misprint asks for an editor's eye."""
        offer = next(self._offers, None)
        rule = load_catalogue().get(offer[0].rule) if offer else None
        return offer is not None and not (rule and rule.guess)

    @property
    def _offers(self) -> Iterator[tuple[Finding, Fix]]:
        for finding in self.open_findings:
            yield from ((finding, fix) for fix in finding.fixes if WEB_ADDRESS.match(fix.replacement))

    @property
    def open_findings(self) -> list[Finding]:
        """Those to act on, the worst first; of the copies of a link that works there is nothing to decide."""
        about_copies = {rule.code for rule in load_catalogue().values() if rule.about_copy}
        pressing = [
            finding
            for finding in self.findings
            if finding.is_open and finding.severity is not Severity.NOTE and finding.rule not in about_copies
        ]
        return sorted(pressing, key=lambda finding: WORST_FIRST.index(finding.severity))

    @property
    def is_safe_to_open(self) -> bool:
        """Whether the live address may be a link on the page."""
        return self.verdict is None or self.verdict.reason not in UNSAFE_REASONS

    @property
    def headline(self) -> str:
        """What is wrong, in few words: `The page is gone (410)`."""
        worst = self.open_findings[0]
        rule = load_catalogue().get(worst.rule)
        text = (rule.what if rule else worst.message).rstrip(".")
        probe = self.verdict.probe if self.verdict else None
        status = f" ({probe.status})" if probe and (probe.status or 0) >= 400 and worst.rule.startswith("CA1") else ""
        return f"{text[:1].lower()}{text[1:]}{status}"

    @property
    def key(self) -> dict[str, object]:
        """What names this link in a file of decisions."""
        note = None if self.citation.note is None else str(self.citation.note)
        link = self.citation.link
        return {"note": note, "printed": link.raw, "url": link.url, "occurrence": self.occurrence}


def list_links(audit: Audit, report: Report, prefix: str) -> list[PageLink]:
    """Every citation of a report, in the order of the text; `prefix` begins the ids of its entries."""
    findings = keep_distinct(group_by_place(audit.findings.get(report.path, ())))
    occurrences: Counter[tuple[int | None, str, str]] = Counter()
    shown = []
    for number, citation in enumerate(report.citations):
        url = citation.link.url
        name = (citation.note, citation.link.raw, canonical_key(url))
        occurrences[name] += 1
        verdict = audit.verdicts.get(url)
        if audit.offline and verdict and verdict.health is Health.UNCHECKED:  # said once, at the top
            verdict = None
        link = PageLink(
            anchor=f"{prefix}c{number}",
            citation=citation,
            occurrence=occurrences[name],
            verdict=verdict,
            source=audit.sources.get(url),
            findings=tuple(findings.get((citation.note, url), ())),
            state=LinkState.FINE,
        )
        shown.append(replace(link, state=_state_of(link)))
    return shown


def list_other_advice(audit: Audit, report: Report) -> list[Finding]:
    """The findings that are about no link of the report: on a note, or on the report itself."""
    cited = {(citation.note, citation.link.url) for citation in report.citations}
    return [finding for finding in audit.findings.get(report.path, ()) if (finding.note, finding.url) not in cited]


def count_states(links: Iterable[PageLink]) -> Counter[LinkState]:
    return Counter(link.state for link in links)


def worst_state(links: Sequence[PageLink]) -> LinkState:
    """The state that a note's square shows: what needs most of a person's time."""
    states = {link.state for link in links}
    order = (LinkState.NEEDS, LinkState.READY, LinkState.UNKNOWN)
    return next((state for state in order if state in states), LinkState.FINE)


def describe_words(citation: Citation) -> str:
    """The words that a hyperlink shows, for a heading; empty where it shows its address."""
    return sanitize_line(citation.text)


def _state_of(link: PageLink) -> LinkState:
    if link.open_findings:
        return LinkState.READY if link.is_ready else LinkState.NEEDS
    is_known = link.verdict is not None and link.verdict.health in (Health.ALIVE, Health.BROKEN)
    return LinkState.FINE if is_known else LinkState.UNKNOWN
