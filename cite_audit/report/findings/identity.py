"""What makes two findings the same from one run to the next: rule, subject and occurrence, never a number or a line.

A note's number changes when a footnote is inserted before it, a line when any text is. The subject is the canonical
address that a finding is about; else what the note itself holds: its links, or its text.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Finding, Note, Report
from cite_audit.urls import canonical_key

_NO_LETTERS = compile_lazily(r"[\W\d_]+")


class FindingIdentity(NamedTuple):
    """`occurrence` counts, from 0 and in the order of the text, the findings of one rule about one subject."""

    rule: str
    subject: str
    occurrence: int


def identify_findings(report: Report, findings: Sequence[Finding]) -> list[FindingIdentity]:
    """The identity of each finding of a report, in the order given. All findings of the report are needed to count."""
    in_text_order = sorted(range(len(findings)), key=lambda index: _text_order(findings[index]))
    seen_so_far: Counter[tuple[str, str]] = Counter()
    identities: dict[int, FindingIdentity] = {}
    for index in in_text_order:
        rule, subject = findings[index].rule, describe_subject(report, findings[index])
        identities[index] = FindingIdentity(rule, subject, seen_so_far[rule, subject])
        seen_so_far[rule, subject] += 1
    return [identities[index] for index in range(len(findings))]


def describe_subject(report: Report, finding: Finding) -> str:
    """What a finding is about: an address, the links or the text of a note, the sentence of a marker; "" the report."""
    if finding.url:
        return canonical_key(finding.url)
    if finding.note is None:
        return ""
    note = _find_note(report, finding)
    if note is not None and note.links:
        return "links " + " ".join(sorted({canonical_key(link.url) for link in note.links}))
    text = note.text if note is not None else _marker_sentence(report, finding)
    return f"text {_hash_letters(text)}"


def _find_note(report: Report, finding: Finding) -> Note | None:
    same_number = [note for note in report.notes if note.number == finding.note]
    lines = {finding.location.line}
    on_line = (note for note in same_number if lines & {location.line for location in note.locations})
    return next(on_line, same_number[0] if same_number else None)


def _marker_sentence(report: Report, finding: Finding) -> str:
    return next((marker.sentence for marker in report.markers if marker.number == finding.note), "")


def _hash_letters(text: str) -> str:
    """Letters only: labels, markers and spaces may change with the numbering."""
    letters = _NO_LETTERS.sub("", text.casefold())
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text_order(finding: Finding) -> tuple[int, int, int]:
    place = finding.location
    return (place.offset, place.line, place.column)
