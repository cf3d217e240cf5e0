"""Elements and text of markup by search alone, in linear time; what is unclosed ends with the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.text import collapse_spaces, count_words

# What opens and is not closed reaches to the end, as in a browser, so that no byte is searched twice.
_MARKUP = compile_lazily(rb"<(script|style|noscript)\b(?:.*?</\1\s*>|.*\Z)|<[^>]*(?:>|\Z)", re.I | re.S)

_UNREAD = compile_lazily(  # a script or a style sheet, or tags side by side
    r"<(?:s(?:cript|tyle)\b[^<]*+(?:<(?!/s(?:cript|tyle))[^<]*+)*+|[^>]*+>?(?:<(?!s[ct])[^>]*+>)*+)"
)


def strip_markup(markup: bytes, length: int) -> bytes:
    """The bytes with a space instead of each tag, and of each script, style sheet and `noscript` element; so many."""
    stripped, start = bytearray(), 0
    for match in _MARKUP.finditer(markup):
        stripped += markup[start : match.start()] + b" "
        start = match.end()
        if len(stripped) >= length:
            break
    else:
        stripped += markup[start:]
    return bytes(stripped[:length])


def iter_scripts(source: str) -> Iterator[tuple[int, int]]:
    """Where each script begins, and where its end tag does, as far as they are in small letters.

    Quick, and good enough where nothing depends on it: what is a script, and where it ends, only a parser knows.
    """
    start = 0
    while (script := source.find("<script", start)) >= 0:
        start = find_script_end(source, script)
        yield script, start


def find_script_end(source: str, script: int) -> int:
    """Where the end tag of a script begins; the end of the source without one."""
    end = source.find("</script", script)
    return end if end >= 0 else len(source)


def find_element_content(markup: bytes, name: bytes) -> bytes | None:
    """What stands in the first closed element `name`; None where there is none."""
    opening = re.search(rb"<%s(?:\s[^<>]*)?>" % name, markup, re.I)
    if opening is None:
        return None
    closing = re.compile(rb"</%s" % name, re.I).search(markup, opening.end())
    return markup[opening.end() : closing.start()] if closing else None


def count_pieces(markup: str) -> int:
    """How many words, or pieces of them between two tags, markup shows: a tenth of the work of parsing it."""
    return count_words(_UNREAD.sub(" ", markup))


def count_shown(markup: str) -> int:
    """How many characters markup shows, or more where some are hidden."""
    return len(collapse_spaces(_UNREAD.sub(" ", markup)))
