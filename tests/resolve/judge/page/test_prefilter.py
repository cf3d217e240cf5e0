"""The quick search never hides a match of the patterns it stands before."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.resolve.judge.page.prefilter import HAS_PATTERN_PARSER, fold_case, may_match, required_literals
from cite_audit.resolve.judge.signs.signatures import SignatureTable, load_signatures

PATTERNS = sorted({mark.pattern.pattern for mark in chain(*map(load_signatures, SignatureTable)) if mark.literals})


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_whatever_a_signature_matches_is_searched(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    try:
        text = data.draw(st.from_regex(re.compile(pattern, re.I | re.S)))
    except Exception:  # hypothesis cannot write an example for every construct
        return
    assert may_match(required_literals(pattern), fold_case(text))


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
    assert required_literals(pattern) == literals


def test_a_text_without_the_literal_is_not_searched() -> None:
    assert not may_match(required_literals("captcha-delivery\\.com"), fold_case("<p>An ordinary page</p>"))
    assert may_match(required_literals("captcha-delivery\\.com"), fold_case("src='//geo.CAPTCHA-Delivery.com/x'"))


def test_this_python_has_the_pattern_parser() -> None:
    """Without it every page is searched for every signature, which is right and slow: adapt `prefilter`."""
    assert HAS_PATTERN_PARSER
