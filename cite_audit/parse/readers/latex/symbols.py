"""What TeX prints for its control symbols: accents, letters, signs (LaTeX2e, ltoutenc), ligatures of its fonts."""

from __future__ import annotations

import re
import unicodedata

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323",
}  # fmt: skip
SIGNS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "th": "þ", "textbackslash": "\\", "textasciitilde": "~", "textunderscore": "_",
    "textasciicircum": "^", "textquotedblleft": "“", "textquotedblright": "”", "textendash": "–", "textemdash": "—",
    "ldots": "…", "dots": "…", "textellipsis": "…", "TeX": "TeX", "LaTeX": "LaTeX", "slash": "/", "textbar": "|",
    "textless": "<", "textgreater": ">", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€",
    "quad": " ", "qquad": " ", "hspace": " ", "newline": "\n", "linebreak": "\n", "guillemotleft": "«",
    "guillemotright": "»", "\\": "\n", " ": " ", "\n": " ", ",": " ", ";": " ", ":": " ", "&": "&", "%": "%", "#": "#",
    "_": "_", "$": "$", "{": "{", "}": "}", "-": "", "/": "", "@": "", "!": "", "(": "", ")": "", "[": "", "]": "",
}  # fmt: skip
DOTLESS = {"ı": "i", "ȷ": "j"}
LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", "\u00a0"))
# dashes between words or numbers; in an address they stay
LIGATURE = re.compile(r"(?<![^\s])---?(?![^\s])|(?<=\d)--(?=\d)|``|''|~")
_REPLACED = dict(LIGATURES)
_ADDRESS_ESCAPE = re.compile(
    r"\\(?:([%#&_${}~^])(?:\{\})?|(textasciitilde|textunderscore|string|allowbreak|-)(?:\{\})?[ ]?)|\s+"
)
_ADDRESS_WORDS = {"textasciitilde": "~", "textunderscore": "_"}


def print_text(text: str) -> str:
    """Characters of running text as fonts print them."""
    return LIGATURE.sub(lambda match: _REPLACED[match[0]], text)


def print_accent(accent: str, letter: str) -> str:
    """A letter with its accent; the accent's own sign where there is no letter."""
    if not letter.strip():
        return accent if accent in "~^" else ""
    return unicodedata.normalize("NFC", DOTLESS.get(letter[0], letter[0]) + ACCENTS[accent]) + letter[1:]


def unescape_address(target: str) -> str:
    r"""An address out of `\\url{…}`: escapes undone, line ends and places to break left out."""
    return _ADDRESS_ESCAPE.sub(lambda match: match[1] or _ADDRESS_WORDS.get(match[2] or "", ""), target)
