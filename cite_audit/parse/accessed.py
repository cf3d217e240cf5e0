"""Reads from a note when its author looked at the page: “accessed 3 September 2020”."""

from __future__ import annotations

import re
from datetime import date

from cite_audit.parse.masthead import date_in

# What citation styles print before the date, by language.
_LOOKED = re.compile(
    r"\b(?:accessed|retrieved|viewed|last visited|last checked|consulted|as of"  # en
    r"|дата обращения|дата доступа|дата звернення|дата звароту"  # ru uk be
    r"|abgerufen|zugriff|zuletzt besucht"  # de
    r"|consulté|visité|consultado|dostęp|žiūrėta|skatīts|vaadatud|erişim(?: tarihi)?)\b"  # fr es pl lt lv et tr
    r"[\s:,]*(?:(?:on|am|den|le|el|w dniu)\s+)?",
    re.I,
)
REACH = 28  # characters after the word in which the date must stand


def accessed_on(note: str) -> date | None:
    """The last such date of a note's text, or None."""
    found = (date_in(note[match.end() : match.end() + REACH]) for match in _LOOKED.finditer(note))
    return max((day for day in found if day), default=None)
