"""Whether a sentence says who says so, in each language that has a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.report.grading.attribution import attribute_sentence
from cite_audit.report.grading.languages import detect_language, detect_usual_language, load_languages

SENTENCES = Path(__file__).parent / "sentences"
TABLES = sorted(code for code, language in load_languages().items() if language.has_table)
ATTRIBUTED, PLAIN = "+ ", "- "


def _read_sentences(language: str) -> list[str]:
    return (SENTENCES / f"{language}.txt").read_text("utf-8").splitlines()


def _list_cases() -> Iterator[tuple[str, str, str]]:
    for language in TABLES:
        for line in _read_sentences(language):
            yield language, line[:2], line[2:]


@pytest.mark.parametrize("language", TABLES)
def test_every_table_is_tried_on_thirty_sentences(language: str) -> None:
    lines = _read_sentences(language)
    assert len(lines) >= 30
    assert sum(line.startswith(PLAIN) for line in lines) >= 10


@pytest.mark.parametrize(("language", "mark", "sentence"), list(_list_cases()))
def test_who_says_so_is_read_in_every_language(language: str, mark: str, sentence: str) -> None:
    attribution = attribute_sentence(sentence, language=language)
    assert (attribution.attributed_to in ("official", "outlet")) is (mark == ATTRIBUTED), attribution
    assert attribution.attributed_to == "no" or mark == ATTRIBUTED, attribution


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Sources said the depot had burned.", "en"),
        ("Someone said the depot had burned.", "en"),
        ("The depot was “destroyed at night”.", "en"),
        ("Источники сообщили, что склад сгорел.", "ru"),
        ("Джерела повідомили, що склад згорів.", "uk"),
        ("Quellen sagten, das Lager sei abgebrannt.", "de"),
        ("Alguien dijo que el depósito se quemó.", "es"),
        ("Źródła podały, że skład spłonął.", "pl"),
    ],
)
def test_a_speaker_who_is_nobody_is_left_to_a_person(sentence: str, language: str) -> None:
    assert attribute_sentence(sentence, language=language).attributed_to == "unsure"


@pytest.mark.parametrize(
    "sentence",
    [
        "ラブロフ外相は、会談が再開されると述べた。",
        "라브로프 외무장관은 회담이 재개될 것이라고 말했다.",
        "Ministr zahraničí uvedl, že se rozhovory obnoví.",
        "Ο υπουργός δήλωσε ότι οι συνομιλίες θα συνεχιστούν.",
        "Миністерот изјави дека разговорите ќе продолжат.",
    ],
)
def test_a_language_without_a_table_is_left_to_a_person(sentence: str) -> None:
    attribution = attribute_sentence(sentence)
    assert attribution.attributed_to == "unsure"
    assert attribution.unread


def _read_unread_sentences() -> dict[str, list[str]]:
    sentences: dict[str, list[str]] = {}
    for line in _read_sentences("unread"):
        code, _, sentence = line.split(" ", 2)
        sentences.setdefault(code, []).append(sentence)
    return sentences


@pytest.mark.parametrize("code", sorted(_read_unread_sentences()))
def test_a_report_in_a_language_without_a_table_is_never_charged(code: str) -> None:
    sentences = _read_unread_sentences()[code]
    usual = detect_usual_language(sentences)
    assert usual not in TABLES
    for sentence in sentences:
        attribution = attribute_sentence(sentence, language=usual)
        assert attribution.unread, (sentence, attribution)


@pytest.mark.parametrize(
    ("sentence", "usual", "code"),
    [
        ("Łukaszenka’s press office and the Kremlin denied that a łącznik was sent to them.", "en", "en"),
        ("Le pont sur la Dvina est fermé.", "en", "fr"),
        ("橋破壊", "ja", "ja"),
        ("TASS செய்தி நிறுவனம் இதை மறுத்தது.", "en", ""),
        ("Bron förstördes under natten.", "en", "sv"),
        ("Tanks entered Minsk.", "", ""),
        ("Tanks entered Minsk.", "en", "en"),
        ("Vifaru vitatu vilivuka daraja", "en", ""),
    ],
)
def test_a_language_is_told_by_its_words_and_against_its_letters(sentence: str, usual: str, code: str) -> None:
    assert detect_language(sentence, usual) == code


def test_terse_english_is_english() -> None:
    assert detect_usual_language(["Prior work finds effect 1.", "Prior work finds effect 2."] * 5) == "en"
    assert detect_usual_language(["Vifaru vitatu vilivuka daraja.", "Kiwanda kinatengeneza droni."] * 5) != "en"


LETTERS = {  # of the languages that their script alone tells
    "am": "ሀለ ሐመ",
    "bn": "অআ ইঈ",
    "el": "αβ γδ",
    "hi": "अआ इई",
    "hy": "աբ գդ",
    "ka": "აბ გდ",
    "ko": "가나 다라",
    "th": "กข คง",
}
UNREAD = sorted(code for code, language in load_languages().items() if not language.has_table)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(UNREAD), st.data(), st.sampled_from([*TABLES, ""]))
def test_no_language_without_a_table_is_ever_charged(code: str, data: st.DataObject, usual: str) -> None:
    """Sentences made of a language's own words and letters, in a report of any language."""
    shared = {word for other in TABLES for word in load_languages()[other].words}
    own = sorted(filter(str.isalpha, load_languages()[code].words - shared)) or LETTERS[code].split()
    words = data.draw(st.lists(st.sampled_from(own), min_size=3, max_size=9))
    attribution = attribute_sentence(" ".join(words) + ".", language=usual)
    assert (attribution.attributed_to, attribution.unread) == ("unsure", True), detect_language(" ".join(words), usual)


def test_a_sentence_is_read_in_its_own_language_not_the_reports() -> None:
    assert detect_language("Le ministre a déclaré que la mission serait prolongée.", "en") == "fr"
    assert attribute_sentence("Le ministre a déclaré que la mission serait prolongée.").attributed_to == "official"
    assert attribute_sentence("Les soldats ont quitté la ville dans la nuit.").attributed_to == "no"


@pytest.mark.parametrize(
    "quotation", ["“a step we will not take”", "„ein Schritt wie jeder andere“", "«шаг назад для всех нас»"]
)
def test_quotation_marks_of_every_custom_are_known(quotation: str) -> None:
    assert attribute_sentence(f"The paper of the union is {quotation}.").attributed_to == "official"


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The decree was signed by Lukashenko on Monday.", "official"),
        ("The vehicle passed inspection in Tula.", "no"),
        ("The army adopted a new rifle.", "no"),
        ("Zwei Häuser wurden bei dem Angriff zerstört.", "no"),
        ("We assessed the same in our March paper.", "unsure"),
        ("It was announced in December.", "unsure"),
        ("Работы идут согласно плану.", "unsure"),
    ],
)
def test_acts_of_state_count_and_look_alikes_do_not(sentence: str, speaker: str) -> None:
    assert attribute_sentence(sentence).attributed_to == speaker
