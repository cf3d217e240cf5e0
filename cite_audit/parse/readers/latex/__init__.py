r"""LaTeX: `\footnote`, `\url`, `\href`, `\cite` with `thebibliography` or a `.bib` file that lies beside the report."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="latex", suffixes=(".tex", ".ltx", ".latex"), is_textual=True, has_lines=True)

OPENING = compile_lazily(rb"(?:\xef\xbb\xbf)?(?>\s|%[^\n]*\n)*+\\(?:documentclass|documentstyle|begin\{document\})")


def matches(head: bytes) -> bool:
    """Whether a document class is declared first; comments may come before."""
    return OPENING.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """The body as TeX would set it, then its notes. No other file is read but a `.bib` beside it. Raises ReadError."""
    from cite_audit.parse.readers.latex.reader import read_latex

    return read_latex(data, path)
