"""Finds every link of a text, in any dialect and in any frame, in one pass from left to right.

Candidates are found by cheap marks (`://`, `www`, a defanged dot, a host with a path), each is read by `address`, and
the frame round it (`<…>`, `[…](…)`) is honoured before anything else: the frame tells where the address ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.links import bare_hosts
from cite_audit.parse.links.address import Address, read_address
from cite_audit.parse.links.dialects import ENTITY_MARKS, INVISIBLE
from cite_audit.parse.links.found_link import (
    ANGLE,
    BARE,
    MARKDOWN,
    UNCITED_FRAMES,
    FoundLink,
    LinkFrame,
    build_found_link,
)
from cite_audit.parse.links.frames import (
    FRAME_LIMIT,
    cut_table_words,
    find_close,
    include_doubled_scheme,
    is_after_bracket,
    is_label_closed,
    join_inside_frame,
    merge_repeated_links,
)
from cite_audit.parse.links.line_breaks import NEXT_MARK
from cite_audit.parse.links.piece_comparison import join_framed_lines
from cite_audit.parse.links.schemes import Scheme, SchemeIndex
from cite_audit.parse.links.url_end import is_emphasis_open

_SPACES_AND_OPENERS = " \n<[("  # no address is nested behind them
_MAX_NESTING = 20  # addresses wrapped in one another, at most
# A link from a marker to its note or back: Word's _edn/_ftn, Markdown's fn:1, Wikipedia's cite_note-1 …
BACK_REFERENCE = compile_lazily(
    r"#(?:_?(?:edn|ftn)(?:ref)?\w*|(?:fn|fnref|footnote|endnote|note|cite_(?:note|ref)|ref|sdfootnote|sdendnote)[-_:]?\w*)>?$",
    re.I,
)
_WORD_ID = compile_lazily(r"#_(?:edn|ftn)(?:ref)?[\divxlc]*$")
_WORDS = compile_lazily(r"[A-Za-zА-Яа-я]{5,}|[A-Za-zА-Яа-я]{2,}\s+[A-Za-zА-Яа-я]{2,}")
_SLASH_MARKS = ("//", "__", "／／", *ENTITY_MARKS)
_COLON_MARKS = (":/", ":\\", "[:", "(:", "{:", ":[", ":(")
# `<https://a.b/c|The port log>`: the label of a chat program; `?langpair=ru|en` is of the address
_CHAT_LABEL = compile_lazily(r"\|(?=[^|<>=&\n]*[\s][^|<>\n]*>|[A-ZА-Я][^|<>=&\n]*>)")
_BEFORE_NESTED = compile_lazily(r"(?:[/=~?&#]|%3[Dd]|%2[Ff]|/__)$")  # `/v3/__https://…` of urldefense
_ANGLE_TARGET = compile_lazily(r"""([^<>\n]+)>\s{0,3}(?:"[^"\n]*"|'[^'\n]*')?\s*\)""")
_TAG_LIMIT = 300
_HREF = compile_lazily(r"<a\s[^<>]*\bhref\s?=\s?[\"']\Z", re.I)
_ANCHOR_TAG = compile_lazily(r"</?a\b[^<>]{0,300}>", re.I)
_PLACEHOLDER = compile_lazily(
    r"<(?!(?:a|br|b|i|u|p|em|hr|li|ul|ol|td|tr|sup|sub|div|span|strong|wbr|img)\b)[A-Za-z][\w -]{1,30}>|\{[{%]|\$\{"
)
# `{id}`, `{{.Host}}`, `${name}` stand for something else; `{0A1B-…}` is a number that software gave out
_TEMPLATE = compile_lazily(r"\{[{%]|\$\{|\{[a-z][A-Za-z_]{0,30}\}")
_TARGET_RUN = r"(?:[^\s()<>]|\([^\s()<>]{0,80}\)|\(\(\.\)\))++"
_DOT_WORD = r"(?:dot|DOT|Dot|\[\.\]|\(\.\))"
_GAP = r"[ \u00a0]"
_LINE = rf"(?:{_DOT_WORD}{_GAP}{{1,2}})?{_TARGET_RUN}(?:{_GAP}{{1,2}}{_DOT_WORD}(?:{_GAP}{{1,2}}{_TARGET_RUN})?){{0,4}}"
_WRAPPED_TARGET = compile_lazily(rf"{_LINE}(?:[ \t]*\r?\n[ \t]*{_LINE}){{1,8}}(?=>?\))")  # a target that was wrapped
_SPOKEN_END = compile_lazily(rf"(?<=[ \u00a0\n]{_DOT_WORD})\s*\n\s*|\s*\n\s*(?={_DOT_WORD}[ \u00a0\r\n])")
_MARKER_LABEL = compile_lazily(r"\[[\W_]*\w{0,5}[\W_]*\]")


class LinkScanner:
    """One pass over one text. `generous` also takes hosts without scheme, path or defanging."""

    def __init__(self, text: str, *, generous: bool = False) -> None:
        self.text = text
        self.generous = generous
        marks = (*_SLASH_MARKS, *_COLON_MARKS) if ":" in text else _SLASH_MARKS
        self.schemes = SchemeIndex(text if any(mark in text for mark in marks) else "")
        self.www = "ww" in text or "WW" in text
        self.rejected_to = 0  # up to here a host without a scheme was read and is none
        self.starts = self.schemes.starts
        self.uncited: list[FoundLink] = []  # sources of pictures, and addresses printed twice side by side

    def scan_text(self) -> list[FoundLink]:
        """Every link in order: those with a scheme first, then the others in the gaps between them."""
        with_scheme = list(self._find_with_scheme())
        out: list[FoundLink] = []
        position = 0
        for link in with_scheme:
            if link.outer - position >= bare_hosts.SHORTEST:
                out += self._find_without_scheme(position, link.outer)
            if link.frame not in UNCITED_FRAMES and not ("#_" in link.url and _WORD_ID.search(link.url)):
                out.append(link)
            elif link.frame == LinkFrame.PICTURE:
                self.uncited.append(link)
            position = max(link.outer_end, link.end, position)
        out += self._find_without_scheme(position, len(self.text))
        return merge_repeated_links(self.text, out, self.uncited)

    def _find_with_scheme(self) -> Iterator[FoundLink]:
        stop = 0
        for index, start in enumerate(self.starts):
            if start >= stop and (link := self.read_at(start, self.schemes[index], self._limit_of(start, index + 1))):
                stop = max(link.outer_end, link.end)
                if start == link.start and self.text[start - 1 : start] in (":", "/"):
                    include_doubled_scheme(self.text, link)
                yield link

    def _find_without_scheme(self, low: int, high: int) -> Iterator[FoundLink]:
        stop = low
        previous: FoundLink | None = None
        for start in sorted(set(bare_hosts.find_starts(self.text, low, high, generous=self.generous, www=self.www))):
            if start < max(stop, self.rejected_to):
                continue
            if link := self.read_at(start, None, high):
                cut_table_words(self.text, previous, link)
                stop = max(link.outer_end, link.end)
                previous = link
                yield link

    def _limit_of(self, start: int, index: int) -> int:
        """Where the next address begins: a scheme is nested after `/`, `=`, `~`, `?`, and new after anything else."""
        text = self.text
        for k in range(index, min(len(self.starts), index + _MAX_NESTING)):
            next_start = self.starts[k]
            if text[next_start - 1] in _SPACES_AND_OPENERS:
                return next_start
            preceding = text[max(start, next_start - 3) : next_start].rstrip(INVISIBLE)
            if preceding[-1:] in "/=~?&#DdFf_" and _BEFORE_NESTED.search(preceding):
                continue
            if preceding[-1:].isalnum() and "?" in text[max(start, next_start - 2000) : next_start]:
                continue
            return next_start
        return self.starts[index + _MAX_NESTING] if index + _MAX_NESTING < len(self.starts) else len(text)

    def read_at(self, start: int, scheme: Scheme | None, limit: int) -> FoundLink | None:
        """The link that begins at `start`, with its frame."""
        text = self.text
        preceding = text[start - 1 : start]
        is_label = preceding == "<" and text[start - 2 : start - 1] == "["  # `[<address>](address)`
        if preceding == "<" and not is_label and (link := self._read_angle(start, scheme)):
            return link
        if preceding in ('"', "'") and (link := self._read_anchor(start, scheme)):
            return link
        if preceding == "[" or text[max(0, start - 3) : start].endswith(("[<", "[**", "[_", "[*")):
            if link := self._read_markdown(start, scheme) or (self._read_angle(start, scheme) if is_label else None):
                return link
        elif is_after_bracket(text, start) and (link := self._read_target(start, scheme)):
            return link
        address = read_address(text, start, limit, scheme)
        if address and address.path[-1:] in ("/", "=") and _PLACEHOLDER.match(text, address.end):
            return None
        if address and "{" in address.path and _TEMPLATE.search(address.path):
            return None
        if address and self._is_credible(address, scheme):
            if address.path.endswith("_") and (preceding == "_" or is_emphasis_open(text, start)):
                address.path, address.end = address.path[:-1], address.end - 1
            return build_found_link(text, address, BARE, start, address.end)
        self.rejected_to = address.end if address and scheme is None else self.rejected_to
        return None

    def _is_credible(self, address: Address, scheme: Scheme | None) -> bool:
        """Whether something read is an address at all: a scheme before prose is not."""
        if scheme is None:
            return bare_hosts.is_credible_address(self.text, address, generous=self.generous)
        if not address.whole and (scheme.spaced or scheme.bare_separator):
            return False
        host = address.host
        return host[:1].isalnum() or (not host.startswith("-") and any(c.isalnum() for c in host))

    def _read_angle(self, start: int, scheme: Scheme | None) -> FoundLink | None:
        """`<address>`: what is between the angles, even with spaces or a line break."""
        close = self.text.find(">", start, start + FRAME_LIMIT)
        inside = self.text[start:close]
        if close < 0 or "<" in inside or "\n\n" in inside:
            return None
        label = _CHAT_LABEL.search(self.text, start, close + 1) if "|" in inside else None
        address = read_address(self.text, start, label.start() if label else close, scheme, framed=True)
        if address is None or not self._is_credible(address, scheme):
            return None
        link = build_found_link(self.text, address, ANGLE, start - 1, close + 1)
        if label or address.end == close:
            return link
        remainder = self.text[address.end : close]
        if address.whole and not address.path and NEXT_MARK.match(remainder):
            return None  # the host goes on, with spaces
        if remainder.strip():
            join_inside_frame(link, address, remainder, inside.rstrip())
        return link

    def _read_anchor(self, start: int, scheme: Scheme | None) -> FoundLink | None:
        """`<a href="target">address</a>` in a text that is not HTML: one citation."""
        text = self.text
        opened = text.rfind("<", max(0, start - _TAG_LIMIT), start)
        close = text.find(text[start - 1], start, start + FRAME_LIMIT)
        if close < 0 or opened < 0 or not _HREF.match(text, opened, start):
            return None
        address = read_address(text, start, close, scheme, framed=True)
        if address is None or not address.whole:
            return None
        shut = _ANCHOR_TAG.search(text, close, close + FRAME_LIMIT)
        ended = shut and shut[0][1] == "/"
        link = build_found_link(text, address, MARKDOWN, opened, shut.end() if shut and ended else close + 1)
        if BACK_REFERENCE.search(text[start:close]):
            link.frame = LinkFrame.BACK_REFERENCE
        return link

    def _read_markdown(self, start: int, scheme: Scheme | None) -> FoundLink | None:
        """`[address](target)`: one citation; the target wins where it is an address."""
        text = self.text
        middle = text.find("](", start, start + FRAME_LIMIT)
        if middle < 0 or "\n\n" in text[start:middle] or is_label_closed(text, start, middle):
            return None
        link = self._read_target(middle + 2, None)
        if link is not None and text[start:middle].replace("\\", "") == link.raw:
            link.outer = start - 1
            return link
        label = read_address(text, start, middle, scheme)
        if link is None:
            close = find_close(text, middle + 2)
            if label is None or close < 0 or not self._is_credible(label, scheme):
                return None
            return build_found_link(text, label, MARKDOWN, start - 1, close + 1)
        link.outer = start - 1
        if label is None or label.url == link.url or not label.whole or label.end < middle - 1:
            return link
        if not link.whole or (not link.has_path and label.url.startswith(link.url)):  # cut at a dot of the host
            return build_found_link(text, label, MARKDOWN, link.outer, link.outer_end)
        link.alternatives += (label.url,)
        return link

    def _read_target(self, start: int, scheme: Scheme | None) -> FoundLink | None:
        """The target of `](target)`, up to the bracket that balances; spaces in a defanged host are allowed."""
        text = self.text
        begin = start + (text[start : start + 1] == "<")
        scheme = scheme if scheme and scheme.start == begin else self.schemes.find_at(begin)
        close = find_close(text, start)
        if begin > start and (link := self._read_angle_target(start, begin, scheme)):
            return link
        link = self._read_wrapped(start, begin, scheme) if close < 0 else self._read_line(start, begin, close, scheme)
        if link is None:
            return None
        opened = text.rfind("[", max(0, start - 400), start - 1)
        if opened > 0 and text[opened - 1] == "!":
            link.frame = LinkFrame.PICTURE
        if opened >= 0:
            link.outer = start - 1 if _MARKER_LABEL.fullmatch(text, opened, start - 1) else opened
        target = text[begin : link.outer_end - 1]
        if "#" in target and BACK_REFERENCE.search(target):
            label_start = max(text.rfind("[", 0, start - 1), start - 40)
            if not _WORDS.search(text[label_start:start]):
                link.frame = LinkFrame.BACK_REFERENCE
        return link

    def _read_line(self, start: int, begin: int, close: int, scheme: Scheme | None) -> FoundLink | None:
        """A target on one line, `](target)`; the angle before it, if any, is not of it."""
        text = self.text
        if scheme is None and not (text[begin] in "wW[(" and bare_hosts.WWW.match(text, begin, close)):
            return None
        address = read_address(text, begin, close - (text[close - 1] == ">"), scheme, framed=True)
        if address is None or not self._is_credible(address, scheme):
            return None
        return build_found_link(text, address, MARKDOWN, start - 2, close + 1)

    def _read_angle_target(self, start: int, begin: int, scheme: Scheme | None) -> FoundLink | None:
        """`](<https://a.b/My Report.pdf> "title")`: within angles a target may hold spaces (CommonMark 0.31, 6.3)."""
        text = self.text
        target = _ANGLE_TARGET.match(text, begin, begin + FRAME_LIMIT)
        address = read_address(text, begin, target.end(1), scheme, framed=True) if target and scheme else None
        if target is None or address is None or " " not in text[address.end : target.end(1)]:
            return None
        link = build_found_link(text, address, MARKDOWN, start - 2, target.end())
        join_inside_frame(link, address, text[address.end : target.end(1)], target[1], declared=True)
        link.outer_end, link.end = target.end(), target.end(1)
        return link

    def _read_wrapped(self, start: int, begin: int, scheme: Scheme | None) -> FoundLink | None:
        """A target that a converter wrapped: `](https://site.org/a-⏎long-name)`."""
        lines = _WRAPPED_TARGET.match(self.text, begin, begin + FRAME_LIMIT) if scheme else None
        address = read_address(self.text, begin, lines.end(), scheme, framed=True) if lines else None
        if lines is None or address is None or not self._is_credible(address, scheme):
            return None
        close = self.text.index(")", lines.end())
        link = build_found_link(self.text, address, MARKDOWN, start - 2, close + 1)
        joined = re.sub(r"\s*\n\s*", "", _SPOKEN_END.sub(" ", lines[0]))
        join_framed_lines(link, address, joined, lines[0])
        link.end = lines.end()
        return link if len(link.raw) == len(lines[0]) else None


def scan_links(text: str, *, generous: bool = False) -> list[FoundLink]:
    """Every link of a text, in order, as printed: nothing healed, nothing dropped for being incomplete."""
    return LinkScanner(text, generous=generous).scan_text()


__all__ = ["LinkScanner", "scan_links"]
