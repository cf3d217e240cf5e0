"""Reads from a note when its author looked at the page: “accessed 3 September 2020”."""

from __future__ import annotations

import re
from datetime import date

from cite_audit.parse.dates import find_date

# What citation styles print before the date, by language.
_ACCESS_WORDS = re.compile(
    r"\b(?:accessed|retrieved|viewed|last visited|last checked|consulted|as of"  # en
    r"|дата обращения|дата доступа|дата звернення|дата звароту"  # ru uk be
    r"|abgerufen|zugriff|zuletzt besucht"  # de
    r"|consulté|visité|consultado|dostęp|žiūrėta|skatīts|vaadatud|erişim(?: tarihi)?)\b"  # fr es pl lt lv et tr
    r"[\s:,]*(?:(?:on|am|den|le|el|w dniu)\s+)?",
    re.I,
)
# A piece of each of them, which is sought before the pattern is: most notes hold none. No i, which Turkish writes as İ.
_ACCESS_PIECES = (
    *("acce", "retr", "ewed", "last v", "last ch", "onsult", "as of", "дата ", "abgeruf", "zugr", "zuletzt"),
    *("t\u00e9", "dost", "rėta", "skat", "vaadat", "\u015f"),
)
MAX_DATE_DISTANCE = 28  # characters after the word in which the date must stand


def find_access_date(note: str) -> date | None:
    """The last such date of a note's text, or None."""
    lowered = note.lower()
    if not any(piece in lowered for piece in _ACCESS_PIECES):
        return None
    dates = (find_date(note[match.end() : match.end() + MAX_DATE_DISTANCE]) for match in _ACCESS_WORDS.finditer(note))
    return max((day for day in dates if day), default=None)
