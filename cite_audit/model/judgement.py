"""What it means: verdicts, sources, findings, grades and the whole audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, field
from datetime import datetime

from cite_audit.frozen_record import frozen_record
from cite_audit.model.document import CitedWork, Location, Report
from cite_audit.model.evidence import Memento, Probe
from cite_audit.model.vocabulary import (
    Applicability,
    Archived,
    FindingState,
    Health,
    Reason,
    Severity,
    SourceGroup,
    VerdictState,
)


@frozen_record
class NewHome:
    """Where a page that is gone may be found now; its `title` there, and how like the cited page's it is (0–1).

    `found_by`: redirect (a later copy records it), canonical (the copy names it), form (an AMP, print, mobile or `www`
    address undone), listing (the site map or feed). `evidence` are sentences for a person. Or, beside a link that was
    `never_seen`: neighbour (an archived page whose address is like the cited one; that alone is compared).
    """

    url: str
    _: KW_ONLY
    found_by: str
    title: str
    likeness: float
    evidence: tuple[str, ...] = ()


@frozen_record(kw_only=True)
class NeverSeen:
    """A dead link that no archive ever captured, in a section of its site that the archive knows well.

    `section`: where its neighbours stand, without a scheme; a name alone where the archive knows no page of the whole
    site. `neighbours`: pages there that are archived, at least so many where `is_complete` is false. `fits_scheme`:
    whether the address has the shape of theirs; None where there are none.
    """

    section: str
    neighbours: int
    is_complete: bool = True
    fits_scheme: bool | None = None
    evidence: tuple[str, ...] = ()


@frozen_record(kw_only=True)
class OtherWork:
    """A work that a note names, and the other one that its address shows.

    `shown`: that one's title, or its authors where they differ. `seen_in`: the page, its archived copy, the registry.
    """

    cited: CitedWork
    differs: str  # title or authors
    shown: str
    seen_in: str


@frozen_record
class Verdict:
    """What is known of one link. `evidence` are sentences for a person."""

    url: str
    health: Health
    reason: Reason
    _: KW_ONLY
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    probe: Probe | None = None
    mementos: tuple[Memento, ...] = ()
    archived: Archived = Archived.UNCHECKED
    state: VerdictState = VerdictState.CONFIRMED
    detail: str = ""  # sub-reason, e.g. domain-gone, tls-expired, telegram
    moved_to: str = ""  # the address the page moved to, when that was proved
    checked_at: datetime | None = None
    from_cache: bool = False
    attempts: int = 0
    archive_evidence: tuple[str, ...] = ()
    suspected_trade: str = ""  # a live page about such a trade may be taken over; its archived copy tells
    suggestions: tuple[NewHome, ...] = ()  # for a broken link, the best first
    never_seen: NeverSeen | None = None
    other_works: tuple[OtherWork, ...] = ()  # of the works that notes name beside it, those that it does not show
    last_post: int = 0  # of the channel that a missing post is of, as far as its page was seen; 0 where it was not


@frozen_record
class Source:
    """Who a link belongs to. `control`, `medium` and `role` are words of the registry's tables."""

    id: str
    _: KW_ONLY
    name: str = ""
    group: SourceGroup = SourceGroup.UNKNOWN
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
    listed: bool = True  # whether some row of the registry speaks of it
    neutral: str = ""  # archive, short link, map … where the address tells no publisher
    side: str = ""  # the voice it shares with others: a country's partisan media, a network
    rating: str = ""  # somebody's opinion of its reliability; changes nothing

    @property
    def is_known(self) -> bool:
        """Whether it is known whose words it gives: some row says so, and it is no mere way to a page."""
        return self.group == SourceGroup.SELF or (
            self.listed and not self.neutral and (self.group != SourceGroup.UNKNOWN or self.medium == "organization")
        )


@frozen_record
class Fix:
    """A change that resolves a finding: `replacement` is the address to put there."""

    applicability: Applicability
    replacement: str
    title: str = ""


@frozen_record
class Finding:
    """One piece of advice at one place of a report."""

    rule: str  # CA101
    name: str  # link-gone
    _: KW_ONLY
    severity: Severity
    message: str
    location: Location
    note: int | None = None
    url: str = ""
    fixes: tuple[Fix, ...] = ()
    state: FindingState = FindingState.NEW
    related: tuple[str, ...] = ()
    ignore_reason: str = ""  # the reason that was given for ignoring it

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do about it: neither ignored nor resolved."""
        return self.state in (FindingState.NEW, FindingState.KNOWN)

    @property
    def has_safe_fix(self) -> bool:
        """Whether one of its fixes may be applied without asking."""
        return any(fix.applicability == Applicability.SAFE for fix in self.fixes)


@frozen_record
class Deduction:
    """Points taken for one measure: its value (0–1) and the notes it rests on."""

    measure: str
    points: float
    _: KW_ONLY
    value: float
    notes: tuple[int, ...] = ()
    text: str = ""


@frozen_record
class Share:
    """How many citations a group has, and their part of all (0–1)."""

    citations: int
    share: float


@frozen_record(kw_only=True)
class SourceRating:
    """A rating on the Admiralty scale (STANAG 2511) that somebody gave a source in a note; it takes no points.

    `reliability` of the source, A–F; `credibility` of what it says, 1–6; either may be empty. `remark`: why.
    """

    note: int
    url: str
    reliability: str
    credibility: str
    by: str  # note or table
    remark: str = ""


@frozen_record(kw_only=True)
class OriginChain:
    """Pages of several publishers that carry one text: the origin, and why it is held to be one."""

    origin: str
    publishers: tuple[str, ...]
    urls: tuple[str, ...]
    notes: tuple[int, ...]
    evidence: str


@frozen_record
class Grade:
    """How well a report documents its claims, with its working. `letter` and `score` are None when not gradable."""

    gradable: bool
    _: KW_ONLY
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
    ratings: tuple[SourceRating, ...] = ()
    chains: tuple[OriginChain, ...] = ()


@frozen_record
class UnreadReport:
    """A report that could not be read: where, and why in one line. `empty`: there was nothing in it to read."""

    path: str
    problem: str
    empty: bool = False


@frozen_record(kw_only=True)
class Audit:
    """The result of a run. `verdicts` and `sources` by the URL as cited, findings and grades by report path."""

    reports: tuple[Report, ...]
    verdicts: Mapping[str, Verdict]
    sources: Mapping[str, Source]
    findings: Mapping[str, tuple[Finding, ...]]
    grades: Mapping[str, Grade]
    generated_at: datetime
    incomplete: bool = False
    offline: bool = False
    unread: tuple[UnreadReport, ...] = ()
    remarks: tuple[str, ...] = ()  # about the whole run, e.g. that the live web could not be asked
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
