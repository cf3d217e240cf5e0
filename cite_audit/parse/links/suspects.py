"""Proposes what a misread address might have been. Nothing here is ever applied: the checker may try it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from functools import cached_property
from itertools import pairwise

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Suspect, SuspectKind
from cite_audit.parse.links.found_link import FoundLink, LinkFrame
from cite_audit.parse.links.piece_comparison import spelling_key

# Known sections of a site that scanners misread: site, the misreading, what the site has.
SITE_SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("understandingwar.org", r"^/background(?:under|er?s|)/(?=\w)", "/backgrounder/"),
)
# Article numbers with a fixed alphabet: site, where, what must be there instead.
ARTICLE_NUMBERS: tuple[tuple[str, str, str, str], ...] = (("reuters.com", r"(?<=-idUS)\w*[a-z]\w*$", "iIloO", "11100"),)
_SITES = tuple(row[0] for row in (*SITE_SECTIONS, *ARTICLE_NUMBERS))
_NO_SPELLINGS: Counter[str] = Counter()
_LOOKALIKES = bytes.maketrans(b"ilI|oO", b"111100")  # of bytes: three times as fast as of text


def add_suspects(links: list[FoundLink]) -> None:
    """Adds suspects to links that look misread, from the table and from similar addresses in the same document."""
    printed = _PrintedUrls(links)
    for link, fold in zip(links, printed.folds, strict=True):
        lowered = link.url.lower()
        if any(map(lowered.__contains__, _SITES)):
            _suspect_by_table(link)
        if link.shortened or "..." in link.url or "…" in link.url:
            _suspect_ellipsis(link, printed)
        spellings = printed.twins.get(fold, _NO_SPELLINGS)
        for spelling, times in spellings.items():
            if spelling_key(spelling) != spelling_key(link.url) and times >= spellings[link.url]:
                link.suspects += (Suspect(SuspectKind.OCR, spelling, "the document prints this spelling as well"),)


class _PrintedUrls:
    """The addresses a document prints, before any is suspected."""

    def __init__(self, links: list[FoundLink]) -> None:
        self._links = links
        self.folds = array("q", (hash(_fold_lookalikes(link.url)) for link in links))  # eight bytes a link
        shared = _find_repeated(self.folds)
        self.twins: dict[int, Counter[str]] = {}  # of addresses alike but for letters often misread
        for link, fold in zip(links, self.folds, strict=True):
            if fold in shared:
                self.twins.setdefault(fold, Counter())[link.url] += 1
        self.twins = {fold: spellings for fold, spellings in self.twins.items() if len(spellings) > 1}

    @cached_property
    def sorted_urls(self) -> list[str]:
        """Each address once, sorted."""
        return sorted({link.url for link in self._links})


def _find_repeated(hashes: array[int]) -> set[int]:
    """The hashes that occur more than once; only those that share a bucket are compared, which saves memory."""
    size = 8 * len(hashes) + 1
    buckets = bytearray(size)
    for value in hashes:
        buckets[value % size] |= 1 << (buckets[value % size] & 1)  # 1 for one, 3 for more
    return {
        value
        for value, next_value in pairwise(sorted(h for h in hashes if buckets[h % size] > 1))
        if value == next_value
    }


_ELLIPSIS = compile_lazily(r"(?<=[\w/-])(?:\.{3}|…)(?=[\w/-]|$)")
# an identifier of the Astrophysics Data System is 19 characters, filled up with dots: `1998PNAS...95.9047M`
_BIBCODE = compile_lazily(r"(?:1[6-9]|20)\d\d[A-Za-z&.]{5}[\w.]{9}[A-Z:.](?!\w)")


def _suspect_ellipsis(link: FoundLink, printed: _PrintedUrls) -> None:
    """An address shortened for show, `…/how-suspe...op-under-linux`, cannot be checked as it stands."""
    cut = _find_ellipsis(link)
    if not cut and not link.shortened:
        return
    head, tail = (link.url[: cut.start()], link.url[cut.end() :]) if cut else (link.url, "")
    index = bisect_left(printed.sorted_urls, head)
    nearby = printed.sorted_urls[index : index + 20]
    whole = [url for url in nearby if url.startswith(head) and url.endswith(tail) and len(url) > len(link.url)]
    link.suspects += (Suspect(SuspectKind.ELLIPSISED, whole[0] if whole else "", "the address was shortened for show"),)
    link.confidence = min(link.confidence, 0.1 if cut else 0.4)


def _find_ellipsis(link: FoundLink) -> re.Match[str] | None:
    """Where an address was shortened; a target that the format declares, or angles, hold all of it."""
    if link.frame in (LinkFrame.DECLARED, LinkFrame.ANGLE) or _BIBCODE.search(link.url):
        return None
    return _ELLIPSIS.search(link.url)


def _suspect_by_table(link: FoundLink) -> None:
    head, _, address = link.url.partition("://")
    host, slash, path = address.partition("/")
    site = host.removeprefix("www.").lower()
    for name, wrong, correct in SITE_SECTIONS:
        if site == name and (changed := re.sub(wrong, correct, slash + path)) != slash + path:
            link.suspects += (
                Suspect(SuspectKind.OCR, f"{head}://{host}{changed}", f"{correct} is a section of that site"),
            )
    for name, where, misread, meant in ARTICLE_NUMBERS:
        if site == name and (match := re.search(where, path)):
            fixed = path[: match.start()] + match[0].translate(str.maketrans(misread, meant))
            if fixed != path:
                link.suspects += (
                    Suspect(SuspectKind.OCR, f"{head}://{host}/{fixed}", "article numbers there have no small letters"),
                )


def _fold_lookalikes(url: str) -> bytes:
    address = url.partition("://")[2]
    host, _, path = address.partition("/")
    if len(path) <= 12:
        return url.encode("utf-8", "surrogatepass")
    path_bytes = path.rstrip("/").encode("utf-8", "surrogatepass")
    return b"%b/%b" % (host.lower().encode("utf-8", "surrogatepass"), path_bytes.translate(_LOOKALIKES, b"-_"))
