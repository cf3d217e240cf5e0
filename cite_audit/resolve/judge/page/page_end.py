"""The end of a long page, parsed alone: what it says last."""

from __future__ import annotations

from cite_audit.resolve.judge.page.markup import count_shown

_LENGTH, _TELLING_LENGTH, _ENOUGH_TEXT = 12_000, 3_000, 600  # characters of a source, and of text


def find_end_source(source: str, start: int) -> str:
    """The end of a page behind `start` that shows 600 characters, by a look at its tags; all of it where none does."""
    length = _LENGTH
    while length < len(source) - start:
        end_source = source[find_end_start(source, length) :]
        parts = (end_source[-_TELLING_LENGTH:], end_source)  # of prose the first is enough
        if any(count_shown(part) >= _ENOUGH_TEXT for part in parts):
            return end_source
        length *= 2
    return source


def find_end_start(source: str, length: int) -> int:
    """Where about so many characters before its end a part of a page begins: at a tag, outside scripts."""
    start = max(0, source.find("<", len(source) - length))
    script_end = source.find("</script", start)
    is_in_script = script_end >= 0 and not 0 <= source.find("<script", start) < script_end
    return script_end if is_in_script else start
