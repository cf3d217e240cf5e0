"""Proposes what a misread address might have been. Nothing here is ever applied: the checker may try it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from functools import cached_property
from itertools import pairwise

from cite_audit.model import Suspect
from cite_audit.parse.found import Found

# Known sections of a site that scanners misread: site, the misreading, what the site has.
SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("understandingwar.org", r"^/background(?:under|er?s|)/(?=\w)", "/backgrounder/"),
)
# Article numbers with a fixed alphabet: site, where, what must be there instead.
NUMBERS: tuple[tuple[str, str, str, str], ...] = (("reuters.com", r"(?<=-idUS)\w*[a-z]\w*$", "iIloO", "11100"),)
_SITES = re.compile("|".join(re.escape(row[0]) for row in (*SECTIONS, *NUMBERS)), re.I)
_NONE: Counter[str] = Counter()
_FOLD = str.maketrans("ilI|oO", "111100", "-_")


def suspect(found: list[Found]) -> None:
    """Adds suspects to links that look misread, from the table and from near twins in the same document."""
    printed = _Printed(found)
    for one, fold in zip(found, printed.folds, strict=True):
        if _SITES.search(one.url):
            _by_table(one)
        _ellipsised(one, printed)
        spellings = printed.twins.get(fold, _NONE)
        for other, times in spellings.items():
            if other != one.url and other.lower() != one.url.lower() and times >= spellings[one.url]:
                one.suspects += (Suspect("ocr", other, "the document prints this spelling as well"),)


class _Printed:
    """The addresses a document prints, before any is suspected."""

    def __init__(self, found: list[Found]) -> None:
        self._found = found
        self.folds = array("q", (hash(_folded(one.url)) for one in found))  # eight bytes a link
        shared = _repeated(self.folds)
        self.twins: dict[int, Counter[str]] = {}  # of addresses alike but for letters often misread
        for one, fold in zip(found, self.folds, strict=True):
            if fold in shared:
                self.twins.setdefault(fold, Counter())[one.url] += 1
        self.twins = {fold: spellings for fold, spellings in self.twins.items() if len(spellings) > 1}

    @cached_property
    def urls(self) -> list[str]:
        """Each once, sorted."""
        return sorted({one.url for one in self._found})


def _repeated(hashes: array[int]) -> set[int]:
    """Those that occur more than once. Only what shares a pigeonhole is compared, so that few of many are held."""
    size = 8 * len(hashes) + 1
    holes = bytearray(size)
    for one in hashes:
        holes[one % size] |= 1 << (holes[one % size] & 1)  # 1 for one, 3 for more
    return {one for one, other in pairwise(sorted(h for h in hashes if holes[h % size] > 1)) if one == other}


_ELLIPSIS = re.compile(r"(?<=[\w-])(?:\.{3}|…)(?=[\w-]|$)")


def _ellipsised(one: Found, printed: _Printed) -> None:
    """An address shortened for show, `…/how-suspe...op-under-linux`, cannot be checked as it stands."""
    cut = _ELLIPSIS.search(one.url) if "..." in one.url or "…" in one.url else None
    if not cut and not one.shortened:
        return
    head, tail = (one.url[: cut.start()], one.url[cut.end() :]) if cut else (one.url, "")
    at = bisect_left(printed.urls, head)
    nearby = printed.urls[at : at + 20]
    whole = [url for url in nearby if url.startswith(head) and url.endswith(tail) and len(url) > len(one.url)]
    one.suspects += (Suspect("ellipsised", whole[0] if whole else "", "the address was shortened for show"),)
    one.confidence = min(one.confidence, 0.1 if cut else 0.4)


def _by_table(one: Found) -> None:
    head, _, rest = one.url.partition("://")
    host, slash, path = rest.partition("/")
    site = host.removeprefix("www.").lower()
    for name, wrong, right in SECTIONS:
        if site == name and (changed := re.sub(wrong, right, slash + path)) != slash + path:
            one.suspects += (Suspect("ocr", f"{head}://{host}{changed}", f"{right} is a section of that site"),)
    for name, where, misread, meant in NUMBERS:
        if site == name and (match := re.search(where, path)):
            fixed = path[: match.start()] + match[0].translate(str.maketrans(misread, meant))
            if fixed != path:
                one.suspects += (
                    Suspect("ocr", f"{head}://{host}/{fixed}", "article numbers there have no small letters"),
                )


def _folded(url: str) -> str:
    rest = url.partition("://")[2]
    host, _, path = rest.partition("/")
    return f"{host.lower()}/{path.rstrip('/').translate(_FOLD)}" if len(path) > 12 else url
