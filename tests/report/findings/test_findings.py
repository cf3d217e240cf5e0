"""Which advice is given for which verdict, note and source, and what is left unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cite_audit.model import (
    Archived,
    Finding,
    FindingState,
    Grade,
    Health,
    Probe,
    Reason,
    RuleObservation,
    Severity,
    Source,
    SourceGroup,
)
from cite_audit.parse import read_report
from cite_audit.report.findings.rules import find_rule_for_verdict
from cite_audit.report.render import render
from tests.report.audits import NOW, audit, not_asked, report, verdict

URL = "https://news.example.com/story"


def found(health: Health, reason: Reason, **more: object) -> list[Finding]:
    one = report({1: [URL]})
    made = audit([one], [verdict(URL, health, reason, **more)])  # type: ignore[arg-type]
    return list(made.findings[one.path])


def test_a_report_without_notes_and_links_is_told_so() -> None:
    assert [f.rule for f in audit([report({})]).findings["reports/grid.md"]] == ["CA310"]


@pytest.mark.parametrize("health", [Health.BROKEN, Health.UNKNOWN])
@pytest.mark.parametrize("reason", Reason)
def test_no_broken_or_unjudged_link_passes_in_silence(health: Health, reason: Reason) -> None:
    rule = find_rule_for_verdict(health, reason)
    assert rule is not None
    assert (rule.severity is Severity.ERROR) == (health is Health.BROKEN)


def test_what_could_not_be_told_never_counts_against_the_report() -> None:
    for reason in Reason:
        assert {f.severity for f in found(Health.UNKNOWN, reason)} == {Severity.NOTE}


def test_good_links_and_unasked_links_need_no_word() -> None:
    assert found(Health.ALIVE, Reason.OK) == []
    assert not_asked().findings["reports/grid.md"] == ()


def test_an_archive_that_could_not_be_asked_is_no_finding() -> None:
    assert found(Health.ALIVE, Reason.OK, archived=Archived.UNKNOWN) == []


def test_a_dead_link_without_a_copy_is_told_as_lost() -> None:
    rules = [f.rule for f in found(Health.BROKEN, Reason.GONE, archived=Archived.NOT_ARCHIVED)]
    assert rules == ["CA101", "CA202"]


def test_a_far_or_doubtful_copy_is_not_put_in_place_without_asking() -> None:
    near = found(Health.BROKEN, Reason.GONE)[0]
    far = found(Health.BROKEN, Reason.GONE, days=900)[0]
    doubtful = found(Health.BROKEN, Reason.SOFT_404, confidence=0.7)[0]
    assert [f.fixes[0].applicability for f in (near, far, doubtful)] == ["safe", "unsafe", "unsafe"]
    assert near.fixes[0].title == "captured 2021-06-14, 12 days after the report"


@pytest.mark.parametrize(
    ("confidence", "state", "severity"),
    [
        (0.9, "suspected", "error"),
        (0.8, "suspected", "error"),
        (0.7, "suspected", "warning"),
        (0.7, "confirmed", "error"),
    ],
)
def test_a_soft_404_that_one_page_alone_speaks_for_warns_until_it_is_confirmed(
    confidence: float, state: str, severity: str
) -> None:
    told = found(Health.BROKEN, Reason.SOFT_404, confidence=confidence, state=state)[0]
    assert (told.rule, told.severity.value) == ("CA102", severity)
    assert found(Health.BROKEN, Reason.HIJACKED, confidence=0.7, state="suspected")[0].severity.value == "error"


def test_a_bad_capture_is_never_offered_in_place_of_a_link() -> None:
    gone = found(Health.BROKEN, Reason.GONE, archived=Archived.ARCHIVED_BAD, quality=("archived 404",))
    assert gone[0].fixes == ()
    assert gone[1].rule == "CA203"


@pytest.mark.parametrize(("is_suspect", "said"), [(False, "that do not show the page"), (True, "that may not show")])
def test_a_capture_that_is_only_suspect_is_not_called_bad(is_suspect: bool, said: str) -> None:
    one = report({3: [URL]})
    bad = verdict(URL, Health.ALIVE, Reason.OK, archived=Archived.ARCHIVED_BAD, quality=("soft-404",))
    told = replace(bad, mementos=tuple(replace(copy, is_suspect=is_suspect) for copy in bad.mementos))
    (finding,) = audit([one], [told]).findings[one.path]
    assert finding.rule == "CA203"
    assert said in finding.message


def test_another_spelling_that_shows_the_page_is_no_move() -> None:
    one, spelling = report({3: [URL]}), f"{URL}-plain"
    moved = verdict(URL, Health.ALIVE, Reason.MOVED_PERMANENTLY)
    told = replace(moved, moved_to=spelling, probe=Probe(spelling, NOW, status=200))
    (finding,) = audit([one], [told]).findings[one.path]
    assert finding.rule == "CA104"
    assert "the old address still leads to it" not in finding.message


def test_a_link_cited_by_two_notes_is_told_at_both() -> None:
    one = report({3: [URL], 7: [URL]})
    findings = audit([one], [verdict(URL, Health.BROKEN, Reason.GONE)]).findings[one.path]
    assert [(f.rule, f.note) for f in findings] == [("CA101", 3), ("CA101", 7)]


def test_every_note_on_one_kind_of_source_is_told_whatever_the_grade_allows() -> None:
    groups = {
        1: SourceGroup.STATE_MEDIA,
        2: SourceGroup.TELEGRAM_SOCIAL,
        3: SourceGroup.SELF,
        4: SourceGroup.WESTERN_OUTLET,
        5: SourceGroup.OFFICIAL,
    }
    urls = {number: f"https://n{number}.example.com/" for number in groups}
    sources = {urls[n]: Source(f"s{n}", group=group, publisher=f"s{n}") for n, group in groups.items()}
    one = report({number: [url] for number, url in urls.items()})
    findings = audit([one], grade=Grade(True, letter="A", score=99.0), sources=sources).findings[one.path]
    assert [(f.rule, f.note) for f in findings] == [("CA401", 1), ("CA402", 2), ("CA404", 3)]


def test_a_second_source_or_an_attribution_is_enough() -> None:
    urls = ["https://state.example.com/", "https://paper.example.com/"]
    sources = {
        u: Source(u, group=g, publisher=u)
        for u, g in zip(urls, (SourceGroup.STATE_MEDIA, SourceGroup.WESTERN_OUTLET), strict=True)
    }
    both = report({1: urls})
    assert audit([both], grade=Grade(True, letter="A", score=99.0), sources=sources).findings[both.path] == ()
    said = report({1: urls[:1]})
    marker = replace(said.markers[0], sentence="The foreign ministry said on Monday that talks will go on.")
    said = replace(said, markers=(marker,))
    assert audit([said], grade=Grade(True, letter="A", score=99.0), sources=sources).findings[said.path] == ()


def test_an_unlisted_site_is_told_once() -> None:
    urls = [f"https://unlisted.example.com/{i}" for i in range(3)]
    sources = {url: Source("unlisted.example.com") for url in urls}
    one = report({i: [url] for i, url in enumerate(urls, 1)})
    assert [f.rule for f in audit([one], sources=sources).findings[one.path]] == ["CA405"]


def test_an_unreadable_link_is_told_once_and_from_the_print() -> None:
    odd = "http://exa mple.org/x"
    one = report({1: [odd]})
    findings = audit([one], [replace(verdict(odd, Health.BROKEN, Reason.INVALID, status=None), mementos=())])
    assert [f.rule for f in findings.findings[one.path]] == ["CA301"]


@pytest.mark.parametrize(("days", "applicability", "remarks"), [
    (180, "safe", []), (-180, "safe", []),
    (181, "unsafe", ["CA204"]), (-181, "unsafe", ["CA204"]),
])  # fmt: skip
def test_a_copy_is_far_from_half_a_year_on(days: int, applicability: str, remarks: list[str]) -> None:
    """180 days to either side of the report's date still count as near."""
    gone = found(Health.BROKEN, Reason.GONE, days=days)
    assert [fix.applicability for fix in gone[0].fixes] == [applicability]
    assert [f.rule for f in gone] == ["CA101", *remarks]
    assert [f.rule for f in found(Health.ALIVE, Reason.OK, days=days)] == remarks


def test_a_message_says_what_was_seen_and_the_document_also_which_rule_says_so() -> None:
    seen = RuleObservation("the page offers the domain for sale", "rule for-sale; wording of parking pages (a table)")
    wording = "the page speaks of (rule 3; page 9) in its own words"
    (finding,) = found(Health.BROKEN, Reason.PARKED, evidence=(seen, wording))
    assert (
        "The page offers the domain for sale. The page speaks of (rule 3; page 9) in its own words." in finding.message
    )
    assert "for-sale" not in finding.message
    one = report({1: [URL]})
    document = render("json", audit([one], [verdict(URL, Health.BROKEN, Reason.PARKED, evidence=(seen, wording))]))
    assert '"the page offers the domain for sale (rule for-sale; wording of parking pages (a table))"' in document


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (FindingState.NEW, True),
        (FindingState.KNOWN, True),
        (FindingState.RESOLVED, False),
        (FindingState.IGNORED, False),
    ],
)
def test_a_finding_is_open_until_it_is_resolved_or_ignored(state: FindingState, is_open: bool) -> None:
    assert replace(found(Health.BROKEN, Reason.GONE)[0], state=state).is_open is is_open


@pytest.mark.parametrize(("name", "rules"), [("r.md", 0), ("r.txt", 1)])
def test_what_is_right_in_markdown_needs_no_mending(name: str, rules: int) -> None:
    one = read_report(name, b"# T\n\nSaid.[1]\n\n[1] https://a.example.org/x\\_y\n")
    assert [link.url for note in one.notes for link in note.links] == ["https://a.example.org/x_y"]
    assert [f.rule for f in audit([one]).findings[name]].count("CA302") == rules
