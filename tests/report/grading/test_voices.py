"""What counts as an independent voice: neutral addresses, sides, and pages with one origin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cite_audit.config.settings import Grading
from cite_audit.model import Archived, Grade, Health, Probe, Reason, Report, Source, Verdict
from cite_audit.report.grading import collect_basis, grade_report
from cite_audit.report.grading.origins import read_page
from cite_audit.report.grading.source_age import find_url_date
from cite_audit.report.grading.source_language import find_url_language
from cite_audit.report.sources import classify
from tests.report.grading.made import KINDS, graded, report

TASS = "https://tass.ru/armiya/{}"
NEUTRAL = [
    "https://archive.ph/aB{}cD",
    "https://perma.cc/AB0{}-CD12",
    "https://bit.ly/3xY{}",
    "https://tinyurl.com/y{}abc",
    "https://www.google.com/maps/place/{}",
    "https://maps.app.goo.gl/Ab{}",
    "https://news.yahoo.com/story-{}",
    "https://www.msn.com/en-us/news/{}",
    "https://translate.google.com/?sl=ru&text={}",
    "https://pastebin.com/ab{}cd",
    "https://transfer.sh/{}/file.pdf",
    "https://drive.google.com/file/d/{}/view",
    "https://www.youtube.com/watch?v=abcdefghi{}",
    "https://t.co/abc{}",
    "https://web.archive.org/web/20250512000000/https://bit.ly/z{}",
    "https://blog-{}.example.net/x",
    "https://x.com/account_nobody_lists_{}/status/1",
    "https://en.wikipedia.org/wiki/Page_{}",
    "https://arxiv.org/abs/2505.0000{}",
    "https://doi.org/10.2139/ssrn.{}",
    "https://www.jstor.org/stable/{}",
    "https://www.amazon.com/dp/{}",
    "https://telegra.ph/title-{}",
    "https://streamable.com/ab{}",
    "https://discord.com/channels/1/{}",
    "https://linktr.ee/ab{}",
    "https://firms.modaps.eosdis.nasa.gov/map/#d:{}",
    "https://ghostarchive.org/archive/Ab{}x",
    "https://r.jina.ai/https://tass.ru/armiya/{}",
    "https://www.gov.uk/#{}",
    "https://www.un.org/en/#{}",
    "https://www.reuters.com/index.html#{}",
    "https://www.reuters.com/robots.txt?{}",
    "https://www.reuters.com/site-search/?query={}",
    "https://www.reuters.com/about?{}",
    "https://x.com/reuters#{}",
    "https://t.me/s/reuters#{}",
    "https://www.britannica.com/place/{}",
    "https://fa.wikishia.net/view/{}",
    "https://liveuamap.com/en/2025/{}",
    "https://tradingeconomics.com/country-{}",
    "https://er.ru/activity/news/{}",
]
ONE_SIDE = ["https://www.interfax.ru/{}", "https://ria.ru/{}", "https://t.me/rybar/{}", "https://www.mk.ru/{}"]
PARAGRAPH = (
    "The depot burned for two hours before the crews of the district reached it, and nobody was hurt there. " * 2
)


def grade_links(*links: str, sentence: str = "The plant was destroyed at night.") -> Grade:
    made = report([[link.format(number) for link in links] for number in range(1, 9)], sentence)
    sources = {citation.link.url: classify(citation.link.url, date(2025, 5, 12)) for citation in made.citations}
    return grade_report(made, {}, sources, Grading())


@pytest.mark.parametrize("link", [*NEUTRAL, *ONE_SIDE])
def test_a_copy_a_map_or_a_second_mouth_of_one_side_lifts_nothing(link: str) -> None:
    alone, together = grade_links(TASS), grade_links(TASS, link)
    assert together.score == alone.score
    assert together.letter == "F"


OWN_WORDS = (
    "https://r.jina.ai/",
    "https://www.reuters.com/",
    "https://x.com/reuters",
    "https://t.me/s/",
    "https://er.ru/",
)  # of these newsrooms themselves


@pytest.mark.parametrize("link", [link for link in NEUTRAL if not link.startswith(OWN_WORDS)])
def test_a_neutral_address_lifts_no_newspaper_either(link: str) -> None:
    paper = "https://www.reuters.com/world/{}"
    assert grade_links(paper, link).score == grade_links(paper).score


def test_a_link_hidden_in_a_comment_and_a_filler_printed_again_lift_nothing() -> None:
    alone = grade_links(TASS)
    made = report([[TASS.format(number), f"https://www.reuters.com/{number}"] for number in range(1, 9)], "It burned.")
    notes = tuple(
        replace(note, text=f"{note.links[0].raw} <!-- {note.links[1].raw} -->", number=note.number)
        for note in made.notes
    )
    sources = {citation.link.url: classify(citation.link.url) for citation in made.citations}
    assert grade_report(replace(made, notes=notes), {}, sources, Grading()).score == alone.score

    filler = [["official-1"]] * 4
    once = graded(report([*[["state-1"]] * 5, *filler[:1]]))
    again = replace(report([*[["state-1"]] * 5, *filler]))
    page = again.notes[5].links
    repeated = tuple(replace(note, links=page) if note.number > 5 else note for note in again.notes)
    assert once.score is not None
    assert graded(replace(again, notes=repeated)).score == once.score


def test_notes_that_nothing_points_to_lift_nothing() -> None:
    padded = report([*[["state-1"]] * 6, *[["western-1", "western-2"]] * 9])
    few_markers = replace(padded, markers=padded.markers[:6])
    assert graded(few_markers).score == graded(report([["state-1"]] * 6)).score
    assert len(graded(replace(padded, markers=padded.markers[:4])).deductions[0].notes) == 6, "markers may be missed"


def test_outlets_that_wikipedias_editors_gave_up_are_one_voice_and_shown_as_rated() -> None:
    pair = grade_links("https://www.infowars.com/{}", "https://www.zerohedge.com/{}")
    assert "single_publisher" in {deduction.measure for deduction in pair.deductions}
    assert classify("https://www.infowars.com/a").rating.startswith("blacklisted")
    assert classify("https://www.zerohedge.com/a").rating.startswith("deprecated")


def test_dois_belong_to_their_publishers() -> None:
    pair = grade_links("https://doi.org/10.1017/a{}", "https://doi.org/10.1126/b{}")
    assert "single_publisher" not in {deduction.measure for deduction in pair.deductions}
    assert classify("https://doi.org/10.1126/science.abc").publisher == classify("https://www.science.org/x").publisher
    assert classify("https://doi.org/10.99999/nobody").neutral == "resolver"


def test_official_sites_cost_nothing_and_neither_do_attributed_statements() -> None:
    assert grade_links("https://www.gov.uk/government/news/{}").score == 100.0
    assert grade_links(TASS, sentence="Foreign Minister Sergei Lavrov said that talks would resume.").score == 100.0


NAMES = [f"{kind}-{n}" for kind in KINDS if kind != "unknown" for n in range(3)]


def _read_verdict(url: str, html: str) -> Verdict:
    probe = Probe(url, datetime(2025, 5, 12, tzinfo=UTC), status=200, body=html.encode())
    return Verdict(url, Health.ALIVE, Reason.OK, probe=probe, archived=Archived.ARCHIVED)


def _two_pages(first: str, second: str) -> Grade:
    made = report([["western-1", "regional-1"]] * 1 + [["official-1"]] * 5)
    pages = dict(zip((citation.link.url for citation in made.citations[:2]), (first, second), strict=True))
    verdicts = {url: _read_verdict(url, html) for url, html in pages.items()}
    sources = {citation.link.url: _source(citation.link.url) for citation in made.citations}
    return grade_report(made, verdicts, sources, Grading())


def _source(url: str) -> Source:
    from tests.report.grading.made import source

    return source(url)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"<p>MINSK (Reuters) - {PARAGRAPH}</p>", f"<p>MINSK, May 12 (Reuters) {PARAGRAPH[::-1]}</p>"),
        (f"<p>{PARAGRAPH}</p><p>Second. {PARAGRAPH}</p>", f"<p>{PARAGRAPH}</p><p>Second. {PARAGRAPH}</p><p>x</p>"),
        (
            '<link rel="canonical" href="https://wire.example/a"><p>a</p>',
            '<link rel="canonical" href="https://wire.example/a"><p>b</p>',
        ),
    ],
)
def test_pages_that_carry_one_text_are_one_voice(first: str, second: str) -> None:
    grade = _two_pages(first, second)
    assert "single_publisher" in {deduction.measure for deduction in grade.deductions}
    (chain,) = grade.chains
    assert chain.publishers == ("regional-1", "western-1")
    assert chain.notes == (1,)


def test_pages_with_texts_of_their_own_are_two_voices() -> None:
    grade = _two_pages(f"<p>{PARAGRAPH}</p><p>Reuters was there too.</p>", f"<p>{PARAGRAPH[::-1]}</p>")
    assert grade.chains == ()
    assert "single_publisher" not in {deduction.measure for deduction in grade.deductions}


def test_an_agency_that_is_only_mentioned_wrote_nothing() -> None:
    assert read_page(b"<p>The minister told Reuters and TASS that it was open.</p>", "https://a.example").agency == ""
    assert read_page("<p>МОСКВА, 12 мая. /ТАСС/. Мост открыт.</p>".encode(), "https://a.example").agency == "tass"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://ria.ru/20250512/most-1.html", date(2025, 5, 12)),
        ("https://www.reuters.com/world/2025/05/12/a/", date(2025, 5, 12)),
        ("https://www.reuters.com/world/bridge-2025-05-12/", date(2025, 5, 12)),
        ("https://web.archive.org/web/20250601000000/https://tass.ru/armiya/1", None),
        ("https://example.org/99991399/x", None),
        ("https://example.org/article/1234567890", None),
    ],
)
def test_a_sources_day_is_read_from_its_address(url: str, day: date | None) -> None:
    assert find_url_date(url) == day


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://eng.belta.by/president/view/a", "en"),
        ("https://www.mid.ru/ru/press_service/1/", "ru"),
        ("https://www.president.gov.ua/ua/news/1", "uk"),
        ("https://web.archive.org/web/20250601000000/https://ar.mehrnews.com/news/1", "ar"),
        ("https://www.reuters.com/world/uk/a", ""),
        ("https://www.bbc.co.uk/it/a", ""),
        ("https://ria.ru/20250512/most-1.html", ""),
    ],
)
def test_a_sources_language_is_read_from_its_address(url: str, language: str) -> None:
    assert find_url_language(url) == language


def test_the_page_that_was_read_tells_its_language_before_its_address() -> None:
    made = report([["https://western-1.example/en/a"], ["https://western-2.example/ru/b"]] * 3)
    sources = {citation.link.url: _source(citation.link.url) for citation in made.citations}
    first, second = sources
    basis = collect_basis(made, {first: _read_verdict(first, '<!doctype html><html class="x" lang="pl-PL">')}, sources)
    assert basis.languages == {first: "pl", second: "ru"}


def test_ratings_are_shown_and_take_no_points() -> None:
    text = "<!-- cite-audit: rated[B2] seen by two observers -->"
    plain, rated = (graded(report([["western-1"]] * 6, text=each)) for each in ("", text))
    assert rated.score == plain.score
    assert {(each.reliability, each.credibility, each.remark) for each in rated.ratings} == {
        ("B", "2", "seen by two observers")
    }
    assert graded(report([["western-1"]] * 6, text="<!-- cite-audit: rated[Z9] -->")).ratings == ()


def test_the_median_age_of_dated_sources_is_measured() -> None:
    made: Report = replace(
        report([["https://western-1.example/2025/05/02/a"], ["https://western-2.example/2025/05/10/b"]] * 3),
        published=date(2025, 5, 12),
    )
    sources = {citation.link.url: _source(citation.link.url) for citation in made.citations}
    assert grade_report(made, {}, sources, Grading()).measures["median_source_age_days"] == 6.0
