"""What a long page says behind its opening counts as what it says before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.model import Probe
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.signs.home_page import is_site_name

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SENTENCE = "The harbour master of the lower town counted eleven barges before the ice closed the river. "


def read(body: str, *, head: str = "<title>Ice on the river</title>") -> WebPage:
    text = f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    fields = (("content-type", "text/html"),)
    return WebPage(
        Probe(
            "http://a.test/2019/05/ice",
            NOW,
            status=200,
            final_url="http://a.test/2019/05/ice",
            headers=fields,
            body=text.encode(),
        )
    )


def prose(kilobytes: int) -> str:
    return f"<p>{SENTENCE * 5}</p>\n" * (kilobytes * 1000 // (5 * len(SENTENCE)))


@pytest.mark.parametrize("mark", ["h1", "H1"])
def test_a_second_heading_behind_the_opening(mark: str) -> None:
    page = read(f"<h1>Ice</h1>{prose(60)}<{mark}>Barges</{mark}>{prose(5)}")
    assert page.h1_texts == ("Ice", "Barges")
    assert page.headings == ("Ice on the river", "Ice", "Barges")


def test_a_heading_that_the_opening_cuts() -> None:
    page = read(f"<h1>Ice <svg>{'<path d=x></path>' * 3000}</svg> on the river</h1>{prose(60)}")
    assert page.h1_texts == ("Ice on the river",)


def test_the_only_heading_behind_the_opening() -> None:
    page = read(f"{prose(60)}<h2>Barges</h2>{prose(5)}")
    assert page.headings == ("Ice on the river", "Barges")


def test_marks_behind_the_opening() -> None:
    link = '<link rel="canonical" href="/ice"><META name="robots" content="noindex">'
    page = read(f"<h1>Ice</h1>{prose(60)}{link}<form><INPUT type=password></form>")
    assert (page.canonical_url, page.has_noindex, page.has_password_field) == ("http://a.test/ice", True, True)


def test_words_are_counted_as_far_as_they_are_asked_for() -> None:
    page = read(f"<h1>Ice</h1>{'<div hidden>' + prose(30) + '</div>'}<p>{'word ' * 300}</p>{'<br>' * 9000}")
    assert page.has_words(301)
    assert not page.has_words(302)
    assert page.word_count == 301


@pytest.mark.parametrize("words", [10, 190])
def test_words_of_a_player_are_no_words_of_a_short_page(words: int) -> None:
    player = f"<video>{'Your browser plays no films. ' * 10}</video>"
    page = read(f"<h1>Ice</h1>{player}<p>{'word ' * words}</p>{'<img src=a.png>' * 4000}")
    assert page.has_words(words + 1)
    assert not page.has_words(words + 2)


def test_an_article_that_begins_behind_the_opening() -> None:
    menu = "".join(f"<a href=/s/{number}><img src={number}.png></a>" for number in range(1500))
    page = read(f"<h1>Ice</h1>{menu}<article>{prose(4)}</article>{menu}")
    assert page.is_article
    assert page.has_main_words(120)


def test_a_notice_behind_a_long_menu() -> None:
    menu = "".join(f"<a href=/s/{number}><img src={number}.png></a>" for number in range(600))
    page = read(f"<h1>Herald</h1>{menu}<p>Sorry, the article was not found.</p>{menu}{menu}")
    assert "Sorry, the article was not found." in page.notices


@pytest.mark.parametrize("kilobytes", [2, 40])
def test_a_notice_and_an_article_behind_long_scripts(kilobytes: int) -> None:
    script = f"<script>{'var i=1;' * (kilobytes * 125)}</script>"
    assert read(f"{script}<p>Sorry, the article was not found.</p>{script * 3}").notices == (
        "Sorry, the article was not found.",
    )
    page = read(f"<h1>Ice</h1>{script}{prose(30)}{script}{prose(60)}")
    assert page.shows_words(480)
    assert page.h1_texts == ("Ice",)


def test_a_script_that_never_ends_hides_what_follows() -> None:
    page = read(f"<h1>Ice</h1><script>{prose(60)}")
    assert page.visible_text == "Ice"


def test_block_borders_are_marked_outside_scripts_alone() -> None:
    page = read('<div>Ice</div><div>barges</div><script>var a="<p>x</p>";</script><div>river</div><SCRIPT>1</SCRIPT>')
    assert page.visible_text == "Ice barges river"
    assert '"<p>x</p>"' in page.source


@pytest.mark.parametrize(
    "end",
    [
        '<p><a href="/">The Quay</a></p>',
        "<a href=/ class=x>The Quay</a>",
        f"<p>{SENTENCE * 7}</p><footer>© 2019 The Quay.</footer>",
        f"<p>{SENTENCE * 7}</p><script>{'f(1);' * 9000}</script><footer>© 2019 The Quay.</footer>",
        f"<footer>&copy; 2019 The Quay.</footer><script>{'f(1);' * 9000}</script>",
    ],
)
def test_what_a_long_page_calls_its_site_at_its_end(end: str) -> None:
    page = read(f"<h1>The Quay</h1>{prose(60)}{end}")
    assert is_site_name(page, "The Quay")
    assert not is_site_name(page, "Ice on the river")


def test_the_end_of_a_long_page_is_that_of_its_text() -> None:
    page = read(f"<h1>Ice</h1>{prose(60)}<p>{SENTENCE * 7}</p><script>{'f(1);' * 9000}</script><p>The end.</p>")
    ending = page.ending
    assert ending.endswith("river. The end.")
    assert ending == page.visible_text[-600:]


@pytest.mark.parametrize(("rows", "is_read_whole"), [(300, True), (1000, False), (2000, False)])
def test_a_table_is_read_as_far_as_its_words_are_asked_for(rows: int, is_read_whole: bool) -> None:
    row = '<tr class="month">\n  <td class="number" align="right">1870</td>\n  <td></td>\n</tr>\n'
    page = read(f"<h1>Barges</h1><table>{row * rows}</table>{'<br>' * 3000}")
    assert page.has_words(480) is not is_read_whole
    assert ("tree" in page.shared_facts) is is_read_whole


@pytest.mark.parametrize("frame", ["<nav>{}</nav>", "<header><nav>{}</nav></header>", "<div class=comments>{}</div>"])
def test_words_outside_the_frame_of_a_long_page(frame: str) -> None:
    page = read(f"<h1>Ice</h1>{frame.format('word ' * 1000)}<p>{'word ' * 70}</p>{'<br>' * 15_000}")
    assert (page.has_main_words(71), page.has_main_words(72)) == (True, False)
    assert page.main_word_count == 71


def test_an_article_without_an_end_tag_has_no_end_in_the_opening() -> None:
    paragraphs = "".join(f"<p>{SENTENCE if number >= 700 else number}</p><br>\n" for number in range(1500))
    assert read(f"<h1>Ice</h1><article>{paragraphs}").find_nodes("article p", 701, "article")[-1].text() == SENTENCE
