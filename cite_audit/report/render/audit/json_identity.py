"""The JSON of what is found about a link's identity: its new home, its neighbours, the work that it shows."""

from __future__ import annotations

from typing import Any

from cite_audit.model import NeverSeen, NewHome, OtherWork

__all__ = ["encode_never_seen", "encode_new_home", "encode_other_work"]


def encode_new_home(home: NewHome) -> dict[str, Any]:
    return {
        "url": home.url,
        "found_by": home.found_by,
        "title": home.title,
        "likeness": home.likeness,
        "evidence": list(home.evidence),
    }


def encode_never_seen(never_seen: NeverSeen) -> dict[str, Any]:
    return {
        "section": never_seen.section,
        "neighbours": never_seen.neighbours,
        "complete": never_seen.is_complete,
        "fits_scheme": never_seen.fits_scheme,
        "evidence": list(never_seen.evidence),
    }


def encode_other_work(other: OtherWork) -> dict[str, Any]:
    """One work that a note names and that the address does not show."""
    return {
        "differs": other.differs,
        "cited": {
            "title": other.cited.title,
            "authors": list(other.cited.authors),
            "published": other.cited.published or None,
        },
        "shown": other.shown,
        "seen_in": other.seen_in,
    }
