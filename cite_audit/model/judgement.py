"""What it means: verdicts, sources, findings, grades and the whole audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cite_audit.model.document import Location, Report
from cite_audit.model.evidence import Memento, Probe
from cite_audit.model.vocabulary import Archived, Health, Reason, Severity


@dataclass(frozen=True, slots=True)
class Observation:
    """A piece of evidence: a sentence, and the rule of the judge's tables behind it (“rule NAME; SOURCE”), if any."""

    text: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.rule})" if self.rule else self.text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one link. `evidence` are sentences for a person; `state` is suspected or confirmed."""

    url: str
    health: Health
    reason: Reason
    confidence: float = 1.0
    evidence: tuple[Observation, ...] = ()
    probe: Probe | None = None
    mementos: tuple[Memento, ...] = ()
    archived: Archived = Archived.UNCHECKED
    state: str = "confirmed"
    detail: str = ""  # sub-reason, e.g. domain-gone, tls-expired, telegram
    moved_to: str = ""  # the address the page moved to, when that was proved
    checked_at: datetime | None = None
    from_cache: bool = False
    attempts: int = 0
    archive_evidence: tuple[str, ...] = ()
    suspected_trade: str = ""  # a live page about such a trade may be taken over; its archived copy tells


@dataclass(frozen=True, slots=True)
class Source:
    """Who a link belongs to. The axes are those of the registry; `group` is the class it is graded in."""

    id: str
    name: str = ""
    group: str = "unknown"
    control: str = "unknown"
    country: str = ""
    origin: str = ""
    medium: str = "unknown"
    publisher: str = ""
    channel: str | None = None
    via: str = ""  # telegram, archive … when the address is a way to the source, not the source
    role: str = ""
    confidence: str = ""
    basis: str = ""  # which row or rule says so, and why


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding: `applicability` is safe or unsafe, `replacement` what to put there."""

    applicability: str
    replacement: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str  # CA101
    name: str  # link-gone
    severity: Severity
    message: str
    location: Location
    note: int | None = None
    url: str = ""
    fixes: tuple[Fix, ...] = ()
    state: str = "new"  # new, known, resolved or ignored
    related: tuple[str, ...] = ()
    ignore_reason: str = ""  # the reason that was given for ignoring it


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points taken for one measure: its value (0–1) and the notes it rests on."""

    measure: str
    points: float
    value: float
    notes: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many citations a group has, and their part of all (0–1)."""

    citations: int
    share: float


@dataclass(frozen=True, slots=True)
class Grade:
    """How well a report documents its claims, with its working. `letter` and `score` are None when not gradable."""

    gradable: bool
    letter: str | None = None
    score: float | None = None
    provisional: bool = False
    groups: Mapping[str, Share] = field(default_factory=dict)
    deductions: tuple[Deduction, ...] = ()
    not_run: tuple[str, ...] = ()
    registry_version: str = ""
    text: str = ""  # why it is not gradable, or what would raise it
    measures: Mapping[str, float] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadReport:
    """A report that could not be read: where, and why in one line. `empty`: there was nothing in it to read."""

    path: str
    problem: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole answer. `verdicts` and `sources` are keyed by the URL as cited, findings and grades by report path."""

    reports: tuple[Report, ...]
    verdicts: Mapping[str, Verdict]
    sources: Mapping[str, Source]
    findings: Mapping[str, tuple[Finding, ...]]
    grades: Mapping[str, Grade]
    generated_at: datetime
    incomplete: bool = False
    offline: bool = False
    unread: tuple[UnreadReport, ...] = ()
    remarks: tuple[str, ...] = ()  # said once, e.g. that the live web could not be asked
    interrupted: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Totals by kind and by health, as json-v1 prints them."""
        by_health = {health.value: 0 for health in Health}
        for verdict in self.verdicts.values():
            by_health[verdict.health] += 1
        return {
            "reports": len(self.reports),
            "notes": sum(len(report.notes) for report in self.reports),
            "citations": sum(len(report.citations) for report in self.reports),
            "links": len(self.verdicts),
            **by_health,
        }
