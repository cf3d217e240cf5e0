"""Colour and layout for terminals: a tiny palette, bars, and paragraphs that never break an address."""

from __future__ import annotations

from dataclasses import dataclass

from cite_audit.report.render.clean import clean, width

PALETTE = {
    "error": "31",
    "warning": "33",
    "note": "36",
    "good": "32",
    "strong": "1",
    "faint": "2",
    "link": "4",
}
GRADES = {"A": "good", "B": "good", "C": "warning", "D": "warning", "F": "error"}


@dataclass(frozen=True, slots=True)
class Ink:
    """How to write on one terminal: columns, whether colours and characters beyond ASCII may be used."""

    columns: int = 100
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, style: str) -> str:
        code = PALETTE.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def plain(self, text: str) -> str:
        """Our own typographic characters in ASCII, where the terminal has nothing else."""
        if self.unicode:
            return text
        for fancy, simple in (("→", "->"), ("−", "-"), ("–", "-"), ("…", "..."), ("“", '"'), ("”", '"'), ("·", "|")):
            text = text.replace(fancy, simple)
        return text.encode("ascii", "backslashreplace").decode("ascii")

    def bar(self, share: float, cells: int = 24) -> str:
        """A bar of at most `cells` columns for a share of 0–1; anything above nothing shows."""
        filled = max(round(share * cells), 1 if share > 0 else 0)
        return ("█" if self.unicode else "#") * filled

    def paragraph(self, text: str, indent: int, first: str = "") -> list[str]:
        """Lines of at most `columns`, each indented; words too long for a line, such as addresses, stay whole."""
        room = max(self.columns - indent, 20)
        lines: list[str] = []
        line = ""
        for word in self.plain(clean(text)).split():
            if line and width(line) + 1 + width(word) > room:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
        head = f"{first:<{indent}}"
        return [(head if i == 0 else " " * indent) + line for i, line in enumerate(lines)]

    def ends(self, left: str, right: str) -> str:
        """`left` and `right` at the two ends of a line, or right below where they do not fit."""
        gap = self.columns - width(left) - width(right)
        return f"{left}{' ' * gap}{right}" if gap >= 2 else f"{left}\n{right:>{min(self.columns, 200)}}"
