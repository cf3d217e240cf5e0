"""Reads from a note what it prints of a work before its address: “Ann Lee, “Ships,” The Port, 3 May 2024, https://…”."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import CitedWork
from cite_audit.parse.dates import find_date
from cite_audit.parse.masthead_words import has_only_names, split_names

__all__ = ["NO_WORK", "read_cited_work"]

# The quotation marks of the languages that reports come in; the last pair is Markdown's and HTML's plain one.
_QUOTED = compile_lazily(
    r"“([^“”]{3,300})”|«([^«»]{3,300})»|„([^„“”]{3,300})[“”]|「([^「」]{2,300})」|《([^《》]{2,300})》|\"([^\"]{3,300})\"|‘([^‘’]{3,300})’(?!\w)"
)
_ENDS = " \t\n.,;:*_"
_MIN_LEAD = 4  # characters of the shortest title with its quotation marks
_MAX_LEAD = 1000  # characters before an address that may speak of it
_MAX_AUTHORS = 120
NO_WORK = CitedWork()


def read_cited_work(lead: str) -> CitedWork:
    """The work that the words before an address name: nothing is said where they quote no title."""
    lead = lead[-_MAX_LEAD:]
    match = _QUOTED.search(lead) if len(lead) >= _MIN_LEAD else None
    if match is None:
        return NO_WORK
    title = next(words for words in match.groups() if words)
    day = find_date(lead[match.end() :])
    before = lead[: match.start()].rpartition(": ")[2].strip(_ENDS)
    authors = tuple(split_names(before)) if len(before) <= _MAX_AUTHORS and has_only_names(before) else ()
    return CitedWork(" ".join(title.split()).strip(_ENDS), authors, day.isoformat() if day else "")
