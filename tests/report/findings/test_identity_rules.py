"""Whether a source is a real one: what is said of it, and where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from cite_audit.model import CitedWork, Finding, Health, Reason, Report, Verdict
from tests.report.audits import OTHER_WORK, audit, everything_wrong, report, verdict

PUBLISHED = date(2021, 6, 2)


def _find(code: str, one: Report, verdicts: Sequence[Verdict] = ()) -> list[Finding]:
    made = audit([one], verdicts)
    return [finding for finding in made.findings[one.path] if finding.rule == code]


def _post(day: date) -> str:
    """A post of noon on a day, by its number."""
    milliseconds = (day - date(1970, 1, 1)).days * 86_400_000 + 43_200_000 - 1_288_834_974_657
    return f"https://x.com/somebody/status/{milliseconds << 22}"


def test_a_page_never_seen_is_told_with_its_figures_and_its_neighbours() -> None:
    (made,) = everything_wrong().findings.values()
    (found,) = (finding for finding in made if finding.rule == "CA502")
    assert "412 pages under https://daily.example.com/news/2021/05/ are archived, this one never was." in found.message
    assert "Please look." in found.message
    assert [(fix.applicability, fix.replacement) for fix in found.fixes] == [
        ("unsafe", "https://daily.example.com/news/2021/05/bridges-of-the-north")
    ]
    assert [finding.url for finding in made if finding.rule == "CA120"] == ["https://site1.example.com/page"]


@pytest.mark.parametrize(("day", "is_told"), [(date(2021, 6, 4), False), (date(2021, 6, 5), True)])
def test_a_post_from_after_the_report_is_told(day: date, is_told: bool) -> None:
    one = report({1: [_post(day)]}, published=PUBLISHED)
    assert bool(_find("CA503", one)) is is_told


def test_a_report_that_was_mended_later_may_cite_later_posts() -> None:
    one = report({1: [_post(date(2022, 1, 3))]}, published=PUBLISHED)
    mended = replace(one, notes=tuple(replace(note, accessed=date(2022, 1, 4)) for note in one.notes))
    assert _find("CA503", mended) == []


@pytest.mark.parametrize(("late", "is_told"), [(1, True), (2, False)])
def test_a_report_most_of_whose_posts_are_later_has_another_date(late: int, is_told: bool) -> None:
    posts = [_post(date(2022, 1, number)) for number in range(1, late + 1)]
    posts += [_post(date(2021, 1, number)) for number in range(1, 5 - late)]
    assert bool(_find("CA503", report({1: posts}, published=PUBLISHED))) is is_told
    assert _find("CA503", report({1: posts}, published=None)) == []


@pytest.mark.parametrize(
    ("printed", "is_told"), [("2021-01-01", False), ("2021-02-03", False), ("2021-02-04", True), ("spring", False)]
)
def test_a_post_that_the_note_dates_otherwise_is_told(printed: str, is_told: bool) -> None:
    one = report({1: [_post(date(2021, 1, 3))]}, published=PUBLISHED)
    work = CitedWork("What somebody said", (), printed)
    dated = replace(one, citations=tuple(replace(citation, work=work) for citation in one.citations))
    assert bool(_find("CA503", dated)) is is_told


@pytest.mark.parametrize(("health", "is_told"), [(Health.BROKEN, True), (Health.ALIVE, False), (Health.UNKNOWN, False)])
@pytest.mark.parametrize("path", ["2022/03/04/story", "2021/02/30/story"])
def test_dates_in_addresses_count_only_where_the_page_is_gone(path: str, health: Health, is_told: bool) -> None:
    url = f"https://daily.example.com/{path}"
    judged = verdict(url, health, Reason.NOT_FOUND if health is Health.BROKEN else Reason.OK)
    assert bool(_find("CA503", report({1: [url]}, published=PUBLISHED), [judged])) is is_told


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://doi.org/10.1234/none", "The DOI registry says that it does not know it."),
        ("https://arxiv.org/abs/2101.99999", "ArXiv says that it does not know it."),
        ("https://daily.example.com/story", ""),
    ],
)
def test_what_a_registry_does_not_know_is_told(url: str, says: str) -> None:
    found = _find("CA503", report({1: [url]}), [verdict(url, Health.BROKEN, Reason.NOT_FOUND)])
    assert [finding.message.partition("Please look. ")[2] for finding in found] == ([says] if says else [])


@pytest.mark.parametrize(("last_post", "is_told"), [(0, False), (700, False), (699, True)])
def test_a_post_beyond_the_last_of_its_channel_is_told(last_post: int, is_told: bool) -> None:
    url = "https://t.me/channel/700"
    judged = replace(verdict(url, Health.BROKEN, Reason.NOT_FOUND), last_post=last_post)
    assert bool(_find("CA503", report({1: [url]}), [judged])) is is_told


def test_a_wrong_check_digit_is_told_at_its_note() -> None:
    one = report({7: ["https://daily.example.com/story"]})
    noted = replace(
        one, notes=tuple(replace(note, text="A. Lee, Ships, ISBN 978-3-16-148410-1.") for note in one.notes)
    )
    (found,) = _find("CA503", noted)
    assert found.note == 7
    assert "The check digit of ISBN 978-3-16-148410-1 does not fit" in found.message


def test_another_work_is_told_where_the_note_names_that_one() -> None:
    url = "https://daily.example.com/cake"
    one = report({1: [url], 2: [url]})
    first, second = one.citations
    named = replace(one, citations=(replace(first, work=OTHER_WORK.cited), second))
    found = _find("CA504", named, [replace(verdict(url), other_works=(OTHER_WORK,))])
    assert [finding.note for finding in found] == [1]
    assert "The note says “The bridges of the north”, the page is “Ten recipes for apple cake”." in found[0].message


def test_authors_who_differ_are_told() -> None:
    url = "https://doi.org/10.1234/a"
    one = report({1: [url]})
    named = replace(one, citations=tuple(replace(citation, work=OTHER_WORK.cited) for citation in one.citations))
    other = replace(OTHER_WORK, differs="authors", shown="B. Kim", seen_in="the record of its DOI")
    (found,) = _find("CA504", named, [replace(verdict(url), other_works=(other,))])
    assert "The note says that it is by A. Lee, the record of its DOI names B. Kim." in found.message
