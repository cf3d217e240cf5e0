"""The end of a long page, parsed alone: what it says last."""

from __future__ import annotations

from cite_audit.resolve.judge.page.markup import estimate_text

# Characters: of a source at least, and of text, some of which may be hidden.
_LENGTH, _ENOUGH_TEXT = 12_000, 1_200


def find_end_source(source: str, start: int) -> str:
    """The end of a page behind `start` that shows 600 characters, by a look at its tags; all of it where none does."""
    length = _LENGTH
    while length < len(source) - start:
        end_source = source[find_end_start(source, length) :]
        if estimate_text(end_source) >= _ENOUGH_TEXT:
            return end_source
        length *= 2
    return source


def find_end_start(source: str, length: int) -> int:
    """Where about so many characters before its end a part of a page begins: at a tag, outside scripts."""
    start = max(0, source.find("<", len(source) - length))
    script_end = source.find("</script", start)
    is_in_script = script_end >= 0 and not 0 <= source.find("<script", start) < script_end
    return script_end if is_in_script else start
