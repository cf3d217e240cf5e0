"""A report comes back reviewed: every sure fix as a change to accept or reject, every judgement as a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, replace
from datetime import datetime

from cite_audit.errors import UsageError
from cite_audit.fix import FixOptions, rewrite_report
from cite_audit.fix.edit_plan import PlannedEdit
from cite_audit.fix.edits import Edit
from cite_audit.fix.outcome import find_unresolved
from cite_audit.fix.rewrite import SkippedLink, place_edits
from cite_audit.fix.source_text import read_source
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Finding, Report
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Editor
from cite_audit.review.comments import ReviewComment, build_comments

__all__ = ["STYLES", "ReviewedReport", "check_style", "review_report"]

# how a review is written into a format: its name for --style
STYLES = {
    Editor.DOCX: "tracked",
    Editor.ODT: "tracked",
    Editor.TEXT: "criticmarkup",
    Editor.MARKDOWN: "criticmarkup",
    Editor.HTML: "html",
}


@frozen_record
class ReviewedReport:
    """The new document, what it changes, and what it says. `skipped`: sure fixes that could not be placed."""

    data: bytes
    _: KW_ONLY
    applied: tuple[PlannedEdit, ...] = ()
    comments: tuple[ReviewComment, ...] = ()
    skipped: tuple[SkippedLink, ...] = ()


def check_style(style: str, report: Report) -> Editor:
    """The editor of a report's format. Raises UsageError where it has none, or not this style (empty: its own)."""
    editor = find_format(report.format).editor
    if editor is None:
        raise UsageError(f"{report.path}: a review cannot be written into {report.format} files")
    if style and style not in STYLES.values():
        raise UsageError(f"--style: {style!r} is none of {', '.join(dict.fromkeys(STYLES.values()))}")
    if style and STYLES[editor] != style:
        raise UsageError(
            f"{report.path}: {report.format} files are reviewed in the style {STYLES[editor]}, not {style}"
        )
    return editor


def review_report(
    data: bytes,
    report: Report,
    plan: Iterable[PlannedEdit],
    findings: Sequence[Finding],
    options: FixOptions,
    *,
    moment: datetime,
    reread: Callable[[bytes], Report],
    style: str = "",
) -> ReviewedReport:
    """The report with the planned edits as changes, and a comment for each open finding that they leave.

    Each change is one that `rewrite_report` confirms. Raises UsageError for a format that cannot hold a review,
    and ReadError for a text with bytes that would be lost.
    """
    editor = check_style(style, report)
    tracked = replace(options, tracked=moment) if STYLES[editor] == "tracked" else options
    result = rewrite_report(data, report, plan, tracked, reread)
    applied, skipped = list(result.applied), list(result.skipped)
    if editor in (Editor.TEXT, Editor.MARKDOWN):
        applied, unfit = _separate_unmarkable(applied)
        skipped += unfit
    comments = build_comments(report, find_unresolved(findings, applied))
    if editor in (Editor.DOCX, Editor.ODT):
        new_data = _review_package(data, report, applied, comments, tracked, editor)
    else:
        new_data = _review_text(data, report, applied, comments, options, editor, moment)
    return ReviewedReport(new_data, applied=tuple(applied), comments=tuple(comments), skipped=tuple(skipped))


def _separate_unmarkable(applied: Sequence[PlannedEdit]) -> tuple[list[PlannedEdit], list[SkippedLink]]:
    from cite_audit.review.text_markup import is_markable

    fit = [
        p for p in applied if is_markable(p.citation.link.raw) and is_markable(p.spelling) and is_markable(p.memento)
    ]
    fit_ids = set(map(id, fit))
    why = "holds marks of CriticMarkup"
    unfit = [
        SkippedLink(p.citation.note, p.citation.location, link=p.citation.link.raw, why=why)
        for p in applied
        if id(p) not in fit_ids
    ]
    return fit, unfit


def _review_package(
    data: bytes,
    report: Report,
    applied: Sequence[PlannedEdit],
    comments: Sequence[ReviewComment],
    options: FixOptions,
    editor: Editor,
) -> bytes:
    """Comments first: they leave the text and the places of its links as they are."""
    assert options.tracked is not None
    if editor is Editor.ODT:
        from cite_audit.fix.odt_edits import rewrite_odt
        from cite_audit.review.odt_comments import add_odt_comments

        commented = add_odt_comments(data, report, comments, options.tracked)
        return rewrite_odt(commented, report, applied, options.tracked)[0] if applied else commented
    from cite_audit.fix.docx_edits import rewrite_docx
    from cite_audit.review.docx_comments import add_docx_comments

    commented = add_docx_comments(data, report, comments, options.tracked)
    return rewrite_docx(commented, report, applied, options.tracked)[0] if applied else commented


def _review_text(
    data: bytes,
    report: Report,
    applied: Sequence[PlannedEdit],
    comments: Sequence[ReviewComment],
    options: FixOptions,
    editor: Editor,
    moment: datetime,
) -> bytes:
    from cite_audit.review.html_markup import mark_up_html
    from cite_audit.review.text_markup import mark_up_text

    source = read_source(data, report.path, editor)
    placed = place_edits(source.shown, report, applied, options, editor)
    edits: list[Edit] = [edit for own in placed.values() for edit in own]
    if editor is Editor.HTML:
        return source.encode(mark_up_html(source.text, report, edits, comments, moment), "xmlcharrefreplace")
    return source.encode(mark_up_text(source.text, report, edits, comments), "replace")
