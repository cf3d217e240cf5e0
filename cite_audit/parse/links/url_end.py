"""Where an address ends: its last characters, brackets that belong to it, punctuation that does not."""

from __future__ import annotations

import re

from cite_audit.parse.links.dialects import BIDI

_URL_CHARACTERS = re.compile(r"[^\s<>\"“”„«»|｜＜＞、。，；\x00-\x1f\x7f]*+")
_PATH_START = re.compile(r"[/?#]|\\{1,4}[/?#]|\[/\]?|\(/\)|\{/\}")
_ANGLE_INSIDE = re.compile(r">(?=[^\W_])")
_FIRST_WINDOW = 256  # characters
_CLOSERS = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【"}
_TRAILING_MARKS = frozenset(".,;:!*`”’‘“„«»…،؛؟、。·|\\¹²³⁰⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ—–" + BIDI)
# `x—accessed`, `x（中文）`: prose (`Россия_—_НАТО` is a title); `x&nbsp;`: what HTML writes for a space
# or a bracket; `x}{text}`: LaTeX
_ADJOINING_PROSE = re.compile(
    r"\}\{(?=[A-Za-z])|(?<![-_—/=])—(?=[^\W_]|—)|(?<=[a-zA-Z0-9/])（"
    r"|[;,](?=www\.\w)|&(?:nbsp|[gl]t|quot|emsp|ensp|thinsp|#160|#x[aA]0);"
)
# the next cell of a table of indicators that lost its lines: `…/routerC2 URL`, `…/a.exePayload domain`
_TABLE_CELL = re.compile(
    r"(?<=[a-z0-9])(?:URL|Domain|IP)?(?:C2|C&C|Payload|Phishing|Download|Malware|Malicious|Staging|Exfiltration)"
    r"(?=[ \t](?:URL|url|[Dd]omain|[Ss]erver|[Hh]ost|[Ee]ndpoint|IP)\b)"
)
_MAX_CELL_LENGTH = 20
_OPENERS = frozenset("([{（［【")


def find_path_end(text: str, start: int, limit: int, *, framed: bool = False, bare_start: bool = True) -> int:
    """Where the part after the host ends. `bare_start`: it must begin with `/`, `?` or `#`."""
    if bare_start and not _PATH_START.match(text, start, limit):
        return start
    if framed:
        end = _URL_CHARACTERS.match(text, start, limit).end()  # type: ignore[union-attr]  # it matches nothing as well
        return trim_url_end(text, start, end, framed=end == limit)
    window = _FIRST_WINDOW  # unbroken text may be very long while the address ends close by: the window grows
    while True:
        stop = min(start + window, limit)
        end = _find_unbroken_end(text, start, stop)
        prose_start = _find_adjoining_prose(text, start, end)
        if prose_start or stop == limit or end < stop - 1:
            return trim_url_end(text, start, _drop_table_cell(text, start, prose_start or end))
        window *= 4


def _find_unbroken_end(text: str, start: int, limit: int) -> int:
    """Where the first character stands that no address holds."""
    end = start
    while match := _URL_CHARACTERS.match(text, end, limit):
        end = match.end()
        if not _ANGLE_INSIDE.match(text, end, limit) or _is_in_tag(text, start):
            break
        end += 1
    return end


def _find_adjoining_prose(text: str, start: int, end: int) -> int:
    """Where prose follows without a space; 0 where none does."""
    segment = text[start:end]
    if segment.isascii() and "&" not in segment and "www." not in segment and "}{" not in segment:
        return 0
    aside = _ADJOINING_PROSE.search(text, start, end)
    return aside.start() if aside else 0


def _drop_table_cell(text: str, start: int, end: int) -> int:
    """The end without the beginning of the next cell of a table."""
    if text[end : end + 1] not in (" ", "\t"):
        return end
    cell = _TABLE_CELL.search(text, max(start, end - _MAX_CELL_LENGTH), end + _MAX_CELL_LENGTH)
    return cell.start() if cell and cell.end() == end else end


_BEFORE_MARKERS = re.compile(r"[^\[]*[^\[=?&](?=(?:\[\d{1,3}\])+\Z)")


_EMPHASIS = re.compile(r"(?<![\w/])(?P<opens>_)(?=[^\W_])|(?<=[^\W_]|[.,;:)!?])_(?!\w)")


def is_emphasis_open(text: str, place: int) -> bool:
    """Whether `_emphasis` was opened on the line of a place and not closed before it."""
    low = max(0, place - 600)
    line = text[max(text.rfind("\n", low, place) + 1, low) : place]
    return sum(1 if match["opens"] else -1 for match in _EMPHASIS.finditer(line)) > 0


def _is_in_tag(text: str, place: int) -> bool:
    """Whether a `<` is open before a place."""
    low = max(0, place - 300)
    return text.rfind("<", low, place) > text.rfind(">", low, place)


def trim_url_end(text: str, start: int, end: int, *, framed: bool = False) -> int:
    """The end of `text[start:end]` without trailing punctuation and without closers that were not opened in it."""
    if end > start and (text[end - 1] == "/" or (text[end - 1].isascii() and text[end - 1].isalnum())):
        return end
    raw = text[start:end]
    if "]" in raw[-4:] and not framed and (marker := _BEFORE_MARKERS.match(raw.rstrip(".,;:"))):
        end, raw = start + marker.end(), marker[0]
    counts = {mark: raw.count(mark) for pair in _CLOSERS.items() for mark in pair if mark in raw}
    quotes = raw.count("'")
    while end > start:
        last_char = text[end - 1]
        if last_char in _CLOSERS:
            if counts[last_char] <= counts.get(_CLOSERS[last_char], 0):
                break
            counts[last_char] -= 1
        elif last_char in _OPENERS:
            counts[last_char] -= 1
        elif last_char == "'":
            if quotes % 2 == 0:
                break
            quotes -= 1
        elif last_char == "?":
            if framed or text[end : end + 1] in (";", ">"):
                break
        elif last_char == "@" and not framed:
            pass
        elif last_char not in _TRAILING_MARKS or (framed and last_char in "!*·"):
            break
        end -= 1
    return end
