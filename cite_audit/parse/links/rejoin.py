"""Joins links that a page end, a line end or a converter cut in two, where there is evidence for it.

The evidence, strongest first: the same address printed whole elsewhere in the document; a defanged dot that stands at
the break, or a host that cannot stand alone; a break after `-`, `_`, `/`, `=` or `&`; a rest that looks like a path and
is followed by a separator. With less than that nothing is joined: the joined form is offered as an alternative.
"""

from __future__ import annotations

import re
from functools import cached_property

from cite_audit.model import Repair, RepairKind
from cite_audit.parse.boilerplate import BOILERPLATE_START
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links import line_breaks as br
from cite_audit.parse.links.address import is_complete_host
from cite_audit.parse.links.found_link import ANGLE, MARKDOWN, FoundLink, LinkFrame
from cite_audit.parse.links.host_breaks import HostRejoiner, printed_evidence
from cite_audit.parse.links.piece_comparison import bare_url, is_host_only, join_kind, spelling_key
from cite_audit.parse.links.space_breaks import read_spaced_rest, suspect_cut
from cite_audit.parse.links.url_tail import UrlTail, read_tail

_BEHIND_MARK = {".": rf"{d.FILE_SUFFIX}\b", "?": r"\w+=", ":": r"\d{5,}", "!": r"\d{5,}"}


class LinkRejoiner(HostRejoiner):
    """Joins split links of one text."""

    def rejoin_all(self) -> list[FoundLink]:
        """The links, joined where there is evidence; those whose host stays incomplete are still marked so."""
        out: list[FoundLink] = []
        for position, link in enumerate(self.links):
            if out and (link.start < out[-1].outer_end or self._is_leftover(out[-1], link)):
                continue
            self._add_scheme_before(link)
            if not self._is_closed(link):
                self._rejoin(link, position)
            out.append(link)
        return out

    def _is_closed(self, link: FoundLink) -> bool:
        """Whether a separator stands directly behind a link or its frame: no break begins with one."""
        return link.outer_end - link.end <= 1 and self.text.startswith((";", ","), link.outer_end)

    def _rejoin(self, link: FoundLink, position: int) -> None:
        for _ in range(8):
            if not (self._join_archived(link, position) or self._rejoin_once(link, self._next_start(link, position))):
                break
        suspect_cut(self.text, link)

    def _join_archived(self, link: FoundLink, position: int) -> bool:
        """An archive's address cut before that of the page which it keeps: `…/web/20200102030405/⏎https://a.b/c`."""
        if link.url[-1:] != "/":
            return False
        scheme = br.SCHEME_END.search(link.url)
        kept = link.url[: scheme.start()] if scheme else link.url  # the break may follow the scheme of what is kept
        if not br.ARCHIVE_PREFIX.search(kept):
            return False
        gap = br.LINE_BREAK.match(self.text, link.end)
        if gap is None or gap["lines"].count("\n") > 1:
            return False
        time = br.ARCHIVE_TIME.match(self.text, gap.end()) if link.url.endswith("/web/") else None
        start = time.end() if time else gap.end()
        rest = next((other for other in self.links[position + 1 : position + 3] if other.start == start), None)
        if rest is None or not rest.whole or rest.has_scheme == bool(scheme):
            return False
        link.alternatives += (link.url,)
        link.url = f"{kept}{scheme[0].replace('xx', 'tt') if scheme else ''}{time[0] if time else ''}{rest.url}"
        link.repairs += (*rest.repairs, Repair(join_kind(1), "an archive's address goes on with that of the page"))
        link.confidence = min(link.confidence, rest.confidence, 0.95)
        link.end = link.outer_end = rest.end
        link.raw, link.frame = self.text[link.start : link.end], LinkFrame.JOINED
        return True

    def _next_start(self, link: FoundLink, position: int) -> int:
        """Where the first link begins that a link does not hold already."""
        for following in self.links[position + 1 : position + 10]:
            if following.start >= link.end:
                return following.start
        return len(self.text)

    def _is_leftover(self, cut: FoundLink, link: FoundLink) -> bool:
        """Whether what reads as a host of its own is the rest of a cut one that could not be joined."""
        between = self.text[cut.outer_end : link.start] if not cut.whole else ";"
        return cut.has_scheme and not link.has_scheme and len(between) < 12 and ";" not in between

    def _rejoin_once(self, link: FoundLink, following: int) -> bool:
        if link.has_scheme or link.raw[:3].lower() == "www":
            has_host_alone = is_host_only(link.url)
            framed = has_host_alone and link.frame in (ANGLE, MARKDOWN)
            marked = has_host_alone and link.whole and br.NEXT_MARK.match(self.text, link.end)
            if has_host_alone and self._join_hyphen(link):
                return True
            if (framed or marked or not link.whole) and (self._join_host(link) or self._join_label(link)):
                return True
            if has_host_alone and self._join_suffix(link):
                return True
            if framed and br.SPOKEN_DOT_AFTER.match(self.text, link.outer_end):
                link.whole = False  # the host continues, and its continuation cannot be read
            cut = link.whole and br.CUT_REST.match(self.text, link.outer_end)
            if cut and self._is_autolink(link) and self._join_cut(link):
                return True
        return self._join_lines(link, following) or self._join_space(link, following)

    def _join_space(self, link: FoundLink, following: int) -> bool:
        """An address cut by a space, as typesetters and converters leave it: `…/news/ 2024/05/mill.html (accessed`."""
        rest = read_spaced_rest(self.text, link, following)
        if rest is None or not rest.confidence:
            return False
        return self._join(link, "", rest.tail, RepairKind.JOINED_OVER_SPACE, rest.evidence, rest.confidence)

    def _join_cut(self, link: FoundLink) -> bool:
        """`<https://x/808267290>8`: a converter closed the frame too soon."""
        tail = read_tail(self.text, link.outer_end)
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
        if not link.has_scheme and (prefix := br.WWW_BEFORE.search(self.text, max(0, link.outer - 40), link.outer)):
            link.url, link.start = prefix[0].rstrip() + link.url, prefix.start()
            link.outer, link.raw = link.start, self.text[link.start : link.end]
            link.repairs += (Repair(RepairKind.JOINED_OVER_SPACE, "a break follows 'www.'"),)
            link.confidence = min(link.confidence, 0.9)
        before = self.text[max(0, link.outer - 40) : link.outer]
        if not before.removesuffix("www.").rstrip(" \t\r\n").endswith("//"):
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
        if link.frame == MARKDOWN or text[link.outer_end : link.outer_end + 1] not in br.BREAK_STARTS:
            return False
        gap = br.PAGE_END.match(text, link.outer_end) or br.LINE_BREAK.match(text, link.outer_end)
        break_match = gap or (br.SPACE_BREAK.match(text, link.outer_end) if link.has_path else None)
        if break_match is None or br.NEW_ITEM.match(text, break_match.end()):
            return False
        if BOILERPLATE_START.match(text, break_match.end()):
            return False
        tail = read_tail(self.text, break_match.end())
        if tail is None or not any(c.isalnum() for c in tail.text):
            return False
        tail.lines, tail.mark = (gap["lines"].count("\n"), gap["mark"]) if gap else (0, "")
        overlaps_next = following < tail.end
        for glue in ("", "-", "_"):
            if times := self._printed_counts[spelling_key(link.url + glue + tail.text)]:
                return self._join(link, glue, tail, join_kind(tail.lines), printed_evidence(times), 0.99)
        return gap is not None and not overlaps_next and self._join_by_shape(link, tail)

    def _join_by_shape(self, link: FoundLink, tail: UrlTail) -> bool:
        """Joins by the character at the break and the shape of the rest, where the whole is not printed elsewhere."""
        separated = bool(br.SEPARATOR.match(self.text, tail.end))
        pathlike = bool(br.PATHLIKE.match(tail.text) or br.FILE_NAME.match(tail.text))
        pathlike = pathlike and (separated or not tail.text.isdigit())
        pathlike = pathlike or (link.url[-1] == "-" and separated and br.NUMBERED_PATH.match(tail.text) is not None)
        counted = tail.text.isdigit() and tail.lines == 1 and self.text[tail.end : tail.end + 1] in (";", ">")
        if (
            (tail.lines > 1 and tail.text.isdigit())
            or br.SLASHED_DATE.match(tail.text)
            or ("/" not in tail.text and is_complete_host(tail.text))
        ):
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
        if ending == "/" and tail.lines == 1 and br.PATH_SHAPE.match(tail.text) and self._is_wrapped(link, tail):
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

    def _join_marked(self, link: FoundLink, tail: UrlTail) -> bool:
        """Joins over a `.`, `?`, `:` or `!` at the break; what must follow each stands in `_BEHIND_MARK`."""
        continuation = re.match(_BEHIND_MARK[tail.mark], tail.text)
        evidence = f"the break is at {tail.mark!r}"
        return continuation is not None and self._join(link, tail.mark, tail, join_kind(tail.lines), evidence, 0.85)

    def _is_wrapped(self, link: FoundLink, tail: UrlTail) -> bool:
        """Whether a line ends within an address: it is full, or holds nothing else and what ends the rest is told."""
        line_start = self.text.rfind("\n", 0, link.end) + 1
        is_alone = line_start > link.start or not self.text[line_start : link.start].strip()
        has_end = br.SEPARATOR.match(self.text, tail.end) or br.FILE_END.search(tail.text)
        return self._fills_line(link) or (is_alone and has_end is not None)

    def _fills_line(self, link: FoundLink) -> bool:
        """Whether the line that an address ends is long enough to have been wrapped."""
        return link.end - self.text.rfind("\n", max(0, link.end - 200), link.end) > self._wrapped_length

    @cached_property
    def _wrapped_length(self) -> float:
        lengths = sorted(map(len, filter(None, self.text.split("\n"))))
        usual_length = lengths[len(lengths) * 9 // 10] if lengths else 0
        is_column = len(lengths) >= br.MIN_COLUMN_LINES
        return min(br.MIN_WRAPPED_LENGTH, br.MIN_WRAPPED_SHARE * usual_length) if is_column else br.MIN_WRAPPED_LENGTH


def rejoin_links(text: str, links: list[FoundLink]) -> list[FoundLink]:
    """The links of a text with split ones joined; see the module's docstring for what counts as evidence."""
    return LinkRejoiner(text, links).rejoin_all()
