"""Sentences for a person about captures, and the answer they add up to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cite_audit.model import Archived, Memento
from cite_audit.resolve.archive import choose
from cite_audit.resolve.archive.choose import Candidate
from cite_audit.resolve.archive.player import Found
from cite_audit.resolve.base import ArchiveAnswer

# quality word → what it says; words of the form status-404 say it themselves
FAULTS = {
    "challenge": "a challenge page of a bot filter",
    "blocked": "a page that refuses the archive",
    "login": "a login page",
    "soft-404": "a page that says “not found”",
    "parked": "a page that offers the domain for sale",
    "redirect-to-root": "a redirect to the site's front page",
    "redirect-loop": "a redirect loop",
    "redirect-unresolved": "a redirect whose target is not archived",
    "other-site": "a redirect to another site",
    "other-address": "a capture of another address",
    "type-mismatch": "a page where the link promises a file",
    "empty": "an empty page",
    "no-text": "a page without any text",
    "same-as-another": "the same bytes as the capture of another page of the site",
}


def say_fault(word: str) -> str:
    """A quality word in words."""
    if word.startswith("status-"):
        return f"an archived error {word.removeprefix('status-')}"
    return FAULTS.get(word, word)


def say_bad(memento: Memento) -> str:
    """One sentence on a capture that does not show the page."""
    return f"{memento.archive}: the capture of {memento.captured_at:%Y-%m-%d} is {say_fault(memento.quality[0])}"


def say_near(memento: Memento, near: datetime) -> str:
    """One sentence on when a capture was made."""
    place = choose.distance_words(memento.captured_at, near)
    return f"{memento.archive}: captured {memento.captured_at:%Y-%m-%d}, {place} the date of citation"


def say_good(found: Found, near: datetime) -> tuple[str, ...]:
    """What is to be known of a good capture: when, where it leads, and whether it may show another text."""
    memento = found.memento
    said = [say_near(memento, near)]
    if found.led_to:
        said.append(f"the capture is a redirect to {found.led_to}")
    if choose.days(memento.captured_at, near) > choose.DRIFT_RISK:
        said.append("captured long after the citation: the page may have changed by then")
    return tuple(said)


def answer_with(url: str, tried: Sequence[Found], near: datetime) -> ArchiveAnswer:
    """The answer that captures played back add up to: the best good one first, or none good."""
    good = [one for one in tried if one.memento.good]
    order = [one.uri_m for one in choose.ranked(map(_candidate, good), near)]
    good.sort(key=lambda one: order.index(one.memento.uri_m))
    bad = [one for one in tried if not one.memento.good]
    if good:
        shown = tuple(one.memento for one in (*good, *bad))
        return ArchiveAnswer(url, Archived.ARCHIVED, shown, say_good(good[0], near))
    evidence = tuple(dict.fromkeys(say_bad(one.memento) for one in bad))
    return ArchiveAnswer(url, Archived.ARCHIVED_BAD, tuple(one.memento for one in bad), evidence)


def _candidate(found: Found) -> Candidate:
    memento = found.memento
    return Candidate(memento.uri_m, memento.captured_at, memento.uri_r, memento.status, memento.mimetype)
