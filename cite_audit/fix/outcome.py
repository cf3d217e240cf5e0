"""What is still wrong in a report once the edits are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cite_audit.fix.edit_plan import PlannedEdit
from cite_audit.model import Finding
from cite_audit.urls import canonical_key

__all__ = ["find_unresolved"]

_ABOUT_THE_ADDRESS = ("CA1", "CA2")  # an address that is no longer cited


def find_unresolved(findings: Iterable[Finding], applied: Sequence[PlannedEdit]) -> list[Finding]:
    """The open findings that the edits leave: of a link that was replaced only what its reading is blamed for."""
    replaced = {
        (planned.citation.note, planned.citation.link.url)
        for planned in applied
        if canonical_key(planned.url) != canonical_key(planned.citation.link.url)
    }
    answered = {(planned.citation.note, planned.citation.link.url, planned.why.split(" ", 1)[0]) for planned in applied}
    return [
        finding
        for finding in findings
        if finding.is_open
        and (finding.note, finding.url, finding.rule) not in answered
        and not ((finding.note, finding.url) in replaced and finding.rule.startswith(_ABOUT_THE_ADDRESS))
    ]
