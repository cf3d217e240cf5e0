"""The notes of a report in order, as HTML: each citation with its health, archived copies, advice and fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from cite_audit.model import Audit, Citation, Finding, Fix, Health, Note, Reason, Report, Severity, Source, Verdict
from cite_audit.report.render.clean import clean
from cite_audit.report.render.places import place
from cite_audit.report.render.wording import ARCHIVED, COULD_NOT_TELL, group

HEALTHS = {
    "alive": "alive",
    "broken": "broken",
    "unknown": "could not tell",
    "skipped": "not asked",
    "unchecked": "not asked",
}
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
EXCERPT = 300  # characters shown of a note without links
AVOID = {Reason.HIJACKED, Reason.PARKED, Reason.UNSAFE, Reason.INVALID}  # not to be clicked by accident


def esc(text: str) -> str:
    """Remote text as HTML text or attribute value."""
    return escape(clean(text))


def anchor(url: str, text: str = "") -> str:
    """A link for an address of the web; anything else stays text."""
    shown = esc(text or url)
    if not re.match(r"https?://[^\s/]", clean(url), re.I):
        return f'<bdi class="url">{esc(url)}</bdi>'
    return f'<a class="url" href="{esc(url)}" rel="noopener noreferrer nofollow"><bdi>{shown}</bdi></a>'


def cites(audit: Audit, report: Report) -> Iterator[str]:
    """A list with an entry for each citation, and one for each note or line about which there is advice of its own."""
    said: dict[tuple[int | None, str], list[Finding]] = {}
    for finding in audit.findings.get(report.path, ()):
        said.setdefault((finding.note, finding.url), []).append(finding)
    entries: list[tuple[tuple[int, int, int], str]] = []
    for citation in report.citations:
        advice = said.pop((citation.note, citation.link.url), [])
        url = citation.link.url
        verdict = audit.verdicts.get(url)
        asked = not (audit.offline and verdict and verdict.health is Health.UNCHECKED)  # said once, at the top
        row = _citation(_place(report, citation), citation, verdict if asked else None, audit.sources.get(url), advice)
        where = citation.location
        entries.append(((citation.note or 0, where.line, where.column), row))
    linked = {(citation.note, citation.section) for citation in report.citations}
    for body in report.notes:
        if (body.number, body.section) not in linked:
            line = body.locations[0].line if body.locations else 0
            entries.append(((body.number, line, 0), _without_links(body, said.pop((body.number, ""), []))))
    for (note, url), advice in said.items():
        where = advice[0].location
        entries.append(((note or 0, where.line, 0), _about(_place(report, advice[0]), url, advice)))
    if not entries:
        yield "<p>There are no notes and no links.</p>"
        return
    yield '<ol class="cites">'
    for number, (_, row) in enumerate(sorted(entries, key=lambda entry: entry[0])):
        yield row.replace("data-place", f'data-place="{number}"', 1)
    yield "</ol>"


def _citation(
    where: str, citation: Citation, verdict: Verdict | None, source: Source | None, advice: Sequence[Finding]
) -> str:
    health = verdict.health.value if verdict else "unchecked"
    url = citation.link.url
    avoid = verdict is not None and verdict.reason in AVOID
    address = f'<bdi class="url">{esc(url)}</bdi>' if avoid else anchor(url)
    printed = citation.link.raw
    parts = [f"<p>{address}</p>"]
    if clean(printed) != clean(url):
        parts.append(f'<p class="soft">printed as <bdi class="url">{esc(printed)}</bdi></p>')
    parts.append(f"<p>{_chips(verdict, health)} {_source(source)}</p>")
    parts += _mementos(verdict, {fix.replacement for finding in advice for fix in finding.fixes})
    parts += [_finding(finding) for finding in sorted(advice, key=lambda f: WORST_FIRST.index(f.severity))]
    parts += _evidence(verdict)
    name = source.id if source else ""
    return _entry(where, health, name, advice, parts)


def _without_links(note: Note, advice: Sequence[Finding]) -> str:
    """A note that links nothing: its kind, and what it says."""
    text = clean(note.text)
    said = f"<bdi>{escape(text[:EXCERPT])}{'…' if len(text) > EXCERPT else ''}</bdi>"
    parts = [f'<p class="soft">{esc(note.kind.replace("-", " "))}{": " if text else ""}{said}</p>']
    parts += [_finding(finding) for finding in advice]
    return _entry(f"note {note.number}", "none", "", advice, parts)


def _about(where: str, url: str, advice: Sequence[Finding]) -> str:
    parts = [f"<p>{anchor(url)}</p>"] if url else []
    parts += [_finding(finding) for finding in advice]
    return _entry(where, "none", "", advice, parts)


def _entry(where: str, health: str, source: str, advice: Sequence[Finding], parts: Sequence[str]) -> str:
    live = [f.severity for f in advice if f.state in ("new", "known")]
    worst = min(live, key=WORST_FIRST.index).value if live else "none"
    head = f'<li class="cite" data-place data-health="{health}" data-severity="{worst}" data-source="{esc(source)}">'
    return f"{head}<h4>{where}</h4><div>{''.join(parts)}</div></li>"


def _place(report: Report, one: Citation | Finding) -> str:
    if isinstance(one, Finding) and one.note is None and not one.url and one.location.line == 1:
        return "report"
    return place(report, one) or "in the text"


def _chips(verdict: Verdict | None, health: str) -> str:
    if verdict is None:
        return ""
    chips = f'<span class="chip {health}">{HEALTHS[health]}</span>'
    if health == "unknown":
        chips += f' <span class="soft">{esc(COULD_NOT_TELL.get(verdict.reason, verdict.reason.value))}</span>'
    return f'{chips} <span class="chip {verdict.archived.value}">{ARCHIVED[verdict.archived.value]}</span>'


def _source(source: Source | None) -> str:
    if source is None:
        return ""
    named = source.name or source.id
    via = f" via {source.via}" if source.via else ""
    return f'<span class="sans soft">{esc(named)} · {esc(group(source.group))}{esc(via)}</span>'


def _mementos(verdict: Verdict | None, offered: set[str]) -> list[str]:
    """The archived copies, but for those that a fix shows anyway."""
    rows = []
    for memento in verdict.mementos[:3] if verdict else ():
        if memento.uri_m in offered:
            continue
        doubt = f" ({esc(', '.join(memento.quality))})" if memento.quality else ""
        title = f"archived copy of {memento.captured_at:%Y-%m-%d}"
        rows.append(f'<p class="sans copyof">{anchor(memento.uri_m, title)}{doubt}</p>')
    return rows


def _finding(finding: Finding) -> str:
    state = "" if finding.state == "new" else f" ({finding.state})"
    chip = f'<span class="chip {finding.severity.value}">{finding.rule} {esc(finding.name)}{state}</span>'
    fixes = "".join(_fix(fix) for fix in finding.fixes[:3])
    kind = f"{finding.severity.value} {finding.state}"
    return f'<div class="finding {kind}"><p>{chip} {esc(finding.message)}</p>{fixes}</div>'


def _fix(fix: Fix) -> str:
    title = f"{esc(fix.title)}: " if fix.title else ""
    button = '<button type="button" class="copy" hidden>Copy</button>'
    return f'<p class="fix">{title}<bdi class="url">{esc(fix.replacement)}</bdi> {button}</p>'


def _evidence(verdict: Verdict | None) -> list[str]:
    told = [*verdict.evidence, *verdict.archive_evidence] if verdict else []
    if not told:
        return []
    rows = "".join(f"<li>{esc(text)}</li>" for text in told)
    return [f'<details><summary class="sans">what was seen</summary><ul class="plain">{rows}</ul></details>']
