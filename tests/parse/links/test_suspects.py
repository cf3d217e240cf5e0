"""Likely misreadings are proposed, never applied."""

from __future__ import annotations

from cite_audit.parse.links.scan import scan_links
from cite_audit.parse.links.suspects import add_suspects


def suggestions(text: str) -> list[list[str]]:
    found = scan_links(text)
    before = [one.url for one in found]
    add_suspects(found)
    assert [one.url for one in found] == before
    return [[one.suggested_url for one in each.suspects] for each in found]


def test_an_unknown_section_of_a_known_site() -> None:
    text = "http://www.understandingwar.org/backgroundunder/x http://www.understandingwar.org/backgrounder/y"
    assert suggestions(text) == [
        ["http://www.understandingwar.org/backgrounder/x"], [],
    ]  # fmt: skip


def test_a_letter_in_an_article_number() -> None:
    assert suggestions("https://www.reuters.com/article/a/b-idUSKBN1Y9iDU") == [
        ["https://www.reuters.com/article/a/b-idUSKBN1Y91DU"]
    ]


def test_twins_that_differ_in_a_confusable_character() -> None:
    text = (
        "https://interfax.by/news/policy/vneshnyaya-politika/1/ https://interfax.by/news/policy/vneshnyaya_politika/1/"
    )
    assert suggestions(text) == [[text.split()[1]], [text.split()[0]]]


def test_neighbouring_numbers_are_other_pages() -> None:
    assert suggestions(
        "https://t.me/nexta_live/10311 https://t.me/nexta_live/10310 https://a.by/content/id/4308361"
    ) == [[], [], []]


def test_a_shortened_address_is_flagged_and_its_whole_form_found() -> None:
    text = (
        "https://a.com/news/how-suspend-works-under-linux https://a.com/news/how-suspe...under-linux https://a.com/b…"
    )
    assert suggestions(text) == [[], ["https://a.com/news/how-suspend-works-under-linux"], [""]]


def test_schemes_and_last_slashes_are_no_misprints() -> None:
    text = "http://a.com/review-of-research/1905 https://a.com/review-of-research/1905/ https://www.a.com/review-of-research/1905"
    assert suggestions(text) == [[], [], []]


def test_dots_in_a_path_are_a_shortening_but_not_in_a_bibcode_or_a_frame() -> None:
    text = "http://a.gov/.../Paper.pdf https://ads.org/abs/1998PNAS...95.9047M <https://a.com/how-suspe...linux>"
    assert suggestions(text) == [[""], [], []]
