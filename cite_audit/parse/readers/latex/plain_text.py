"""LaTeX as words alone: titles, names and dates."""

from __future__ import annotations

from cite_audit.parse.readers.latex.tokens import LatexSource
from cite_audit.parse.readers.latex.writer import LatexWriter


def print_latex(source: str) -> str:
    """A short piece of LaTeX as it is printed, on one line."""
    if "\\" not in source and "$" not in source:
        return " ".join(source.replace("{", "").replace("}", "").replace("~", " ").split())
    latex = LatexSource(source)
    return " ".join(print_span(latex, (0, len(latex.tokens))).split())


def print_span(latex: LatexSource, span: tuple[int, int]) -> str:
    """Some tokens as they are printed, notes left out, line ends kept."""
    writer = LatexWriter(latex)
    writer.write_span(span)
    text = writer.builder.full_text()
    for marker in reversed(writer.builder.markers):
        text = text[: marker.start] + text[marker.end :]
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
