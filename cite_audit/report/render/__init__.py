"""What is shown, in every format: one folder for each subject; a module is imported only when its format is asked for.

A format is a function of (shown, options), a `Renderer`. A subject that has rows has a `TableBuilder` besides, and with
it every format of `table.TABLE_WRITERS`. No renderer adds a judgement: what an ignore or a baseline makes of a finding
stands in the finding's `state`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import Any

from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.report.render.base import Renderer, RenderOptions
from cite_audit.report.render.table import TABLE_WRITERS, TableBuilder, load_table_writer

__all__ = [
    "PRESENTATIONS",
    "Presentation",
    "RenderOptions",
    "Renderer",
    "Subject",
    "check_format",
    "list_formats",
    "load_renderer",
    "render",
]


class Subject(StrEnum):
    """What a command shows."""

    AUDIT = "audit"  # Audit
    LINKS = "links"  # Audit
    GRADE = "grade"  # GradeSet
    SOURCES = "sources"  # SourceList
    REGISTRY = "registry"  # RegistryCounts
    EXPLANATION = "explanation"  # sequence of SourceExplanation
    TABLE_CHECK = "table check"  # TableCheck
    HISTORY = "history"  # ReportChanges
    SNAPSHOT = "snapshot"  # SnapshotResult
    CAPTURES = "captures"  # CopyList
    FIXITY = "fixity"  # FixityResult


@frozen_record
class Presentation:
    """How a subject is shown: its own formats, and what builds its table, if it has rows.

    Both as `module:function`, modules below `cite_audit.report.render`. A format of its own wins over the table's.
    """

    formats: Mapping[str, str]
    table: str = ""

    @property
    def format_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.formats, *(TABLE_WRITERS if self.table else ()))))


_AUDIT = {
    "text": "audit.text:render",
    "concise": "audit.concise:render",
    "json": "audit.json:render",
    "json-v1": "audit.json:render",
    "jsonl": "audit.jsonl:render",
    "markdown": "audit.markdown:render",
    "comment": "audit.markdown:render_comment",
    "html": "audit.page.document:render",
    "sarif": "audit.sarif:render",
    "github": "audit.github:render",
    "gitlab": "audit.gitlab:render",
    "junit": "audit.junit:render",
    "csl": "audit.bibliography:render_csl",
    "bibtex": "audit.bibliography:render_bibtex",
    "ris": "audit.bibliography:render_ris",
}
_GRADE = {
    "text": "grade.text:render",
    "json": "grade.json:render",
    "json-v1": "grade.json:render",
    "markdown": "grade.markdown:render",
    "html": "grade.html:render",
}
_SOURCES = {
    "text": "sources.source_list:render_text",
    "json": "sources.source_list:render_json",
    "csv": "sources.registry_rows:render_list",
}
_REGISTRY = {"text": "sources.registry_counts:render_text", "json": "sources.registry_counts:render_json"}
_EXPLANATION = {"text": "sources.explanation:render_text", "json": "sources.explanation:render_json"}
_SNAPSHOT = {
    "text": "snapshot.text:render",
    "markdown": "snapshot.markdown:render",
    "links": "snapshot.robust_links:render_html",
    "links-markdown": "snapshot.robust_links:render_markdown",
    "csl": "snapshot.bibliography:render_csl",
    "bibtex": "snapshot.bibliography:render_bibtex",
    "ris": "snapshot.bibliography:render_ris",
}
PRESENTATIONS: dict[Subject, Presentation] = {
    Subject.AUDIT: Presentation(_AUDIT, "audit.rows:build_table"),
    Subject.LINKS: Presentation({**_AUDIT, "text": "audit.link_listing:render"}, "audit.rows:build_table"),
    Subject.GRADE: Presentation(_GRADE, "grade.grade_table:build_table"),
    Subject.SOURCES: Presentation(_SOURCES, "sources.source_list:build_table"),
    Subject.REGISTRY: Presentation(_REGISTRY, "sources.registry_counts:build_table"),
    Subject.EXPLANATION: Presentation(_EXPLANATION),
    Subject.TABLE_CHECK: Presentation(
        {"text": "sources.table_problems:render_text"}, "sources.table_problems:build_table"
    ),
    Subject.HISTORY: Presentation({"text": "history.changes:render_text"}, "history.changes:build_table"),
    Subject.SNAPSHOT: Presentation(_SNAPSHOT, "snapshot.manifest:build_table"),
    Subject.CAPTURES: Presentation({"text": "captures.copies:render_text"}, "captures.copies:build_table"),
    Subject.FIXITY: Presentation(
        {"text": "captures.fixity:render_text", "json": "captures.fixity:render_json"}, "captures.fixity:build_table"
    ),
}


def list_formats(subject: Subject) -> tuple[str, ...]:
    """The formats in which a subject can be shown, the default first."""
    return PRESENTATIONS[subject].format_names


def check_format(format: str, subject: Subject = Subject.AUDIT) -> str:
    """The format's name when the subject has it; raises UsageError with the nearest one, or all of them, when not."""
    names = list_formats(subject)
    if format not in names:
        from difflib import get_close_matches  # a run with a known format needs none

        close_names = get_close_matches(format, names, 1)
        hint = f"; did you mean {close_names[0]}?" if close_names else f"; there are {', '.join(names)}"
        raise UsageError(f"unknown format {format!r}{hint}")
    return format


def load_renderer(format: str, subject: Subject) -> Renderer[Any]:
    """The function that writes the subject in this format. Raises UsageError for a format the subject has not."""
    presentation = PRESENTATIONS[subject]
    if check_format(format, subject) in presentation.formats:
        renderer: Renderer[Any] = _load_function(presentation.formats[format])
        return renderer
    build_table: TableBuilder[Any] = _load_function(presentation.table)
    write_table = load_table_writer(format)
    return lambda shown, options: write_table(build_table(shown, options), options)


def _load_function(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(f"{__name__}.{module}"), function)


def render(
    format: str, shown: object, options: RenderOptions | None = None, *, subject: Subject = Subject.AUDIT
) -> str:
    """A document of `shown`, which is of the subject's type. Raises UsageError for a format the subject has not."""
    return load_renderer(format, subject)(shown, options or RenderOptions())
