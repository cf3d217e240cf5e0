"""Where an address ends: its last characters, brackets that belong to it, punctuation that does not."""

from __future__ import annotations

import re

from cite_audit.parse.dialects import BIDI

_REST = re.compile(r"[^\s<>\"“”„«»|｜＜＞、。，；\x00-\x1f\x7f]*+")
_STARTS = re.compile(r"[/?#]|\\{1,4}[/?#]|\[/\]?|\(/\)|\{/\}")
_ON = re.compile(r">(?=[^\W_])")
_NEAR = 256  # characters
_CLOSERS = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【"}
_DROPPED = frozenset(".,;:!*`”’‘“„«»…،؛؟、。·|\\¹²³⁰⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ—–" + BIDI)
# `x—accessed`, `x（中文）`: prose (`Россия_—_НАТО` is a title); `x&nbsp;`: what HTML writes for a space
# or a bracket; `x}{text}`: LaTeX
_ASIDE = re.compile(
    r"\}\{(?=[A-Za-z])|(?<![-_—/=])—(?=[^\W_]|—)|(?<=[a-zA-Z0-9/])（"
    r"|[;,](?=www\.\w)|&(?:nbsp|[gl]t|quot|emsp|ensp|thinsp|#160|#x[aA]0);"
)
# the next cell of a table of indicators that lost its lines: `…/routerC2 URL`, `…/a.exePayload domain`
_CELL = re.compile(
    r"(?<=[a-z0-9])(?:URL|Domain|IP)?(?:C2|C&C|Payload|Phishing|Download|Malware|Malicious|Staging|Exfiltration)"
    r"(?=[ \t](?:URL|url|[Dd]omain|[Ss]erver|[Hh]ost|[Ee]ndpoint|IP)\b)"
)
_LONGEST_CELL = 20
_OPENERS = frozenset("([{（［【")


def end_of_rest(text: str, start: int, limit: int, *, framed: bool = False, bare_start: bool = True) -> int:
    """Where the part after the host ends. `bare_start`: it must begin with `/`, `?` or `#`."""
    if bare_start and not _STARTS.match(text, start, limit):
        return start
    if framed:
        end = _REST.match(text, start, limit).end()  # type: ignore[union-attr]  # it matches nothing as well
        return trim(text, start, end, framed=end == limit)
    near = _NEAR  # unbroken text may be very long, and yet the address ends close by: we look ever farther
    while True:
        stop = min(start + near, limit)
        end = _unbroken(text, start, stop)
        aside = _aside(text, start, end)
        if aside or stop == limit or end < stop - 1:
            return trim(text, start, _without_cell(text, start, aside or end))
        near *= 4


def _unbroken(text: str, start: int, limit: int) -> int:
    """Where the first character stands that no address holds."""
    end = start
    while match := _REST.match(text, end, limit):
        end = match.end()
        if not _ON.match(text, end, limit) or _in_tag(text, start):
            break
        end += 1
    return end


def _aside(text: str, start: int, end: int) -> int:
    """Where prose follows without a space; 0 where none does."""
    rest = text[start:end]
    if rest.isascii() and "&" not in rest and "www." not in rest and "}{" not in rest:
        return 0
    aside = _ASIDE.search(text, start, end)
    return aside.start() if aside else 0


def _without_cell(text: str, start: int, end: int) -> int:
    """The end without the beginning of the next cell of a table."""
    if text[end : end + 1] not in (" ", "\t"):
        return end
    cell = _CELL.search(text, max(start, end - _LONGEST_CELL), end + _LONGEST_CELL)
    return cell.start() if cell and cell.end() == end else end


_MARKER = re.compile(r"[^\[]*[^\[=?&](?=(?:\[\d{1,3}\])+\Z)")


_EMPHASIS = re.compile(r"(?<![\w/])(?P<opens>_)(?=[^\W_])|(?<=[^\W_]|[.,;:)!?])_(?!\w)")


def emphasised(text: str, at: int) -> bool:
    """Whether `_emphasis` was opened on the line of a place and not closed before it."""
    low = max(0, at - 600)
    line = text[max(text.rfind("\n", low, at) + 1, low) : at]
    return sum(1 if match["opens"] else -1 for match in _EMPHASIS.finditer(line)) > 0


def _in_tag(text: str, at: int) -> bool:
    """Whether a `<` is open before a place."""
    low = max(0, at - 300)
    return text.rfind("<", low, at) > text.rfind(">", low, at)


def trim(text: str, start: int, end: int, *, framed: bool = False) -> int:
    """The end of `text[start:end]` without trailing punctuation and without closers that were not opened in it."""
    if end > start and (text[end - 1] == "/" or (text[end - 1].isascii() and text[end - 1].isalnum())):
        return end
    raw = text[start:end]
    if "]" in raw[-4:] and not framed and (marker := _MARKER.match(raw.rstrip(".,;:"))):
        end, raw = start + marker.end(), marker[0]
    counts = {mark: raw.count(mark) for pair in _CLOSERS.items() for mark in pair if mark in raw}
    quotes = raw.count("'")
    while end > start:
        last = text[end - 1]
        if last in _CLOSERS:
            if counts[last] <= counts.get(_CLOSERS[last], 0):
                break
            counts[last] -= 1
        elif last in _OPENERS:
            counts[last] -= 1
        elif last == "'":
            if quotes % 2 == 0:
                break
            quotes -= 1
        elif last == "?":
            if framed or text[end : end + 1] in (";", ">"):
                break
        elif last == "@" and not framed:
            pass
        elif last not in _DROPPED or (framed and last in "!*·"):
            break
        end -= 1
    return end
