"""Reads the rest of an address behind a space, and tells addresses that look cut there and could not be joined.

A space inside an address is what typesetters leave, or a converter that turned a line end into one. The evidence: the
address ends where addresses are broken (`/ - _ = & ? %20`), what follows has the shape of an address, and behind it
stands what stands behind addresses: `(accessed`, a separator, the end of the line. With less it is a suspect.
"""

from __future__ import annotations

import re

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Repair, Suspect, SuspectKind
from cite_audit.parse.access_date import ACCESS_WORDS
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links import line_breaks as br
from cite_audit.parse.links.found_link import BARE, FoundLink, LinkFrame
from cite_audit.parse.links.piece_comparison import join_kind, read_url
from cite_audit.parse.links.url_end import trim_url_end
from cite_audit.parse.links.url_tail import UrlTail

_SPACE = compile_lazily(r"(?P<mark>\??)[ \t\u00a0]{1,3}(?=[^\W_]|%[0-9A-F]{2})")
_SPACE_STARTS = "? \t\u00a0"
_TOKEN = compile_lazily(r"[\w%./?=&#~+:@,;$!*'()-]{1,600}")
_BREAK_END = compile_lazily(r"(?:[/_=&-]|%20)\Z")
_DOUBTLESS_END = compile_lazily(r"(?:[_=&-]|%20)\Z")  # no word of prose follows these
_NEXT_LINE = compile_lazily(r"\n(?P<rest>(?!h..ps?:|www\.)[a-zA-Z0-9/?=&_%.#-][\w%./?=&#~+:@,;$!*'-]{0,200})", re.I)
_FOLDERS = compile_lazily(r"[\w-]{3,}(?:/[\w-]{2,})+(?:\.\w{2,5})?")
_MAX_PIECES = 4
_VISIT = rf"[(\[（]?(?i:archived|{ACCESS_WORDS})(?![a-z])"
_VISITED = compile_lazily(rf"[.,]?[ \t\u00a0]+{_VISIT}")
_REST_END = compile_lazily(
    rf"[.,]?(?:[ \t\u00a0]*(?:\r?\n|\Z)|[ \t\u00a0]+{_VISIT})|[ \t]?[;>\])]|,[ \t\u00a0]|[ \t\u3000]?[（【〔]"
)
_DATE = compile_lazily(r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?\Z|[^\W\d_]+/[^\W\d_]+\Z")  # and `and/or`
_ADDRESS_SHAPE = compile_lazily(
    rf"(?=\S*[\d%=_-])\S*\w/\S*\w|\S+\.(?i:{d.FILE_SUFFIX})\Z|(?:[\w%.]+-){{2,}}[\w%.]+|\S*%[0-9A-F]{{2}}|\S*\w=\w|\S*\w_\w"
    r"|\d{5,}\Z|\w+/\?\w+="
)


@frozen_record
class SpacedRest:
    """The rest of an address behind a space; `confidence` 0: it may be one, and nothing decides it."""

    tail: UrlTail
    confidence: float
    evidence: str


def read_spaced_rest(text: str, link: FoundLink, following: int) -> SpacedRest | None:
    """The rest of a link behind a space, up to four pieces; None where nothing looks like one."""
    gap = _SPACE.match(text, link.end) if text[link.end : link.end + 1] in _SPACE_STARTS else None
    if gap is None or link.frame not in (BARE, LinkFrame.JOINED) or not (link.whole and link.has_path):
        return None
    if br.NEW_ITEM.match(text, gap.end()):
        return None
    at_break = bool(gap["mark"] or _BREAK_END.search(link.url))
    is_number = bool(re.search(r"[?&]\w+=[^&]*\Z", link.url)) and text[gap.end()].isdigit()
    if not at_break and not is_number:
        return None
    pieces, end = _read_pieces(text, gap.end())
    if not pieces or end > following:
        return None
    rest = "".join(pieces)
    tail = UrlTail(gap["mark"] + rest, end)
    evidence = f"the address ends in {(gap['mark'] or link.url[-1])!r}, and an address goes on behind the space"
    shaped = bool(_ADDRESS_SHAPE.match(rest)) and not _DATE.match(rest)
    if gap["mark"]:
        return SpacedRest(tail, 0.85, evidence) if re.match(r"\w+=", rest) and _REST_END.match(text, end) else None
    ended, visited = _REST_END.match(text, end), _VISITED.match(text, end)
    if at_break and shaped and ended:
        return SpacedRest(tail, 0.85, evidence)
    if _DOUBTLESS_END.search(link.url) and visited and len(pieces) == 1:
        return SpacedRest(tail, 0.7, evidence)
    if visited or (at_break and shaped) or (ended and rest[0].isdigit()) or _DOUBTLESS_END.search(link.url):
        return SpacedRest(tail, 0.0, evidence)
    return None


def _read_pieces(text: str, start: int) -> tuple[list[str], int]:
    """The pieces of an address from `start` on, each but the last ending at a break, and where they end."""
    pieces: list[str] = []
    end = start
    for _ in range(_MAX_PIECES):
        token = _TOKEN.match(text, start)
        if token is None or "://" in token[0]:
            break
        end = trim_url_end(text, start, token.end())
        if end == start:
            break
        pieces.append(text[start:end])
        gap = _SPACE.match(text, end)
        if gap is None or gap["mark"] or end != token.end() or not _BREAK_END.search(pieces[-1]):
            break
        start = gap.end()
    return pieces, end


def suspect_cut(text: str, link: FoundLink) -> None:
    """Tells an address that may go on behind a space and was left as it is: a cut link often leads to a front page."""
    rest = read_spaced_rest(text, link, len(text))
    if rest is None:
        return
    suggested = read_url(link.url + rest.tail.text)
    link.suspects += (Suspect(SuspectKind.CUT, suggested, "a space may have cut the address"),)
    link.confidence = min(link.confidence, 0.6)


def mend_full_lines(text: str, links: list[FoundLink], full_lines: frozenset[int]) -> None:
    """Joins or suspects the addresses that end where the width of the page ended their line.

    Behind a `/` the folders and the name of a page, with a separator after them, go on with it; else they may.
    """
    for link in links:
        if link.end not in full_lines or link.suspects or not (link.whole and link.has_scheme and link.has_path):
            continue
        rest = _NEXT_LINE.match(text, link.end) if link.frame in (BARE, LinkFrame.JOINED) else None
        if rest is None or br.NEW_ITEM.match(text, rest.start("rest")) or re.match(_VISIT, rest["rest"]):
            continue
        end = trim_url_end(text, rest.start("rest"), rest.end())
        if rest["rest"].isalpha() and not br.SEPARATOR.match(text, end):
            continue
        suggested = read_url(link.url + text[rest.start("rest") : end])
        if suggested in ("", link.url):
            continue
        if link.url[-1] == "/" and _FOLDERS.fullmatch(text, rest.start("rest"), end) and br.SEPARATOR.match(text, end):
            link.alternatives += (link.url,)
            link.url, link.end, link.outer_end = suggested, end, end
            link.raw, link.frame = text[link.start : end], LinkFrame.JOINED
            link.repairs += (Repair(join_kind(1), "the line is full, and folders go on in the next one"),)
            link.confidence = min(link.confidence, 0.7)
            continue
        link.suspects += (Suspect(SuspectKind.CUT, suggested, "the end of a full line may have cut the address"),)
        link.confidence = min(link.confidence, 0.6)
