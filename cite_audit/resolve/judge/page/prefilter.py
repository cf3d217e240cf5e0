"""The prefilter: literals that a text must contain for a pattern to match, found by a search a hundred times quicker.

A page is matched against some hundred signatures, and nearly none fits. Each pattern is read once for the longest
literal in each of its branches; a text without any of them is not searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from operator import itemgetter
from typing import Any

EXTRA_CASES: dict[int, tuple[int, ...]]
code: Any
reader: Any
try:  # private to CPython: without these modules nothing is filtered, and every pattern is searched for in full
    EXTRA_CASES = import_module("re._casefix")._EXTRA_CASES
    code, reader = import_module("re._constants"), import_module("re._parser")
except (ImportError, AttributeError):
    EXTRA_CASES, code, reader = {}, None, None

_FIRST_TWO = itemgetter(slice(2))
MIN_LITERAL_BYTES = 3  # bytes of a literal worth searching for; two Chinese characters are rare enough


def required_literals(pattern: str) -> tuple[str, ...]:
    """Folded texts of which every match, ignoring case, holds one; empty when the pattern gives none."""
    if reader is None:
        return ()
    alternatives = _choose_literals(reader.parse(pattern, re.I | re.S))
    return tuple(sorted(alternatives)) if alternatives else ()


def may_match(literals: Sequence[str], lowered: str) -> bool:
    """Whether a text, lower-cased by `lower`, is worth searching."""
    for literal in literals:  # three times as quick as a generator, and asked a hundred times a page
        if literal in lowered:
            return True
    return not literals


def find_pieces(lowered: str) -> frozenset[str]:
    """The first two characters behind each separator of a text, for `holds_any`."""
    return frozenset(map(_FIRST_TWO, _split_at_separators(lowered)))


@lru_cache(maxsize=1024)
def _pieces_of(literal: str) -> frozenset[str]:
    return frozenset(part[:2] for part in _split_at_separators(literal)[1:] if len(part) >= 2)


def _split_at_separators(text: str) -> list[str]:
    return text.replace("_", "-").replace(".", "-").replace("/", "-").split("-")


def holds_any(literals: Sequence[str], lowered: str, pieces: frozenset[str]) -> bool:
    """Whether a text holds one of the literals; `pieces` are those of the text, where most literals have others."""
    return any(_pieces_of(literal) <= pieces and literal in lowered for literal in literals)


def fold_case(text: str) -> str:
    """A text for `may_match`: lower case, and one letter for all that `re` takes for the same when it ignores case."""
    return text.lower() if text.isascii() else text.translate(_DOTTED_I).lower().translate(_CASE_EQUIVALENTS)


_DOTTED_I = {ord("İ"): "i"}  # whose lower case is two letters
_CASE_EQUIVALENTS = {letter: min(letter, *others) for letter, others in EXTRA_CASES.items()}


def _choose_literals(items: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """The most telling set of alternatives among the parts of a sequence."""
    options: list[set[str]] = []
    literal = ""
    for kind, value in items:
        if kind is code.LITERAL:
            literal += chr(value)
            continue
        options.append({literal})
        literal = ""
        if nested := _nested_literals(kind, value):
            options.append(nested)
    options.append({literal})
    selective = [{fold_case(text) for text in option} for option in options]
    selective = [option for option in selective if min(map(_byte_length, option)) >= MIN_LITERAL_BYTES]
    return max(selective, key=lambda option: min(map(_byte_length, option)), default=None)


def _byte_length(text: str) -> int:
    return len(text.encode())


def _nested_literals(kind: Any, value: Any) -> set[str] | None:
    if kind is code.SUBPATTERN:
        return _choose_literals(value[-1])
    if kind is code.BRANCH:
        alternatives: set[str] = set()
        for branch in value[1]:
            best = _choose_literals(branch)
            if best is None:
                return None
            alternatives |= best
        return alternatives
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT) and value[0] > 0:
        return _choose_literals(value[2])
    return None
