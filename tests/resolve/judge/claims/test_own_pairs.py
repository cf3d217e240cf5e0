"""Sentences and pages of our own prose in eight languages: no question on a right page, one on each wrong page."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from cite_audit.model import Fact, FactAnswer, PageFacts
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms
from cite_audit.resolve.judge.claims.answer import answer_for, match_page
from cite_audit.resolve.judge.claims.page_index import PageIndex

FOLDER = Path(__file__).parents[4] / "fixtures" / "claims"
PAIRS = [json.loads(line) for line in (FOLDER / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
FORMS = WordForms(pair["sentence"] for pair in PAIRS)
REPEATS = 3  # a page of a fixture is a paragraph: repeated it is long enough to say no


@lru_cache(maxsize=1)
def all_facts() -> list[Fact]:
    facts = (fact for pair in PAIRS for fact in extract_facts(pair["sentence"], FORMS, "en"))
    return list({fact.key: fact for fact in facts}.values())


def answer(pair: dict[str, str]) -> PageFacts:
    """As in a run with four other pages in the language that speak of nothing of the report."""
    facts = extract_facts(pair["sentence"], FORMS, "en")
    page = match_page(PageIndex(pair["page"] * REPEATS), facts, "en", all_facts())
    blank = match_page(PageIndex(""), (), "en", ())
    return answer_for(facts, page, [blank] * 4)


def pairs_labelled(label: str) -> list[Any]:
    return [
        pytest.param(pair, id=f"{pair['language']}-{number}")
        for number, pair in enumerate(PAIRS)
        if pair["label"] == label
    ]


@pytest.mark.parametrize("pair", [*pairs_labelled("right"), *pairs_labelled("partly")])
def test_a_right_page_raises_no_question(pair: dict[str, str]) -> None:
    assert answer(pair).answer is FactAnswer.MENTIONS


@pytest.mark.parametrize("pair", pairs_labelled("right"))
def test_most_facts_stand_on_a_right_page(pair: dict[str, str]) -> None:
    said = answer(pair)
    assert len(said.missing) <= 1, [fact.text for fact in said.missing]


@pytest.mark.parametrize("pair", pairs_labelled("wrong"))
def test_a_wrong_page_is_asked_about(pair: dict[str, str]) -> None:
    assert answer(pair).answer is FactAnswer.NONE
