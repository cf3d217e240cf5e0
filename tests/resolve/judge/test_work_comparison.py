"""Titles and authors that notes print, beside pages: right pairs in all their forms, and wrong ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cite_audit.model import CitedWork, OtherWork, Probe
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.stated_work import read_page_work, read_registry_record
from cite_audit.resolve.judge.work_comparison import compare_page, compare_record

URL = "https://herald.example/news/4711"
TEXT = (
    "The ferry to the northern islands will stop for the winter, the council said on Monday. Ships of the line "
    "have carried passengers and mail since 1931, and the harbour of the main island is the only one that stays "
    "free of ice. The council wants to repair both ships in the yard at the mouth of the river, and expects them "
    "back in April. Residents told the Herald that they had not been asked. “We shall have to fly, or stay,” said "
    "Ingrid Halvorsen, who runs the shop at the pier. The mayor, Per Lund, promised flights at the price of the "
    "ferry for those who live there, but could not say when they would begin. The company that owns the ships did "
    "not wish to comment on the decision."
)
GERMAN = (
    "Die Fähre zu den nördlichen Inseln wird im Winter eingestellt, teilte der Rat am Montag mit. Die Schiffe der "
    "Linie haben seit 1931 Reisende und Post befördert, und der Hafen der Hauptinsel ist der einzige, der eisfrei "
    "bleibt. Der Rat will beide Schiffe in der Werft an der Mündung des Flusses reparieren lassen und erwartet "
    "sie im April zurück. Die Bewohner sagten, dass sie nicht gefragt worden sind. Wir werden fliegen müssen oder "
    "bleiben, sagte Ingrid Halvorsen, die den Laden am Pier führt. Der Bürgermeister versprach Flüge zum Preis "
    "der Fähre für alle, die dort wohnen, konnte aber nicht sagen, wann sie beginnen werden. Die Reederei wollte "
    "sich zu dem Beschluss nicht äußern."
)
RUSSIAN = (
    "Паром на северные острова зимой ходить не будет, сообщил в понедельник совет. Суда линии возили пассажиров и "
    "почту с 1931 года, и гавань главного острова единственная, которая не замерзает. Совет хочет отремонтировать "
    "оба судна на верфи в устье реки и ждет их обратно в апреле. Жители сказали, что их не спросили. Придется "
    "летать или остаться, сказала Ингрид Халворсен, которая держит магазин на пристани. Мэр Пер Лунд обещал рейсы "
    "по цене парома для тех, кто там живет, но не смог сказать, когда они начнутся. Компания, которой принадлежат "
    "суда, решение не комментировала. "
) * 2


def _page(
    title: str = "Ferry to the northern islands stops for the winter", text: str = TEXT, head: str = "", lang: str = ""
) -> WebPage:
    declared = f' lang="{lang}"' if lang else ""
    body = f"<html{declared}><head><title>{title} | The Herald</title>{head}</head><h1>{title}</h1><p>{text}</p></html>"
    return WebPage(
        Probe(
            URL,
            datetime(2026, 3, 1, tzinfo=UTC),
            status=200,
            headers=(("content-type", "text/html"),),
            body=body.encode(),
        )
    )


def _compare(cited: CitedWork, page: WebPage, url: str = URL, language: str = "") -> OtherWork | None:
    return compare_page(cited, read_page_work(page), url, "the page", language)


_GRAPH = '{"@graph":[{"@type":"NewsArticle","headline":"Wie der Rat entschied"}]}'
_LINKED = f'<script type="application/ld+json">{_GRAPH}</script>'


@pytest.mark.parametrize(
    ("title", "page"),
    [
        ("Ferry to the northern islands stops for the winter", _page()),
        ("Ferry to the Northern Islands Stops for the Winter – The Herald", _page()),
        ("Ferry to the northern islands stops", _page()),
        ("FERRY TO NORTHERN ISLANDS STOPS FOR THE WINTER: residents were not asked", _page()),
        ("Council stops the ferry in winter for repair of both ships", _page("Islanders are angry")),  # a new headline
        ("The council and the company: who stays on the pier", _page("Islanders are angry")),  # its words are there
        ("We shall have to fly, or stay", _page("Islanders are angry")),  # a quotation
        ("Wie der Rat entschied", _page("Islanders are angry", head=_LINKED)),
        ("The ministry on the bridge that storms destroyed", _page(text="Too short to tell.")),
        ("Northern Ferry", _page("Islanders are angry")),  # two words tell nothing
        ("The ministry on destroyed bridges and on roads", _page("Die Fähre wird eingestellt", GERMAN)),  # translated
        ("The ministry on the bridge that storms destroyed", _page("Паром ходить не будет", RUSSIAN)),
        ("Паром на северные острова зимой ходить не будет", _page()),  # the English edition
        ("Die Brücke wurde in der Nacht zerstört", _page("Islanders are angry")),
    ],
)
def test_right_pairs_are_left_alone(title: str, page: WebPage) -> None:
    assert _compare(CitedWork(title), page) is None
    assert _compare(CitedWork(title), page, language="en") is None


def test_the_address_may_hold_the_headline_that_was() -> None:
    cited = CitedWork("The ministry on the bridge that storms destroyed")
    url = "https://herald.example/news/ministry-on-bridge-storms-destroyed"
    assert _compare(cited, _page("Islanders are angry"), url) is None
    assert _compare(cited, _page("Islanders are angry")) is not None


def test_a_page_that_names_the_author_is_the_work() -> None:
    cited = CitedWork("The ministry on the bridge that storms destroyed", ("Ingrid Halvorsen",))
    assert _compare(cited, _page()) is None
    transliterated = CitedWork("Министерство не сказало, когда построит мост на реке", ("Ingrid Khalvorsen",))
    assert _compare(transliterated, _page("Паром ходить не будет", RUSSIAN)) is None


@pytest.mark.parametrize(
    ("title", "page", "shown"),
    [
        (
            "The ministry on the bridge that storms destroyed",
            _page(),
            "Ferry to the northern islands stops for the winter",
        ),
        (
            "Министерство не сказало, когда построит мост на реке",
            _page("Паром ходить не будет", RUSSIAN),
            "Паром ходить не будет",
        ),
        ("Das Ministerium erklärt die Zerstörung der Brücke", _page("Die Fähre", GERMAN), "Die Fähre"),
    ],
)
def test_another_work_is_told_with_both_titles(title: str, page: WebPage, shown: str) -> None:
    cited = CitedWork(title, ("Ann Lee",))
    assert _compare(cited, page) == OtherWork(cited=cited, differs="title", shown=shown, seen_in="the page")


def test_a_title_without_little_words_is_compared_where_note_and_page_declare_one_language() -> None:
    cited = CitedWork("Ministry explains bridge destruction")
    assert _compare(cited, _page(lang="en")) is None
    assert _compare(cited, _page(lang="de"), language="en") is None
    assert _compare(cited, _page(lang="en"), language="en") is not None


def _record(title: str, *authors: tuple[str, str]) -> str:
    people = [{"given": given, "family": family} for given, family in authors]
    return json.dumps({"title": title, "author": people, "container-title": "Nature Communications"})


TITLE = "Seasonal ice and the ferries of the northern islands"


@pytest.mark.parametrize(
    ("cited", "record", "differs"),
    [
        (CitedWork(TITLE, ("Ann Lee",)), _record(TITLE, ("A.", "Lee"), ("B.", "Kim")), ""),
        (CitedWork(TITLE, ("Lee, Ann",)), _record("Another title of the same paper", ("A.", "Lee")), ""),
        (CitedWork(TITLE), _record(f"{TITLE}: a survey of eighty winters", ("A.", "Lee")), ""),
        (CitedWork(TITLE, ("Nature Communications",)), _record(TITLE, ("A.", "Lee")), ""),
        (CitedWork(TITLE, ("Zoran Đorđević",)), _record(TITLE, ("Z.", "Dordevic")), ""),
        (CitedWork(TITLE, ("Igor Petrov",)), _record("Сезонный лед и паромы", ("Игорь", "Петров")), ""),
        (CitedWork("Losses of grain in the spring", ()), _record("Ertragsverluste bei Getreide", ("A.", "Lee")), ""),
        (CitedWork(TITLE, ("Ann Lee",)), _record("Quantum dots in the cortex of the rat", ("B.", "Kim")), "title"),
        (CitedWork(TITLE), _record("Quantum dots and the cortex", ("B.", "Kim")), "title"),
        (CitedWork(TITLE, ("Ann Lee",)), _record(TITLE, ("B.", "Kim")), "authors"),
    ],
)
def test_records_of_a_registry(cited: CitedWork, record: str, differs: str) -> None:
    stated = read_registry_record(record)
    assert stated is not None
    told = compare_record(cited, stated)
    assert (told.differs if told else "") == differs


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"author": []}', '{"title": 3}'])
def test_what_is_no_record_tells_nothing(text: str) -> None:
    assert read_registry_record(text) is None
