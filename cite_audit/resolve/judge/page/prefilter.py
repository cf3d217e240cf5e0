"""Literal prefilter: the texts of which a match holds one; a plain search for them is a hundred times as fast.

A page is matched against some hundred signatures, nearly all in vain. Each pattern is parsed once for the longest
literal of each of its branches; a text with none of them is not searched. The parser of patterns is private to CPython
(`re._parser`): where it is missing, no pattern has literals and every text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

try:
    from re import _casefix as re_casefix  # type: ignore[attr-defined]
    from re import _constants as re_constants  # type: ignore[attr-defined]
    from re import _parser as re_parser  # type: ignore[attr-defined]

    HAS_PATTERN_PARSER = True
    _CASE_EQUIVALENTS = {letter: min(letter, *others) for letter, others in re_casefix._EXTRA_CASES.items()}
except (ImportError, AttributeError):  # pragma: no cover  a test fails where a new Python moves them
    HAS_PATTERN_PARSER = False
    _CASE_EQUIVALENTS = {}

MIN_LITERAL_BYTES = 3  # bytes of a literal worth searching for; two Chinese characters are rare enough


def required_literals(pattern: str) -> tuple[str, ...]:
    """Folded texts of which every match, ignoring case, holds one; empty when the pattern gives none."""
    alternatives = _choose_literals(re_parser.parse(pattern, re.I | re.S)) if HAS_PATTERN_PARSER else None
    return tuple(sorted(alternatives)) if alternatives else ()


def may_match(literals: Sequence[str], lowered: str) -> bool:
    """Whether a text, folded by `fold_case`, is worth searching."""
    for literal in literals:  # three times as fast as a generator, and called a hundred times a page
        if literal in lowered:
            return True
    return not literals


def fold_case(text: str) -> str:
    """A text for `may_match`: lower case, and one letter for all that `re` treats as equal when it ignores case."""
    return text.lower() if text.isascii() else text.translate(_DOTTED_I).lower().translate(_CASE_EQUIVALENTS)


_DOTTED_I = {ord("İ"): "i"}  # whose lower case is two letters


def _choose_literals(items: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """The most selective set of alternatives among the parts of a sequence."""
    options: list[set[str]] = []
    literal = ""
    for kind, value in items:
        if kind is re_constants.LITERAL:
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
    if kind is re_constants.SUBPATTERN:
        return _choose_literals(value[-1])
    if kind is re_constants.BRANCH:
        alternatives: set[str] = set()
        for branch in value[1]:
            best = _choose_literals(branch)
            if best is None:
                return None
            alternatives |= best
        return alternatives
    if kind in (re_constants.MAX_REPEAT, re_constants.MIN_REPEAT) and value[0] > 0:
        return _choose_literals(value[2])
    return None
