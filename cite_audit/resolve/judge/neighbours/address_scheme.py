"""The scheme of a site's addresses, learnt from those that are archived, and the addresses nearest to one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cite_audit.lazy_pattern import compile_lazily

MIN_SHAPE_SHARE = 0.05  # of the neighbours that have a shape, for it to be one of the site's
MIN_SHAPE_PAGES = 2
MAX_EDITS = 2  # letters or digits by which a mistyped address differs
MIN_SHARED_WORDS = 0.6  # of two slugs (Dice), for one to be near the other
MIN_SLUG_WORDS = 3
_EXTENSION = compile_lazily(r"\.[a-z][a-z0-9]{1,4}$", re.I)
_LONG_HEX = compile_lazily(r"(?=.*\d)[0-9a-f-]{16,}\Z", re.I)
_TOKEN = compile_lazily(r"\d+|[^\W\d_]+|[\W_]", re.U)


def find_shape(rest: str) -> str:
    """The shape of what follows a section's folder: `9` for a number, `a` for words with their separator.

    `2020-ferry-stops.html` is `9-a-.html`.
    """
    path, _, query = rest.partition("?")
    shapes = [_find_segment_shape(segment) for segment in path.split("/")]
    names = "&".join(sorted(part.partition("=")[0] for part in query.split("&"))) if query else ""
    return "/".join(shapes) + (f"?{names}" if query else "")


def _find_segment_shape(segment: str) -> str:
    extension = _EXTENSION.search(segment)
    ending = extension[0].lower() if extension else ""
    segment = segment[: len(segment) - len(ending)]
    if _LONG_HEX.match(segment):
        return f"x{ending}"
    shape: list[str] = []
    for token in _TOKEN.findall(segment):
        kind = "9" if token.isdigit() else "a" if token.isalnum() else token
        if kind == "9" and shape and "a" in shape and not segment.endswith(token):
            kind = "a"  # a number among the words of a slug
        if kind == "a" and shape[-2:-1] == ["a"] and not shape[-1].isalnum():
            continue  # one more word of the slug
        if shape[-1:] != [kind]:
            shape.append(kind)
    return "".join(shape) + ending


def fits_scheme(rest: str, neighbours: Sequence[str]) -> bool:
    """Whether an address is made as its neighbours are: shape, length of its numbers."""
    shape = find_shape(rest)
    alike = [each for each in neighbours if find_shape(each) == shape]
    if len(alike) < max(MIN_SHAPE_PAGES, MIN_SHAPE_SHARE * len(neighbours)):
        return False
    lengths = [_number_lengths(each) for each in alike]
    return all(
        min(known) <= length <= max(known) + 1 for length, *known in zip(_number_lengths(rest), *lengths, strict=False)
    )


def _number_lengths(rest: str) -> list[int]:
    return [len(number) for number in re.findall(r"\d+", rest)]


def find_nearest(rest: str, neighbours: Sequence[tuple[str, str]], most: int) -> list[tuple[str, float]]:
    """The addresses whose end is most like `rest`, each with its likeness (0-1). `neighbours`: end and address."""
    folded = _strip(rest)
    words = set(_slug_words(folded))
    found: dict[str, tuple[float, int]] = {}
    for neighbour, url in neighbours:
        other = _strip(neighbour)
        if other == folded:
            continue
        edits = count_edits(folded, other)
        likeness = 1 - edits / max(len(folded), len(other), 1) if edits <= MAX_EDITS else 0.0
        if likeness <= 0.5 and len(words) >= MIN_SLUG_WORDS:
            others = set(_slug_words(other))
            shared = 2 * len(words & others) / max(len(words) + len(others), 1)
            likeness = shared if shared >= MIN_SHARED_WORDS else 0.0
        if likeness > 0.5:
            found[url] = (likeness, -_number_distance(folded, other))
    ranked = sorted(found.items(), key=lambda item: item[1], reverse=True)[:most]
    return [(url, round(likeness, 2)) for url, (likeness, _) in ranked]


def _strip(rest: str) -> str:
    return _EXTENSION.sub("", rest.casefold())


def _slug_words(rest: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", rest) if word]


def _number_distance(first: str, second: str) -> int:
    """How far the first numbers of two ends lie apart that differ."""
    pairs = zip(re.findall(r"\d{1,15}", first), re.findall(r"\d{1,15}", second), strict=False)
    return next((abs(int(one) - int(other)) for one, other in pairs if one != other), 0)


def count_edits(first: str, second: str) -> int:
    """Letters to change, add, leave out or swap between two texts; MAX_EDITS + 1 for all that is more."""
    too_many = MAX_EDITS + 1
    if abs(len(first) - len(second)) > MAX_EDITS:
        return too_many
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    first, second = first[start:], second[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    counts, others = Counter(first), Counter(second)
    if max((counts - others).total(), (others - counts).total()) > MAX_EDITS:
        return too_many
    return min(_edit_distance(first, second), too_many)


def _edit_distance(first: str, second: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
