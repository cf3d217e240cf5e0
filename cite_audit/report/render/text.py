"""Text for a person: note by note what to mend and with what, who is cited, the grade, and what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from shlex import quote

from cite_audit.model import Archived, Audit, Citation, Finding, Health, Reason, Report, Severity
from cite_audit.report.render.clean import clean
from cite_audit.report.render.grade_text import grade_lines
from cite_audit.report.render.ink import GRADES, Ink
from cite_audit.report.render.places import place, places
from cite_audit.report.render.wording import ARCHIVED, COULD_NOT_TELL, amount, count
from cite_audit.report.render.wording import group as group_name
from cite_audit.report.rules import catalogue, sentence
from cite_audit.urls import host, registrable

OPTIONS = ("width", "colour", "unicode", "verbose")
MARGIN = 12  # where a note's advice begins
FEW = 3  # the same advice on more notes than this is given once
WORTH_A_WORD = ("CA302", "CA405")  # remarks told even without -v: they say what can be done at once


def render(audit: Audit, *, width: int = 100, colour: bool = False, unicode: bool = True, verbose: int = 0) -> str:
    """The audit for reading: `width` in columns (40–200); `verbose` 1 shows notes of every severity and each link."""
    ink = Ink(min(max(width, 40), 200), colour, unicode)
    lines: list[str] = []
    for report in audit.reports:
        lines += [*_report(audit, report, ink, verbose), ""]
    lines += _unread(audit, ink)
    lines += _closing(audit, ink)
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _report(audit: Audit, report: Report, ink: Ink, verbose: int) -> Iterator[str]:
    findings = audit.findings.get(report.path, ())
    yield _heading(audit, report, ink)
    if report.title:
        dated = f" ({report.published:%Y-%m-%d})" if report.published else ""
        yield from (ink.paint(line, "faint") for line in ink.paragraph(report.title + dated, 2))
    yield ""
    open_ = [f for f in findings if f.state not in ("ignored", "resolved")]
    told, grouped = _split(open_, verbose)
    if told:
        yield from _notes(report, told, ink)
    yield from _together(report, grouped, ink)
    if verbose:
        yield from _every_link(audit, report, ink)
    if report.path in audit.grades:
        yield from grade_lines(audit.grades[report.path], ink)
    yield from _unknown(audit, report, ink)
    yield from _sum(findings, report, ink, verbose)


def _heading(audit: Audit, report: Report, ink: Ink) -> str:
    urls = dict.fromkeys(citation.link.url for citation in report.citations)
    domains = {registrable(host(url)) for url in urls}
    size = ", ".join(
        (count(len(report.citations), "citation"), count(len(urls), "link"), count(len(domains), "domain"))
    )
    grade = audit.grades.get(report.path)
    mark = (
        "" if grade is None or not (grade.letter or grade.gradable) else f"grade {grade.letter or 'without a letter'}"
    )
    line = ink.ends(f"{ink.plain(clean(report.path))}   {size}", mark)
    line = line.replace(mark, ink.paint(mark, GRADES.get((grade.letter or "?")[0], "strong") if grade else "strong"))
    return line if not ink.colour else line.replace(clean(report.path), ink.paint(clean(report.path), "strong"), 1)


def _split(findings: Sequence[Finding], verbose: int) -> tuple[list[Finding], dict[str, list[Finding]]]:
    """Findings that get lines of their own, and those of which one line for all says enough, by rule.

    Errors and warnings are told one by one unless the same was to be said of more than a few notes.
    """
    if verbose:
        return list(findings), {}
    repeated = Counter(f.rule for f in findings if not f.url)
    told: list[Finding] = []
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        rule = catalogue().get(finding.rule)
        if (rule and rule.together) or (not finding.url and repeated[finding.rule] > FEW):
            grouped.setdefault(finding.rule, []).append(finding)
        elif finding.severity is not Severity.NOTE:
            told.append(finding)
    return told, grouped


def _notes(report: Report, findings: Sequence[Finding], ink: Ink) -> Iterator[str]:
    """Note by note: what is said of the note itself, then each of its links with what is said of it."""
    # as printed, so that it is found in the document; what was printed in pieces is shown mended
    raws = {(c.note, c.link.url): c.link.url if c.link.repairs else c.link.raw for c in reversed(report.citations)}
    for where, of_place in groupby(sorted(findings, key=_by_note), key=lambda f: _place(report, f)):
        head = f"  {where}"
        for url, of_link in groupby(sorted(of_place, key=lambda f: bool(f.url)), key=lambda f: f.url):
            several = list(of_link)
            if url:
                yield from _address(clean(raws.get((several[0].note, url), url)), head, ink)
                head = ""
            for finding in several:
                yield from _advice(finding, head, ink)
                head = ""
    yield ""


def _by_note(finding: Finding) -> tuple[int, int, int]:
    note = finding.note if finding.note is not None else -1
    return (note, finding.location.line, finding.location.column)


def _place(report: Report, finding: Finding) -> str:
    if finding.note is None and not finding.url and finding.location.line == 1:
        return "report"
    return place(report, finding)


def _address(shown: str, head: str, ink: Ink) -> Iterator[str]:
    """The link as printed, on one line whatever its length."""
    yield f"{ink.paint(f'{head:<{MARGIN}}', 'strong')}{ink.plain(shown)}"


def _advice(finding: Finding, head: str, ink: Ink) -> Iterator[str]:
    name = f"{finding.rule} {finding.name}"
    known = " (known)" if finding.state == "known" else ""
    lines = ink.paragraph(f"{name}{known}: {finding.message}", MARGIN, head)
    lines[0] = lines[0].replace(name, ink.paint(name, finding.severity.value), 1)
    if head.strip():
        lines[0] = lines[0].replace(head, ink.paint(head, "strong"), 1)
    yield from lines
    for fix in finding.fixes[:3]:
        title, target = ink.plain(clean(fix.title)), ink.plain(f"→ {clean(fix.replacement)}")
        if title and MARGIN + len(title) + 1 + len(target) > ink.columns:
            yield from ink.paragraph(fix.title, MARGIN)
            title = ""
        yield f"{' ' * MARGIN}{title}{' ' if title else ''}{ink.paint(target, 'good')}"


def _together(report: Report, grouped: Mapping[str, Sequence[Finding]], ink: Ink) -> Iterator[str]:
    """One paragraph for each rule that says the same of many notes."""
    shown = [code for code, found in grouped.items() if found[0].severity is not Severity.NOTE or code in WORTH_A_WORD]
    for code in sorted(shown):
        rule, found = catalogue()[code], grouped[code]
        head, at = f"{code} {rule.name}", places(report, found)
        sites = dict.fromkeys(registrable(host(f.url)) for f in found if code == "CA405")
        which = f": {', '.join(sites)}" if sites else ""
        what = rule.several if len(sites) > 1 else rule.what
        lines = ink.paragraph(f"{head}{at and f', {at}'}{which}. {what} {rule.fix}", 4, "  ")
        lines[0] = lines[0].replace(head, ink.paint(head, found[0].severity.value), 1)
        yield from lines
    if shown:
        yield ""


def _every_link(audit: Audit, report: Report, ink: Ink) -> Iterator[str]:
    """With -v: each citation with its verdict, its memento and whose it is."""
    yield ink.paint("  every citation", "strong")
    before = ""
    for citation in report.citations:
        url = citation.link.url
        where = place(report, citation)
        yield f"  {where if where != before else '':<{MARGIN - 2}}{ink.plain(clean(url))}"
        yield from (ink.paint(line, "faint") for line in ink.paragraph(_state(audit, url), MARGIN))
        before = where
        verdict = audit.verdicts.get(url)
        for memento in verdict.mementos[:1] if verdict else ():
            yield f"{' ' * MARGIN}{ink.plain(f'→ {clean(memento.uri_m)}')}"
    yield ""


def _state(audit: Audit, url: str) -> str:
    """`alive (ok), archived; TASS, state media`; what was not asked is not said for each link."""
    verdict, source = audit.verdicts.get(url), audit.sources.get(url)
    parts = []
    if verdict and verdict.health is not Health.UNCHECKED:
        parts.append(f"{verdict.health} ({verdict.reason})")
    if verdict and verdict.archived is not Archived.UNCHECKED:
        parts.append(ARCHIVED[verdict.archived])
    whose = f"{source.name or source.id}, {group_name(source.group)}" if source else ""
    return "; ".join(part for part in (", ".join(parts), whose) if part)


def _unknown(audit: Audit, report: Report, ink: Ink) -> Iterator[str]:
    """What could not be told and why, reason by reason."""
    by_reason: dict[Reason, list[Citation]] = {}
    for citation in report.citations:
        verdict = audit.verdicts.get(citation.link.url)
        if verdict and verdict.health is Health.UNKNOWN:
            by_reason.setdefault(verdict.reason, []).append(citation)
    if not by_reason:
        return
    total = len({c.link.url for cited in by_reason.values() for c in cited})
    text = f"could not tell: {count(total, 'link')}. None is counted against the report."
    yield from ink.paragraph(text, 2, "  ")
    for reason, cited in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        links = len({c.link.url for c in cited})
        why = COULD_NOT_TELL.get(reason, reason.replace("-", " "))
        at = places(report, cited)
        yield from ink.paragraph(f"{links} {why}{at and f' ({at})'}", 6, f"    {'·' if ink.unicode else '-'} ")
    yield ""


def _sum(findings: Sequence[Finding], report: Report, ink: Ink, verbose: int) -> Iterator[str]:
    open_ = [f for f in findings if f.state in ("new", "known")]
    by_severity = Counter(f.severity for f in open_)
    more = " (-v shows them)" if by_severity[Severity.NOTE] and not verbose else ""
    states = Counter(f.state for f in findings)
    debt = "".join(f", {states[s]} {s}" for s in ("known", "resolved", "ignored") if states[s])
    yield from ink.paragraph(f"{amount(by_severity) or 'nothing to mend'}{more}{debt}.", 2, "  ")
    if safe := sum(any(f.applicability == "safe" for f in finding.fixes) for finding in open_):
        command = f"cite-audit fix {ink.plain(quote(clean(report.path)))} --diff"
        said = f"  {safe} can be mended for you:"
        fits = len(said) + 1 + len(command) <= ink.columns
        yield from [f"{said} {command}"] if fits else [said, f"    {command}"]


def _unread(audit: Audit, ink: Ink) -> Iterator[str]:
    for unread in audit.unread:
        yield from ink.paragraph(f"{unread.path}: could not be read: {unread.problem}", 2)
    if audit.unread:
        yield ""


def _closing(audit: Audit, ink: Ink) -> Iterator[str]:
    """What is true of the whole run, said once."""
    if audit.offline and not audit.remarks:
        yield from ink.paragraph("The live web and the archives were not asked (offline).", 0)
    for remark in audit.remarks:
        yield from ink.paragraph(sentence(remark), 0)
    if audit.incomplete:
        yield from ink.paragraph("Incomplete: the run ended before every link was judged.", 0)
    if len(audit.reports) > 1:
        counts: Mapping[str, int] = audit.counts
        yield from ink.paragraph(
            f"{count(counts['reports'], 'report')}: {count(counts['citations'], 'citation')} of "
            f"{count(counts['links'], 'link')}; {counts['alive']} alive, {counts['broken']} broken, "
            f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked.",
            0,
        )
