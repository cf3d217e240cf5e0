"""The notes of a report in order, as HTML: each citation with its health, archived copies, advice and fixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cite_audit.model import (
    Audit,
    Citation,
    Finding,
    FindingState,
    Fix,
    Health,
    Note,
    Reason,
    Report,
    Severity,
    Source,
    Verdict,
)
from cite_audit.report.render.audit.html_facts import render_facts
from cite_audit.report.render.labels import ARCHIVE_LABELS, UNKNOWN_REASONS, group_name
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.media.html import escape_html, render_link
from cite_audit.report.render.media.sanitizer import sanitize_line

HEALTH_LABELS = {
    "alive": "alive",
    "broken": "broken",
    "unknown": "could not tell",
    "skipped": "not asked",
    "unchecked": "not asked",
}
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
MAX_EXCERPT = 300  # characters shown of a note without links
UNSAFE_REASONS = {Reason.HIJACKED, Reason.PARKED, Reason.UNSAFE, Reason.INVALID}  # not to be clicked by accident


def render_citations(audit: Audit, report: Report) -> Iterator[str]:
    """A list with an entry for each citation, and one for each note or line about which there is advice of its own."""
    findings_by_place: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in audit.findings.get(report.path, ()):
        findings_by_place.setdefault((finding.note, finding.url), []).append(finding)
    entries: list[tuple[tuple[int, int, int], str]] = []
    for citation in report.citations:
        findings = findings_by_place.pop((citation.note, citation.link.url), [])
        url = citation.link.url
        verdict = audit.verdicts.get(url)
        was_asked = not (audit.offline and verdict and verdict.health is Health.UNCHECKED)  # said once, at the top
        row = _render_citation(
            _label_place(report, citation), citation, verdict if was_asked else None, audit.sources.get(url), findings
        )
        location = citation.location
        entries.append(((citation.note or 0, location.line, location.column), row))
    linked_notes = {(citation.note, citation.section) for citation in report.citations}
    for printed_note in report.notes:
        if (printed_note.number, printed_note.section) not in linked_notes:
            line = printed_note.locations[0].line if printed_note.locations else 0
            entries.append(
                (
                    (printed_note.number, line, 0),
                    _render_unlinked_note(printed_note, findings_by_place.pop((printed_note.number, ""), [])),
                )
            )
    for (note, url), findings in findings_by_place.items():
        location = findings[0].location
        entries.append(
            ((note or 0, location.line, 0), _render_unlinked_advice(_label_place(report, findings[0]), url, findings))
        )
    if not entries:
        yield "<p>There are no notes and no links.</p>"
        return
    yield '<ol class="cites">'
    for number, (_, row) in enumerate(sorted(entries, key=lambda entry: entry[0])):
        yield row.replace("data-place", f'data-place="{number}"', 1)
    yield "</ol>"


def _render_citation(
    place_label: str, citation: Citation, verdict: Verdict | None, source: Source | None, findings: Sequence[Finding]
) -> str:
    health = verdict.health.value if verdict else "unchecked"
    url = citation.link.url
    is_unsafe = verdict is not None and verdict.reason in UNSAFE_REASONS
    address = f'<bdi class="url">{escape_html(url)}</bdi>' if is_unsafe else render_link(url)
    printed_link = citation.link.raw
    parts = [f"<p>{address}</p>"]
    if sanitize_line(printed_link) != sanitize_line(url):
        parts.append(f'<p class="soft">printed as <bdi class="url">{escape_html(printed_link)}</bdi></p>')
    parts.append(f"<p>{_render_chips(verdict, health)} {_render_source(source)}</p>")
    parts += _render_mementos(verdict, {fix.replacement for finding in findings for fix in finding.fixes})
    parts += [_render_finding(finding) for finding in sorted(findings, key=lambda f: WORST_FIRST.index(f.severity))]
    parts += [*render_facts(citation), *_render_evidence(verdict)]
    name = source.id if source else ""
    return _render_entry(place_label, health, name, findings, parts)


def _render_unlinked_note(note: Note, findings: Sequence[Finding]) -> str:
    """A note that links nothing: its kind, and what it says."""
    text = sanitize_line(note.text)
    excerpt = f"<bdi>{escape_html(text[:MAX_EXCERPT])}{'…' if len(text) > MAX_EXCERPT else ''}</bdi>"
    parts = [f'<p class="soft">{escape_html(note.kind.replace("-", " "))}{": " if text else ""}{excerpt}</p>']
    parts += [_render_finding(finding) for finding in findings]
    return _render_entry(f"note {note.number}", "none", "", findings, parts)


def _render_unlinked_advice(place_label: str, url: str, findings: Sequence[Finding]) -> str:
    parts = [f"<p>{render_link(url)}</p>"] if url else []
    parts += [_render_finding(finding) for finding in findings]
    return _render_entry(place_label, "none", "", findings, parts)


def _render_entry(place_label: str, health: str, source: str, findings: Sequence[Finding], parts: Sequence[str]) -> str:
    open_severities = [f.severity for f in findings if f.is_open]
    worst = min(open_severities, key=WORST_FIRST.index).value if open_severities else "none"
    attributes = f'data-health="{health}" data-severity="{worst}" data-source="{escape_html(source)}"'
    head = f'<li class="cite" data-place {attributes}>'
    return f"{head}<h4>{place_label}</h4><div>{''.join(parts)}</div></li>"


def _label_place(report: Report, item: Citation | Finding) -> str:
    if isinstance(item, Finding) and item.note is None and not item.url and item.location.line == 1:
        return "report"
    return describe_place(report, item) or "in the text"


def _render_chips(verdict: Verdict | None, health: str) -> str:
    if verdict is None:
        return ""
    chips = f'<span class="chip {health}">{HEALTH_LABELS[health]}</span>'
    if health == Health.UNKNOWN:
        chips += f' <span class="soft">{escape_html(UNKNOWN_REASONS.get(verdict.reason, verdict.reason.value))}</span>'
    return f'{chips} <span class="chip {verdict.archived.value}">{ARCHIVE_LABELS[verdict.archived.value]}</span>'


def _render_source(source: Source | None) -> str:
    if source is None:
        return ""
    source_name = source.name or source.id
    via = f" via {source.via}" if source.via else ""
    label = f"{escape_html(source_name)} · {escape_html(group_name(source.group))}{escape_html(via)}"
    return f'<span class="sans soft">{label}</span>'


def _render_mementos(verdict: Verdict | None, offered_urls: set[str]) -> list[str]:
    """The archived copies, but for those that a fix shows anyway."""
    rows = []
    for memento in verdict.mementos[:3] if verdict else ():
        if memento.uri_m in offered_urls:
            continue
        doubt = f" ({escape_html(', '.join(memento.quality))})" if memento.quality else ""
        title = f"archived copy of {memento.captured_at:%Y-%m-%d}"
        rows.append(f'<p class="sans copyof">{render_link(memento.uri_m, title)}{doubt}</p>')
    return rows


def _render_finding(finding: Finding) -> str:
    state = "" if finding.state == FindingState.NEW else f" ({finding.state})"
    chip = f'<span class="chip {finding.severity.value}">{finding.rule} {escape_html(finding.name)}{state}</span>'
    fixes = "".join(_render_fix(fix) for fix in finding.fixes[:3])
    kind = f"{finding.severity.value} {finding.state}"
    return f'<div class="finding {kind}"><p>{chip} {escape_html(finding.message)}</p>{fixes}</div>'


def _render_fix(fix: Fix) -> str:
    title = f"{escape_html(fix.title)}: " if fix.title else ""
    button = '<button type="button" class="copy" hidden>Copy</button>'
    return f'<p class="fix">{title}<bdi class="url">{escape_html(fix.replacement)}</bdi> {button}</p>'


def _render_evidence(verdict: Verdict | None) -> list[str]:
    evidence = [*verdict.evidence, *verdict.archive_evidence] if verdict else []
    if not evidence:
        return []
    rows = "".join(f"<li>{escape_html(text)}</li>" for text in evidence)
    return [f'<details><summary class="sans">what was seen</summary><ul class="plain">{rows}</ul></details>']
