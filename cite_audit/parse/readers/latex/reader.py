"""A LaTeX report: its masthead, its body, its notes, and the bibliography that lies beside it."""

from __future__ import annotations

import re
from pathlib import Path

from cite_audit.parse.masthead_words import split_names
from cite_audit.parse.readers.base import Document, Metadata
from cite_audit.parse.readers.latex.macros import AUTHOR_END
from cite_audit.parse.readers.latex.note_macros import plain_note_macros
from cite_audit.parse.readers.latex.plain_text import print_span
from cite_audit.parse.readers.latex.tokens import LatexSource, TokenKind
from cite_audit.parse.readers.latex.writer import LatexWriter
from cite_audit.parse.readers.link_list import ListEntry
from cite_audit.parse.readers.text import decode_text

FORMAT_NAME = "latex"
OWN_NOTES = re.compile(r"\\(?:foot|end|side)note(?:text)?\b|\\foot(?:full)?cite")
BIBLIOGRAPHY = re.compile(r"\\(?:bibliography|addbibresource)\s*(?:\[[^\[\]]{0,200}\])?\s*\{([^{}]{1,500})\}")
PLAIN_NAME = re.compile(r"[\w][\w.+ -]{0,100}")  # of a file in the report's own folder
MAX_BIBLIOGRAPHY_BYTES = 20_000_000
MAX_BIBLIOGRAPHIES = 10


def read_latex(data: bytes, path: str) -> Document:
    """The report. Raises ReadError where its bibliography cannot be read."""
    source, encoding = decode_text(data, path)
    latex = LatexSource(plain_note_macros(source))
    writer = LatexWriter(latex, read_bibliographies(source, path), cites_are_notes=not OWN_NOTES.search(latex.source))
    begin, end = find_body(latex)
    writer.write_span((0, begin))  # the preamble: the masthead alone is kept
    writer.builder = type(writer.builder)()
    writer.write(begin, end)
    write_thanks(writer)
    return writer.builder.build_document(FORMAT_NAME, read_masthead(writer), source, encoding)


def write_thanks(writer: LatexWriter) -> None:
    """The `\\thanks` of title and authors, as paragraphs behind all: they count apart from the footnotes."""
    for index, token in enumerate(writer.tokens):
        if token.kind is TokenKind.MACRO and token.text == "thanks" and (group := writer.find_group(index + 1)):
            writer.builder.end_paragraph()
            writer.write_span(group)


def find_body(latex: LatexSource) -> tuple[int, int]:
    """The tokens of the document environment; all of them where there is none."""
    begin, end = 0, len(latex.tokens)
    for index, token in enumerate(latex.tokens):
        if token.kind is TokenKind.MACRO and token.text in ("begin", "end"):
            if latex.source.startswith("{document}", token.end) and token.text == "begin" and not begin:
                begin = index + 4
            elif latex.source.startswith("{document}", token.end) and token.text == "end":
                return begin, index
    return begin, end


def read_masthead(writer: LatexWriter) -> Metadata:
    """Title, authors and date as the macros of `\\maketitle` say them."""
    said = {name: [print_span(writer.latex, span) for span in spans] for name, spans in writer.masthead.items()}
    authors = [
        part.strip().partition("\n")[0]  # an address stands below the name
        for printed in said.get("author", [])
        for part in printed.split(AUTHOR_END)
    ]
    return Metadata(
        " ".join(" ".join(said.get("title", [])[:1]).split()),
        tuple(name for author in authors for name in split_names(author)),
        " ".join(said.get("date", [])[:1]),
    )


def read_bibliographies(source: str, path: str) -> dict[str, ListEntry]:
    """The entries of the `.bib` files that the report names and that lie beside it; those elsewhere are not read."""
    names = [name.strip() for match in BIBLIOGRAPHY.finditer(source) for name in match[1].split(",")]
    entries: dict[str, ListEntry] = {}
    for name in names[:MAX_BIBLIOGRAPHIES]:
        file = Path(path).parent / f"{name.removesuffix('.bib')}.bib"
        if not PLAIN_NAME.fullmatch(name) or not is_small_file(file):
            continue
        from cite_audit.parse.readers.bibtex.entries import read_bibtex

        text, _ = decode_text(file.read_bytes(), str(file))
        entries = read_bibtex(text, str(file)) | entries
    return entries


def is_small_file(file: Path) -> bool:
    """Whether this is a file of its own, no link, and not too large."""
    try:
        return file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_BIBLIOGRAPHY_BYTES
    except (OSError, ValueError):
        return False
