"""The quick search never hides a match of the patterns it stands before."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.resolve.judge.literals import lower, may_match, needed
from cite_audit.resolve.judge.marks import table

PATTERNS = sorted({mark.pattern.pattern for mark in chain(*map(table, ("walls", "gates", "parked"))) if mark.literals})


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_whatever_a_signature_matches_is_searched(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    try:
        text = data.draw(st.from_regex(re.compile(pattern, re.I | re.S)))
    except Exception:  # hypothesis cannot write an example for every construct
        return
    assert may_match(needed(pattern), lower(text))


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("captcha-delivery\\.com", ("captcha-delivery.com",)),
        ("^(?:just a moment|checking)\\b", ("checking", "just a moment")),
        ("a.{0,9}reference #\\d+", ("reference #",)),
        ("(?:optional text)?x", ()),
        ("\\d+", ()),
        ("Hello|x", ()),
    ],
)
def test_what_a_pattern_needs(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed(pattern) == literals


def test_a_text_without_the_literal_is_not_searched() -> None:
    assert not may_match(needed("captcha-delivery\\.com"), lower("<p>An ordinary page</p>"))
    assert may_match(needed("captcha-delivery\\.com"), lower("src='//geo.CAPTCHA-Delivery.com/x'"))
