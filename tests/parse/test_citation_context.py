"""What a citation is found by: the words that its hyperlink shows, its paragraph, the sentence that rests on it."""

from __future__ import annotations

from cite_audit.model import Citation
from cite_audit.parse import read_report
from tests.parse.readers import making
from tests.parse.readers.making import paragraph, reference, run


def cited(text: str, path: str = "report.md") -> dict[str, Citation]:
    return {citation.link.url: citation for citation in read_report(path, text.encode()).citations}


def test_a_hyperlink_shows_its_words_and_an_address_none() -> None:
    links = cited(
        "The mill closed, as [the *follow-up* story](https://a.example/1) says. See https://a.example/2, or\n"
        "[https://a.example/3](https://a.example/3), <https://a.example/4>, [a.example/5](https://a.example/5/)\n"
        'and <a href="https://a.example/6">six <b>days</b> later</a>.\n'
    )
    assert {url: citation.text for url, citation in links.items()} == {
        "https://a.example/1": "the follow-up story",
        "https://a.example/2": "",
        "https://a.example/3": "",
        "https://a.example/4": "",
        "https://a.example/5/": "",
        "https://a.example/6": "six days later",
    }
    assert links["https://a.example/1"].sentence == "The mill closed, as the *follow-up* story says."


def test_an_address_that_shows_another_is_told() -> None:
    link = cited('<p>See <a href="https://a.example/1">https://b.example/2</a>.</p>', "report.html")
    assert link["https://a.example/1"].text == "https://b.example/2"


def test_a_note_rests_under_the_sentence_of_its_marker() -> None:
    links = cited(
        "First things.[^1] The [Herald](https://h.example/) doubted it.[^2]\n\n[^1]: https://a.example/1\n"
        "[^2]: [a letter](https://a.example/2)\n"
    )
    assert links["https://a.example/1"].sentence == "First things."
    assert links["https://a.example/2"].sentence == "The Herald doubted it."
    assert links["https://a.example/2"].text == "a letter"


def test_a_link_of_the_body_has_its_paragraph_where_there_are_no_lines() -> None:
    link = '<w:hyperlink r:id="rId9">' + run("the follow-up") + "</w:hyperlink>"
    body = paragraph("Title") + paragraph("One.", reference("footnote", 1)) + paragraph("Two, in ", link, ".")
    data = making.docx(body, footnotes={1: paragraph("https://b.example/")}, links={"rId9": "https://a.example/"})
    by_url = {citation.link.url: citation for citation in read_report("report.docx", data).citations}
    place = by_url["https://a.example/"].location
    assert (place.paragraph, place.link_text) == (3, "the follow-up")
    assert by_url["https://b.example/"].location.paragraph is None
    assert by_url["https://a.example/"].sentence == "Two, in the follow-up."
