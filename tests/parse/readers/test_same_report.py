"""The same report, saved by pandoc, LibreOffice Writer, Chromium and a mailer, gives the same notes and links."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.model import Report
from cite_audit.parse import read_report
from cite_audit.parse.readers import READERS, choose_reader, find_format
from tests.parse.readers import making

FIXTURES = Path(__file__).parents[3] / "fixtures"
WIKIPEDIA = "https://en.wikipedia.org/wiki/"
# Note -> its links. A link marked with a star is declared behind words: plain text cannot carry it.
NOTES: dict[int, tuple[str, ...]] = {
    1: (f"{WIKIPEDIA}BRELL",),
    2: ("https://www.entsoe.eu/news/", "https://www.litgrid.eu/index.php/synchronization/"),
    3: (f"{WIKIPEDIA}NordBalt", f"{WIKIPEDIA}LitPol_Link"),
    4: (),
    5: ("https://energy.ec.europa.eu/topics/infrastructure/projects-common-interest-and-projects-mutual-interest_en",),
    6: (
        "https://eur-lex.europa.eu/legal-content/EN/TXT/"
        "?uri=uriserv:OJ.L_.2022.152.01.0045.01.ENG&toc=OJ:L:2022:152:TOC",
    ),
    7: ("http://kremlin.ru/events/president/news", "https://tass.com/economy"),
    8: ("https://www.mid.ru/en/foreign_policy/news/", "https://t.me/s/energytodaygroup"),
    9: ("*https://www.iea.org/reports/lithuania-2021",),
    10: (f"*{WIKIPEDIA}Balticconnector", f"{WIKIPEDIA}Estlink"),
}
INLINE = ("*https://elering.ee/en",)
FILES = (
    "same-report.md",
    "same-report.txt",
    "same-report.tex",
    "same-report.nxml",
    "same-report.rst",
    "same-report.html",
    "same-report.docx",
    "same-report.odt",
    "same-report.epub",
    "same-report.pdf",
    "same-report.eml",
    "same-report.zip",
    "same-report-writer.docx",
    "same-report-writer.html",
    "same-report-writer.pdf",
)


def test_every_reader_has_its_file() -> None:
    assert {choose_reader((FIXTURES / name).read_bytes(), name).FORMAT.name for name in FILES} == {
        name for name in READERS if not find_format(name).is_link_list
    }


@pytest.fixture(scope="module", params=FILES)
def report(request: pytest.FixtureRequest) -> Report:
    return read_report(str(FIXTURES / request.param))


def expected(links: tuple[str, ...], report: Report) -> list[str]:
    """The links that this format can carry."""
    return [link.removeprefix("*") for link in links if report.format != "text" or not link.startswith("*")]


def test_notes_and_their_links_are_the_same(report: Report) -> None:
    found = {note.number: [link.url for link in note.links] for note in report.notes}
    assert found == {number: expected(links, report) for number, links in NOTES.items()}


def test_links_in_the_running_text_are_the_same(report: Report) -> None:
    assert [one.link.url for one in report.citations if one.note is None] == expected(INLINE, report)


def test_every_note_has_its_marker_and_a_square_kilometre_is_none(report: Report) -> None:
    assert [marker.number for marker in report.markers] == list(NOTES)
    assert (report.missing_notes, report.orphan_notes) == ((), ())


def test_the_note_without_a_link_is_prose(report: Report) -> None:
    assert next(note.number for note in report.notes if note.kind == "prose") == 4


def test_title_and_date_are_the_same(report: Report) -> None:
    assert report.title == "The Last Switch: How the Baltic Grid Left Moscow"
    assert report.published is not None
    assert report.published.isoformat() == "2025-03-14"


def test_pdf_locations_tell_the_page() -> None:
    for name, first_page, last_page in (("same-report.pdf", 2, 2), ("same-report-writer.pdf", 1, 2)):
        pages = {one.note: one.location.page for one in read_report(str(FIXTURES / name)).citations}
        assert (pages[1], pages[10]) == (first_page, last_page)
        assert pages[None] == 1


def test_html_locations_are_lines_of_the_file() -> None:
    path = FIXTURES / "same-report.html"
    lines = path.read_text("utf-8").split("\n")
    places = {one.note: one.location for one in reversed(read_report(str(path)).citations)}
    starts = {
        3: "https://en.wiki",
        5: "https://energy",
        7: "http://kremlin((.))ru",
        9: "Lithuania 2021",
        None: "its own",
    }
    for note, words in starts.items():
        assert lines[places[note].line - 1][places[note].column - 1 :].startswith(words)


def test_markers_of_both_families_find_their_own_notes() -> None:
    body = making.paragraph(
        *("One.", making.reference("footnote", 1), " Two.", making.reference("footnote", 2)),
        *(" Three.", making.reference("endnote", 1), " Four.", making.reference("footnote", 3)),
    )
    footnotes = {number: making.paragraph(f"https://f{number}.example.org/") for number in (1, 2, 3)}
    data = making.docx(body, footnotes, {1: making.paragraph("https://e.example.org/")})
    report = read_report("families.docx", data)
    assert [(one.number, one.section, one.sentence) for one in report.markers] == [
        (1, 0, "One."),
        (2, 0, "Two."),
        (1, 1, "Three."),
        (3, 0, "Four."),
    ]
    assert (report.missing_notes, report.orphan_notes) == ((), ())
