"""Content codings undone with a bound: a bomb costs no more than what is kept of it. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP_SIZE = 64 * 1024
KNOWN_CODINGS = {"gzip", "x-gzip", "deflate"}


class BodyDecoder:
    """Collects a body: `feed` takes the bytes received, `data` holds the decoded ones, at most `limit`.

    Codings we did not ask for (br, zstd) and more than two stacked ones are left as received, and so is a body that
    is not in the coding it declares.
    """

    def __init__(self, codings: str, limit: int) -> None:
        names = [name for part in codings.lower().split(",") if (name := part.strip()) and name != "identity"]
        self.limit = limit
        self.is_known = len(names) <= 2 and all(name in KNOWN_CODINGS for name in names)
        self.stages: list[_Decompressor] = [_Decompressor(name) for name in reversed(names)] if self.is_known else []
        self.raw = bytearray()  # kept only until the first stage proves the label right
        self.data = bytearray()
        self.is_full = False
        self.received = 0  # bytes

    def feed(self, piece: bytes) -> None:
        """Take in a piece; afterwards `is_full` says that no more is needed."""
        if not self.stages:
            self._append_data(piece)
            return
        try:
            self._decode_from_stage(piece, 0)
        except zlib.error:
            if not self.data:  # mislabelled: gzip said, plain text sent
                plain = bytes(self.raw) + piece
                self.stages = []
                self._append_data(plain)
            else:
                self.is_full = True
            return
        self.received += len(piece)
        if self.received > 2 * self.limit:  # blocks of nothing, a file name without end
            self.is_full = True
        if not self.data and len(self.raw) < self.limit:
            self.raw += piece
        else:
            self.raw.clear()

    def _decode_from_stage(self, piece: bytes, stage: int) -> None:
        if stage == len(self.stages):
            self._append_data(piece)
            return
        for decoded in self.stages[stage].decompress_steps(piece):
            self._decode_from_stage(decoded, stage + 1)
            if self.is_full:
                return

    def _append_data(self, piece: bytes) -> None:
        free = self.limit - len(self.data)
        self.data += piece[:free]
        self.is_full = len(piece) > free


class _Decompressor:
    """gzip, zlib and raw deflate (RFC 9110 §8.4.1.2 says zlib; servers send both), in steps of 64 kB."""

    def __init__(self, name: str) -> None:
        self.engine = zlib.decompressobj(47)
        self.may_be_raw = name == "deflate"
        self.finished = False

    def decompress_steps(self, piece: bytes) -> Iterator[bytes]:
        while piece and not self.finished:
            try:
                decoded = self.engine.decompress(piece, STEP_SIZE)
            except zlib.error:
                if not self.may_be_raw:
                    raise
                self.engine, self.may_be_raw = zlib.decompressobj(-15), False
                continue
            piece = self.engine.unconsumed_tail
            self.finished = self.engine.eof
            if decoded:
                self.may_be_raw = False
                yield decoded
