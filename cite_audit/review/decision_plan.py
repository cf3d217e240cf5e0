"""What a file of decisions means for a report as it is now: each decision fits one link, or is told why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY

from cite_audit.fix.edit_plan import PlannedEdit, choose_spelling
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Citation, Finding, Report
from cite_audit.review.decisions import Decision, DecisionAction, DecisionFile, list_link_places
from cite_audit.urls import canonical_key

__all__ = ["DecisionOutcome", "plan_decisions", "plan_with_decisions"]

WHY = "decided"  # the reason of an edit that was decided, where a rule stands otherwise


@frozen_record
class DecisionOutcome:
    """One decision, the citation it fits, the edit it asks for, and what is told of it where it asks for none."""

    decision: Decision
    citation: Citation | None = None
    _: KW_ONLY
    edit: PlannedEdit | None = None
    text: str = ""


def plan_decisions(report: Report, file: DecisionFile, *, is_same: bool) -> list[DecisionOutcome]:
    """The outcome of each decision, in the order of the file.

    `is_same`: the report's bytes are those decided upon. Otherwise a decision fits the one link printed like its own
    with its address; where there are several, all of them have to be decided, since nobody can say which is which.
    """
    return list(_DecisionMatch(report, file, is_same).settle())


def plan_with_decisions(
    report: Report, planned: Iterable[PlannedEdit], findings: Iterable[Finding], file: DecisionFile
) -> tuple[list[PlannedEdit], list[Finding]]:
    """The edits of a review and the findings it speaks of, where an editor has decided on some of the links already.

    A decided address wins over the planned one; a link that is kept is neither changed nor spoken of.
    """
    outcomes = plan_decisions(report, file, is_same=report.sha256 == file.sha256)
    settled = {id(outcome.citation): outcome for outcome in outcomes if outcome.citation is not None}
    by_citation = {id(edit.citation): edit for edit in planned}
    by_citation |= {key: outcome.edit for key, outcome in settled.items() if outcome.edit is not None}
    kept = {key for key, outcome in settled.items() if outcome.decision.action is DecisionAction.KEEP}
    silent = {(citation.note, citation.link.url) for citation in report.citations if id(citation) in kept}
    edits = [by_citation[id(c)] for c in report.citations if id(c) in by_citation and id(c) not in kept]
    return edits, [finding for finding in findings if not finding.url or (finding.note, finding.url) not in silent]


class _DecisionMatch:
    def __init__(self, report: Report, file: DecisionFile, is_same: bool) -> None:
        self.decisions, self.is_same = file.decisions, is_same
        self.places = dict(zip([place.key for place in list_link_places(report)], report.citations, strict=True))
        self.given: dict[int, Citation] = {}
        self.by_print: dict[tuple[str, str], list[Citation]] = {}
        self.by_address: dict[str, list[Citation]] = {}
        for citation in report.citations:
            address = canonical_key(citation.link.url)
            self.by_print.setdefault((citation.link.raw, address), []).append(citation)
            self.by_address.setdefault(address, []).append(citation)

    def settle(self) -> Iterator[DecisionOutcome]:
        if not self.is_same:
            self._match_changed()
        for decision in self.decisions:
            citation = self.places.get(decision.place.key) if self.is_same else self.given.get(id(decision))
            if citation is not None:
                yield _describe_match(decision, citation)
            else:
                yield DecisionOutcome(decision, text=self._explain(decision))

    def _match_changed(self) -> None:
        alike: dict[tuple[str, str], list[Decision]] = {}
        for decision in self.decisions:
            if not self._is_done(decision):
                alike.setdefault(_print_of(decision), []).append(decision)
        for names, decisions in alike.items():
            citations = self._find_alike(names)
            exact = [self.places.get(decision.place.key) for decision in decisions]
            if len(citations) != len(decisions):
                continue
            if len({(d.action, d.to, d.reason) for d in decisions}) > 1 and any(one is None for one in exact):
                continue
            chosen = exact if all(one is not None for one in exact) else citations
            self.given |= {id(d): c for d, c in zip(decisions, chosen, strict=True) if c is not None}

    def _find_alike(self, names: tuple[str, str]) -> list[Citation]:
        return self.by_print.get(names, [])

    def _is_done(self, decision: Decision) -> bool:
        """Whether the new address stands where the old one was, or nowhere the old one and somewhere the new."""
        if decision.action is not DecisionAction.REPLACE or decision.place.key in self.places:
            return False
        holders = self.by_address.get(canonical_key(decision.to), [])
        if holders and not self._find_alike(_print_of(decision)):
            return True
        return any(_note_of(citation) == decision.place.note for citation in holders)

    def _explain(self, decision: Decision) -> str:
        if self._is_done(decision):
            return "done already"
        alike = self._find_alike(_print_of(decision))
        if not alike:
            return "not in the report" if self.is_same else "no longer in the report"
        notes = ", ".join(dict.fromkeys(f"note {c.note}" if c.note is not None else "the text" for c in alike))
        return f"the report has changed, and this link stands in {notes}: decide again"


def _print_of(decision: Decision) -> tuple[str, str]:
    return decision.place.printed, canonical_key(decision.place.url)


def _note_of(citation: Citation) -> str | None:
    return None if citation.note is None else str(citation.note)


def _describe_match(decision: Decision, citation: Citation) -> DecisionOutcome:
    if decision.action is DecisionAction.KEEP:
        kept = f"kept: {decision.reason}" if decision.reason else "kept"
        return DecisionOutcome(decision, citation, text=kept)
    spelling = choose_spelling(citation, decision.to, "", has_fix=True)
    if canonical_key(decision.to) == canonical_key(citation.link.url):
        return DecisionOutcome(decision, citation, text="is this address already")
    edit = PlannedEdit(citation, url=decision.to, spelling=spelling, why=WHY)
    return DecisionOutcome(decision, citation, edit=edit)
