"""Macros that a report defines for its notes: `\\newcommand{\\src}[2]{\\footnote{#1, \\url{#2}}}`."""

from __future__ import annotations

import re

_NOTE_BODY = r"\s*\{[^\\{}]{0,100}\\(?P<family>foot|end)note\s*\{"
NEW_COMMAND = re.compile(
    r"\\(?:new|renew|provide)command\*?\s*\{?\s*\\(?P<name>[A-Za-z@]{1,50})\s*\}?\s*\[(?P<count>[1-9])\]"
    rf"(?:\[[^\[\]]{{0,100}}\])?{_NOTE_BODY}"
)
DEFINITION = re.compile(rf"\\def\s*\\(?P<name>[A-Za-z@]{{1,50}})\s*(?P<arguments>(?:\#[1-9]){{1,9}}){_NOTE_BODY}")
NAMES_OF_NOTES = ("footnote", "endnote", "thanks", "footnotetext")  # defined anew, they stay what they are


# rst2latex: `\\DUfootnotemark{own}{note's}{1}`, `\\DUfootnotetext{own}{mark's}{1}{…}`
DOCUTILS_NOTE = re.compile(r"\\DUfootnote(?P<kind>mark|text)(?:\{[\w-]{1,100}\}){2}\{(?P<label>\w{1,20})\}")


def plain_note_macros(source: str) -> str:
    """The source with the note macros of docutils as those of LaTeX, each as long as it was."""
    if "\\DUfootnote" not in source:
        return source

    def plain(match: re.Match[str]) -> str:
        macro, option = f"\\footnote{match['kind']}", f"[{match['label']}]"
        return macro.ljust(len(match[0]) - len(option)) + option

    return DOCUTILS_NOTE.sub(plain, source)


def find_note_macros(source: str) -> dict[str, tuple[int, str]]:
    """Name → how many arguments it takes, and the family of the note that it makes of them."""
    macros = {m["name"]: (int(m["count"]), f"{m['family']}note") for m in NEW_COMMAND.finditer(source)}
    for match in DEFINITION.finditer(source):
        macros[match["name"]] = (len(match["arguments"]) // 2, f"{match['family']}note")
    return {name: macro for name, macro in macros.items() if name not in NAMES_OF_NOTES}
