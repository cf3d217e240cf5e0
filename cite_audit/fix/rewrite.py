"""Rewrites a report: makes the edits, reads the result again, and takes out those that do not read back as meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY

from cite_audit.errors import ReadError
from cite_audit.fix import docx_edits, html_edits, odt_edits, text_edits
from cite_audit.fix.edit_plan import ArchiveStyle, FixOptions, PlannedEdit
from cite_audit.fix.edits import Edit, apply_edits
from cite_audit.fix.source_text import read_source
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Location, Report
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Editor
from cite_audit.urls import canonical_key

__all__ = ["LinkChange", "RewriteResult", "SkippedLink", "list_edits", "place_edits", "rewrite_report"]

PACKAGES = (Editor.DOCX, Editor.ODT)  # edited in their parts, whose texts are in UTF-8

Reread = Callable[[bytes], Report]


@frozen_record
class LinkChange:
    """One link whose spelling changed, for a person."""

    note: int | None
    location: Location
    _: KW_ONLY
    old_text: str
    new_text: str
    why: str
    sentence: str = ""  # the claim that rests on it


@frozen_record
class SkippedLink:
    """A link that was to change and did not: why in a few words."""

    note: int | None
    location: Location
    _: KW_ONLY
    link: str
    why: str


@frozen_record
class RewriteResult:
    """The report's new bytes (the old ones when nothing changed), and what was and was not done."""

    data: bytes
    _: KW_ONLY
    changes: tuple[LinkChange, ...] = ()
    skipped: tuple[SkippedLink, ...] = ()
    encoding: str = ""  # of the text, for a diff; empty for packages
    by_hand: bool = False  # nothing is written: these are to be made by a person
    unsupported: str = ""  # why nothing can be changed in a report of this format
    applied: tuple[PlannedEdit, ...] = ()  # the edits behind `changes`, in their order


def rewrite_report(
    data: bytes, report: Report, plan: Iterable[PlannedEdit], options: FixOptions, reread: Reread
) -> RewriteResult:
    """The report with every planned edit that reading it again confirms.

    `reread` reads bytes as the report was read. A format that cannot be edited is left as it is, each link with the
    reason.
    """
    remaining = list(plan)
    editor = find_format(report.format).editor
    if editor is None:
        return _leave_all(data, remaining, f"{report.format} files are not edited")
    try:
        encoding = "" if editor in PACKAGES else read_source(data, report.path, editor).encoding
    except ReadError as error:
        return _leave_all(data, remaining, error.problem)
    skipped = [
        _skip_link(planned, f"cannot be written in {encoding or 'UTF-8'}, the report's encoding")
        for planned in remaining
        if not _is_encodable(planned, encoding)
    ]
    remaining = [planned for planned in remaining if _is_encodable(planned, encoding)]
    while remaining:
        new_data, placed, encoding = _rewrite_once(data, report, remaining, options, editor)
        skipped += [
            _skip_link(planned, "not found where it was read") for i, planned in enumerate(remaining) if i not in placed
        ]
        remaining = [planned for i, planned in enumerate(remaining) if placed.get(i)]
        misread = _find_misread(report, remaining, reread(new_data)) if remaining else []
        if not misread:
            return RewriteResult(
                new_data if remaining else data,
                changes=tuple(map(_describe_change, remaining)),
                applied=tuple(remaining),
                skipped=tuple(skipped),
                encoding=encoding,
            )
        skipped += [_skip_link(planned, "would not read back as the link that was meant") for planned in misread]
        remaining = [planned for planned in remaining if planned not in misread]
    return RewriteResult(data, changes=(), skipped=tuple(skipped), encoding=encoding)


def _leave_all(data: bytes, plan: Sequence[PlannedEdit], why: str) -> RewriteResult:
    return RewriteResult(data, skipped=tuple(_skip_link(planned, why) for planned in plan), unsupported=why)


def list_edits(plan: Iterable[PlannedEdit]) -> RewriteResult:
    """What there is to change by hand in a report that cannot be written: a page on the web."""
    planned = tuple(plan)
    return RewriteResult(b"", changes=tuple(map(_describe_change, planned)), applied=planned, by_hand=True)


def _is_encodable(planned: PlannedEdit, encoding: str) -> bool:
    """Whether the report's encoding (empty: UTF-8) has all characters that an edit could write."""
    try:
        f"{planned.spelling}{planned.url}{planned.memento or ''}".encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _rewrite_once(
    data: bytes, report: Report, plan: Sequence[PlannedEdit], options: FixOptions, editor: Editor
) -> tuple[bytes, dict[int, bool], str]:
    """New bytes; for each edit whose link was found, whether it changed something; the encoding of the text."""
    if editor is Editor.ODT:
        return (*odt_edits.rewrite_odt(data, report, plan, options.tracked), "")
    if editor is Editor.DOCX:
        return (*docx_edits.rewrite_docx(data, report, plan, options.tracked), "")
    source = read_source(data, report.path, editor)
    placed = place_edits(source.shown, report, plan, options, editor)
    edits = [edit for new_edits in placed.values() for edit in new_edits]
    changed = {index: bool(new_edits) for index, new_edits in placed.items()}
    return source.encode(apply_edits(source.text, edits)), changed, source.encoding


def place_edits(
    source: str, report: Report, plan: Sequence[PlannedEdit], options: FixOptions, editor: Editor
) -> dict[int, list[Edit]]:
    """The edits of a text for each planned one, by its index, whose link stands where it was read."""
    last_citations = (
        {citation.note: citation for citation in report.citations} if options.archive_style == ArchiveStyle.NOTE else {}
    )
    placed: dict[int, list[Edit]] = {}
    for i, planned in enumerate(plan):
        anchor = last_citations.get(planned.citation.note, planned.citation)
        if editor is Editor.HTML:
            new_edits = html_edits.place_in_html(source, planned, options.archive_style, anchor)
        else:
            new_edits = text_edits.place_in_text(
                source, planned, options.archive_style, editor is Editor.MARKDOWN, anchor
            )
        if new_edits is not None:
            placed[i] = new_edits
    return placed


def _find_misread(old_report: Report, plan: Sequence[PlannedEdit], new_report: Report) -> list[PlannedEdit]:
    """The edits whose link is not in its note afterwards; all of them where any other link changed."""
    new_links = Counter((citation.note, canonical_key(citation.link.url)) for citation in new_report.citations)
    expected = Counter(
        (planned.citation.note, canonical_key(url)) for planned in plan for url in (planned.url, planned.memento) if url
    )
    missing = expected - new_links
    misread = [
        planned
        for planned in plan
        if any((planned.citation.note, canonical_key(url)) in missing for url in (planned.url, planned.memento) if url)
    ]
    if misread:
        return misread
    changed = {(planned.citation.note, canonical_key(planned.citation.link.url)) for planned in plan}
    old_links = Counter((citation.note, canonical_key(citation.link.url)) for citation in old_report.citations)
    untouched = Counter({link_place: number for link_place, number in old_links.items() if link_place not in changed})
    return list(plan) if untouched - new_links else []


def _describe_change(planned: PlannedEdit) -> LinkChange:
    location, raw = planned.citation.location, planned.citation.link.raw
    new_text = planned.spelling if planned.replaces_spelling else f"{raw} + {planned.memento}"
    return LinkChange(
        planned.citation.note,
        location,
        old_text=raw,
        new_text=new_text,
        why=planned.why,
        sentence=planned.citation.sentence,
    )


def _skip_link(planned: PlannedEdit, why: str) -> SkippedLink:
    return SkippedLink(planned.citation.note, planned.citation.location, link=planned.citation.link.raw, why=why)
