"""One report on the page: its first screen, the cards to decide on, the grade, and all notes in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from shlex import quote

from cite_audit.model import Audit, Finding, Report
from cite_audit.report.render.audit.page.cards import render_cards
from cite_audit.report.render.audit.page.grade import describe_grade, render_grade
from cite_audit.report.render.audit.page.links import (
    LinkState,
    PageLink,
    count_states,
    list_links,
    list_other_advice,
    worst_state,
)
from cite_audit.report.render.audit.page.notes import render_notes
from cite_audit.report.render.labels import (
    describe_indicators,
    describe_states,
    format_count,
    format_severity_counts,
)
from cite_audit.report.render.media.html import escape_html

TILES = (
    (LinkState.READY, "ready: accept"),
    (LinkState.NEEDS, "need your decision"),
    (LinkState.UNKNOWN, "could not be told"),
    (LinkState.FINE, "fine"),
)
SQUARE_LABELS = {
    LinkState.READY: "a replacement is ready",
    LinkState.NEEDS: "needs your decision",
    LinkState.UNKNOWN: "could not be told",
    LinkState.FINE: "fine",
}


def render_report(audit: Audit, report: Report, number: int, level: int, tools: str = "") -> Iterator[str]:
    """One report as an article; `level` is that of its title's heading, `tools` choose what is shown of it."""
    links = list_links(audit, report, f"r{number}")
    advice = list_other_advice(audit, report)
    name = decisions_name(report.path)
    yield f'<article class="report" aria-labelledby="r{number}" '
    yield f'data-report="{escape_html(PurePath(report.path).name)}" '
    yield f'data-sha256="{report.sha256}" data-file="{escape_html(name)}">'
    yield from _render_head(audit, report, number, level)
    yield from _render_tiles(links)
    yield from _render_strip(report, links)
    yield tools
    yield f'<section class="hand"><h{level + 1}>To decide</h{level + 1}>'
    cards = list(render_cards(report, links, level + 2))
    yield from cards or ["<p>No link needs a hand.</p>"]
    yield '<p class="none soft" hidden>Nothing to decide in this selection.</p>'
    if cards:
        yield _render_bar(report.path, name)
    yield "</section>"
    if grade := audit.grades.get(report.path):
        yield from render_grade(grade, f"r{number}grade", level + 1)
    yield f'<section class="all"><h{level + 1}>All notes and links</h{level + 1}>'
    yield f'<p class="soft">{_describe_contents(report, audit.findings.get(report.path, ()))}</p>'
    yield from render_notes(report, links, advice, level + 2)
    yield "</section></article>"


def decisions_name(path: str) -> str:
    """The name of the file of decisions on a report: draft.docx → draft.decisions.json."""
    return f"{PurePath(path.rstrip('/')).stem or 'report'}.decisions.json"


def _render_head(audit: Audit, report: Report, number: int, level: int) -> Iterator[str]:
    yield f'<h{level} id="r{number}" dir="auto">{escape_html(report.title or report.path)}</h{level}>'
    day = report.published
    stamp = audit.generated_at.isoformat(timespec="seconds")
    parts = [
        escape_html(", ".join(report.authors)),
        f'<time datetime="{day}">{day.day} {day:%B %Y}</time>' if day else "",
        f"<code>{escape_html(report.path)}</code>",
        f'checked <time datetime="{stamp}">{audit.generated_at.day} {audit.generated_at:%b %Y}</time>',
        describe_grade(audit.grades.get(report.path), f"r{number}grade"),
    ]
    yield f'<p class="byline soft">{" · ".join(part for part in parts if part)}</p>'


def _render_tiles(links: Sequence[PageLink]) -> Iterator[str]:
    """How many links are in each state; each leads to those alone."""
    counts = count_states(links)
    yield '<ul class="tiles">'
    for state, label in TILES:
        kind = f"{state} some" if counts[state] else state
        yield f'<li><a class="tile {kind}" href="#show={state}"><b>{counts[state]}</b> <span>{label}</span></a></li>'
    yield "</ul>"


def _render_strip(report: Report, links: Sequence[PageLink]) -> Iterator[str]:
    """A square for each note in order, and one for each link of the running text, that leads to what is known."""
    places: dict[tuple[int, int | None, int], list[PageLink]] = {}
    for index, link in enumerate(links):
        citation = link.citation
        place = (citation.section, citation.note, index if citation.note is None else 0)
        places.setdefault(place, []).append(link)
    if not places:
        return
    yield '<nav class="strip" aria-label="Notes, in the order of the text"><ol>'
    for (_, note, _), entries in places.items():
        state = worst_state(entries)
        entry = next(entry for entry in entries if entry.state == state)
        name = "link" if note is None else f"note {note}"
        shown = "¶" if note is None else str(note)
        label = f"{name}: {SQUARE_LABELS[state]}"
        yield f'<li><a class="{state}" href="#{entry.anchor}" title="{label}" aria-label="{label}">{shown}</a></li>'
    yield "</ol></nav>"


def _render_bar(path: str, name: str) -> str:
    """How many are decided, and what comes next; script fills it."""
    command = f"cite-audit fix {quote(PurePath(path).name)} --decisions {quote(name)}"
    return (
        '<div class="bar" hidden><span class="done" role="status"></span><progress max="1" value="0" '
        'aria-label="decided"></progress><button type="button" class="main" data-act="save">Save decisions</button>'
        '<button type="button" class="main" data-act="review" hidden>Make the reviewed document</button>'
        f'<span class="next soft">then <code>{escape_html(command)}</code></span>'
        '<span class="told" role="status"></span></div>'
    )


def _describe_contents(report: Report, findings: Sequence[Finding]) -> str:
    open_by_severity = Counter(finding.severity for finding in findings if finding.is_open)
    facts = [
        format_count(len(report.notes), "note"),
        format_count(len(report.citations), "citation"),
        format_severity_counts(open_by_severity) or "nothing to mend",
        *describe_states(findings),
        *([describe_indicators(report)] if report.indicators else []),
    ]
    return " · ".join(facts)
