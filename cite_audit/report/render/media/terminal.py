"""Colour and layout for terminals: a tiny palette, bars, and paragraphs that never break an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cite_audit.frozen_record import frozen_record
from cite_audit.report.render.media.csv import format_cell
from cite_audit.report.render.media.sanitizer import display_width, sanitize_line

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Table

PALETTE = {
    "error": "31",
    "warning": "33",
    "note": "36",
    "good": "32",
    "strong": "1",
    "faint": "2",
    "link": "4",
}
GRADE_STYLES = {"A": "good", "B": "good", "C": "warning", "D": "warning", "F": "error"}


@frozen_record
class Terminal:
    """How to write on one terminal: columns, whether colours and characters beyond ASCII may be used."""

    columns: int = 100
    colour: bool = False
    unicode: bool = True

    def style_text(self, text: str, style: str) -> str:
        code = PALETTE.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def to_plain(self, text: str) -> str:
        """Our own typographic characters in ASCII, where the terminal has nothing else."""
        if self.unicode:
            return text
        for fancy, simple in (
            ("→", "->"),
            ("−", "-"),
            ("–", "-"),
            ("…", "..."),
            ("“", '"'),
            ("”", '"'),
            ("‘", "'"),
            ("’", "'"),
            ("·", "|"),
        ):
            text = text.replace(fancy, simple)
        return text.encode("ascii", "backslashreplace").decode("ascii")

    def draw_bar(self, share: float, cells: int = 24) -> str:
        """A bar of at most `cells` columns for a share of 0–1; anything above nothing shows."""
        filled = max(round(share * cells), 1 if share > 0 else 0)
        return ("█" if self.unicode else "#") * filled

    def wrap_paragraph(self, text: str, indent: int, first_prefix: str = "") -> list[str]:
        """Lines of at most `columns`, each indented; words too long for a line, such as addresses, stay whole."""
        available_columns = max(self.columns - indent, 20)
        lines: list[str] = []
        line = ""
        for word in self.to_plain(sanitize_line(text)).split():
            if line and display_width(line) + 1 + display_width(word) > available_columns:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
        head = f"{first_prefix:<{indent}}"
        return [(head if index == 0 else " " * indent) + line for index, line in enumerate(lines)]

    def justify_ends(self, left_text: str, right_text: str) -> str:
        """`left` and `right` at the two ends of a line, or right below where they do not fit."""
        gap = self.columns - display_width(left_text) - display_width(right_text)
        return (
            f"{left_text}{' ' * gap}{right_text}"
            if gap >= 2
            else f"{left_text}\n{right_text:>{min(self.columns, 200)}}"
        )


def write_table(table: Table, options: RenderOptions) -> str:
    """Aligned columns below their names, two spaces apart, numbers to the right; no cell is shortened."""
    terminal = options.terminal
    rows = [[terminal.to_plain(format_cell(row[name], raw=True)) for name in table.column_names] for row in table.rows]
    grid = [list(table.column_names), *rows]
    widths = [max(display_width(cells[index]) for cells in grid) for index in range(len(table.columns))]
    lines = []
    for cells in grid:
        padded = [
            " " * (width - display_width(cell)) + cell
            if column.kind == "number"
            else cell + " " * (width - display_width(cell))
            for column, width, cell in zip(table.columns, widths, cells, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    lines[0] = terminal.style_text(lines[0], "strong")
    return "".join(f"{line}\n" for line in lines)
