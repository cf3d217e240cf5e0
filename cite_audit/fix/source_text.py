"""The text of a report that is edited: what no edit covers stays the same bytes, those that are no text included."""

from __future__ import annotations

import re

from cite_audit.errors import ReadError
from cite_audit.frozen_record import frozen_record
from cite_audit.parse.readers.base import Editor
from cite_audit.parse.readers.encoding import BOMS, decode_markup, replace_escaped
from cite_audit.parse.readers.text import decode_text

__all__ = ["SourceText", "read_source"]

_NO_TEXT = re.compile("([\udc80-\udcff]+)")  # bytes that are no text, as PEP 383 has them


@frozen_record
class SourceText:
    """A report's text, character by character as its reader had it, but for bytes that are no text.

    Those are the lone surrogates of PEP 383 here, where the reader has replacement characters. `mark`: the byte order
    mark, which is not in the text.
    """

    text: str
    encoding: str
    mark: bytes

    @property
    def shown(self) -> str:
        """The text as its reader had it."""
        return replace_escaped(self.text)

    def encode(self, new: str, errors: str = "strict") -> bytes:
        """The bytes of an edited text; `errors` for characters that the encoding lacks. Raises UnicodeEncodeError."""
        encoded = (
            piece.encode(self.encoding, "surrogateescape" if number % 2 else errors)
            for number, piece in enumerate(_NO_TEXT.split(new))
        )
        return self.mark + b"".join(encoded)


def read_source(data: bytes, path: str, editor: Editor) -> SourceText:
    """The text of a report in a format of text. Raises ReadError where writing it again would change a byte."""
    decoded, encoding = decode_markup(data) if editor is Editor.HTML else decode_text(data, path)
    mark = b""
    if encoding.startswith("utf"):  # "utf-16" of a mark is in the order that the mark says
        mark, encoding = next(((mark, name) for mark, name in BOMS if data.startswith(mark)), (b"", encoding))
    try:
        source = SourceText(data[len(mark) :].decode(encoding, "surrogateescape"), encoding, mark)
        if len(source.text) == len(decoded) and source.encode(source.text) == data:
            return source
    except UnicodeError:
        pass
    raise ReadError(path, f"holds bytes that are not {encoding} and would be lost: save it as UTF-8 first")
