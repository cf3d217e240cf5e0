"""cite-audit: what a report's footnotes link to, whether it is still there, and what the report rests on.

As a library: `audit()` and `aaudit()` return the `Audit` that the command of that name shows; `read_report()` is the
parser alone, offline and pure; `refang()`, `defang()` and `classify()` answer for one text or address. The names of
`__all__` are the public interface. Each is imported when it is first used (PEP 562), so that `import cite_audit` is
cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from cite_audit.config.files import load_settings
    from cite_audit.config.settings import Archiving, Grading, Ignore, Network, Policy, Settings
    from cite_audit.errors import CiteAuditError, ConfigError, ReadError, UsageError
    from cite_audit.model import (
        PLAIN_STYLE,
        Applicability,
        Archived,
        Audit,
        Citation,
        CitedLink,
        CitedWork,
        Comment,
        Deduction,
        Fact,
        FactAnswer,
        FactKind,
        FailOn,
        Failure,
        FailureKind,
        Finding,
        FindingState,
        Fix,
        FoundFact,
        Grade,
        Health,
        Hop,
        Link,
        LinkRole,
        LinkTable,
        Location,
        Marker,
        Memento,
        NeverSeen,
        NewHome,
        Note,
        NoteKind,
        OriginChain,
        OtherWork,
        PageFacts,
        Probe,
        Reason,
        Repair,
        RepairKind,
        Report,
        RuleObservation,
        Severity,
        Share,
        Source,
        SourceGroup,
        SourceRating,
        Suspect,
        SuspectKind,
        UnreadReport,
        Verdict,
        VerdictState,
        prefix_observation,
    )
    from cite_audit.parse import read_report
    from cite_audit.parse.links.refang import defang, refang
    from cite_audit.pipeline import aaudit, audit
    from cite_audit.progress import Observer
    from cite_audit.report.sources import classify

__all__ = [
    "PLAIN_STYLE",
    "Applicability",
    "Archived",
    "Archiving",
    "Audit",
    "Citation",
    "CiteAuditError",
    "CitedLink",
    "CitedWork",
    "Comment",
    "ConfigError",
    "Deduction",
    "Fact",
    "FactAnswer",
    "FactKind",
    "FailOn",
    "Failure",
    "FailureKind",
    "Finding",
    "FindingState",
    "Fix",
    "FoundFact",
    "Grade",
    "Grading",
    "Health",
    "Hop",
    "Ignore",
    "Link",
    "LinkRole",
    "LinkTable",
    "Location",
    "Marker",
    "Memento",
    "Network",
    "NeverSeen",
    "NewHome",
    "Note",
    "NoteKind",
    "Observer",
    "OriginChain",
    "OtherWork",
    "PageFacts",
    "Policy",
    "Probe",
    "ReadError",
    "Reason",
    "Repair",
    "RepairKind",
    "Report",
    "RuleObservation",
    "Settings",
    "Severity",
    "Share",
    "Source",
    "SourceGroup",
    "SourceRating",
    "Suspect",
    "SuspectKind",
    "UnreadReport",
    "UsageError",
    "Verdict",
    "VerdictState",
    "aaudit",
    "audit",
    "classify",
    "defang",
    "load_settings",
    "prefix_observation",
    "read_report",
    "refang",
]

# where each public name stands; what is not listed is a noun of the model
_HOMES = {
    **dict.fromkeys(("audit", "aaudit"), "cite_audit.pipeline"),
    "read_report": "cite_audit.parse",
    **dict.fromkeys(("refang", "defang"), "cite_audit.parse.links.refang"),
    "classify": "cite_audit.report.sources",
    "load_settings": "cite_audit.config.files",
    **dict.fromkeys(("Settings", "Network", "Archiving", "Grading", "Policy", "Ignore"), "cite_audit.config.settings"),
    **dict.fromkeys(("CiteAuditError", "ConfigError", "ReadError", "UsageError"), "cite_audit.errors"),
    "Observer": "cite_audit.progress",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "cite_audit.model")), name)
    globals()[name] = value  # the next use finds it without coming here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
