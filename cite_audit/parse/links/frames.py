"""What stands round an address and beside it: brackets, white space inside a frame, the same address printed again."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Repair, RepairKind
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links.address import Address, read_address
from cite_audit.parse.links.found_link import ANGLE, BARE, FoundLink
from cite_audit.parse.links.piece_comparison import read_url, spelling_key
from cite_audit.parse.links.schemes import scheme_at
from cite_audit.urls import Wrapping, unwrap_url

FRAME_LIMIT = 4000  # characters
_TARGET_START = compile_lazily(r"\]\(<?\s{0,2}$")
_UNPAIRED_CLOSER = compile_lazily(r"(?:[^\[\]]|\[[^\[\]]*+\])*+\]")
_CELL_WORD = compile_lazily(r"(?:domain|url|host|ip|hash|file)s?(?=\w{3})", re.I)
_COLUMN_HEADS = compile_lazily(
    r"(?:Indicators?|Type|Description|Value|IOCs?|Domain|URL|Comments?|Notes?){2,}(?=[a-z\d])"
)
_BREAK_MARKS = ("/", "-", "_", "=", "?", "&", "%", "%20")  # after which typesetters break an address
_FILE_END = compile_lazily(rf"\.(?i:{d.FILE_SUFFIX})\Z|[\w%-]+[/=&][\w%/=&.-]*\Z")
_FIRST_OF_TWO = compile_lazily(r"(?<![^\W_])https?(?::/{0,3}|/{2,3})\Z", re.I)  # `http://https://a.b`
_DOUBLED_CONFIDENCE = 0.9  # as where the colon is missing
_ANGLES_EVIDENCE = "the angles hold all of it (RFC 3986, appendix C)"


def join_inside_frame(link: FoundLink, address: Address, remainder: str, raw: str, *, declared: bool = False) -> None:
    """Reads an address with white space inside its frame: white space at a break is dropped (RFC 3986, appendix C).

    A space that stands at no break is of the address, and is written %20; `declared`: so are all spaces of a target.
    """
    if "://" in remainder:
        return
    parts = re.split(r"(\s+)", remainder.rstrip())
    joined, has_lines, kept_spaces = link.raw + parts[0], False, 0
    for gap, word in zip(parts[1::2], parts[2::2], strict=True):
        at_break = not declared and ("\n" in gap or joined.endswith(_BREAK_MARKS))
        has_lines, kept_spaces = has_lines or "\n" in gap, kept_spaces + (not at_break)
        joined += word if at_break else f"%20{word}"
    if kept_spaces and not declared and not _FILE_END.search(parts[-1]):
        return  # words beside the address
    joined_address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
    if joined_address is None or not joined_address.whole or joined_address.end != len(joined):
        return
    link.alternatives += () if declared else (address.url,)
    if parts[0] == "-" and not address.path:
        link.alternatives += (read_url(link.raw + "".join(parts[2::2])),)
    kind = RepairKind.JOINED_OVER_LINE_END if has_lines else RepairKind.JOINED_OVER_SPACE
    link.repairs += (Repair(kind, _ANGLES_EVIDENCE, inserted="%20" if kept_spaces else ""),)
    link.url, link.whole = joined_address.url, True
    link.confidence = min(link.confidence, 0.95 if declared or (not kept_spaces and has_lines) else 0.85)
    link.raw, link.end = raw, link.outer_end - 1


def include_doubled_scheme(text: str, link: FoundLink) -> None:
    """The first of two schemes is of the address as printed, lest it stays when the link is replaced."""
    if (doubled := _FIRST_OF_TWO.search(text, max(0, link.start - 12), link.start)) is None:
        return
    link.outer -= link.start - doubled.start() if link.outer == link.start else 0
    link.start, link.raw = doubled.start(), doubled[0] + link.raw
    link.confidence = min(link.confidence, _DOUBLED_CONFIDENCE)
    link.repairs += (Repair(RepairKind.SCHEME_SEPARATOR, f"printed {doubled[0]!r} before it"),)


def merge_repeated_links(text: str, links: list[FoundLink], duplicates: list[FoundLink]) -> list[FoundLink]:
    """The links without those that print the one before them again: `https://a<https://a/>`, `[https://a|https://a]`.

    What is left out is added to `duplicates`. Of a printed address and its copy by a redirector the printed one stays.
    """
    out: list[FoundLink] = []
    for link in links:
        previous = out[-1] if out else None
        if previous is None or previous.frame != BARE or not previous.end <= link.outer <= previous.end + 1:
            out.append(link)
        elif (
            link.frame == ANGLE and link.outer == previous.end and spelling_key(link.url) == spelling_key(previous.url)
        ):
            out[-1] = link
            link.outer = previous.outer
            duplicates.append(previous)
        elif (link.frame == ANGLE and _redirects_to(link.url, previous.url)) or (
            text[previous.end : link.outer] == "|" and link.url == previous.url
        ):
            previous.outer_end = link.outer_end
            duplicates.append(link)
        else:
            out.append(link)
    return out


def _redirects_to(url: str, printed: str) -> bool:
    """Whether an address leads to a printed one through a redirector, as mail programs write it."""
    wrapped = unwrap_url(url)
    return (
        wrapped is not None
        and wrapped.via == Wrapping.REDIRECTOR
        and spelling_key(wrapped.url) == spelling_key(printed)
    )


def cut_table_words(text: str, previous: FoundLink | None, link: FoundLink) -> None:
    """Table cells run together, `…[.]comC2 domainnext[.]com`: the words of the table are no part of the next host."""
    if heads := _COLUMN_HEADS.match(link.raw):
        _cut_prefix(link, heads.end())
    if previous is None or all(repair.kind != RepairKind.GLUED_TEXT_CUT for repair in previous.repairs):
        return
    cell = _CELL_WORD.match(link.raw)
    if cell and link.start - previous.end < 12 and "\n" not in text[previous.end : link.start]:
        _cut_prefix(link, cell.end())


def _cut_prefix(link: FoundLink, length: int) -> None:
    """Takes a word of the table off the front of a host."""
    link.start, link.raw, link.url = link.start + length, link.raw[length:], link.url[length:]
    link.outer, link.confidence = link.start, 0.3


def find_close(text: str, start: int) -> int:
    """Where the bracket opened just before `start` closes, on the same line; -1 when it does not."""
    close = text.find(")", start, start + FRAME_LIMIT)
    if close < 0:
        return -1
    if text.find("(", start, close) < 0 and text.find("\n", start, close) < 0:
        return close
    depth, line_end = 1, text.find("\n", start, start + FRAME_LIMIT)
    stop = line_end if line_end >= 0 else min(len(text), start + FRAME_LIMIT)
    for match in re.finditer(r"[()]", text[start:stop]):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return start + match.start()
    return -1


def is_after_bracket(text: str, start: int) -> bool:
    """Whether a place stands behind the opening of a Markdown target."""
    if start > 1 and text.startswith("](", start - 2):
        return True
    near = max(0, start - 6)
    return "](" in text[near:start] and _TARGET_START.search(text, near, start) is not None


def is_label_closed(text: str, start: int, end: int) -> bool:
    """Whether the bracket opened before `start` closes before `end`: `[address] and [words](…`."""
    return _UNPAIRED_CLOSER.match(text, start, end) is not None
