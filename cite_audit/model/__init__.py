"""The nouns every room shares: frozen facts without behaviour beyond what can be derived from them.

Evidence (`Probe`, `Memento`), judgement (`Verdict`), advice (`Finding`) and the sum (`Grade`, `Audit`) are
kept apart on purpose: a probe is what was seen, a verdict what it means, a finding what to do about it.
All offsets are characters (not bytes) of the text named; all times are aware UTC datetimes.
"""

from cite_audit.model.document import (
    Citation,
    Comment,
    Link,
    Location,
    Marker,
    Note,
    Repair,
    Report,
    Suspect,
)
from cite_audit.model.evidence import CitedLink, Failure, FailureKind, Hop, Memento, Probe
from cite_audit.model.judgement import (
    Audit,
    Deduction,
    Finding,
    Fix,
    Grade,
    Observation,
    Share,
    Source,
    UnreadReport,
    Verdict,
)
from cite_audit.model.vocabulary import Archived, Health, Reason, Severity

__all__ = [
    "Archived",
    "Audit",
    "Citation",
    "CitedLink",
    "Comment",
    "Deduction",
    "Failure",
    "FailureKind",
    "Finding",
    "Fix",
    "Grade",
    "Health",
    "Hop",
    "Link",
    "Location",
    "Marker",
    "Memento",
    "Note",
    "Observation",
    "Probe",
    "Reason",
    "Repair",
    "Report",
    "Severity",
    "Share",
    "Source",
    "Suspect",
    "UnreadReport",
    "Verdict",
]
