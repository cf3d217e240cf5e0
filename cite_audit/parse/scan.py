"""Finds every link of a text, in any dialect and in any frame, in one pass from left to right.

Candidates are found by cheap marks (`://`, `www`, a defanged dot, a host with a path), each is read by `address`, and
the frame round it (`<…>`, `[…](…)`) is honoured before anything else: the frame tells where the address ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.model import Repair
from cite_audit.parse import bare
from cite_audit.parse.address import Address, read_address
from cite_audit.parse.boundary import emphasised, trim
from cite_audit.parse.breaks import NEXT_MARK
from cite_audit.parse.dialects import INVISIBLE
from cite_audit.parse.found import Found, found_at
from cite_audit.parse.schemes import Scheme, Schemes, scheme_at

_FRAME_LIMIT = 4000
_NESTING = 20  # addresses wrapped in one another, at most
# A link from a marker to its note or back: Word's _edn/_ftn, Markdown's fn:1, Wikipedia's cite_note-1 …
BACK = re.compile(
    r"#(?:_?(?:edn|ftn)(?:ref)?\w*|(?:fn|fnref|footnote|endnote|note|cite_(?:note|ref)|ref|sdfootnote|sdendnote)[-_:]?\w*)>?$",
    re.I,
)
_CELL = re.compile(r"(?:domain|url|host|ip|hash|file)s?(?=\w{3})", re.I)
_HEADS = re.compile(r"(?:Indicators?|Type|Description|Value|IOCs?|Domain|URL|Comments?|Notes?){2,}(?=[a-z\d])")
_EDN = re.compile(r"#_(?:edn|ftn)(?:ref)?[\divxlc]*$")
_WORDS = re.compile(r"[A-Za-zА-Яа-я]{5,}|[A-Za-zА-Яа-я]{2,}\s+[A-Za-zА-Яа-я]{2,}")
_GATES = ("//", ":/", "__", ":\\", "[:", "(:", "{:", "／／", ":[", ":(")
_NESTED = re.compile(r"(?:[/=~?&#]|%3[Dd]|%2[Ff])$")
_GOES_ON = re.compile(r"(?:[ \t]*\r?\n[ \t]*[^\s>]+)+\s*")  # further lines of an address within angles
_TARGET = re.compile(r"\]\(<?\s{0,2}$")
_TAG_LIMIT = 300
_HREF = re.compile(r"<a\s[^<>]*\bhref\s?=\s?[\"']\Z", re.I)
_SHUT = re.compile(r"</?a\b[^<>]{0,300}>", re.I)
_PLACEHOLDER = re.compile(
    r"<(?!(?:a|br|b|i|u|p|em|hr|li|ul|ol|td|tr|sup|sub|div|span|strong|wbr|img)\b)[A-Za-z][\w -]{1,30}>|\{[{%]|\$\{"
)
# `{id}`, `{{.Host}}`, `${name}` stand for something else; `{0A1B-…}` is a number that software gave out
_TEMPLATE = re.compile(r"\{[{%]|\$\{|\{[a-z][A-Za-z_]{0,30}\}")
_RUN = r"(?:[^\s()<>]|\([^\s()<>]{0,80}\)|\(\(\.\)\))++"
_SAID = r"(?:dot|DOT|Dot|\[\.\]|\(\.\))"
_GAP = r"[ \u00a0]"
_LINE = rf"(?:{_SAID}{_GAP}{{1,2}})?{_RUN}(?:{_GAP}{{1,2}}{_SAID}(?:{_GAP}{{1,2}}{_RUN})?){{0,4}}"
_LINES = re.compile(rf"{_LINE}(?:[ \t]*\r?\n[ \t]*{_LINE}){{1,8}}(?=>?\))")  # a target that was wrapped
_SPOKEN_END = re.compile(rf"(?<=[ \u00a0\n]{_SAID})\s*\n\s*|\s*\n\s*(?={_SAID}[ \u00a0\r\n])")
_LABEL = re.compile(r"\[[\W_]*\w{0,5}[\W_]*\]")


def join_framed(found: Found, address: Address, joined: str, raw: str) -> None:
    """An address broken over lines within its angles: white space there is not of it (RFC 3986, appendix C)."""
    whole = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
    if whole is None or not whole.whole or whole.end != len(joined):
        return
    evidence = "the angles hold all of its lines (RFC 3986, appendix C)"
    found.alternatives += (address.url,)
    found.repairs += (Repair("joined-over-line-end", evidence),)
    found.url, found.whole, found.confidence = whole.url, True, min(found.confidence, 0.95)
    found.raw, found.end = raw, found.outer_end - 1


class Scanner:
    """One pass over one text. `generous` also takes hosts without scheme, path or defanging."""

    def __init__(self, text: str, *, generous: bool = False) -> None:
        self.text = text
        self.generous = generous
        self.schemes = Schemes(text if any(gate in text for gate in _GATES) else "")
        self.www = "www" in text or "WWW" in text or "Www" in text
        self.barren = 0  # up to here a host without a scheme was read and is none
        self.starts = self.schemes.starts

    def run(self) -> list[Found]:
        """Every link in order: those with a scheme first, then the others in the gaps between them."""
        with_scheme = list(self._with_scheme())
        out: list[Found] = []
        at = 0
        for found in with_scheme:
            out += self._without_scheme(at, found.outer)
            if found.frame not in ("back-reference", "picture") and not ("#_" in found.url and _EDN.search(found.url)):
                out.append(found)
            at = max(found.outer_end, found.end, at)
        return [*out, *self._without_scheme(at, len(self.text))]

    def _with_scheme(self) -> Iterator[Found]:
        done = 0
        for index, start in enumerate(self.starts):
            if start >= done and (found := self.read(start, self.schemes[index], self._limit(start, index + 1))):
                done = max(found.outer_end, found.end)
                yield found

    def _without_scheme(self, low: int, high: int) -> Iterator[Found]:
        done = low
        last: Found | None = None
        if high - low < 4:
            return
        for start in sorted(set(bare.starts(self.text, low, high, generous=self.generous, www=self.www))):
            if start < max(done, self.barren):
                continue
            if found := self.read(start, None, high):
                if heads := _HEADS.match(found.raw):
                    _cut_front(found, heads.end())
                if last and "glued-text-cut" in {repair.kind for repair in last.repairs}:
                    _unglue(self.text, last, found)
                done = max(found.outer_end, found.end)
                last = found
                yield found

    def _limit(self, start: int, index: int) -> int:
        """Where the next address begins: a scheme is nested after `/`, `=`, `~`, `?`, and new after anything else."""
        text = self.text
        for k in range(index, min(len(self.starts), index + _NESTING)):
            at = self.starts[k]
            before = text[max(start, at - 3) : at].rstrip(INVISIBLE)
            if before[-1:] in "/=~?&#DdFf" and _NESTED.search(before):
                continue
            if before[-1:].isalnum() and "?" in text[max(start, at - 2000) : at]:
                continue
            return at
        return self.starts[index + _NESTING] if index + _NESTING < len(self.starts) else len(text)

    def read(self, start: int, scheme: Scheme | None, limit: int) -> Found | None:
        """The link that begins at `start`, with its frame."""
        text = self.text
        before = text[start - 1 : start]
        if before == "<" and (found := self._angle(start, scheme)):
            return found
        if before in ('"', "'") and (found := self._anchor(start, scheme)):
            return found
        if before == "[" or text[max(0, start - 3) : start].endswith(("[<", "[**", "[_", "[*")):
            if found := self._markdown(start, scheme):
                return found
        elif _after_bracket(text, start) and (found := self._target(start, scheme)):
            return found
        address = read_address(text, start, limit, scheme)
        if address and address.rest[-1:] in ("/", "=") and _PLACEHOLDER.match(text, address.end):
            return None
        if address and "{" in address.rest and _TEMPLATE.search(address.rest):
            return None
        if address and self._credible(address, scheme):
            if address.rest.endswith("_") and (before == "_" or emphasised(text, start)):
                address.rest, address.end = address.rest[:-1], address.end - 1
            return found_at(text, address, "bare", start, address.end)
        self.barren = address.end if address and scheme is None else self.barren
        return None

    def _credible(self, address: Address, scheme: Scheme | None) -> bool:
        """Whether something read is an address at all: a scheme before prose is not."""
        if scheme is None:
            return bare.credible(self.text, address, generous=self.generous)
        if not address.whole and (scheme.spaced or scheme.bare_separator):
            return False
        host = address.host
        return host[:1].isalnum() or (not host.startswith("-") and any(c.isalnum() for c in host))

    def _angle(self, start: int, scheme: Scheme | None) -> Found | None:
        """`<address>`: what is between the angles, even with spaces or a line break."""
        close = self.text.find(">", start, start + _FRAME_LIMIT)
        opened = self.text.find("<", start, close)
        if close < 0 or opened >= 0 or "\n\n" in self.text[start:close]:
            return None
        address = read_address(self.text, start, close, scheme, framed=True)
        if address is None or not self._credible(address, scheme):
            return None
        found = found_at(self.text, address, "angle", start - 1, close + 1)
        rest = self.text[address.end : close]
        if address.whole and not address.rest and NEXT_MARK.match(rest):
            return None  # the host goes on, with spaces
        if _GOES_ON.fullmatch(rest) and "://" not in rest:
            joined = self.text[start : address.end] + "".join(rest.split())
            join_framed(found, address, joined, self.text[start:close].rstrip())
        return found

    def _anchor(self, start: int, scheme: Scheme | None) -> Found | None:
        """`<a href="target">address</a>` in a text that is not HTML: one citation."""
        text = self.text
        opened = text.rfind("<", max(0, start - _TAG_LIMIT), start)
        close = text.find(text[start - 1], start, start + _FRAME_LIMIT)
        if close < 0 or opened < 0 or not _HREF.match(text, opened, start):
            return None
        address = read_address(text, start, close, scheme, framed=True)
        if address is None or not address.whole:
            return None
        shut = _SHUT.search(text, close, close + _FRAME_LIMIT)
        ended = shut and shut[0][1] == "/"
        found = found_at(text, address, "markdown", opened, shut.end() if shut and ended else close + 1)
        if BACK.search(text[start:close]):
            found.frame = "back-reference"
        return found

    def _markdown(self, start: int, scheme: Scheme | None) -> Found | None:
        """`[address](target)`: one citation; the target wins where it is an address."""
        text = self.text
        middle = text.find("](", start, start + _FRAME_LIMIT)
        if middle < 0 or "\n\n" in text[start:middle]:
            return None
        found = self._target(middle + 2, None)
        if found is not None and text[start:middle].replace("\\", "") == found.raw:
            found.outer = start - 1
            return found
        shown = read_address(text, start, middle, scheme, framed=True)
        if found is None:
            close = close_of(text, middle + 2)
            if shown is None or close < 0 or not self._credible(shown, scheme):
                return None
            return found_at(text, shown, "markdown", start - 1, close + 1)
        found.outer = start - 1
        if shown is None or shown.url == found.url or not shown.whole or shown.end < middle - 1:
            return found
        if not found.whole or (not found.has_path and shown.url.startswith(found.url)):  # cut at a dot of the host
            return found_at(text, shown, "markdown", found.outer, found.outer_end)
        found.alternatives += (shown.url,)
        return found

    def _target(self, start: int, scheme: Scheme | None) -> Found | None:
        """The target of `](target)`, up to the bracket that balances; spaces in a defanged host are allowed."""
        text = self.text
        begin = start + (text[start : start + 1] == "<")
        scheme = scheme if scheme and scheme.start == begin else self.schemes.at(begin)
        close = close_of(text, start)
        found = self._wrapped(start, begin, scheme) if close < 0 else self._within(start, begin, close, scheme)
        if found is None:
            return None
        opened = text.rfind("[", max(0, start - 400), start - 1)
        if opened > 0 and text[opened - 1] == "!":
            found.frame = "picture"
        if opened >= 0:
            found.outer = start - 1 if _LABEL.fullmatch(text, opened, start - 1) else opened
        target, before = text[begin : found.outer_end - 1], max(text.rfind("[", 0, start - 1), start - 40)
        if "#" in target and BACK.search(target) and not _WORDS.search(text[before:start]):
            found.frame = "back-reference"
        return found

    def _within(self, start: int, begin: int, close: int, scheme: Scheme | None) -> Found | None:
        """A target on one line, `](target)`; the angle before it, if any, is not of it."""
        text = self.text
        if scheme is None and not bare.WWW.match(text, begin, close):
            return None
        address = read_address(text, begin, close - (text[close - 1] == ">"), scheme, framed=True)
        if address is None or not self._credible(address, scheme):
            return None
        return found_at(text, address, "markdown", start - 2, close + 1)

    def _wrapped(self, start: int, begin: int, scheme: Scheme | None) -> Found | None:
        """A target that a converter wrapped: `](https://site.org/a-⏎long-name)`."""
        lines = _LINES.match(self.text, begin, begin + _FRAME_LIMIT) if scheme else None
        address = read_address(self.text, begin, lines.end(), scheme, framed=True) if lines else None
        if lines is None or address is None or not self._credible(address, scheme):
            return None
        close = self.text.index(")", lines.end())
        found = found_at(self.text, address, "markdown", start - 2, close + 1)
        joined = re.sub(r"\s*\n\s*", "", _SPOKEN_END.sub(" ", lines[0]))
        join_framed(found, address, joined, lines[0])
        found.end = lines.end()
        return found if len(found.raw) == len(lines[0]) else None


def _unglue(text: str, last: Found, found: Found) -> None:
    """Table cells run together, `…[.]comC2 domainnext[.]com`: the cell's word is no part of the next host."""
    cell = _CELL.match(found.raw)
    if cell and found.start - last.end < 12 and "\n" not in text[last.end : found.start]:
        _cut_front(found, cell.end())


def _cut_front(found: Found, length: int) -> None:
    """Takes a word of the table off the front of a host."""
    found.start, found.raw, found.url = found.start + length, found.raw[length:], found.url[length:]
    found.outer, found.confidence = found.start, 0.3


def _after_bracket(text: str, start: int) -> bool:
    near = max(0, start - 6)
    return "](" in text[near:start] and _TARGET.search(text, near, start) is not None


def close_of(text: str, start: int) -> int:
    """Where the bracket opened just before `start` closes, on the same line; -1 when it does not."""
    first = text.find(")", start, start + _FRAME_LIMIT)
    if first < 0:
        return -1
    if text.find("(", start, first) < 0 and text.find("\n", start, first) < 0:
        return first
    depth, line_end = 1, text.find("\n", start, start + _FRAME_LIMIT)
    stop = line_end if line_end >= 0 else min(len(text), start + _FRAME_LIMIT)
    for match in re.finditer(r"[()]", text[start:stop]):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return start + match.start()
    return -1


def scan(text: str, *, generous: bool = False) -> list[Found]:
    """Every link of a text, in order, as printed: nothing healed, nothing dropped for being incomplete."""
    return Scanner(text, generous=generous).run()


__all__ = ["Scanner", "close_of", "scan", "trim"]
