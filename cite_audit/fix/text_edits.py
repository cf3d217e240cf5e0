"""Edits of plain text or Markdown: the address itself, its frame, and its label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cite_audit.fix.edit_plan import ArchiveStyle, PlannedEdit
from cite_audit.fix.edits import Edit
from cite_audit.model import Citation
from cite_audit.parse.links.refang import refang
from cite_audit.urls import canonical_key

__all__ = ["place_in_text"]

_ESCAPED = re.compile(r"\\+([!-/:-@\[-`{-~])")
_TITLE = re.compile(r"""\s*(?:"[^"\n]*"|'[^'\n]*')?\s*\)""")


def place_in_text(
    text: str, planned: PlannedEdit, archive_style: str, markdown: bool, memento_anchor: Citation
) -> list[Edit] | None:
    """The edits of one planned change, a copy behind `memento_anchor`; None where the link is not where it was read."""
    start = planned.citation.location.offset
    end = start + len(planned.citation.link.raw)
    if text[start:end] != planned.citation.link.raw:
        return None
    edits: list[Edit] = []
    if planned.replaces_spelling:
        edits += _replacement_edits(text, start, end, planned)
    if planned.memento:
        edits.append(_text_memento_edit(text, memento_anchor, planned, archive_style, markdown))
    return edits


def _replacement_edits(text: str, start: int, end: int, planned: PlannedEdit) -> Sequence[Edit]:
    spelling = planned.spelling
    if _is_markdown_target(text, start):
        return [Edit(start, end, _escape_markdown_target(spelling)), *_label_edits(text, start, planned)]
    if text[start - 1 : start] == "<" and text[end : end + 1] != ">":
        spelling += ">"  # the frame's end was inside what was printed apart
    return [Edit(start, end, spelling)]


def _is_markdown_target(text: str, start: int) -> bool:
    """Whether the address is the target of a Markdown link, which reports saved as plain text have too."""
    return text[start - 2 : start] == "]("


def _escape_markdown_target(spelling: str) -> str:
    """An address as a Markdown target: parentheses stay where they are balanced, as those of `((.))` are."""
    depth = 0
    for character in spelling:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    return spelling if depth == 0 else spelling.replace("(", "%28").replace(")", "%29")


def _label_edits(text: str, start: int, planned: PlannedEdit) -> list[Edit]:
    """Edits of a Markdown link's label, where it prints the same address."""
    opening = text.rfind("[", max(0, start - 4000), start - 2)
    label = text[opening + 1 : start - 2]
    if opening < 0 or "\n\n" in label:
        return []
    address = refang(_ESCAPED.sub(r"\1", label)).strip()
    if canonical_key(address) != canonical_key(planned.citation.link.url):
        return []
    return [Edit(opening + 1, start - 2, re.sub(r"([\[\]_*`])", r"\\\1", planned.spelling))]


def _text_memento_edit(
    text: str, memento_anchor: Citation, planned: PlannedEdit, archive_style: str, markdown: bool
) -> Edit:
    """Puts the archived copy behind a link and its frame."""
    start = memento_anchor.location.offset
    position = start + len(memento_anchor.link.raw)
    if text[position : position + 1] == ">":
        position += 1
    elif _is_markdown_target(text, start) and (closing := _TITLE.match(text, position)):
        position = closing.end()
    day = f"{planned.captured:%Y-%m-%d}" if planned.captured else ""
    markdown = markdown or _is_markdown_target(text, start)
    if markdown and archive_style == ArchiveStyle.ROBUST:
        return Edit(position, position, f" ([archived {day}]({_escape_markdown_target(planned.memento)}))")
    memento_text = f"<{planned.memento}>" if markdown else planned.memento
    return Edit(
        position,
        position,
        f"; archived {day}: {memento_text}"
        if archive_style == ArchiveStyle.NOTE
        else f" (archived {day}: {memento_text})",
    )
