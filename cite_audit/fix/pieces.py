"""A paragraph's text stands in pieces; what an edit of the text makes of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits

__all__ = ["ShownPiece", "find_home", "is_split_by", "new_piece_texts"]


class ShownPiece(Protocol):
    """A text, or an element that stands for one and cannot hold another (`editable`), at `offset` of the whole."""

    @property
    def text(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def stop(self) -> int: ...
    @property
    def editable(self) -> bool: ...


def new_piece_texts(pieces: Sequence[ShownPiece], edits: Sequence[Edit]) -> dict[int, str]:
    """The new text of each piece that changes, by its identity.

    A new spelling goes into the first piece it touches, the others lose their part of the old.
    """
    texts: dict[int, str] = {}
    placed: set[Edit] = set()
    own = disjoint_edits(edits)
    for piece in pieces:
        inside = []
        for edit in own:
            if is_split_by(piece, edit):
                new = edit.new if piece.editable and edit not in placed else ""
                placed |= {edit} if new else set()
                inside.append(Edit(max(edit.start - piece.offset, 0), min(edit.end, piece.stop) - piece.offset, new))
        if inside and piece.editable:
            texts[id(piece)] = apply_edits(piece.text, inside)
        elif any(edit.end > edit.start for edit in inside):
            texts[id(piece)] = ""
    return texts


def is_split_by(piece: ShownPiece, edit: Edit) -> bool:
    """Whether an edit changes a piece; an insertion belongs to the piece that goes on behind it."""
    if edit.start == edit.end:
        return piece.offset < edit.start < piece.stop
    return edit.start < piece.stop and edit.end > piece.offset


def find_home(touched: Sequence[ShownPiece], replaced: Sequence[ShownPiece]) -> ShownPiece | None:
    """The piece behind which a tracked change puts its new text: the last; none where a replaced link has it already.

    `replaced` are those of `touched` within links that are replaced whole.
    """
    first = next((piece for piece in touched if piece.editable), None)
    if not replaced:
        return touched[-1]
    return first if first is not None and not any(first is piece for piece in replaced) else None
