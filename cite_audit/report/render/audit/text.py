"""Text for a person: note by note what to mend and with what, who is cited, the grade, and what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote

from cite_audit.model import Archived, Audit, Citation, Finding, FindingState, Health, Reason, Report, Severity
from cite_audit.report.findings.rules import format_sentence, load_catalogue
from cite_audit.report.render.audit.advice_text import MARGIN, MAX_REPEATED, AdviceText, mark_known
from cite_audit.report.render.audit.grade_text import render_grade_lines
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.fact_summary import describe_answer, list_missing
from cite_audit.report.render.labels import (
    ARCHIVE_LABELS,
    UNKNOWN_REASONS,
    describe_indicators,
    describe_states,
    format_count,
    format_severity_counts,
    group_name,
)
from cite_audit.report.render.locations import describe_place, describe_places, shorten_words
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.media.terminal import GRADE_STYLES, Terminal
from cite_audit.urls import registrable_domain, to_readable, url_host


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit for reading; `verbose` 1 shows notes of every severity and each link."""
    terminal, verbose = options.terminal, options.verbose
    lines: list[str] = []
    for report in audit.reports:
        lines += [*_render_report_text(audit, report, terminal, verbose), ""]
    lines += _render_unread(audit, terminal) if options.unread else []
    lines += _render_closing(audit, terminal)
    return ("\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n").lstrip("\n")


def _render_report_text(audit: Audit, report: Report, terminal: Terminal, verbose: int) -> Iterator[str]:
    findings = audit.findings.get(report.path, ())
    yield _render_heading(audit, report, terminal)
    if report.title:
        date_text = f" ({report.published:%Y-%m-%d})" if report.published else ""
        yield from (terminal.style_text(line, "faint") for line in terminal.wrap_paragraph(report.title + date_text, 2))
    yield ""
    open_findings = [f for f in findings if f.is_open]
    single_findings, repeated, grouped = _split_findings(open_findings, verbose)
    advice = AdviceText(report, terminal)
    if single_findings:
        yield from advice.write_places(single_findings)
    for code in sorted(repeated):
        yield from advice.write_repeated(code, repeated[code])
    yield from _render_grouped(report, grouped, terminal)
    if verbose:
        yield from _render_every_link(audit, report, terminal)
    if report.path in audit.grades:
        yield from render_grade_lines(audit.grades[report.path], terminal)
    yield from _render_unknown(audit, report, terminal)
    if report.indicators:
        yield from terminal.wrap_paragraph(describe_indicators(report), 2)
    yield from _render_totals(findings, report, terminal, verbose)


def _render_heading(audit: Audit, report: Report, terminal: Terminal) -> str:
    urls = dict.fromkeys(citation.link.url for citation in report.citations)
    domains = {registrable_domain(url_host(url)) for url in urls}
    size = ", ".join(
        (
            format_count(len(report.citations), "citation"),
            format_count(len(urls), "link"),
            format_count(len(domains), "domain"),
        )
    )
    grade = audit.grades.get(report.path)
    mark = (
        "" if grade is None or not (grade.letter or grade.gradable) else f"grade {grade.letter or 'without a letter'}"
    )
    line = terminal.justify_ends(f"{terminal.to_plain(sanitize_line(report.path))}   {size}", mark)
    line = line.replace(
        mark, terminal.style_text(mark, GRADE_STYLES.get((grade.letter or "?")[0], "strong") if grade else "strong")
    )
    return (
        line
        if not terminal.colour
        else line.replace(sanitize_line(report.path), terminal.style_text(sanitize_line(report.path), "strong"), 1)
    )


FindingsByRule = dict[str, list[Finding]]


def _split_findings(findings: Sequence[Finding], verbose: int) -> tuple[list[Finding], FindingsByRule, FindingsByRule]:
    """Findings told place by place; links whose cause is told once; and those of which one line says enough, by rule.

    Errors and warnings are told one by one unless the same was to be said of more than a few places.
    """
    if verbose:
        return list(findings), {}, {}
    counts = Counter((f.rule, bool(f.url)) for f in findings)
    single_findings: list[Finding] = []
    repeated: FindingsByRule = {}
    grouped: FindingsByRule = {}
    for finding in findings:
        rule = load_catalogue().get(finding.rule)
        is_repeated = counts[finding.rule, bool(finding.url)] > MAX_REPEATED
        if (rule and rule.together) or (is_repeated and not finding.url):
            grouped.setdefault(finding.rule, []).append(finding)
        elif finding.severity is Severity.NOTE:
            continue
        elif is_repeated and rule:
            repeated.setdefault(finding.rule, []).append(finding)
        else:
            single_findings.append(finding)
    return single_findings, repeated, grouped


def _render_grouped(report: Report, grouped: Mapping[str, Sequence[Finding]], terminal: Terminal) -> Iterator[str]:
    """One paragraph for each rule that says the same of many notes."""
    shown_codes = [
        code
        for code, group_findings in grouped.items()
        if group_findings[0].severity is not Severity.NOTE or load_catalogue()[code].always_told
    ]
    for code in sorted(shown_codes):
        rule, group_findings = load_catalogue()[code], grouped[code]
        head, place_text = f"{code} {rule.name}{mark_known(group_findings)}", describe_places(report, group_findings)
        known = [finding for finding in group_findings if finding.state == FindingState.KNOWN]
        if 0 < len(known) < len(group_findings):
            new = [finding for finding in group_findings if finding.state != FindingState.KNOWN]
            place_text = f"{describe_places(report, new)} (known: {describe_places(report, known)})"
        sites = dict.fromkeys(registrable_domain(url_host(f.url)) for f in group_findings if rule.several)
        site_text = f": {', '.join(sites)}" if sites else ""
        meaning = rule.several if len(sites) > 1 else rule.what
        lines = terminal.wrap_paragraph(
            f"{head}{place_text and f', {place_text}'}{site_text}. {meaning} {rule.fix}", 4, "  "
        )
        lines[0] = lines[0].replace(head, terminal.style_text(head, group_findings[0].severity.value), 1)
        yield from lines
    if shown_codes:
        yield ""


def _render_every_link(audit: Audit, report: Report, terminal: Terminal) -> Iterator[str]:
    """With -v: each citation with its verdict, its memento and whose it is."""
    yield terminal.style_text("  every citation", "strong")
    previous_place = ""
    for citation in report.citations:
        url = citation.link.url
        place_label = terminal.to_plain(describe_place(report, citation))
        if place_label != previous_place:
            quoted = f"“{sanitize_line(citation.sentence)}”" if citation.sentence else ""
            yield from terminal.wrap_paragraph(f"{place_label} {quoted}".strip(), 4, "  ")
        words = f"‘{shorten_words(citation.text)}’ " if citation.note is not None and citation.text else ""
        yield f"{' ' * MARGIN}{terminal.to_plain(f'{words}{sanitize_line(url)}')}"
        yield from (
            terminal.style_text(line, "faint")
            for line in terminal.wrap_paragraph(_describe_link_state(audit, url), MARGIN)
        )
        yield from _render_facts(citation, terminal)
        previous_place = place_label
        verdict = audit.verdicts.get(url)
        for memento in verdict.mementos[:1] if verdict else ():
            yield f"{' ' * MARGIN}{terminal.to_plain(f'→ {sanitize_line(memento.uri_m)}')}"
    yield ""


def _render_facts(citation: Citation, terminal: Terminal) -> Iterator[str]:
    """What of the sentence stands on the page, and what was not found."""
    if citation.page_facts is not None:
        parts = (describe_answer(citation.page_facts), list_missing(citation.page_facts))
        sentences = (f"{part.removesuffix('.')}." for part in parts if part)
        yield from terminal.wrap_paragraph(" ".join(sentences), MARGIN)


def _describe_link_state(audit: Audit, url: str) -> str:
    """`alive (ok), archived; TASS, state media`; what was not asked is not said for each link."""
    verdict, source = audit.verdicts.get(url), audit.sources.get(url)
    parts = []
    if verdict and verdict.health is not Health.UNCHECKED:
        parts.append(f"{verdict.health} ({verdict.reason})")
    if verdict and verdict.archived is not Archived.UNCHECKED:
        parts.append(ARCHIVE_LABELS[verdict.archived])
    source_text = f"{source.name or to_readable(source.id)}, {group_name(source.group)}" if source else ""
    return "; ".join(part for part in (", ".join(parts), source_text) if part)


def _render_unknown(audit: Audit, report: Report, terminal: Terminal) -> Iterator[str]:
    """What could not be told and why, reason by reason."""
    by_reason: dict[Reason, list[Citation]] = {}
    for citation in report.citations:
        verdict = audit.verdicts.get(citation.link.url)
        if verdict and verdict.health is Health.UNKNOWN:
            by_reason.setdefault(verdict.reason, []).append(citation)
    if not by_reason:
        return
    total = len({c.link.url for citations in by_reason.values() for c in citations})
    text = f"could not tell: {format_count(total, 'link')}. None is counted against the report."
    yield from terminal.wrap_paragraph(text, 2, "  ")
    for reason, citations in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        links = len({c.link.url for c in citations})
        reason_text = UNKNOWN_REASONS.get(reason, reason.replace("-", " "))
        place_text = describe_places(report, citations)
        yield from terminal.wrap_paragraph(
            f"{links} {reason_text}{place_text and f' ({place_text})'}", 6, f"    {'·' if terminal.unicode else '-'} "
        )
    yield ""


def _render_totals(findings: Sequence[Finding], report: Report, terminal: Terminal, verbose: int) -> Iterator[str]:
    open_findings = [f for f in findings if f.is_open]
    by_severity = Counter(f.severity for f in open_findings)
    hint = " (-v shows them)" if by_severity[Severity.NOTE] and not verbose else ""
    debt = "".join(f", {phrase}" for phrase in describe_states(findings))
    yield from terminal.wrap_paragraph(
        f"{format_severity_counts(by_severity) or 'nothing to mend'}{hint}{debt}.", 2, "  "
    )
    if safe_count := sum(finding.has_safe_fix for finding in open_findings):
        command = f"cite-audit fix {terminal.to_plain(quote(sanitize_line(report.path)))} --diff"
        fix_text = f"  {safe_count} can be mended for you:"
        fits = len(fix_text) + 1 + len(command) <= terminal.columns
        yield from [f"{fix_text} {command}"] if fits else [fix_text, f"    {command}"]


def _render_unread(audit: Audit, terminal: Terminal) -> Iterator[str]:
    for unread in audit.unread:
        yield from terminal.wrap_paragraph(f"{unread.path}: could not be read: {unread.problem}", 2)
    if audit.unread:
        yield ""


def _render_closing(audit: Audit, terminal: Terminal) -> Iterator[str]:
    """What is true of the whole run, said once."""
    if audit.offline and not audit.remarks:
        yield from terminal.wrap_paragraph("The live web and the archives were not asked (offline).", 0)
    for remark in audit.remarks:
        yield from terminal.wrap_paragraph(format_sentence(remark), 0)
    if audit.incomplete:
        yield from terminal.wrap_paragraph("Incomplete: the run ended before every link was judged.", 0)
    if len(audit.reports) > 1:
        counts: Mapping[str, int] = audit.counts
        yield from terminal.wrap_paragraph(
            f"{format_count(counts['reports'], 'report')}: {format_count(counts['citations'], 'citation')} of "
            f"{format_count(counts['links'], 'link')}; {counts['alive']} alive, {counts['broken']} broken, "
            f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked.",
            0,
        )
