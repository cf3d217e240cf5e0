"""How a failure travels inside the live room, until `Client` turns it into a value."""

from __future__ import annotations

from cite_audit.model import Failure, FailureKind


class ExchangeError(Exception):
    """An exchange that gave no answer, or broke off; never leaves the room.

    `hint`: how much it sounds like a server that speaks HTTP/2 alone: 0 not at all, 1 perhaps, 2 quite so.
    """

    def __init__(self, kind: FailureKind, detail: str = "", hint: int = 0) -> None:
        super().__init__(f"{kind}: {detail}")
        self.hint = hint
        self.failure = Failure(kind, detail)
