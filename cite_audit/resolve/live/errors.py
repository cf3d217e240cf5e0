"""How a failure travels inside the live room, until `Client` turns it into a value."""

from __future__ import annotations

from cite_audit.model import Failure, FailureKind


class ExchangeError(Exception):
    """An exchange that gave no answer, or broke off; never leaves the room."""

    def __init__(self, kind: FailureKind, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}")
        self.failure = Failure(kind, detail)
