"""A pattern that is compiled at first use answers as `re.compile`'s."""

import re

import pytest

from cite_audit.lazy_pattern import compile_lazily


def test_text_and_flags() -> None:
    pattern = compile_lazily(r"(?P<word>note)s?", re.IGNORECASE)
    assert [match["word"] for match in pattern.finditer("Notes and a NOTE")] == ["Note", "NOTE"]
    assert (pattern.sub("-", "Notes"), pattern.pattern, pattern.groups) == ("-", "(?P<word>note)s?", 1)


def test_bytes() -> None:
    assert compile_lazily(rb"\s+").split(b"a  b") == [b"a", b"b"]


def test_a_fault_in_a_pattern_is_told_at_first_use() -> None:
    pattern = compile_lazily("(")
    with pytest.raises(re.error, match="unterminated"):
        pattern.search("")
