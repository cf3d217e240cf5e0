"""Graded reports side by side, and the rows every way of showing them shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Grade, Report, Source
from cite_audit.report.counts import format_count
from cite_audit.report.grading.measures import GradeBasis, MeasureResult, UnscoredMeasure
from cite_audit.report.grading.score import MEASURE_PHRASES, list_note_numbers
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.grade.grade_lines import describe_chain
from cite_audit.report.render.table import Column, ColumnKind, CsvLayout, Table
from cite_audit.report.sources.groups import GROUPS


@frozen_record
class GradedReport:
    """A report with its grade and what the grade was made of; `sources` by URL as cited."""

    report: Report
    sources: Mapping[str, Source]
    grade: Grade
    basis: GradeBasis

    @property
    def display_name(self) -> str:
        return self.report.title or self.report.path


@frozen_record
class GradeSet:
    """What `grade` shows: the reports, when they were graded, and whether two of them are compared."""

    reports: Sequence[GradedReport]
    now: datetime
    compare: bool = False


# measure → how an editor reads it; the order is that of the screen
SUPPORT_LABELS: tuple[tuple[str, str], ...] = (
    ("official_only", "official bodies alone"),
    ("state_media_only_attributed", "state media alone, attributed"),
    ("state_media_only_unsure", "state media alone, to be reviewed"),
    ("state_media_only_unattributed", "state media alone, unattributed"),
    ("social_only_attributed", "social media or parties alone, attributed"),
    ("social_only", "social media or parties alone, unattributed"),
    ("self_only", "own publisher alone"),
    ("aggregator_only", "aggregators alone"),
    ("single_publisher", "a fact on one publisher or side"),
    ("single_origin", "several publishers, one origin"),
    ("unknown_only", "sources in no list alone"),
    ("language_unread", "a language that no table reads"),
    ("dangling", "no source at all"),
    ("dead_unrecoverable", "a link dead and in no archive"),
    ("unarchived", "a live link not archived"),
)


def list_support_rows(graded: GradedReport) -> Iterator[tuple[str, str, MeasureResult]]:
    """Each row of “what rests on what”: measure, words, and what was measured; rows without notes are left out."""
    results = {**graded.basis.measures, **graded.basis.unscored}
    for name, support_label in SUPPORT_LABELS:
        if name in results and results[name].notes:
            yield name, support_label, results[name]


def format_letter(graded: GradedReport) -> str:
    """`B`, `C (provisional)`, `no letter`, `not gradable`."""
    if not graded.grade.gradable:
        return "not gradable"
    return (graded.grade.letter or "no letter") + (" (provisional)" if graded.grade.provisional else "")


def format_score(graded: GradedReport) -> str:
    """The score with one decimal, a dash where there is none."""
    return "–" if graded.grade.score is None else f"{graded.grade.score:.1f}"


def describe_provisional(graded: GradedReport) -> str:
    """Why a grade is provisional: what too little is known of; empty where it is not."""
    if not graded.grade.provisional:
        return ""
    reasons = (
        (UnscoredMeasure.UNKNOWN, "of the sources are in no list"),
        (UnscoredMeasure.LANGUAGE_UNREAD, "of the notes stand behind a language that no table reads"),
        (UnscoredMeasure.STATE_MEDIA_UNSURE, "of the notes are to be reviewed"),
    )
    share, phrase = max((graded.grade.measures.get(name, 0.0), phrase) for name, phrase in reasons)
    return f"provisional: {share:.0%} {phrase}"


def describe_source(source: Source) -> str:
    """`TASS (state_media via telegram)`, with its rating, and what of it tells no publisher."""
    via = f" via {source.via}" if source.via else ""
    neutral = f", a mere {source.neutral}" if source.neutral else "" if source.is_known else ", in no list"
    rating = f", rated {source.rating}" if source.rating else ""
    return f"{source.name or source.id} ({source.group}{via}{neutral}{rating})"


def find_rated_sources(graded: GradedReport) -> Iterator[tuple[Source, tuple[int, ...]]]:
    """Each source that somebody rated, with the notes that cite it."""
    notes_by_source: dict[str, tuple[Source, list[int]]] = {}
    for claim in graded.basis.claims:
        for citation in claim.citations:
            if citation.source.rating:
                _, notes = notes_by_source.setdefault(citation.source.id, (citation.source, []))
                notes.append(claim.note)
    for source, notes in notes_by_source.values():
        yield source, tuple(dict.fromkeys(notes))


def describe_remarkable_sources(graded: GradedReport) -> Iterator[str]:
    """What is worth knowing of the sources, at no cost: origins shared, ratings, their age and languages."""
    yield from map(describe_chain, graded.grade.chains)
    for source, notes in find_rated_sources(graded):
        yield f"{describe_source(source)}: notes {list_note_numbers(notes)}"
    for rating in {(each.note, each.remark): each for each in graded.grade.ratings if each.by == "note"}.values():
        remark = f": {rating.remark}" if rating.remark else ""
        yield f"note {rating.note} rated {rating.reliability or '–'}{rating.credibility or '–'}{remark}"
    age = graded.basis.unscored[UnscoredMeasure.MEDIAN_SOURCE_AGE]
    if not age.not_run_reason:
        days = format_count(round(age.value), "day")
        dated = f"{format_count(age.total, 'source')} {'bears' if age.total == 1 else 'bear'} a date in the address"
        yield f"{dated}: {days} before the report{' (median)' if age.total > 1 else ''}"
    if languages := Counter((graded.basis.languages or {}).values()):
        listed = ", ".join(f"{code} {count}" for code, count in languages.most_common())
        yield f"languages of the sources, where an address or a page tells: {listed}"


MEASURES = (*MEASURE_PHRASES, "unknown")
_NUMBERS = ("notes", "citations", "publishers", *MEASURES, *(f"share_{name}" for name in GROUPS))
COLUMNS = (
    *map(Column, ("report", "title", "published", "letter")),
    Column("score", ColumnKind.NUMBER),
    Column("provisional"),
    *(Column(name, ColumnKind.NUMBER) for name in _NUMBERS),
)


def build_table(shown: GradeSet, options: RenderOptions) -> Table:
    """A corpus table: what each report is, its grade, each measure and the share of each group (0–1)."""
    return Table(COLUMNS, map(_build_grade_row, shown.reports), CsvLayout(line_end="\n"))


def _build_grade_row(graded: GradedReport) -> dict[str, Any]:
    grade, report = graded.grade, graded.report
    publishers = {name for claim in graded.basis.claims for name in claim.publishers}
    return {
        "report": report.path,
        "title": report.title,
        "published": report.published.isoformat() if report.published else "",
        "letter": grade.letter or ("" if grade.gradable else "not gradable"),
        "score": grade.score,
        "provisional": "yes" if grade.provisional else "",
        "notes": len(report.notes),
        "citations": sum(share.citations for share in grade.groups.values()),
        "publishers": len(publishers),
        **{name: round(grade.measures[name], 4) if name in grade.measures else None for name in MEASURES},
        **{f"share_{name}": round(grade.groups[name].share, 4) if name in grade.groups else 0 for name in GROUPS},
    }
