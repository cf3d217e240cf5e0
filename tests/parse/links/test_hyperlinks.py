"""What a format declares beside what is printed."""

from __future__ import annotations

import pytest

from cite_audit.parse.readers.base import Document, Href, MarkerSpan, Metadata, NoteSpan
from cite_audit.parse.report_builder import build_report


def document(
    *parts: str | tuple[str, str], notes: tuple[NoteSpan, ...] = (), marks: tuple[MarkerSpan, ...] = ()
) -> Document:
    """A document whose text is the parts; a pair is shown text and its target."""
    text, hrefs = "", []
    for part in parts:
        shown, target = (part, "") if isinstance(part, str) else part
        if target:
            hrefs.append(Href(len(text), len(text) + len(shown), target))
        text += shown
    return Document(text, "html", tuple(hrefs), marks, notes)


def urls(*parts: str | tuple[str, str]) -> list[str]:
    return [citation.link.url for citation in build_report(document(*parts), "r.html").citations]


@pytest.mark.parametrize(
    "shown", ["https://tass((.))ru/x", "https://tass dot ru/x", "https://tass.ru/x/", "tass[.]ru/x", "this article"]
)
def test_shown_text_and_target_are_one_citation(shown: str) -> None:
    (citation,) = build_report(document("See ", (shown, "https://tass.ru/x"), "; more"), "r.html").citations
    assert citation.link.url == "https://tass.ru/x"
    assert citation.location.offset == 4


def test_the_printed_address_is_the_raw_one_and_keeps_its_style() -> None:
    (citation,) = build_report(document(("https://tass((.))ru/x", "https://tass.ru/x")), "r.html").citations
    assert (citation.link.raw, citation.link.style) == ("https://tass((.))ru/x", "((.))")


def test_a_target_that_was_cut_at_the_defanged_dot_loses() -> None:
    assert urls(
        ("https://tass", "https://tass"), " dot ru/x; ", ("www.mfa.gov", "http://www.mfa.gov"), " dot tr/y"
    ) == [
        "https://tass.ru/x",
        "http://www.mfa.gov.tr/y",
    ]


def test_a_word_glued_to_a_declared_link_is_not_part_of_it() -> None:
    assert urls(("https://a.com/x", "https://a.com/x"), "Then they said") == ["https://a.com/x"]


def test_a_target_that_is_defanged_itself_is_made_real() -> None:
    assert urls(("https://www.mid dot ru/x", "https://www.mid%20dot%20ru/x")) == ["https://www.mid.ru/x"]
    assert urls(("here", "https://tass((.))ru/x")) == ["https://tass.ru/x"]


def test_another_target_wins_and_what_was_shown_is_an_alternative() -> None:
    (citation,) = build_report(document(("https://a.com/x", "https://b.com/y")), "r.html").citations
    assert (citation.link.url, citation.link.alternatives) == ("https://b.com/y", ("https://a.com/x",))


def test_a_link_cut_by_a_line_end_is_one() -> None:
    target = "https://a.com/longrest"
    assert urls(("https://a.com/long", target), "\n", ("rest", target), "; ", ("it", target)) == [target, target]


@pytest.mark.parametrize(
    "target", ["#_edn1", "#fn1", "mailto:a@b.com", "/about", "javascript:void(0)", "https://s.org/p#_ednref3", "tel:1"]
)
def test_what_leads_to_no_page_is_no_citation(target: str) -> None:
    assert urls("Text", ("1", target), " more") == []


def test_declared_notes_and_marks_beat_what_looks_like_them() -> None:
    text = "Said so1 and [2] more.\n\n[9] not a note\n\nhttps://a.com/x\n\nSee https://b dot ru/y.\n"
    first, second = text.index("https://a"), text.index("See")
    read = build_report(
        Document(
            text,
            "docx",
            markers=(MarkerSpan(7, 8, "1"),),
            notes=(NoteSpan(first, first + 15, "1", "footnote"), NoteSpan(second, len(text) - 1, "2", "footnote")),
            metadata=Metadata("T", ("A. B.",), "2020-09-02", "site.org", "en"),
        ),
        "r.docx",
    )
    assert [(note.number, [link.url for link in note.links]) for note in read.notes] == [
        (1, ["https://a.com/x"]),
        (2, ["https://b.ru/y"]),
    ]
    assert [marker.number for marker in read.markers] == [1]
    assert (read.orphan_notes, read.title, str(read.published), read.publisher) == ((2,), "T", "2020-09-02", "site.org")


def test_furniture_holds_no_citation_and_pages_are_kept() -> None:
    text = "Home https://nav.com/x\n\nBody https://a.com/y\n"
    read = build_report(Document(text, "pdf", pages=((0, 1), (24, 2)), boilerplate=((0, 23),)), "r.pdf")
    assert [(citation.link.url, citation.location.page) for citation in read.citations] == [("https://a.com/y", 2)]


def test_digits_typed_after_a_link_was_made_belong_to_it() -> None:
    shown = "https://x.com/a/status/159"
    assert urls((shown, shown), "8; and") == ["https://x.com/a/status/1598"]
    assert urls((shown, shown), "⁸ and") == [shown]
    assert urls((shown, shown), "8th of May") == [shown]


def test_a_host_linked_alone_within_an_address_is_part_of_it() -> None:
    assert urls("https://www.", ("crisisgroup.org", "http://crisisgroup.org"), "/middle/b086.") == [
        "https://www.crisisgroup.org/middle/b086"
    ]


def test_a_target_made_relative_by_the_site_loses_to_what_is_shown() -> None:
    target = "http://www.understandingwar.org/backgrounder/https%3A//ria%20dot%20ru/2"
    assert urls(("https://ria dot ru/2", target)) == ["https://ria.ru/2"]


@pytest.mark.parametrize(
    "target",
    [
        "https://www.google.com/url?q=https%3A%2F%2Ftass.ru%2Fx%3Fa%3D1&sa=D",
        "https://medium.com/r/?url=https%3A%2F%2Ftass.ru%2Fx%3Fa%3D1",
    ],
)
def test_the_printed_address_wins_over_a_redirector_that_carries_it(target: str) -> None:
    (citation,) = build_report(document("See ", ("https://tass.ru/x?a=1", target)), "r.html").citations
    assert citation.link.url == "https://tass.ru/x?a=1"
    assert citation.link.alternatives == (target,)
    whole = "https://tass.ru/x?a=1" if "google" in target else target  # Google Docs wraps targets by itself
    assert urls("See ", ("https://tass.ru/", target)) == [whole]  # what is printed is not all of it


def test_a_scheme_that_a_browser_put_before_a_damaged_one() -> None:
    assert urls("See ", ("https//tass.ru/x", "http://https//tass.ru/x"), ".") == ["https://tass.ru/x"]
    assert urls("See ", ("this", "https://https//tass.ru/y"), ".") == ["https://tass.ru/y"]


def test_the_pieces_of_a_declared_address_are_no_links_of_their_own() -> None:
    shown = "https://www.re\nuters.com/article/fuel"
    assert urls("See ", (shown, "https://www.reuters.com/article/fuel"), ".") == [
        "https://www.reuters.com/article/fuel"
    ]
