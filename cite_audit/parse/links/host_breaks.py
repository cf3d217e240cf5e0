"""Joins hosts that were cut: at a dot, at a hyphen, inside a label or inside the public suffix."""

from __future__ import annotations

import re
from functools import cached_property

from cite_audit.model import Repair, RepairKind
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links import line_breaks as br
from cite_audit.parse.links.address import is_complete_host, read_address
from cite_audit.parse.links.found_link import FoundLink, TextCounter
from cite_audit.parse.links.piece_comparison import (
    bare_url,
    extend_link,
    is_host_only,
    join_kind,
    read_url,
    spelling_key,
)
from cite_audit.parse.links.schemes import scheme_at
from cite_audit.parse.links.url_tail import UrlTail, read_tail
from cite_audit.urls import public_suffix


def printed_evidence(times: int) -> str:
    return f"the same address is printed whole {times} time{'s' * (times > 1)} elsewhere in the document"


class HostRejoiner:
    """Joins the hosts of the links of one text."""

    def __init__(self, text: str, links: list[FoundLink]) -> None:
        self.text = text
        self.links = links
        self.printed_urls = [link.url for link in links if link.whole]

    @cached_property
    def _printed_counts(self) -> TextCounter:
        return TextCounter(spelling_key(url) for url in self.printed_urls)

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
            tail = read_tail(self.text, gap.end())
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
        tail = read_tail(self.text, gap.end()) if gap else None
        if gap is None or tail is None or link.has_path:
            return False
        at_dot = bool(gap["dot"] or gap["led"] or link.url.endswith("//www"))
        if not gap["more"] and "/" not in tail.text:
            return False  # `www.mill.n⏎l/news`: the path tells, and the suffix that the two halves make
        evidence = "the line ends inside the host, which cannot stand alone"
        return self._join(link, "." if at_dot else "", tail, join_kind(1), evidence, 0.6)

    def _join_hyphen(self, link: FoundLink) -> bool:
        """A host cut behind its own hyphen, which no typesetter adds to an address: `https://www.harbour-⏎news.org/x`.

        The form without the hyphen is taken where the document prints it whole, else it is an alternative.
        """
        gap = br.CUT_HYPHEN.match(self.text, link.end) if link.has_scheme and not link.has_path else None
        tail = read_tail(self.text, gap.end()) if gap else None
        if gap is None or tail is None or not is_complete_host(re.split("[/?#]", tail.text, maxsplit=1)[0]):
            return False
        if times := self._printed_counts[spelling_key(link.url + tail.text)]:
            return self._join(link, "", tail, join_kind(1), printed_evidence(times), 0.99)
        evidence = "the line ends at a hyphen of the host"
        return self._join(link, "-", tail, join_kind(1), evidence, 0.8)

    def _join_suffix(self, link: FoundLink) -> bool:
        """A host, and no more, cut inside its public suffix: `https://armyinform dot com.⏎ua/2026/1`."""
        if not (link.whole and link.has_scheme):
            return False
        gap = br.CUT_SUFFIX.match(self.text, link.end)
        if gap is None:
            return self._join_long_suffix(link)
        suffix = link.url.rpartition(".")[2].lower()
        longer = public_suffix(f"{bare_url(link.url)}.{gap['country']}") == f"{suffix}.{gap['country']}"
        if not longer and bare_url(link.url) != f"www.{suffix}":
            return False
        tail = read_tail(self.text, gap.end())
        kind = join_kind(1) if "\n" in gap[0] else RepairKind.DOT_LOST
        evidence = f"the line goes on like an address, and the host to .{suffix}.{gap['country']}"
        return tail is not None and self._join(link, ".", tail, kind, evidence, 0.85)

    def _join_long_suffix(self, link: FoundLink) -> bool:
        """A host cut before a public suffix of two labels, which names nothing alone: `http://news.bbc.⏎co.uk/2/`."""
        gap = br.CUT_LONG_SUFFIX.match(self.text, link.end)
        tail = read_tail(self.text, gap.end()) if gap else None
        if gap is None or tail is None or public_suffix(gap["suffix"]) != gap["suffix"]:
            return False
        kind = join_kind(1) if "\n" in gap[0] else RepairKind.JOINED_OVER_SPACE
        evidence = f"{gap['suffix']} is a public suffix and no host of its own"
        return self._join(link, ".", tail, kind, evidence, 0.9)

    def _join(
        self, link: FoundLink, glue: str, tail: UrlTail, kind: RepairKind, evidence: str, confidence: float
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
