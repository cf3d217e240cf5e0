"""What counts as a fact of a sentence."""

from __future__ import annotations

from cite_audit.model import FactKind
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms


def facts_of(sentence: str, *others: str) -> dict[str, FactKind]:
    return {fact.text: fact.kind for fact in extract_facts(sentence, WordForms([sentence, *others]), "en")}


def test_names_numbers_days_and_quotations_are_facts() -> None:
    found = facts_of(
        "On 14 September 2020 Minister Ortega told NATO that 4.2 million people, or 91%, had “nothing to eat or drink”."
    )
    assert found["14 September 2020"] is FactKind.DATE
    assert found["4.2 million"] is FactKind.NUMBER
    assert found["91"] is FactKind.PERCENTAGE
    assert found["NATO"] is FactKind.ACRONYM
    assert found["nothing to eat or drink"] is FactKind.QUOTATION
    assert any("Ortega" in text for text in found)


def test_a_word_at_the_start_is_a_name_where_the_report_shows_it() -> None:
    assert "Lozova" in facts_of("Lozova was shelled.", "The town of Lozova fell.")
    assert facts_of("Shelling went on.", "The shelling was heavy.") == {}


def test_a_conversion_in_brackets_and_a_small_number_are_no_facts() -> None:
    found = facts_of("It cost 5,000 rubles ($54) and took 2 days.")
    assert set(found) == {"5,000"}


def test_a_headline_with_capitals_everywhere_shows_no_names() -> None:
    assert FactKind.NAME not in facts_of("Council Takes Hard Look At Closing Five Village Schools Again").values()
