"""What is said of a sentence and its page: what stands there, and one rare question."""

from __future__ import annotations

from cite_audit.model import FactAnswer, PageFacts
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms
from cite_audit.resolve.judge.claims.answer import answer_for, match_page
from cite_audit.resolve.judge.claims.page_index import PageIndex

SENTENCE = "On 12 March Governor Petrenko told Reuters that Lozova had lost 4,200 houses."
RIGHT = (
    "Губернатор Петренко сообщил 12 марта, что в Лозовой разрушено 4200 домов. Об этом он рассказал агентству Рейтер. "
    + "Жители города получили воду, хлеб и одеяла, а дороги к утру были расчищены от снега. " * 6
)
WRONG = (
    "Совет порта решил, что рынок в Лозовой откроется летом; мэр Бриндла обещал Петренко и другим новые лодки. "
    + "Рыбаки вышли в море рано утром, погода стояла тихая, улов был невелик, цены не выросли. " * 6
)
WALL = "Подтвердите, что вы не робот. Включите куки и обновите страницу, чтобы продолжить чтение этого сайта. " * 8


def answer(page: str, others: list[str]) -> PageFacts:
    facts = extract_facts(SENTENCE, WordForms([SENTENCE, "Then Brindle and Petrenko met in Lozova."]), "en")
    names = extract_facts("So the Brindle port and the Petrenko road and Lozova.", WordForms([]), "en")
    everything = [*facts, *names]
    matches = [match_page(PageIndex(text), facts, "en", everything) for text in [page, *others]]
    return answer_for(facts, matches[0], matches[1:])


def russian(others: int) -> list[str]:
    filler = "Рыбаки вышли в море рано утром, погода стояла тихая, улов был невелик, цены на рынке не выросли. " * 8
    return [f"Новость номер {number + 40}. {filler}" for number in range(others)]


def test_a_page_in_another_script_mentions_the_facts_with_its_own_words() -> None:
    said = answer(RIGHT, russian(6))
    assert said.answer is FactAnswer.MENTIONS
    assert {found.fact.text for found in said.found} >= {"12 March", "4,200", "Reuters", "Lozova"}
    snippet = next(found for found in said.found if found.fact.text == "Lozova")
    assert snippet.snippet[snippet.start : snippet.end] == "Лозовой"


def test_a_page_that_seems_a_wall_tells_nothing() -> None:
    said = answer(WALL, russian(6))
    assert said.answer is FactAnswer.CANNOT_TELL
    assert "wall" in said.reason


def test_few_pages_to_compare_with_raise_no_question() -> None:
    assert answer(WRONG, russian(3)).answer is not FactAnswer.NONE


def test_what_the_page_mentions_ends_the_question() -> None:
    assert answer(WRONG, russian(6)).answer is FactAnswer.MENTIONS
