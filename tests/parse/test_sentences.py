"""Which sentence a marker belongs to, as an editor would cut it. `@` stands for the marker in question."""

from __future__ import annotations

import pytest

from cite_audit.parse.sentences import Sentences


def sentence_of(text: str, marker: str = "[7]", *, wrapped: bool = True) -> str:
    place = text.index("@")
    printed = text.replace("@", marker)
    return Sentences(printed, has_wrapped_lines=wrapped).sentence_at(place, place + len(marker))


@pytest.mark.parametrize(("text", "expected"), [
    # before and behind the stop, in the middle, several at once
    ("The mill burned. It stood empty.@ Then it rained.", "It stood empty."),
    ("The mill burned. It stood empty@. Then it rained.", "It stood empty."),
    ("The mill burned. It stood empty. @ Then it rained.", "It stood empty."),
    ("The mill burned.[1][2] It stood,@ as all said, empty.[8] Then it rained.", "It stood, as all said, empty."),
    ("The mill burned.[1] [2]@ It stood empty.", "The mill burned."),
    ("The mill burned.[citation needed] It stood empty.@", "It stood empty."),
    ("The mill burned. @ shows that it stood empty. Then it rained.", "shows that it stood empty."),
    ("The mill burned.³ It stood empty.@ Then it rained.", "It stood empty."),
    ("The mill burned.3 It stood empty.@ Then it rained.", "It stood empty."),
    ("The mill burned.<sup id=\"r3\"><a href=\"#n3\">3</a></sup> It stood empty.@", "It stood empty."),
    ("The mill burned.[³][⁴] It stood empty.@", "It stood empty."),
    ("(It burned, “all of it.”@) It stood empty.", "(It burned, “all of it.”)"),
    # after quotes
    ("He said: “It burned.”@ Then it rained.", "He said: “It burned.”"),
    ("“Did it burn?” he asked.@ Nobody knew.", "“Did it burn?” he asked."),
    ("Er sagte: „Sie brannte.“@ Dann kam Regen.", "Er sagte: „Sie brannte.“"),
    ("Он сказал: «Сгорела!»@ Потом шёл дождь.", "Он сказал: «Сгорела!»"),
    # abbreviations, initials, ordinals, decimals, ellipses
    ("It rained. Dr. Ames of St. Neots, e.g. in No. 5, met J. R. Vane of the U.S. Army.@", None),
    ("It rained. The line (see Fig. 3, p. 14) cost 4.2 million, i.e. too much.@", None),
    ("It rained. The firm, Brindle Inc., met at 9 a.m. with Col. Vane… and left.@", None),
    ("Он спал. В 2020 г. Лозовая, т.е. город, и ул. Мира, д. 5, стоили 4,2 млн руб. Мэр молчал.@",
     "В 2020 г. Лозовая, т.е. город, и ул. Мира, д. 5, стоили 4,2 млн руб. Мэр молчал."),
    ("Она спит. Губернатор А. С. Петров и др. жители уехали.@", "Губернатор А. С. Петров и др. жители уехали."),
    ("Були хати, сади і т.д. Потім мешканці вул. Садової пішли.@", "Потім мешканці вул. Садової пішли."),
    ("Es regnete. Am 12. März, z.B. in Brindel, sank im 19. Jahrhundert der Pegel um 3.5 m.@", None),
    ("Es regnete. Herr Dr. Vane zahlte bzw. lieh ca. 40 Mark.@ Er?", "Herr Dr. Vane zahlte bzw. lieh ca. 40 Mark."),
    ("Il pleut. M. Vane et Mme. Ames ont vu le no. 5.@ Ils partent.", "M. Vane et Mme. Ames ont vu le no. 5."),
    ("It burned in 1990. The 14 people left.@", "The 14 people left."),
    ("It burned... Nobody knew.@", "Nobody knew."),
    ("The search engines (Yahoo! and others) knew.@ It rained.", "The search engines (Yahoo! and others) knew."),
    # other stops
    ("磨坊烧了。它空着。@后来下雨。", "它空着。"),
    ("磨坊烧了。它空着@。后来下雨。", "它空着。"),
    ("他说：“磨坊烧了。”@后来下雨。", "他说：“磨坊烧了。”"),
    ("احترقت المطحنة. هل بقيت فارغة؟@ ثم هطل المطر.", "هل بقيت فارغة؟"),
    ("آسیاب سوخت. خالی ماند.@ سپس باران آمد.", "خالی ماند."),
    ("הטחנה נשרפה. היא עמדה ריקה.@ אחר כך ירד גשם.", "היא עמדה ריקה."),
    # lists, tables, headings, lines of a page
    ("Three things:\n- the mill@\n- the port", "the mill"),
    ("Three things:\n1. The mill burned@\n2. The port froze", "The mill burned"),
    ("| town | dead |\n|---|---|\n| Brindle | 14@ |\n| Lozova | 20 |\n", "Brindle | 14"),
    ("## The mill of Brindle@\nIt stood empty.", "The mill of Brindle"),
    ("It rained. The mill\nburned@ and was\nlost. All left.", "The mill burned and was lost."),
    ("It stood empty.\n\n@\n\nThen it rained.", "It stood empty."),
    ("It rained.\n\nThe [mill](https://a.example/1) of [Vane] burned.@", "The mill of [Vane] burned."),
])  # fmt: skip
def test_a_marker_belongs_to_its_sentence(text: str, expected: str | None) -> None:
    whole = text.partition(". ")[2].replace("@", "")
    assert sentence_of(text) == (whole if expected is None else expected)


def test_a_line_of_a_web_page_or_an_office_file_is_no_wrapped_line() -> None:
    text = "The mill@ of Brindle\nThe port of Lozova\nand its road"
    assert sentence_of(text, wrapped=False) == "The mill of Brindle"
    assert (
        sentence_of("The mill\nThe port@ of Lozova\nand its road", wrapped=False) == "The port of Lozova and its road"
    )


def test_a_link_that_begins_a_sentence_belongs_to_it() -> None:
    text = "The mill burned. The Herald doubted it. All left."
    place = text.index("The Herald")
    assert Sentences(text).sentence_at(place, place + 10) == "The Herald doubted it."
    second = "It rained.\n\nThe Herald doubted it."
    assert Sentences(second).sentence_at(12, 22) == "The Herald doubted it."


@pytest.mark.parametrize("printed", [
    "https://a.example/the-mill",
    "https://mill((.))example/fire",
    "hxxps://mill(.)example/fire ; http://port[.]example/log, www.port.example/quay.",
    "https://mill dot example/fire; https://www.port dot co dot example/log",
    "mill[.]example/fire | port((.))example",
    "https://mill\\(.\\)example/fire 2019–2020",
])  # fmt: skip
def test_addresses_alone_are_no_sentence(printed: str) -> None:
    text = f"Sources:\n\n- {printed}\n"
    place = text.index(printed)
    assert Sentences(text).sentence_at(place, place + 1) == ""


@pytest.mark.parametrize("printed", [
    "Fire: https://mill((.))example/fire",
    "https://mill dot example/fire burned",
    "hxxps://mill[.]example/fire, mill(.)example and others",
    "mill[.]example/fire burned",
    "www.mill.example dot",
    "The mill(.) burned",
    "Feuer www.mill.example",
    "x https://mill.example",
    "磨坊 https://mill((.))example/fire",
])  # fmt: skip
def test_a_word_beside_addresses_makes_a_sentence(printed: str) -> None:
    assert Sentences(printed).sentence_at(0, 1) == printed


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n", "\n\n\n\n", "\r\n\r\n\r\n\r\n"])
def test_a_marker_on_a_line_of_its_own_belongs_to_the_sentence_above_the_blank_lines(gap: str) -> None:
    text = f"The bridge was shut. The ferry ran at night.{gap}[3]{gap}Nobody was hurt."
    place = text.index("[3]")
    assert Sentences(text).sentence_at(place, place + 3) == "The ferry ran at night."


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_heading_is_a_paragraph_of_its_own_also_at_the_start_of_a_text(wrapped: bool) -> None:
    text = "# The crossing\nThe ferry ran at night.[3]\n## The bridge\nIt was shut.[4]\n"
    sentences = Sentences(text, has_wrapped_lines=wrapped)
    assert [sentences.sentence_at(place, place + 3) for place in map(text.index, ("[3]", "[4]"))] == [
        "The ferry ran at night.",
        "It was shut.",
    ]


@pytest.mark.parametrize("text", [
    "Ships came in.[1] [2] They left again, see https://port.test/log; [the log](https://port.example/b). Rain.",
    "  <https://port.example/a> stood open. [3](https://port.example/c) 12 ships left.\n\n[4]\n\nNone. ^[Ann.]",
])  # fmt: skip
def test_a_sentence_does_not_depend_on_what_was_asked_before(text: str) -> None:
    asked_in_order = Sentences(text)
    for start in range(len(text)):
        assert asked_in_order.sentence_at(start, start + 1) == Sentences(text).sentence_at(start, start + 1)


def test_a_long_run_of_markers_in_brackets_comes_to_an_end() -> None:
    """`[i]` is a numeral and a letter: patterns that try both ways for each of them never end."""
    text = "The mill burned.\n\n" + "[i]" * 60 + " It stood empty."
    assert Sentences(text, has_wrapped_lines=False).sentence_at(18, 21) == "It stood empty."


def test_an_address_in_angles_is_no_tag() -> None:
    text = "The <b>port</b> opens in May <https://a.example.org/x> again.@"
    assert sentence_of(text) == "The port opens in May <https://a.example.org/x> again."
