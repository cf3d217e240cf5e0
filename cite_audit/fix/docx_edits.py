"""Edits of a DOCX: the text runs of a paragraph and the targets of its hyperlinks, nothing else.

The package's other parts, the order of its entries and every byte of the changed parts outside the edited runs stay.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from cite_audit.fix.edit_plan import PlannedEdit
from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.parse.links.refang import refang
from cite_audit.urls import canonical_key

__all__ = ["rewrite_docx"]

PARTS = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml")
RELS = re.compile(r"word/_rels/(?:document|footnotes|endnotes)\d*\.xml\.rels")
_PARAGRAPH = re.compile(r"<w:p[ >](?:(?!<w:p[ >]).)*?</w:p>", re.S)
_TEXT_OR_BREAK = re.compile(
    r"<w:t(?P<attributes>(?:\s[^>]*)?)>(?P<text>[^<]*)</w:t>|<w:(?P<other>br|cr|tab|noBreakHyphen)\b[^>]*/>"
)
_RELATION = re.compile(r'<Relationship\b[^>]*\bTarget="([^"]*)"[^>]*>')
_FIELD = re.compile(r'(<w:instrText[^>]*>[^<]*HYPERLINK\s+(?:"|&quot;))([^"<&]*(?:&amp;[^"<&]*)*)((?:"|&quot;))')
_BREAK_TEXT = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_CONTINUES_LINK = re.compile(r"[\w/%#?=&~+-]")


@dataclass(frozen=True, slots=True)
class DocxRun:
    """A run's text: its span in the part, its attributes, and where its text starts in the paragraph's text."""

    start: int
    end: int
    _: KW_ONLY
    attributes: str
    text: str
    offset: int
    editable: bool


class EditIndex:
    """The planned edits, indexed by the target and by the printed form of their links."""

    def __init__(self, plan: Sequence[PlannedEdit]) -> None:
        self.plan = plan
        self.by_target: dict[str, list[int]] = {}
        self.printed: list[tuple[int, PlannedEdit, str, re.Pattern[str]]] = []
        for number, planned in enumerate(plan):
            self.by_target.setdefault(canonical_key(planned.citation.link.url), []).append(number)
            words = planned.citation.link.raw.split()
            pattern = re.compile(r"\s*".join(map(re.escape, words)))
            self.printed.append((number, planned, max(words, key=len, default=""), pattern))

    def edits_for_target(self, target: str) -> Iterator[tuple[int, PlannedEdit]]:
        """The planned edits of the link that a target of the package leads to."""
        for number in self.by_target.get(canonical_key(refang(unescape(target))), ()):
            yield number, self.plan[number]

    def find_printed(self, printed: str) -> Iterator[tuple[int, PlannedEdit, int, int]]:
        """Where links are printed whole in a paragraph: not as the beginning or the end of a longer one."""
        for number, planned, word, pattern in self.printed:
            for match in pattern.finditer(printed) if word in printed else ():
                previous, following = printed[: match.start()][-1:], printed[match.end() :][:1]
                if not (_CONTINUES_LINK.match(previous) or _CONTINUES_LINK.match(following)):
                    yield number, planned, *match.span()


def rewrite_docx(data: bytes, plan: Sequence[PlannedEdit]) -> tuple[bytes, dict[int, bool]]:
    """The package with the edits made; for each edit whose link was found, whether it changed something."""
    placed: dict[int, bool] = {}
    index = EditIndex(plan)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as rewritten:
        for entry in package.infolist():
            content = package.read(entry)
            if PARTS.fullmatch(entry.filename):
                content = _rewrite_part(content.decode("utf-8"), index, placed).encode("utf-8")
            elif RELS.fullmatch(entry.filename):
                content = _rewrite_relations(content.decode("utf-8"), index, placed).encode("utf-8")
            rewritten.writestr(entry, content, entry.compress_type)
    return out.getvalue(), placed


def _rewrite_relations(text: str, index: EditIndex, placed: dict[int, bool]) -> str:
    edits = []
    for match in _RELATION.finditer(text):
        for number, planned in index.edits_for_target(match[1]):
            placed.setdefault(number, False)
            if _changes_target(planned):
                edits.append(Edit(*match.span(1), quoteattr(planned.url)[1:-1].replace('"', "&quot;")))
                placed[number] = True
    return apply_edits(text, edits)


def _changes_target(planned: PlannedEdit) -> bool:
    return planned.replaces_spelling and canonical_key(planned.url) != canonical_key(planned.citation.link.url)


def _rewrite_part(text: str, index: EditIndex, placed: dict[int, bool]) -> str:
    edits: list[Edit] = []
    for match in _FIELD.finditer(text):
        for number, planned in index.edits_for_target(match[2]):
            if _changes_target(planned):
                edits.append(Edit(*match.span(2), escape(planned.url)))
                placed[number] = True
    for paragraph in _PARAGRAPH.finditer(text):
        runs = list(_text_runs(text, paragraph.start(), paragraph.end()))
        printed = "".join(run.text for run in runs)
        run_edits: list[Edit] = []
        for number, planned, start, end in index.find_printed(printed):
            placed[number] = True
            if planned.replaces_spelling:
                run_edits.append(Edit(start, end, planned.spelling))
            if planned.memento:
                edits += _docx_memento_edits(text, runs, end, planned, run_edits)
        edits += _build_run_edits(runs, disjoint_edits(run_edits))
    return apply_edits(text, edits)


def _text_runs(text: str, start: int, end: int) -> Iterator[DocxRun]:
    offset = 0
    for match in _TEXT_OR_BREAK.finditer(text, start, end):
        break_kind = match["other"]
        run_text = _BREAK_TEXT[break_kind] if break_kind else unescape(match["text"])
        yield DocxRun(
            *match.span(), attributes=match["attributes"] or "", text=run_text, offset=offset, editable=not break_kind
        )
        offset += len(run_text)


def _build_run_edits(runs: Sequence[DocxRun], edits: Sequence[Edit]) -> Iterator[Edit]:
    """The runs' new texts: a new spelling goes into the first run it touches, the others lose their part of the old."""
    placed: set[Edit] = set()
    for run in runs:
        stop = run.offset + len(run.text)
        own_edits: list[Edit] = []
        for edit in edits:
            if (edit.start < stop and edit.end > run.offset) or edit.start == edit.end == stop:
                new_text = edit.new if run.editable and edit not in placed else ""
                placed |= {edit} if new_text else set()
                own_edits.append(Edit(max(edit.start - run.offset, 0), min(edit.end, stop) - run.offset, new_text))
        if own_edits and run.editable:
            yield Edit(run.start, run.end, _build_run_xml(run.attributes, apply_edits(run.text, own_edits)))
        elif any(edit.end > edit.start for edit in own_edits):
            yield Edit(run.start, run.end, "")


def _docx_memento_edits(
    text: str, runs: Sequence[DocxRun], end: int, planned: PlannedEdit, run_edits: list[Edit]
) -> list[Edit]:
    """The archived copy behind the link: inside its run where text follows there, else in a run of its own."""
    last_run = next(run for run in runs if run.offset < end <= run.offset + len(run.text))
    if end < last_run.offset + len(last_run.text):
        run_edits.append(Edit(end, end, _memento_text(planned)))
        return []
    position = _find_run_end(text, last_run.end)
    return [Edit(position, position, f'<w:r><w:t xml:space="preserve">{escape(_memento_text(planned))}</w:t></w:r>')]


def _memento_text(planned: PlannedEdit) -> str:
    return (
        f" (archived {planned.captured:%Y-%m-%d}: {planned.memento})" if planned.captured else f" ({planned.memento})"
    )


def _build_run_xml(attributes: str, content: str) -> str:
    if content != content.strip() and "xml:space" not in attributes:
        attributes += ' xml:space="preserve"'
    return f"<w:t{attributes}>{escape(content)}</w:t>"


def _find_run_end(text: str, position: int) -> int:
    """The end of the run, or of the hyperlink around it."""
    run_end = text.index("</w:r>", position) + len("</w:r>")
    closing = re.compile(
        r"(?:\s|<w:r[ >](?:(?!</w:r>).)*</w:r>|<w:(?:proofErr|bookmark\w+)\b[^>]*/>)*</w:hyperlink>", re.S
    )
    match = closing.match(text, run_end)
    return match.end() if match else run_end
