"""Content codings undone with a bound: a bomb costs no more than what is kept of it. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP = 64 * 1024
KNOWN = {"gzip", "x-gzip", "deflate"}


class Body:
    """Collects a body: `feed` what came over the wire, `data` is what it says, at most `limit` bytes.

    Codings we did not ask for (br, zstd) and more than two stacked ones are kept as they came; a body that is not what
    its label says is kept as it came, too.
    """

    def __init__(self, codings: str, limit: int) -> None:
        names = [name for part in codings.lower().split(",") if (name := part.strip()) and name != "identity"]
        self.limit = limit
        self.known = len(names) <= 2 and all(name in KNOWN for name in names)
        self.stages: list[_Inflater] = [_Inflater(name) for name in reversed(names)] if self.known else []
        self.raw = bytearray()  # kept only until the first stage proves the label right
        self.data = bytearray()
        self.full = False

    def feed(self, piece: bytes) -> None:
        """Take in a piece; afterwards `full` says that no more is wanted."""
        if not self.stages:
            self._keep(piece)
            return
        try:
            self._through(piece, 0)
        except zlib.error:
            if not self.data:  # mislabelled: gzip said, plain text sent
                plain = bytes(self.raw) + piece
                self.stages = []
                self._keep(plain)
            else:
                self.full = True
            return
        if not self.data and len(self.raw) < self.limit:
            self.raw += piece
        else:
            self.raw.clear()

    def _through(self, piece: bytes, stage: int) -> None:
        if stage == len(self.stages):
            self._keep(piece)
            return
        for out in self.stages[stage].undo(piece):
            self._through(out, stage + 1)
            if self.full:
                return

    def _keep(self, piece: bytes) -> None:
        room = self.limit - len(self.data)
        self.data += piece[:room]
        self.full = len(piece) > room


class _Inflater:
    """gzip, zlib and raw deflate (RFC 9110 §8.4.1.2 says zlib; servers send both), in steps of 64 kB."""

    def __init__(self, name: str) -> None:
        self.engine = zlib.decompressobj(47)
        self.may_be_raw = name == "deflate"
        self.done = False

    def undo(self, piece: bytes) -> Iterator[bytes]:
        while piece and not self.done:
            try:
                out = self.engine.decompress(piece, STEP)
            except zlib.error:
                if not self.may_be_raw:
                    raise
                self.engine, self.may_be_raw = zlib.decompressobj(-15), False
                continue
            piece = self.engine.unconsumed_tail
            self.done = self.engine.eof
            if out:
                self.may_be_raw = False
                yield out
