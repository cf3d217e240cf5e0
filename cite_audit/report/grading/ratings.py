"""Ratings on the Admiralty scale that people give sources: in notes, and in tables of their own.

`<!-- cite-audit: rated[B2] … -->` in a note: reliability of the source A–F, credibility of the item 1–6 (STANAG 2511,
AJP-2.1). Either may be left out (`rated[B]`). Ratings are shown, and take no points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import SourceRating
from cite_audit.report.grading.claims import Claim, search_comment

RELIABILITY: Mapping[str, str] = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITY: Mapping[str, str] = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
_RATED = compile_lazily(r"\brated\[([A-Fa-f]?)([1-6]?)\](.*?)(?:-->|$)")
_ADMIRALTY = compile_lazily(r"([A-F])?([1-6])?")


def collect_ratings(claims: Iterable[Claim]) -> tuple[SourceRating, ...]:
    """Every rating of a source in a note; what the note says wins over what a table says."""
    return tuple(rating for claim in claims for rating in _rate_claim(claim))


def _rate_claim(claim: Claim) -> Iterator[SourceRating]:
    noted = search_comment(_RATED, claim.text)
    for citation in claim.citations:
        if noted and (noted[1] or noted[2]):
            yield SourceRating(
                note=claim.note,
                url=citation.url,
                reliability=noted[1].upper(),
                credibility=noted[2],
                by="note",
                remark=noted[3].strip(" \t"),
            )
        elif (rating := _ADMIRALTY.fullmatch(citation.source.rating)) and citation.source.rating:
            yield SourceRating(
                note=claim.note,
                url=citation.url,
                reliability=rating[1] or "",
                credibility=rating[2] or "",
                by="table",
            )


def count_rating_matrix(ratings: Iterable[SourceRating]) -> dict[tuple[str, str], list[int]]:
    """The notes of each cell of the matrix: reliability and credibility → note numbers."""
    notes_by_cell: dict[tuple[str, str], list[int]] = {}
    for rating in ratings:
        notes = notes_by_cell.setdefault((rating.reliability or "F", rating.credibility or "6"), [])
        if rating.note not in notes:
            notes.append(rating.note)
    return notes_by_cell
