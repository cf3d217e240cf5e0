"""What is to change, citation by citation: which spelling each link gets, and which archived copy is put beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cite_audit.errors import UsageError
from cite_audit.model import Citation, Finding, Health, Report, Verdict
from cite_audit.parse.refang import STYLES, defang
from cite_audit.urls import key, unwrap

__all__ = ["BESIDE", "Options", "Wish", "wishes"]

BESIDE = ("robust", "paren", "note")
# which advice wins where there is more than one for a link: what is gone, then what is misread, then how it is printed
ORDER = ("CA1", "CA301", "CA303", "CA302")


@dataclass(frozen=True, slots=True)
class Options:
    """What may be changed. `style`: how all links are to be printed ("" as they are, plain, or a defang style)."""

    unsafe: bool = False
    style: str = ""
    beside: str = ""  # robust, paren or note: how archived copies are put beside live links


@dataclass(frozen=True, slots=True)
class Wish:
    """One link's change: printed as `spelled`, read as `url`; or a copy put beside it (`memento`, `captured`)."""

    citation: Citation
    url: str
    spelled: str
    why: str
    memento: str = ""
    captured: date | None = None

    @property
    def replaces(self) -> bool:
        return self.spelled != self.citation.link.raw


def check(options: Options) -> None:
    """Raises UsageError, naming the choices."""
    if options.style not in ("", "plain", *STYLES):
        raise UsageError(f"no such style: {options.style!r}; there are plain, {', '.join(STYLES)}")
    if options.beside not in ("", *BESIDE):
        raise UsageError(f"archive style: {options.beside!r} is none of {', '.join(BESIDE)}")


def wishes(
    report: Report, findings: Sequence[Finding], verdicts: Mapping[str, Verdict], options: Options
) -> Iterator[Wish]:
    """The wishes for one report, in the order of its citations; ignored findings give none."""
    check(options)
    advice: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in findings:
        if finding.state in ("new", "known") and finding.fixes:
            advice.setdefault((finding.note, finding.url), []).append(finding)
    archived = _archived_already(report)
    for citation in report.citations:
        link = citation.link
        url, why = _target(advice.get((citation.note, link.url), []), options.unsafe)
        spelled = _spelled(citation, url or link.url, options.style, mended=bool(why))
        memento, captured = ("", None)
        if options.beside and not url and (citation.note, key(link.url)) not in archived:
            memento, captured = _copy(verdicts.get(link.url))
            archived |= {(citation.note, key(link.url))} if memento else set()
        if spelled != link.raw or memento:
            reason = why or ("spelling of links" if spelled != link.raw else "archived copy")
            yield Wish(citation, url or link.url, spelled, reason, memento, captured)


def _target(advice: Sequence[Finding], unsafe: bool) -> tuple[str, str]:
    """The address to write instead, and the rule that asks for it; two empty texts where nothing is sure enough."""
    for prefix in ORDER:
        for finding in advice:
            allowed = [fix for fix in finding.fixes if unsafe or fix.applicability == "safe"]
            if finding.rule.startswith(prefix) and len(allowed) == 1:
                return allowed[0].replacement, f"{finding.rule} {finding.name}"
    return "", ""


def _spelled(citation: Citation, url: str, style: str, *, mended: bool) -> str:
    """How the link is to be printed: as asked for, else as it was printed, else plain for an archived copy."""
    link = citation.link
    if style == "plain":
        return url
    if style:
        return _defanged(url, style)
    if not mended:
        return link.raw
    return url if link.style == "plain" or key(url) != key(link.url) else _defanged(url, link.style)


def _defanged(url: str, style: str) -> str:
    try:
        return defang(url, style)
    except ValueError:  # a dialect that is read but never written
        return url


def _copy(verdict: Verdict | None) -> tuple[str, date | None]:
    """The good copy nearest to the report for a link that is not known to be dead."""
    if verdict is None or verdict.health is Health.BROKEN or unwrap(verdict.url) is not None:
        return "", None
    memento = next((m for m in verdict.mementos if m.good), None)
    return (memento.uri_m, memento.captured_at.date()) if memento else ("", None)


def _archived_already(report: Report) -> set[tuple[int | None, str]]:
    """The pages of which a note cites an archived copy already."""
    found: set[tuple[int | None, str]] = set()
    for citation in report.citations:
        if (inner := unwrap(citation.link.url)) is not None and inner.via == "archive":
            found.add((citation.note, key(inner.url)))
    return found
