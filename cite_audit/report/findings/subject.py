"""What rules look at: one report as read, checked, classified and graded; or the ignores of a finished audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cite_audit.config.settings import Ignore
from cite_audit.model import Audit, Citation, Finding, Grade, Link, Report, Source, Verdict
from cite_audit.report.findings.rules import FindingRule, find_rule_for_verdict
from cite_audit.report.grading.measures import GradeBasis
from cite_audit.urls import url_host

__all__ = ["Finder", "IgnoreFinder", "IgnoreSubject", "RuleSubject", "is_unreadable"]

MIN_LINK_CONFIDENCE = 0.5  # a link read with less confidence than this is not taken for one


@dataclass(frozen=True, kw_only=True)
class RuleSubject:
    """One report and all that is known of it; what several rules need is made once. `sources` by URL as cited."""

    report: Report
    verdicts: Mapping[str, Verdict]
    sources: Mapping[str, Source]
    grade: Grade
    basis: GradeBasis
    today: date

    @cached_property
    def _split_citations(self) -> tuple[list[Citation], list[Citation], list[Citation]]:
        """Readable, unreadable and repeated ones. A link in running text is never a repetition."""
        readable: list[Citation] = []
        unreadable: list[Citation] = []
        repeated: list[Citation] = []
        places: set[tuple[int | None, int, str]] = set()
        for citation in self.report.citations:
            place = (citation.note, citation.section, citation.link.url)
            if place in places and citation.note is not None:
                repeated.append(citation)
            else:
                (unreadable if is_unreadable(citation.link) else readable).append(citation)
            places.add(place)
        return readable, unreadable, repeated

    @property
    def readable_citations(self) -> list[Citation]:
        return self._split_citations[0]

    @property
    def unreadable_citations(self) -> list[Citation]:
        return self._split_citations[1]

    @property
    def repeated_citations(self) -> list[Citation]:
        """Those of a link that the same note has already cited."""
        return self._split_citations[2]

    @cached_property
    def checked_citations(self) -> list[tuple[Citation, Verdict]]:
        """Those with a verdict, one for each link and note."""
        checked: dict[tuple[int | None, int, str], tuple[Citation, Verdict]] = {}
        for citation in self.report.citations:
            if verdict := self.verdicts.get(citation.link.url):
                checked.setdefault((citation.note, citation.section, citation.link.url), (citation, verdict))
        return list(checked.values())

    @cached_property
    def citations_by_rule(self) -> Mapping[str, list[tuple[Citation, Verdict]]]:
        """Code of a rule → the checked citations whose verdict it speaks of."""
        citations: dict[str, list[tuple[Citation, Verdict]]] = {}
        for citation, verdict in self.checked_citations:
            if rule := find_rule_for_verdict(verdict.health, verdict.reason):
                citations.setdefault(rule.code, []).append((citation, verdict))
        return citations


@dataclass(frozen=True, kw_only=True)
class IgnoreSubject:
    """The ignores of a run, and of these the ones in force that hid nothing."""

    audit: Audit
    ignores: tuple[Ignore, ...]
    unused: tuple[Ignore, ...]
    today: date


# A rule finds by a function of one of these kinds; several rules may share one, so it is given the rule.
Finder = Callable[[FindingRule, RuleSubject], Iterator[Finding]]
IgnoreFinder = Callable[[FindingRule, IgnoreSubject], Iterator[Finding]]


def is_unreadable(link: Link) -> bool:
    """Whether the address as read leads nowhere: no host, a host without a dot, blanks inside, or low confidence."""
    name = url_host(link.url)
    is_odd = not name or ("." not in name and ":" not in name) or link.url.split() != [link.url]
    return is_odd or link.confidence < MIN_LINK_CONFIDENCE
