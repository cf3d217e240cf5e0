"""The nouns that all packages share: frozen facts, with properties that follow from them.

Evidence (`Probe`, `Memento`), judgement (`Verdict`), advice (`Finding`) and the sum (`Grade`, `Audit`) are
separate: a probe is what was seen, a verdict what it means, a finding what to do about it.
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
from cite_audit.model.evidence import (
    CitedLink,
    Failure,
    FailureKind,
    Hop,
    Memento,
    Probe,
    RuleObservation,
    prefix_observation,
)
from cite_audit.model.judgement import Audit, Deduction, Finding, Fix, Grade, Share, Source, UnreadReport, Verdict
from cite_audit.model.vocabulary import (
    PLAIN_STYLE,
    Applicability,
    Archived,
    FailOn,
    FindingState,
    Health,
    LinkRole,
    NoteKind,
    Reason,
    RepairKind,
    Severity,
    SourceGroup,
    SuspectKind,
    VerdictState,
)

__all__ = [
    "PLAIN_STYLE",
    "Applicability",
    "Archived",
    "Audit",
    "Citation",
    "CitedLink",
    "Comment",
    "Deduction",
    "FailOn",
    "Failure",
    "FailureKind",
    "Finding",
    "FindingState",
    "Fix",
    "Grade",
    "Health",
    "Hop",
    "Link",
    "LinkRole",
    "Location",
    "Marker",
    "Memento",
    "Note",
    "NoteKind",
    "Probe",
    "Reason",
    "Repair",
    "RepairKind",
    "Report",
    "RuleObservation",
    "Severity",
    "Share",
    "Source",
    "SourceGroup",
    "Suspect",
    "SuspectKind",
    "UnreadReport",
    "Verdict",
    "VerdictState",
    "prefix_observation",
]
