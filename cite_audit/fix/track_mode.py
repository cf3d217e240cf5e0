"""Whether a document is set to record changes: what is written into it has to be a tracked change, too."""

from __future__ import annotations

from cite_audit.model import Report
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Editor

__all__ = ["tracks_changes"]


def tracks_changes(data: bytes, report: Report) -> bool:
    """Whether the report's program would track a change made by hand. Raises ReadError for a damaged package."""
    editor = find_format(report.format).editor
    if editor is Editor.DOCX:
        from cite_audit.fix import docx_edits

        return docx_edits.is_docx_tracked(data, report.path)
    if editor is Editor.ODT:
        from cite_audit.fix import odt_edits

        return odt_edits.is_odt_tracked(data, report.path)
    return False
