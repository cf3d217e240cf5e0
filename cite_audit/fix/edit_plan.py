"""The planned edits, one a citation: the new spelling of its link, and the archived copy to put beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import KW_ONLY
from datetime import date, datetime
from enum import StrEnum

from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.model import PLAIN_STYLE, Applicability, Citation, Finding, Health, Report, Verdict
from cite_audit.parse.links.refang import STYLES, defang
from cite_audit.urls import Wrapping, canonical_key, unwrap_url

__all__ = ["ARCHIVE_STYLES", "ArchiveStyle", "FixOptions", "PlannedEdit", "choose_spelling", "plan_edits"]


class ArchiveStyle(StrEnum):
    """How an archived copy is put beside a live link."""

    ROBUST = "robust"  # with the attributes of a Robust Link in HTML, as a link of its own in Markdown
    PAREN = "paren"
    NOTE = "note"  # at the end of the note


ARCHIVE_STYLES = tuple(ArchiveStyle)
# which finding wins where a link has several: the page is gone, the link is misread, it is printed in pieces
RULE_PRECEDENCE = ("CA1", "CA301", "CA303", "CA302")
NEW_HOME_RULE = "CA120"  # comes behind a sure copy of the page that is gone, and before one that is not sure


@frozen_record
class FixOptions:
    """What may be changed. `style`: how all links are to be printed ("" as they are, plain, or a defang style)."""

    unsafe: bool = False
    style: str = ""
    archive_style: str = ""  # an ArchiveStyle: how archived copies are put beside live links; "" not at all
    tracked: datetime | None = None  # the moment that tracked changes carry; None changes the text itself


@frozen_record
class PlannedEdit:
    """One link's change: printed as `spelling`, read as `url`; or a copy put beside it (`memento`, `captured`)."""

    citation: Citation
    _: KW_ONLY
    url: str
    spelling: str
    why: str
    memento: str = ""
    captured: date | None = None

    @property
    def replaces_spelling(self) -> bool:
        return self.spelling != self.citation.link.raw


def check_fix_options(options: FixOptions) -> None:
    """Raises UsageError, naming the choices."""
    if options.style not in ("", PLAIN_STYLE, *STYLES):
        raise UsageError(f"no such style: {options.style!r}; there are plain, {', '.join(STYLES)}")
    if options.archive_style not in ("", *ARCHIVE_STYLES):
        raise UsageError(f"archive style: {options.archive_style!r} is none of {', '.join(ARCHIVE_STYLES)}")


def plan_edits(
    report: Report, findings: Sequence[Finding], verdicts: Mapping[str, Verdict], options: FixOptions
) -> Iterator[PlannedEdit]:
    """The planned edits of one report, in the order of its citations; ignored findings give none."""
    check_fix_options(options)
    advice: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in findings:
        if finding.is_open and finding.fixes:
            advice.setdefault((finding.note, finding.url), []).append(finding)
    cited_archived = _find_archived_pages(report)
    suggested = {
        (finding.url, fix.replacement) for rows in advice.values() for finding in rows for fix in finding.fixes
    }
    for citation in report.citations:
        link = citation.link
        url, why = _choose_replacement(advice.get((citation.note, link.url), []), suggested, options.unsafe)
        spelling = choose_spelling(citation, url or link.url, options.style, has_fix=bool(why))
        memento, captured = ("", None)
        if options.archive_style and not url and (citation.note, canonical_key(link.url)) not in cited_archived:
            memento, captured = _nearest_good_memento(verdicts.get(link.url))
            cited_archived |= {(citation.note, canonical_key(link.url))} if memento else set()
        if spelling != link.raw or memento:
            reason = why or ("spelling of links" if spelling != link.raw else "archived copy")
            yield PlannedEdit(
                citation, url=url or link.url, spelling=spelling, why=reason, memento=memento, captured=captured
            )


def _choose_replacement(advice: Sequence[Finding], suggested: Set[tuple[str, str]], unsafe: bool) -> tuple[str, str]:
    """The address to write instead, and the rule that asks for it; two empty texts where no fix is sure enough.

    Of two addresses that are suggested for each other, none is: they would swap.
    """
    advice = sorted(advice, key=lambda finding: (not finding.has_safe_fix, finding.rule != NEW_HOME_RULE))
    for prefix in RULE_PRECEDENCE:
        for finding in advice:
            allowed = [
                fix
                for fix in finding.fixes
                if fix.replacement
                and (unsafe or fix.applicability == Applicability.SAFE)
                and (fix.replacement == finding.url or (fix.replacement, finding.url) not in suggested)
                and not (finding.rule.startswith("CA3") and _are_twins(fix.replacement, finding.url))
            ]
            if finding.rule.startswith(prefix) and len(allowed) == 1:
                return allowed[0].replacement, f"{finding.rule} {finding.name}"
    return "", ""


def _are_twins(url: str, other: str) -> bool:
    """Whether two addresses are two that differ in http and https, or in a last slash: neither misprints the other."""
    return url != other and url.partition("://")[2].rstrip("/") == other.partition("://")[2].rstrip("/")


def choose_spelling(citation: Citation, url: str, style: str, *, has_fix: bool) -> str:
    """How the link is to be printed: as asked for, else as it was printed, else plain for an archived copy."""
    link = citation.link
    if link.identifier and not has_fix:
        return link.raw
    if style == PLAIN_STYLE:
        return url
    if style:
        return _defang_or_plain(url, style)
    if not has_fix:
        return link.raw
    return (
        url
        if not link.is_defanged or canonical_key(url) != canonical_key(link.url)
        else _defang_or_plain(url, link.style)
    )


def _defang_or_plain(url: str, style: str) -> str:
    try:
        return defang(url, style)
    except ValueError:  # a dialect that is read but never written
        return url


def _nearest_good_memento(verdict: Verdict | None) -> tuple[str, date | None]:
    """The good copy nearest to the report for a link that is not known to be dead."""
    if verdict is None or verdict.health is Health.BROKEN or unwrap_url(verdict.url) is not None:
        return "", None
    memento = next((candidate for candidate in verdict.mementos if candidate.is_good), None)
    return (memento.uri_m, memento.captured_at.date()) if memento else ("", None)


def _find_archived_pages(report: Report) -> set[tuple[int | None, str]]:
    """The pages of which a note cites an archived copy already."""
    pages: set[tuple[int | None, str]] = set()
    for citation in report.citations:
        if (inner := unwrap_url(citation.link.url)) is not None and inner.via == Wrapping.ARCHIVE:
            pages.add((citation.note, canonical_key(inner.url)))
    return pages
