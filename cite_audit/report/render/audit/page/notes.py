"""All notes of a report in order, as HTML: what each says, and its links with health, archived copies and advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from cite_audit.model import Citation, Finding, FindingState, Fix, Health, Note, Report, Source, Verdict
from cite_audit.report.render.audit.page.facts import render_facts
from cite_audit.report.render.audit.page.links import WORST_FIRST, LinkState, PageLink
from cite_audit.report.render.labels import ARCHIVE_LABELS, UNKNOWN_REASONS, group_name
from cite_audit.report.render.locations import describe_place, shorten_words
from cite_audit.report.render.media.html import escape_html, render_link
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.urls import to_readable, url_host

HEALTH_LABELS = {
    "alive": "alive",
    "broken": "broken",
    "unknown": "could not tell",
    "skipped": "not asked",
    "unchecked": "not asked",
}
MAX_EXCERPT = 300  # characters shown of a note's text
NoteKey = tuple[int, int | None]


def render_notes(report: Report, links: Sequence[PageLink], advice: Sequence[Finding], level: int) -> Iterator[str]:
    """An entry for each note in order, with its links; before them those of the running text. `level` of headings."""
    by_note: dict[NoteKey, list[PageLink]] = {}
    for link in links:
        by_note.setdefault((link.citation.section, link.citation.note), []).append(link)
    of_notes: dict[int | None, list[Finding]] = {}
    for finding in advice:
        of_notes.setdefault(finding.note, []).append(finding)
    if not links and not report.notes and not advice:
        yield "<p>There are no notes and no links.</p>"
        return
    yield '<ol class="notes">'
    if of_report := of_notes.pop(None, []):
        yield _render_group("the report", "", (), of_report, level)
    body = [entry for (_, number), entries in by_note.items() if number is None for entry in entries]
    for place, same_place in groupby(body, key=lambda link: label_place(report, link.citation)):
        yield _render_group(place, "", list(same_place), (), level)
    yield from _render_each_note(report.notes, by_note, of_notes, level)
    yield "</ol>"


def _render_each_note(
    notes: Sequence[Note],
    by_note: Mapping[NoteKey, list[PageLink]],
    of_notes: dict[int | None, list[Finding]],
    level: int,
) -> Iterator[str]:
    for note in notes:
        links = by_note.get((note.section, note.number), [])
        kind = "" if links else f"{note.kind.replace('-', ' ')}: " if note.text else note.kind.replace("-", " ")
        text = sanitize_line(note.text)
        excerpt = f"{escape_html(text[:MAX_EXCERPT])}{'…' if len(text) > MAX_EXCERPT else ''}"
        is_mere_link = len(links) == 1 and text in (links[0].citation.link.raw, links[0].citation.link.url)
        said = "" if is_mere_link else f'<p class="soft">{kind}<bdi>{excerpt}</bdi></p>'
        yield _render_group(f"note {note.number}", said, links, of_notes.pop(note.number, []), level)
    for number, findings in sorted(of_notes.items(), key=lambda item: item[0] or 0):
        yield _render_group(f"note {number}", "", (), findings, level)


def _render_group(label: str, said: str, links: Sequence[PageLink], findings: Sequence[Finding], level: int) -> str:
    advice = "".join(
        f'<div class="advice" data-state="advice">{_render_finding(finding)}</div>'
        for finding in sorted(findings, key=lambda finding: WORST_FIRST.index(finding.severity))
    )
    sentence = next((link.citation.sentence for link in links if link.citation.sentence), "")
    claim = f'<p class="claim"><bdi>“{escape_html(sentence)}”</bdi></p>' if sentence else ""
    entries = "".join(_render_entry(link, label) for link in links)
    listed = f'<ul class="cites">{entries}</ul>' if entries else ""
    plain = "" if links or findings else ' data-state="none"'
    head = f'<h{level} class="label">{label}</h{level}>'
    return f'<li class="place"{plain}>{head}<div>{claim}{said}{advice}{listed}</div></li>'


def _render_entry(link: PageLink, place: str) -> str:
    """One link: its address, what became of it, whose it is, its copies; what is to be decided is on its card."""
    verdict, url, raw = link.verdict, link.citation.link.url, link.citation.link.raw
    health = verdict.health.value if verdict else "unchecked"
    address = render_link(url) if link.is_safe_to_open else f'<bdi class="url">{escape_html(url)}</bdi>'
    words = f"<bdi>‘{escape_html(shorten_words(link.citation.text))}’</bdi> " if link.citation.text else ""
    parts = [f'<p><span class="where soft" hidden>{place} </span>{words}{address}</p>']
    if sanitize_line(raw) != sanitize_line(url):
        parts.append(f'<p class="soft">printed as <bdi class="url">{escape_html(raw)}</bdi></p>')
    parts.append(f"<p>{_render_chips(verdict, health)} {_render_source(link.source)}</p>")
    parts += _render_mementos(verdict)
    is_decided_above = link.state in (LinkState.READY, LinkState.NEEDS)
    if is_decided_above:
        parts.append(f'<p><a href="#{link.anchor}">to decide</a></p>')
    shown = [finding for finding in link.findings if not is_decided_above or finding not in link.open_findings]
    parts += [_render_finding(finding) for finding in sorted(shown, key=lambda f: WORST_FIRST.index(f.severity))]
    parts += [] if is_decided_above else [*render_facts(link.citation), *render_evidence(verdict)]
    own_id = "" if is_decided_above else f' id="{link.anchor}"'
    host = escape_html(url_host(url) or "no host")
    return f'<li class="cite" data-state="{link.state}" data-host="{host}"{own_id}>{"".join(parts)}</li>'


def label_place(report: Report, item: Citation | Finding) -> str:
    """Where it stands, as HTML."""
    return escape_html(describe_place(report, item)) or "in the text"


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
    via = f" via {source.via}" if source.via else ""
    name = source.name or to_readable(source.id)
    label = f"{escape_html(name)} · {escape_html(group_name(source.group))}{escape_html(via)}"
    return f'<span class="soft">{label}</span>'


def _render_mementos(verdict: Verdict | None) -> list[str]:
    rows = []
    for memento in verdict.mementos[:3] if verdict else ():
        doubt = f" ({escape_html(', '.join(memento.quality))})" if memento.quality else ""
        title = f"archived copy of {memento.captured_at:%Y-%m-%d}"
        rows.append(f'<p class="copyof">{render_link(memento.uri_m, title)}{doubt}</p>')
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
    return f'<p class="fix">{title}{render_link(fix.replacement)} {button}</p>'


def render_evidence(verdict: Verdict | None) -> list[str]:
    """What was seen, folded."""
    evidence = [*verdict.evidence, *verdict.archive_evidence] if verdict else []
    if not evidence:
        return []
    rows = "".join(f"<li>{escape_html(text)}</li>" for text in evidence)
    return [f'<details><summary>what was seen</summary><ul class="plain">{rows}</ul></details>']
