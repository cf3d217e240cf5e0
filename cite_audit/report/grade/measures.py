"""What is measured: shares of notes, each with the notes it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cite_audit.model import Archived, Health, Report, Verdict
from cite_audit.report.grade.claims import Claim, sourceless
from cite_audit.report.grade.roles import NEEDS_REVIEW, Role
from cite_audit.report.render.wording import count

STATE = frozenset({"state_media", "covert"})
ENOUGH = 0.5  # part of the links that must have been looked at before a measure of links is run


@dataclass(frozen=True, slots=True)
class Measured:
    """A share (0–1) and the notes that make it up, out of how many; `not_run` says why there is no value."""

    value: float
    notes: tuple[int, ...] = ()
    of: int = 0
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a grade is made of: the claims, the role of every citation in them, and the measures."""

    claims: tuple[Claim, ...]
    roles: Mapping[tuple[int, int, str], Role]  # section, note, address → role
    measures: Mapping[str, Measured]
    shown: Mapping[str, Measured]  # measured, never penalised

    def role(self, claim: Claim, url: str) -> Role:
        return self.roles[claim.section, claim.note, url]


def share(claims: tuple[Claim, ...], holds: Callable[[Claim], bool]) -> Measured:
    """The part of the notes, weighted by their markers, of which something holds."""
    if not claims:
        return Measured(0.0)
    held = [claim for claim in claims if holds(claim)]
    total = sum(claim.weight for claim in claims)
    notes = tuple(sorted({claim.note for claim in held}))
    return Measured(sum(claim.weight for claim in held) / total, notes, len({claim.note for claim in claims}))


def concentration(claims: Iterable[Claim]) -> tuple[Measured, float]:
    """The unbiased Herfindahl index Σn(n−1)/N(N−1) over publishers other than the report's own, and 1/index
    (how many equally cited publishers would give it; never more than there are).

    `n` counts the distinct notes that cite a publisher, so that a repeated link adds nothing.
    """
    self_named = {each.source.publisher for claim in claims for each in claim.cited if each.source.group == "self"}
    cited: dict[str, set[int]] = {}
    for place, claim in enumerate(claims):
        for publisher in claim.publishers - self_named:
            cited.setdefault(publisher, set()).add(place)
    counts = Counter({publisher: len(notes) for publisher, notes in cited.items()})
    total = sum(counts.values())
    if total < 2:
        return Measured(0.0), float(len(counts))
    index = sum(n * (n - 1) for n in counts.values()) / (total * (total - 1))
    most = min(counts, key=lambda publisher: (-counts[publisher], publisher))
    notes = tuple(sorted({claim.note for claim in claims if most in claim.publishers})) if index else ()
    return Measured(index, notes, len({claim.note for claim in claims})), (
        min(1 / index, float(len(counts))) if index else float(len(counts))
    )


def of_sources(claims: tuple[Claim, ...], roles: Mapping[tuple[int, int, str], Role]) -> dict[str, Measured]:
    """The measures that the sources alone give."""

    def state_only(claim: Claim) -> bool:
        return claim.groups <= STATE

    def unattributed(claim: Claim) -> bool:
        return state_only(claim) and not any(roles[claim.section, claim.note, c.url].attributed for c in claim.cited)

    return {
        "state_media_only_unattributed": share(claims, unattributed),
        "social_only": share(claims, lambda claim: claim.groups == {"telegram_social"}),
        "single_publisher": share(claims, lambda claim: len(claim.publishers) == 1),
        "self_only": share(claims, lambda claim: claim.groups == {"self"}),
        "concentration": concentration(claims)[0],
    }


def of_notes(report: Report) -> Measured:
    """The part of the report's numbers that lead to no source: markers without a note, notes without a source."""
    bare, total = sourceless(report)
    return Measured(len(bare) / total if total else 0.0, bare, total)


def of_links(claims: tuple[Claim, ...], verdicts: Mapping[str, Verdict]) -> dict[str, Measured]:
    """The measures of link rot: a note counts when one of its links is lost, or alive without a good memento."""
    urls = {each.url for claim in claims for each in claim.cited}
    known = [verdicts[url] for url in urls if url in verdicts]
    live = [each for each in known if each.health in (Health.ALIVE, Health.BROKEN)]
    asked = [each for each in known if each.archived not in (Archived.UNKNOWN, Archived.UNCHECKED)]
    lost = {v.url for v in live if v.health is Health.BROKEN and v.archived is Archived.NOT_ARCHIVED}
    bare = {
        v.url for v in live if v.health is Health.ALIVE and v.archived in (Archived.NOT_ARCHIVED, Archived.ARCHIVED_BAD)
    }
    live_why = _not_run(len(live), len(urls), "could be checked live")
    archive_why = _not_run(len(asked), len(urls), "could be looked up in an archive")

    def any_of(some: set[str], why: str) -> Measured:
        if why:
            return Measured(0.0, not_run=why)
        return share(claims, lambda claim: any(each.url in some for each in claim.cited))

    return {
        "dead_unrecoverable": any_of(lost, live_why or archive_why),
        "unarchived": any_of(bare, archive_why),
    }


def _not_run(known: int, total: int, what: str) -> str:
    if total and known >= ENOUGH * total:
        return ""
    return f"{known} of {count(total, 'link')} {what}" if known else f"no link {what.replace('could be', 'was')}"


def shown(claims: tuple[Claim, ...], roles: Mapping[tuple[int, int, str], Role]) -> dict[str, Measured]:
    """What an editor should see and nobody is marked down for."""

    def state(claim: Claim, name: str) -> bool:
        return claim.groups <= STATE and any(roles[claim.section, claim.note, c.url].name == name for c in claim.cited)

    total = sum(len(claim.cited) for claim in claims) or 1
    unknown = sum(each.source.group == "unknown" for claim in claims for each in claim.cited)
    with_unknown = tuple(sorted({claim.note for claim in claims if "unknown" in claim.groups}))
    mine = sum(each.source.group == "self" for claim in claims for each in claim.cited)
    return {
        "official_only": share(claims, lambda claim: claim.groups == {"official"}),
        "state_media_only_attributed": share(
            claims,
            lambda c: c.groups <= STATE and not state(c, NEEDS_REVIEW) and any(
                roles[c.section, c.note, each.url].attributed for each in c.cited),
        ),
        "state_media_only_unsure": share(claims, lambda claim: state(claim, NEEDS_REVIEW)),
        "aggregator_only": share(claims, lambda claim: claim.groups == {"aggregator"}),
        "unknown": Measured(unknown / total, with_unknown, len(claims)),
        "self": Measured(mine / total, tuple(sorted({c.note for c in claims if "self" in c.groups})), len(claims)),
        "effective_publishers": Measured(concentration(claims)[1]),
    }  # fmt: skip
