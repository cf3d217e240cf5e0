"""Proposes what a misread address might have been. Nothing here is ever applied: the checker may try it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from cite_audit.model import Suspect
from cite_audit.parse.found import Found

# Known sections of a site that scanners misread: site, the misreading, what the site has.
SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("understandingwar.org", r"^/background(?:under|er?s|)/(?=\w)", "/backgrounder/"),
)
# Article numbers with a fixed alphabet: site, where, what must be there instead.
NUMBERS: tuple[tuple[str, str, str, str], ...] = (("reuters.com", r"(?<=-idUS)\w*[a-z]\w*$", "iIloO", "11100"),)
_FOLD = str.maketrans({"i": "1", "l": "1", "I": "1", "|": "1", "o": "0", "O": "0", "-": "", "_": ""})


def suspect(found: list[Found]) -> None:
    """Adds suspects to links that look misread, from the table and from near twins in the same document."""
    twins: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    urls = sorted({one.url for one in found})
    folded = [_folded(one.url) for one in found]
    for one, fold in zip(found, folded, strict=True):
        twins[fold][one.url] += 1
    for one, fold in zip(found, folded, strict=True):
        _by_table(one)
        _ellipsised(one, urls)
        spellings = twins[fold]
        for other, times in spellings.items():
            if other != one.url and other.lower() != one.url.lower() and times >= spellings[one.url]:
                one.suspects += (Suspect("ocr", other, "the document prints this spelling as well"),)


_ELLIPSIS = re.compile(r"(?<=[\w-])(?:\.{3}|…)(?=[\w-]|$)")


def _ellipsised(one: Found, urls: list[str]) -> None:
    """An address shortened for show, `…/how-suspe...op-under-linux`, cannot be checked as it stands."""
    cut = _ELLIPSIS.search(one.url)
    if not cut and not one.shortened:
        return
    head, tail = (one.url[: cut.start()], one.url[cut.end() :]) if cut else (one.url, "")
    at = bisect_left(urls, head)
    nearby = urls[at : at + 20]
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
