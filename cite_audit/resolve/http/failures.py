"""The exception for a failed exchange, until `Client` turns it into a value."""

from __future__ import annotations

from cite_audit.model import Failure, FailureKind


class ExchangeError(Exception):
    """An exchange that gave no answer, or broke off; it never leaves the package.

    `hint`: how likely the server speaks HTTP/2 alone: 0 no sign, 1 perhaps, 2 a clear sign.
    """

    def __init__(self, kind: FailureKind, detail: str = "", hint: int = 0) -> None:
        super().__init__(f"{kind}: {detail}")
        self.hint = hint
        self.failure = Failure(kind, detail)
