"""Joins links that a page end, a line end or a converter cut in two, where there is evidence for it.

The evidence, strongest first: the same address printed whole elsewhere in the document; a defanged dot that stands at
the break, or a host that cannot stand alone; a break after `-`, `_`, `/`, `=` or `&`; a rest that looks like a path and
is followed by a separator. With less than that nothing is joined: the joined form is offered as an alternative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from cite_audit.model import Repair
from cite_audit.parse import breaks as br
from cite_audit.parse import dialects as d
from cite_audit.parse.address import read_address, stands_alone
from cite_audit.parse.boundary import trim
from cite_audit.parse.found import Found, Tally
from cite_audit.parse.furniture import SITE
from cite_audit.parse.joining import bare_of, extend, is_host, key_of, kind_of, url_of
from cite_audit.parse.scan import close_of
from cite_audit.parse.schemes import scheme_at
from cite_audit.urls import public_suffix


@dataclass(slots=True)
class _Tail:
    """What might be the rest of a link: `text` as meant, ending at `end` of the source."""

    text: str
    end: int
    lines: int = 1
    mark: str = ""


class Healer:
    """Joins split links of one text."""

    def __init__(self, text: str, found: list[Found]) -> None:
        self.text = text
        self.found = found
        self.printed = [one.url for one in found if one.whole]

    def run(self) -> list[Found]:
        """The links, joined where there is evidence; those whose host stays incomplete are still marked so."""
        out: list[Found] = []
        for position, one in enumerate(self.found):
            if out and (one.start < out[-1].outer_end or self._left_over(out[-1], one)):
                continue
            self._begun(one)
            following = self.found[position + 1].start if position + 1 < len(self.found) else len(self.text)
            for _ in range(8):
                if not self._mend(one, following):
                    break
            out.append(one)
        return out

    def _left_over(self, cut: Found, one: Found) -> bool:
        """Whether what reads as a host of its own is the rest of a cut one that could not be joined."""
        between = self.text[cut.outer_end : one.start] if not cut.whole else ";"
        return cut.has_scheme and not one.has_scheme and len(between) < 12 and ";" not in between

    def _mend(self, one: Found, following: int) -> bool:
        if one.has_scheme or one.raw[:3].lower() == "www":
            framed = one.frame in ("angle", "markdown") and is_host(one.url)
            marked = one.whole and is_host(one.url) and br.NEXT_MARK.match(self.text, one.end)
            if (framed or marked or not one.whole) and (self._join_host(one) or self._join_label(one)):
                return True
            if self._join_suffix(one):
                return True
            if framed and br.SPOKEN_ON.match(self.text, one.outer_end):
                one.whole = False  # the host goes on, and what it goes on with is unreadable
            cut = one.whole and br.CUT_REST.match(self.text, one.outer_end)
            if cut and self._autolinked(one) and self._join_cut(one):
                return True
        return self._join_lines(one, following)

    def _join_host(self, one: Found) -> bool:
        """A host cut at its dot: `<https://tass> dot ru/x`, `<https://tut dot>⏎⏎[by/x](by/x)`, `https://tut by/x`."""
        for pattern, kind in (
            (br.CUT_DOT, "autolink-cut"),
            (br.DOT_BREAK, "joined-at-defanged-dot"),
            (br.LOST_DOT, "dot-lost"),
        ):
            gap = pattern.match(self.text, one.end if pattern is br.DOT_BREAK else one.outer_end)
            if gap is None or (kind != "autolink-cut" and one.whole):
                continue
            if kind == "joined-at-defanged-dot" and not re.search(rf"{br.WORD}|\(\.\)|\[\.\]", gap[0]):
                continue
            tail = self._tail(gap.end())
            evidence = f"the break is at the dot of the host ({gap[0].strip()!r})"
            kind = kind_of(gap[0].count("\n")) if "\n" in gap[0] else kind
            if kind == "dot-lost" and re.search(r"\wdot\Z", one.url):  # `https://tassdot ru/x`
                one.url, one.style = one.url[:-3], " dot "
            prose = tail and "\n" in gap[0] and tail.text[0].isupper() and "/" not in tail.text
            if tail and not prose and self._apply(one, ".", tail, kind, evidence, 0.95):
                if kind != "dot-lost" and re.search(br.WORD, gap[0]):
                    one.style = " dot "
                return True
        return False

    def _join_label(self, one: Found) -> bool:
        """A host cut by a line end: inside a label, `https://www.critical⏎threats.org/x`, or at a dot of it."""
        gap = br.CUT_LABEL.match(self.text, one.end) if one.has_scheme and not one.whole else None
        tail = self._tail(gap.end()) if gap else None
        if gap is None or tail is None or one.has_path:
            return False
        at_dot = bool(gap["dot"] or gap["led"] or one.url.endswith("//www"))
        if not gap["more"] and not (at_dot and "/" in tail.text):
            return False
        return self._apply(
            one, "." if at_dot else "", tail, kind_of(1), "the line ends inside the host, which cannot stand alone", 0.6
        )

    def _join_suffix(self, one: Found) -> bool:
        """A host cut inside its public suffix: `https://armyinform dot com.⏎ua/2026/1`."""
        gap = br.CUT_SUFFIX.match(self.text, one.end) if one.whole and one.has_scheme and is_host(one.url) else None
        if gap is None:
            return False
        last = one.url.rpartition(".")[2].lower()
        longer = public_suffix(f"{bare_of(one.url)}.{gap['country']}") == f"{last}.{gap['country']}"
        if not longer and bare_of(one.url) != f"www.{last}":
            return False
        tail = self._tail(gap.end())
        kind = kind_of(1) if "\n" in gap[0] else "dot-lost"
        evidence = f"the line goes on like an address, and the host to .{last}.{gap['country']}"
        return tail is not None and self._apply(one, ".", tail, kind, evidence, 0.85)

    def _join_cut(self, one: Found) -> bool:
        """`<https://x/808267290>8`: a converter closed the frame too soon."""
        tail = self._tail(one.outer_end)
        if tail is None or not (tail.text.isdigit() or br.SEPARATOR.match(self.text, tail.end)):
            return False
        return self._apply(one, "", tail, "autolink-cut", "the frame closes before the address does", 0.8)

    def _autolinked(self, one: Found) -> bool:
        """Whether a frame shows nothing but the address it leads to, as converters make them."""
        shown, middle, _ = self.text[one.outer + 1 : one.outer_end].partition("](")
        return one.frame == "angle" or (one.frame == "markdown" and bool(middle) and bare_of(shown) == bare_of(one.url))

    def _begun(self, one: Found) -> None:
        """A scheme printed before the frame or the line end: `https://[www.rbc](http://www.rbc) dot ru/x`."""
        if "//" not in self.text[max(0, one.outer - 40) : one.outer]:
            return
        begun = br.BEGUN.search(self.text, max(0, one.outer - 40), one.outer)
        if begun is None or (one.has_scheme and one.frame != "markdown"):
            return
        scheme = begun["scheme"].lower().replace("xx", "tt")
        www = "www." * (begun[0].lower().endswith("www.") and not bare_of(one.url).startswith("www."))
        one.url = f"{scheme}://{www}{one.url.rpartition('://')[2]}"
        one.repairs += (Repair("scheme-apart", f"printed {begun[0]!r} before it", f"{scheme}://{www}"),)
        one.start = one.outer = begun.start()
        one.confidence = min(one.confidence, 0.95)
        one.raw, one.has_scheme = self.text[one.start : one.end], True

    def _join_lines(self, one: Found, following: int) -> bool:
        text = self.text
        gap = br.PAGE.match(text, one.outer_end) or br.BREAK.match(text, one.outer_end)
        apart = gap or (br.SPACE.match(text, one.outer_end) if one.has_path else None)
        if apart is None or one.frame == "markdown" or any(p.match(text, apart.end()) for p in (br.NEW, SITE)):
            return False
        tail = self._tail(apart.end())
        if tail is None or not any(c.isalnum() for c in tail.text):
            return False
        tail.lines, tail.mark = (gap["lines"].count("\n"), gap["mark"]) if gap else (0, "")
        taken = following < tail.end
        for glue in ("", "-", "_"):
            if times := self._known[key_of(one.url + glue + tail.text)]:
                evidence = (
                    f"the same address is printed whole {times} time{'s' * (times > 1)} elsewhere in the document"
                )
                return self._apply(one, glue, tail, kind_of(tail.lines), evidence, 0.99)
        return gap is not None and not taken and self._join_by_look(one, tail)

    @cached_property
    def _known(self) -> Tally:
        return Tally(key_of(url) for url in self.printed)

    def _join_by_look(self, one: Found, tail: _Tail) -> bool:
        """Without proof: by the character at the break and the look of the rest."""
        separated = bool(br.SEPARATOR.match(self.text, tail.end))
        pathlike = bool(br.PATHLIKE.match(tail.text) or br.FILE_NAME.match(tail.text))
        pathlike = pathlike and (separated or not tail.text.isdigit())
        counted = tail.text.isdigit() and tail.lines == 1 and self.text[tail.end : tail.end + 1] in (";", ">")
        if (tail.lines > 1 and tail.text.isdigit()) or ("/" not in tail.text and stands_alone(tail.text)):
            return False  # the number of a page, a host of its own
        last = one.url[-1]
        if last == "=" and "?" not in one.url and tail.lines == 1 and (pathlike or separated):
            return self._apply(one, br.SOFT, tail, kind_of(1), "mail cut the line with '=' (RFC 2045, 6.7)", 0.9)
        if one.frame == "angle" and last not in br.HUNGRY.replace("/", ""):
            return False
        if tail.mark:
            return separated and self._join_marked(one, tail)
        local = tail.text[0] == "/" and one.has_path and not self.text.startswith(";", tail.end)
        leads = br.leads_on(one.url, tail.text) and (separated or tail.text[0] in "./?=&%_")
        if tail.lines == 1 and leads and not local:
            return self._apply(one, "", tail, kind_of(1), f"the next line begins with {tail.text[0]!r}", 0.9)
        if last == "/" and tail.lines == 1 and br.PATH.match(tail.text) and self._fills_its_line(one):
            return self._apply(one, "", tail, kind_of(1), "the break follows '/', and what follows is a path", 0.8)
        if (
            last in br.HUNGRY
            and (pathlike or (separated and (tail.text[0].islower() or last in "_=&%")) or counted)
            and (tail.lines == 1 or separated)
        ):
            if last == "/" and not (pathlike and separated and tail.lines == 1):
                return False
            return self._apply(one, "", tail, kind_of(tail.lines), f"the break follows {last!r}", 0.9)
        if tail.lines > 1 or not separated:
            return False
        eaten = br.AFTER_BRACKET if last == ")" else br.IN_BRACKETS
        if "_" in one.url and eaten.match(tail.text):
            return self._apply(one, "_", tail, kind_of(1), "an underscore is lost at each line end, as emphasis", 0.7)
        if pathlike and one.has_path and self._fills_its_line(one):
            said = "the next line goes on like a path and ends with a separator"
            return self._apply(one, "", tail, kind_of(1), said, 0.75)
        return False

    def _join_marked(self, one: Found, tail: _Tail) -> bool:
        """Over a `.` or `?` at the break: what follows must be a file's suffix, or a key with its value."""
        known = re.match(rf"{d.FILE_SUFFIX}\b" if tail.mark == "." else r"\w+=", tail.text)
        said = f"the break is at {tail.mark!r}"
        return known is not None and self._apply(one, tail.mark, tail, kind_of(tail.lines), said, 0.85)

    def _fills_its_line(self, one: Found) -> bool:
        """Whether the line that an address ends is long enough to have been wrapped."""
        return one.end - self.text.rfind("\n", max(0, one.end - 200), one.end) > br.WRAPPED

    def _tail(self, at: int) -> _Tail | None:
        """The token at `at`; of a Markdown link its target."""
        text = self.text
        if text[at : at + 1] == "[":
            middle = text.find("](", at, at + 4000)
            close = close_of(text, middle + 2) if middle > 0 else -1
            target = text[middle + 2 : close]
            return _Tail(target, close + 1) if close > 0 and "://" not in target else None
        if text[at : at + 1] == "<":
            close = text.find(">", at, at + 4000)
            return _Tail(text[at + 1 : close], close + 1) if close > 0 else None
        match = br.TOKEN.match(text, at, at + br.LONGEST)
        if match is None or match.end() == at + br.LONGEST:
            return None
        end = trim(text, at, match.end())
        if end == at:
            return None
        rest = d.DOT_SUFFIX.match(text, end)
        spoken = br.SPOKEN_REST.match(text, end, end + br.LONGEST)
        if not rest and spoken and "/" not in text[at:end]:
            end = trim(text, at, spoken.end())
        return _Tail(text[at:end], end)

    def _apply(self, one: Found, glue: str, tail: _Tail, kind: str, evidence: str, confidence: float) -> bool:
        begun = one.url.rstrip("=" if glue == br.SOFT else "/" if glue == "." else "")
        glue = glue.strip(br.SOFT)
        joined = begun + glue + tail.text
        address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
        if address is None or not address.whole or len(address.url) <= len(one.url):
            return False
        used = len(joined) - address.end
        if one.whole:
            one.alternatives += (one.url,)
        if glue == "-":
            one.alternatives += (url_of(one.url + tail.text) or one.url,)
        extend(one, address, tail.end - used, self.text)
        one.whole = not (is_host(one.url) and br.SPOKEN_ON.match(self.text, one.end))
        one.repairs += (Repair(kind, evidence, glue),)
        one.confidence = min(one.confidence, confidence)
        return True


def heal(text: str, found: list[Found]) -> list[Found]:
    """The links of a text with split ones joined; see the module's docstring for what counts as evidence."""
    return Healer(text, found).run()
