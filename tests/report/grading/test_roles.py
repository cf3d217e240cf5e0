"""What a citation is used for, and the rule that says so."""

import pytest

from cite_audit.report.grading import collect_basis
from cite_audit.report.grading.attribution import attribute_sentence
from tests.report.grading.made import HAPPENED, SAID, report, source

ATTRIBUTED = [
    "Lukashenko said that the bridge was open.",
    "The ministry confirmed the visit of its delegation.",
    "According to the spokesman, nobody was hurt.",
    "The bridge was open, the prime minister added.",
    "He denied having signed the paper.",
    "The paper is “a step towards a common market and nothing else”.",
    "Said the president: nothing was signed.",
    "Министр заявил, что мост открыт.",
    "По словам министра, мост открыт.",
]
PLAIN = [
    "The bridge was opened on Tuesday.",
    "Troops moved to the border in a claimed response to a build-up.",
    "The meeting lasted four hours.",
    "Both bodies are known vehicles of integration.",
]
DOUBTFUL = [
    "",
    "The signing was reported in December.",
    "They will reportedly meet in a fortnight.",
    "The visit follows his accusations of last week.",
]


@pytest.mark.parametrize("sentence", ATTRIBUTED)
def test_a_sentence_that_says_who_says_so_is_attributed(sentence: str) -> None:
    assert attribute_sentence(sentence).attributed_to == "official"


@pytest.mark.parametrize("sentence", PLAIN)
def test_a_plain_statement_of_fact_is_not(sentence: str) -> None:
    assert attribute_sentence(sentence).attributed_to == "no"


@pytest.mark.parametrize("sentence", DOUBTFUL)
def test_doubt_is_left_to_a_person(sentence: str) -> None:
    notes = collect_basis(
        report([["state-1"]], sentence), {}, {"https://state-1.example/1": source("https://state-1.example/1")}
    )
    role = notes.role_of(notes.claims[0], "https://state-1.example/1")
    assert role.name == "needs_review"
    assert notes.measures["state_media_only_unattributed"].value == 0


def test_a_newsroom_named_as_the_speaker_is_told_apart() -> None:
    assert attribute_sentence("BelTA reported that the bridge was open.").attributed_to == "outlet"
    assert attribute_sentence("State media said that the bridge was open.").attributed_to == "outlet"


def _role(name: str, sentence: str, overrides: dict[str, str] | None = None, text: str = "") -> tuple[str, str]:
    address = f"https://{name}.example/1"
    found = collect_basis(report([[name]], sentence, text=text), {}, {address: source(address)}, overrides=overrides)
    role = found.role_of(found.claims[0], address)
    return role.name, role.sentence


def test_roles_follow_group_and_sentence() -> None:
    assert _role("official-1", HAPPENED)[0] == "official_statement"
    assert _role("state-1", SAID) == ("official_statement", SAID)
    assert _role("state-1", HAPPENED) == ("state_media_report", HAPPENED)
    assert _role("covert-1", SAID)[0] == "state_media_report"
    assert _role("western-1", HAPPENED)[0] == "press_report"
    assert _role("channel-1", SAID)[0] == "social_report"


@pytest.mark.parametrize("name", ["note 1", "https://state-1.example/1", "state-1.example"])
def test_a_role_can_be_set_in_the_configuration(name: str) -> None:
    assert _role("state-1", HAPPENED, {name: "official_statement"})[0] == "official_statement"


def test_a_role_can_be_set_in_the_note() -> None:
    text = "tass <!-- cite-audit: role[official_statement] -->"
    assert _role("state-1", HAPPENED, text=text)[0] == "official_statement"


def test_a_role_lifts_a_channel_and_an_unknown_word_gives_none() -> None:
    def social_share(text: str) -> float:
        address = "https://channel-1.example/1"
        basis = collect_basis(report([["channel-1"]], HAPPENED, text=text), {}, {address: source(address)})
        return basis.measures["social_only"].value

    assert social_share("") == 1.0
    assert social_share("<!-- cite-audit: role[official_statement] -->") == 0.0
    assert social_share("<!-- cite-audit: role[no_such_role] -->") == 1.0


def test_footage_is_evidence_and_stands_alone_once_its_place_is_verified() -> None:
    address = "https://channel-1.example/1"
    plain = "<!-- cite-audit: role[footage] poster[@ann] uploaded[2025-05-12] -->"
    verified = "<!-- cite-audit: role[footage] poster[@ann] place[48.28, 37.18] verified[geoconfirmed.org] -->"
    results = {}
    for text in (plain, verified):
        basis = collect_basis(report([["channel-1"]], HAPPENED, text=text), {}, {address: source(address)})
        role = basis.role_of(basis.claims[0], address)
        results[role.name] = (basis.measures["social_only"].value, basis.measures["single_publisher"].value)
        assert dict(role.facts or {})["poster"] == "@ann"
    assert results == {"footage": (0.0, 1.0), "geolocation": (0.0, 0.0)}
