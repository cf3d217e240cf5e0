"""Joins links that a page end, a line end or a converter cut in two, where there is evidence for it.

The evidence, strongest first: the same address printed whole elsewhere in the document; a defanged dot that stands at
the break, or a host that cannot stand alone; a break after `-`, `_`, `/`, `=` or `&`; a rest that looks like a path and
is followed by a separator. With less than that nothing is joined: the joined form is offered as an alternative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from cite_audit.model import Repair, RepairKind
from cite_audit.parse.boilerplate import BOILERPLATE_START
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links import line_breaks as br
from cite_audit.parse.links.address import is_complete_host, read_address
from cite_audit.parse.links.found_link import ANGLE, MARKDOWN, FoundLink, TextCounter
from cite_audit.parse.links.frames import find_close
from cite_audit.parse.links.piece_comparison import (
    bare_url,
    extend_link,
    is_host_only,
    join_kind,
    read_url,
    spelling_key,
)
from cite_audit.parse.links.schemes import scheme_at
from cite_audit.parse.links.url_end import trim_url_end
from cite_audit.urls import public_suffix


@dataclass(slots=True)
class _UrlTail:
    """What might be the rest of a link: `text` as meant, ending at `end` of the source."""

    text: str
    end: int
    lines: int = 1
    mark: str = ""


class LinkRejoiner:
    """Joins split links of one text."""

    def __init__(self, text: str, links: list[FoundLink]) -> None:
        self.text = text
        self.links = links
        self.printed_urls = [link.url for link in links if link.whole]

    def rejoin_all(self) -> list[FoundLink]:
        """The links, joined where there is evidence; those whose host stays incomplete are still marked so."""
        out: list[FoundLink] = []
        for position, link in enumerate(self.links):
            if out and (link.start < out[-1].outer_end or self._is_leftover(out[-1], link)):
                continue
            self._add_scheme_before(link)
            following = self.links[position + 1].start if position + 1 < len(self.links) else len(self.text)
            for _ in range(8):
                if not self._rejoin_once(link, following):
                    break
            out.append(link)
        return out

    def _is_leftover(self, cut: FoundLink, link: FoundLink) -> bool:
        """Whether what reads as a host of its own is the rest of a cut one that could not be joined."""
        between = self.text[cut.outer_end : link.start] if not cut.whole else ";"
        return cut.has_scheme and not link.has_scheme and len(between) < 12 and ";" not in between

    def _rejoin_once(self, link: FoundLink, following: int) -> bool:
        if link.has_scheme or link.raw[:3].lower() == "www":
            framed = link.frame in (ANGLE, MARKDOWN) and is_host_only(link.url)
            marked = link.whole and is_host_only(link.url) and br.NEXT_MARK.match(self.text, link.end)
            if (framed or marked or not link.whole) and (self._join_host(link) or self._join_label(link)):
                return True
            if self._join_suffix(link):
                return True
            if framed and br.SPOKEN_DOT_AFTER.match(self.text, link.outer_end):
                link.whole = False  # the host continues, and its continuation cannot be read
            cut = link.whole and br.CUT_REST.match(self.text, link.outer_end)
            if cut and self._is_autolink(link) and self._join_cut(link):
                return True
        return self._join_lines(link, following)

    def _join_host(self, link: FoundLink) -> bool:
        """A host cut at its dot: `<https://tass> dot ru/x`, `<https://tut dot>⏎⏎[by/x](by/x)`, `https://tut by/x`."""
        for pattern, kind in (
            (br.CUT_DOT, RepairKind.AUTOLINK_CUT),
            (br.DOT_BREAK, RepairKind.JOINED_AT_DOT),
            (br.LOST_DOT, RepairKind.DOT_LOST),
        ):
            gap = pattern.match(self.text, link.end if pattern is br.DOT_BREAK else link.outer_end)
            if gap is None or (kind != RepairKind.AUTOLINK_CUT and link.whole):
                continue
            if kind == RepairKind.JOINED_AT_DOT and not re.search(rf"{br.DOT_WORD}|\(\.\)|\[\.\]", gap[0]):
                continue
            tail = self._read_tail(gap.end())
            evidence = f"the break is at the dot of the host ({gap[0].strip()!r})"
            kind = join_kind(gap[0].count("\n")) if "\n" in gap[0] else kind
            if kind == RepairKind.DOT_LOST and re.search(r"\wdot\Z", link.url):  # `https://tassdot ru/x`
                link.url, link.style = link.url[:-3], d.SPOKEN_DOT
            prose = tail and "\n" in gap[0] and tail.text[0].isupper() and "/" not in tail.text
            if tail and not prose and self._join(link, ".", tail, kind, evidence, 0.95):
                if kind != RepairKind.DOT_LOST and re.search(br.DOT_WORD, gap[0]):
                    link.style = d.SPOKEN_DOT
                return True
        return False

    def _join_label(self, link: FoundLink) -> bool:
        """A host cut by a line end: inside a label, `https://www.critical⏎threats.org/x`, or at a dot of it."""
        gap = br.CUT_LABEL.match(self.text, link.end) if link.has_scheme and not link.whole else None
        tail = self._read_tail(gap.end()) if gap else None
        if gap is None or tail is None or link.has_path:
            return False
        at_dot = bool(gap["dot"] or gap["led"] or link.url.endswith("//www"))
        if not gap["more"] and not (at_dot and "/" in tail.text):
            return False
        evidence = "the line ends inside the host, which cannot stand alone"
        return self._join(link, "." if at_dot else "", tail, join_kind(1), evidence, 0.6)

    def _join_suffix(self, link: FoundLink) -> bool:
        """A host cut inside its public suffix: `https://armyinform dot com.⏎ua/2026/1`."""
        gap = (
            br.CUT_SUFFIX.match(self.text, link.end)
            if link.whole and link.has_scheme and is_host_only(link.url)
            else None
        )
        if gap is None:
            return False
        suffix = link.url.rpartition(".")[2].lower()
        longer = public_suffix(f"{bare_url(link.url)}.{gap['country']}") == f"{suffix}.{gap['country']}"
        if not longer and bare_url(link.url) != f"www.{suffix}":
            return False
        tail = self._read_tail(gap.end())
        kind = join_kind(1) if "\n" in gap[0] else RepairKind.DOT_LOST
        evidence = f"the line goes on like an address, and the host to .{suffix}.{gap['country']}"
        return tail is not None and self._join(link, ".", tail, kind, evidence, 0.85)

    def _join_cut(self, link: FoundLink) -> bool:
        """`<https://x/808267290>8`: a converter closed the frame too soon."""
        tail = self._read_tail(link.outer_end)
        if tail is None or not (tail.text.isdigit() or br.SEPARATOR.match(self.text, tail.end)):
            return False
        return self._join(link, "", tail, RepairKind.AUTOLINK_CUT, "the frame closes before the address does", 0.8)

    def _is_autolink(self, link: FoundLink) -> bool:
        """Whether a frame shows nothing but the address it leads to, as converters make them."""
        label, middle, _ = self.text[link.outer + 1 : link.outer_end].partition("](")
        return link.frame == ANGLE or (
            link.frame == MARKDOWN and bool(middle) and bare_url(label) == bare_url(link.url)
        )

    def _add_scheme_before(self, link: FoundLink) -> None:
        """A scheme printed before the frame or the line end: `https://[www.rbc](http://www.rbc) dot ru/x`."""
        if "//" not in self.text[max(0, link.outer - 40) : link.outer]:
            return
        scheme_match = br.SCHEME_BEFORE.search(self.text, max(0, link.outer - 40), link.outer)
        if scheme_match is None or (link.has_scheme and link.frame != MARKDOWN):
            return
        scheme = scheme_match["scheme"].lower().replace("xx", "tt")
        www = "www." * (scheme_match[0].lower().endswith("www.") and not bare_url(link.url).startswith("www."))
        link.url = f"{scheme}://{www}{link.url.rpartition('://')[2]}"
        link.repairs += (
            Repair(RepairKind.SCHEME_APART, f"printed {scheme_match[0]!r} before it", f"{scheme}://{www}"),
        )
        link.start = link.outer = scheme_match.start()
        link.confidence = min(link.confidence, 0.95)
        link.raw, link.has_scheme = self.text[link.start : link.end], True

    def _join_lines(self, link: FoundLink, following: int) -> bool:
        text = self.text
        gap = br.PAGE_END.match(text, link.outer_end) or br.LINE_BREAK.match(text, link.outer_end)
        break_match = gap or (br.SPACE_BREAK.match(text, link.outer_end) if link.has_path else None)
        if (
            break_match is None
            or link.frame == MARKDOWN
            or any(p.match(text, break_match.end()) for p in (br.NEW_ITEM, BOILERPLATE_START))
        ):
            return False
        tail = self._read_tail(break_match.end())
        if tail is None or not any(c.isalnum() for c in tail.text):
            return False
        tail.lines, tail.mark = (gap["lines"].count("\n"), gap["mark"]) if gap else (0, "")
        overlaps_next = following < tail.end
        for glue in ("", "-", "_"):
            if times := self._printed_counts[spelling_key(link.url + glue + tail.text)]:
                evidence = (
                    f"the same address is printed whole {times} time{'s' * (times > 1)} elsewhere in the document"
                )
                return self._join(link, glue, tail, join_kind(tail.lines), evidence, 0.99)
        return gap is not None and not overlaps_next and self._join_by_shape(link, tail)

    @cached_property
    def _printed_counts(self) -> TextCounter:
        return TextCounter(spelling_key(url) for url in self.printed_urls)

    def _join_by_shape(self, link: FoundLink, tail: _UrlTail) -> bool:
        """Joins by the character at the break and the shape of the rest, where the whole is not printed elsewhere."""
        separated = bool(br.SEPARATOR.match(self.text, tail.end))
        pathlike = bool(br.PATHLIKE.match(tail.text) or br.FILE_NAME.match(tail.text))
        pathlike = pathlike and (separated or not tail.text.isdigit())
        counted = tail.text.isdigit() and tail.lines == 1 and self.text[tail.end : tail.end + 1] in (";", ">")
        if (tail.lines > 1 and tail.text.isdigit()) or ("/" not in tail.text and is_complete_host(tail.text)):
            return False  # the number of a page, a host of its own
        ending = link.url[-1]
        if ending == "=" and "?" not in link.url and tail.lines == 1 and (pathlike or separated):
            return self._join(
                link, br.SOFT_BREAK, tail, join_kind(1), "mail cut the line with '=' (RFC 2045, 6.7)", 0.9
            )
        if link.frame == ANGLE and ending not in br.JOINING_MARKS.replace("/", ""):
            return False
        if tail.mark:
            return separated and self._join_marked(link, tail)
        rooted = tail.text[0] == "/" and link.has_path and not self.text.startswith(";", tail.end)
        leads = br.continues_url(link.url, tail.text) and (separated or tail.text[0] in "./?=&%_")
        if tail.lines == 1 and leads and not rooted:
            return self._join(link, "", tail, join_kind(1), f"the next line begins with {tail.text[0]!r}", 0.9)
        if ending == "/" and tail.lines == 1 and br.PATH_SHAPE.match(tail.text) and self._fills_line(link):
            return self._join(link, "", tail, join_kind(1), "the break follows '/', and what follows is a path", 0.8)
        if (
            ending in br.JOINING_MARKS
            and (pathlike or (separated and (tail.text[0].islower() or ending in "_=&%")) or counted)
            and (tail.lines == 1 or separated)
        ):
            if ending == "/" and not (pathlike and separated and tail.lines == 1):
                return False
            return self._join(link, "", tail, join_kind(tail.lines), f"the break follows {ending!r}", 0.9)
        if tail.lines > 1 or not separated:
            return False
        pattern = br.AFTER_BRACKET if ending == ")" else br.IN_BRACKETS
        if "_" in link.url and pattern.match(tail.text):
            return self._join(link, "_", tail, join_kind(1), "an underscore is lost at each line end, as emphasis", 0.7)
        if pathlike and link.has_path and self._fills_line(link):
            evidence = "the next line goes on like a path and ends with a separator"
            return self._join(link, "", tail, join_kind(1), evidence, 0.75)
        return False

    def _join_marked(self, link: FoundLink, tail: _UrlTail) -> bool:
        """Joins over a `.` or `?` at the break; a file suffix, or a key with its value, must follow."""
        continuation = re.match(rf"{d.FILE_SUFFIX}\b" if tail.mark == "." else r"\w+=", tail.text)
        evidence = f"the break is at {tail.mark!r}"
        return continuation is not None and self._join(link, tail.mark, tail, join_kind(tail.lines), evidence, 0.85)

    def _fills_line(self, link: FoundLink) -> bool:
        """Whether the line that an address ends is long enough to have been wrapped."""
        return link.end - self.text.rfind("\n", max(0, link.end - 200), link.end) > br.MIN_WRAPPED_LENGTH

    def _read_tail(self, start: int) -> _UrlTail | None:
        """The token at `start`; of a Markdown link its target."""
        text = self.text
        if text[start : start + 1] == "[":
            middle = text.find("](", start, start + 4000)
            close = find_close(text, middle + 2) if middle > 0 else -1
            target = text[middle + 2 : close]
            return _UrlTail(target, close + 1) if close > 0 and "://" not in target else None
        if text[start : start + 1] == "<":
            close = text.find(">", start, start + 4000)
            return _UrlTail(text[start + 1 : close], close + 1) if close > 0 else None
        match = br.TOKEN.match(text, start, start + br.MAX_REST_LENGTH)
        if match is None or match.end() == start + br.MAX_REST_LENGTH:
            return None
        end = trim_url_end(text, start, match.end())
        if end == start:
            return None
        file_suffix = d.DOT_SUFFIX.match(text, end)
        spoken = br.SPOKEN_LABELS.match(text, end, end + br.MAX_REST_LENGTH)
        if not file_suffix and spoken and "/" not in text[start:end]:
            end = trim_url_end(text, start, spoken.end())
        return _UrlTail(text[start:end], end)

    def _join(
        self, link: FoundLink, glue: str, tail: _UrlTail, kind: RepairKind, evidence: str, confidence: float
    ) -> bool:
        url_start = link.url.rstrip("=" if glue == br.SOFT_BREAK else "/" if glue == "." else "")
        glue = glue.strip(br.SOFT_BREAK)
        joined = url_start + glue + tail.text
        address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
        if address is None or not address.whole or len(address.url) <= len(link.url):
            return False
        unread_length = len(joined) - address.end
        if link.whole:
            link.alternatives += (link.url,)
        if glue == "-":
            link.alternatives += (read_url(link.url + tail.text) or link.url,)
        extend_link(link, address, tail.end - unread_length, self.text)
        link.whole = not (is_host_only(link.url) and br.SPOKEN_DOT_AFTER.match(self.text, link.end))
        link.repairs += (Repair(kind, evidence, glue),)
        link.confidence = min(link.confidence, confidence)
        return True


def rejoin_links(text: str, links: list[FoundLink]) -> list[FoundLink]:
    """The links of a text with split ones joined; see the module's docstring for what counts as evidence."""
    return LinkRejoiner(text, links).rejoin_all()
