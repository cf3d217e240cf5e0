"""A grade as an editor reads it: what the report leans on, what rests on what, the points taken, the letter last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.grading.measures import UnscoredMeasure
from cite_audit.report.grading.score import MEASURE_PHRASES, list_note_numbers
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.grade.grade_lines import render_points_taken, render_share_bars
from cite_audit.report.render.grade.grade_table import (
    MEASURES,
    GradedReport,
    GradeSet,
    describe_provisional,
    describe_remarkable_sources,
    describe_source,
    format_score,
    list_support_rows,
)
from cite_audit.report.render.labels import format_count
from cite_audit.report.render.media.sanitizer import display_width, sanitize_line
from cite_audit.report.render.media.terminal import GRADE_STYLES, Terminal
from cite_audit.report.sources.groups import GROUPS

_NO_PUBLISHER = "the report does not say who published it, so none of its sources counts as its own (--publisher HOST)"
_MOTTO = "The grade speaks of how the claims are documented, not of whether they are true."


def render(shown: GradeSet, options: RenderOptions) -> str:
    """One screen for each report, and a table of them all where there are several; two are compared on demand."""
    terminal, reports = options.terminal, shown.reports
    if shown.compare:
        return _compare_grades(reports[0], reports[1], terminal)
    lines = [line for graded in reports for line in _render_grade_screen(graded, terminal, options.verbose)]
    if len(reports) > 1:
        lines += _render_comparison_table(reports, terminal)
    return "\n".join(terminal.to_plain(line) for line in lines) + "\n"


def _render_grade_screen(graded: GradedReport, terminal: Terminal, verbose: int) -> Iterator[str]:
    report, grade = graded.report, graded.grade
    yield terminal.style_text(sanitize_line(report.path), "strong")
    date_text = (
        f", {report.published.isoformat()}" if report.published else ", undated (the registry's latest rows are used)"
    )
    yield from terminal.wrap_paragraph(
        f"{report.title or 'untitled'}{date_text}{f', {report.publisher}' if report.publisher else ''}", 2, "  "
    )
    yield ""
    if grade.groups:
        yield terminal.style_text("  who is cited", "strong") + terminal.style_text(
            f"  {_describe_citation_counts(graded)}", "faint"
        )
        yield from render_share_bars(grade, terminal)
        yield ""
    if grade.gradable:
        yield from _render_support_sections(graded, terminal)
    if verbose:
        yield from _render_claim_notes(graded, terminal)
    yield from _render_grade_letter(graded, terminal)
    yield ""


def _describe_citation_counts(graded: GradedReport) -> str:
    publishers = {name for claim in graded.basis.claims for name in claim.publishers}
    citations = sum(share.citations for share in graded.grade.groups.values())
    effective = graded.basis.unscored[UnscoredMeasure.EFFECTIVE_PUBLISHERS].value
    evenness = (
        f", as varied as {effective:.0f} cited equally often"
        if publishers and effective < len(publishers) * 0.8
        else ""
    )
    extent = f"{format_count(citations, 'citation')} in {format_count(len(graded.report.notes), 'note')}"
    return f"{extent}, {format_count(len(publishers), 'publisher')}{evenness}"


def _render_support_sections(graded: GradedReport, terminal: Terminal) -> Iterator[str]:
    yield terminal.style_text("  what rests on what", "strong")
    rows = list(list_support_rows(graded))
    names = max((display_width(support_label) for _, support_label, _ in rows), default=0)
    for _, support_label, result in rows:
        part = f"{len(result.notes)} of {result.total}"
        yield from terminal.wrap_paragraph(
            list_note_numbers(result.notes, 20), names + 17, f"    {support_label:<{names}}  {part:>9}  "
        )
    if not rows:
        yield "    every note rests on several publishers"
    yield ""
    yield from render_points_taken(graded.grade, terminal)
    yield from _render_remarkable_sources(graded, terminal)


def _render_remarkable_sources(graded: GradedReport, terminal: Terminal) -> Iterator[str]:
    lines = list(describe_remarkable_sources(graded))
    if lines:
        yield terminal.style_text("  worth knowing, at no cost", "strong")
        for line in lines:
            yield from terminal.wrap_paragraph(line, 4, "    ")
        yield ""


def _render_claim_notes(graded: GradedReport, terminal: Terminal) -> Iterator[str]:
    yield terminal.style_text("  note by note", "strong")
    for claim in graded.basis.claims:
        for index, citation in enumerate(claim.citations):
            role = graded.basis.role_of(claim, citation.url)
            source = citation.source
            head = f"    {claim.note if not index else '':>4}  "
            age = (graded.basis.ages or {}).get(citation.url)
            old = f", {format_count(age, 'day')} before the report" if age else ""
            language = (graded.basis.languages or {}).get(citation.url)
            told = f"{role.name}{old}{f', in {language}' if language else ''}"
            yield from terminal.wrap_paragraph(f"{describe_source(source)}: {told}", 10, head)
            yield from terminal.wrap_paragraph(citation.url, 10)
            if role.sentence:
                yield from terminal.wrap_paragraph(f"{role.rule}: {role.sentence}", 10)
    yield ""


def _render_grade_letter(graded: GradedReport, terminal: Terminal) -> Iterator[str]:
    grade = graded.grade
    if not grade.gradable:
        yield from terminal.wrap_paragraph(f"not gradable: {grade.text}. {grade.registry_version}", 2, "  ")
        return
    for remark in filter(None, (grade.text, "" if graded.report.publisher else _NO_PUBLISHER)):
        yield from terminal.wrap_paragraph(format_sentence(remark), 2, "  ")
    yield from terminal.wrap_paragraph(_MOTTO, 2, "  ")
    yield from terminal.wrap_paragraph(format_sentence(grade.registry_version), 2, "  ")
    letter = grade.letter or "none"
    provisional = f", {describe_provisional(graded)}" if grade.provisional else ""
    tone = GRADE_STYLES.get(letter[0], "strong")
    yield "  " + terminal.style_text(f"grade {letter}", tone) + f"  {grade.score:.1f} of 100{provisional}"


def _render_comparison_table(reports: Sequence[GradedReport], terminal: Terminal) -> Iterator[str]:
    yield terminal.style_text("  grade  score  notes  report", "strong")
    for graded in reports:
        letter, notes = graded.grade.letter or "–", len(graded.report.notes)
        yield f"  {letter:<5}  {format_score(graded):>5}  {notes:>5}  {sanitize_line(graded.report.path)}"


def _compare_grades(graded_a: GradedReport, graded_b: GradedReport, terminal: Terminal) -> str:
    """Two reports measure by measure, the difference last."""
    grade_a, grade_b = graded_a.grade, graded_b.grade
    names = max(len(name) for name in (*MEASURE_PHRASES, *GROUPS)) + 2
    measure_names = [name for name in MEASURES if name in grade_a.measures or name in grade_b.measures]
    group_names = [name for name in GROUPS if name in grade_a.groups or name in grade_b.groups]
    lines = [
        terminal.style_text(f"  A  {sanitize_line(graded_a.report.path)}", "strong"),
        terminal.style_text(f"  B  {sanitize_line(graded_b.report.path)}", "strong"),
        "",
        f"  {'':<{names}}  {'A':>6}  {'B':>6}  {'B−A':>6}",
        f"  {'grade':<{names}}  {grade_a.letter or '–':>6}  {grade_b.letter or '–':>6}",
        _format_difference("score", grade_a.score, grade_b.score, names, "{:.1f}"),
        *(
            _format_difference(name, grade_a.measures.get(name), grade_b.measures.get(name), names, "{:.0%}")
            for name in measure_names
        ),
        terminal.style_text("  shares of citations", "strong"),
        *(
            _format_difference(name, _group_share(graded_a, name), _group_share(graded_b, name), names, "{:.0%}")
            for name in group_names
        ),
    ]
    return "\n".join(terminal.to_plain(line) for line in lines) + "\n"


def _group_share(graded: GradedReport, group: str) -> float:
    return graded.grade.groups[group].share if group in graded.grade.groups else 0.0


def _format_difference(name: str, value_a: float | None, value_b: float | None, names: int, number_format: str) -> str:
    text_a, text_b = ("–" if value is None else number_format.format(value) for value in (value_a, value_b))
    change = "" if value_a is None or value_b is None else number_format.replace(":", ":+").format(value_b - value_a)
    return f"  {name:<{names}}  {text_a:>6}  {text_b:>6}  {change:>6}"
