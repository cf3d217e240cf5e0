"""What a report loses points for, and what it never does."""

from dataclasses import replace

import pytest

from cite_audit.config.settings import Grading
from cite_audit.errors import ConfigError
from cite_audit.model import Archived, Grade, Health, NoteKind, Report
from cite_audit.report.grading.score import grade_with_basis
from cite_audit.report.render import Subject, render
from cite_audit.report.render.grade.grade_table import GradedReport, GradeSet
from tests.report.audits import NOW
from tests.report.grading.made import HAPPENED, SAID, graded, report, source, verdict

FINE = [["western-1", "regional-1"], ["official-1", "western-2"], ["regional-2", "regional-3"]] * 3


def points(grade: Grade) -> dict[str, float]:
    return {each.measure: each.points for each in grade.deductions}


def test_a_report_on_several_voices_keeps_all_its_points() -> None:
    grade = graded(report([[f"western-{n}", f"regional-{n}"] for n in range(8)]))
    assert (grade.letter, grade.score, grade.deductions) == ("A", 100.0, ())


def test_where_the_voices_come_from_is_never_rewarded() -> None:
    west = graded(report([[f"western-{n}", f"western-{n + 50}"] for n in range(8)]))
    east = graded(report([[f"regional-{n}", f"regional-{n + 50}"] for n in range(8)]))
    assert west.score == east.score == 100.0


def test_without_notes_there_is_no_grade() -> None:
    grade = graded(Report("r.md"))
    assert (grade.gradable, grade.letter, grade.score) == (False, None, None)
    assert "no notes" in grade.text


def test_notes_that_name_no_source_are_not_graded_either() -> None:
    grade = graded(report([[], []]))
    assert (grade.gradable, grade.letter) == (False, None)


def test_few_notes_get_a_score_but_no_letter() -> None:
    grade = graded(report([["western-1", "western-2"]] * 4))
    assert grade.letter is None
    assert grade.score is not None
    assert grade.text.startswith("4 notes are too few for a letter; no link was ")
    assert not any("would make it" in hint for hint in grade.suggestions)


@pytest.mark.parametrize(("notes", "has_letter"), [(4, False), (5, True)])
def test_five_notes_are_enough_for_a_letter(notes: int, has_letter: bool) -> None:
    weak = [["channel-1"], ["channel-2"], ["western-1"], ["state-2"], ["channel-3"]]
    grade = graded(report(weak[:notes]))
    assert (grade.letter is not None) is has_letter
    assert ("too few for a letter" in grade.text) is not has_letter
    assert any("would make it" in hint for hint in grade.suggestions) is has_letter


@pytest.mark.parametrize(("notes", "value"), [
    ([["western-1"]], 0.0),
    ([["western-1"], ["western-1"]], 1.0),
    ([["western-1"], ["western-2"]], 0.0),
    ([["western-1"], ["western-1"], ["western-2"]], 0.3333),
])  # fmt: skip
def test_two_notes_are_the_fewest_that_can_be_concentrated(notes: list[list[str]], value: float) -> None:
    """The chance that two notes picked at random rest on one publisher; a single note tells nothing."""
    assert graded(report(notes)).measures["concentration"] == value


def test_a_single_note_is_spoken_of_in_the_singular() -> None:
    made = report([["channel-1"]])
    settings = Grading()
    grade, reading = grade_with_basis(made, {}, {link.url: source(link.url) for link in made.notes[0].links}, settings)
    assert grade.suggestions
    assert not any("would make it" in hint for hint in grade.suggestions)
    shown = render("text", GradeSet([GradedReport(made, {}, grade, reading)], NOW), subject=Subject.GRADE)
    assert "1 citation in 1 note, 1 publisher\n" in shown
    assert "1 note is too few for a letter; no link was checked live" in shown


def test_facts_on_state_media_alone_cost_points_unless_attributed() -> None:
    notes = [["state-1", "state-2"]] * 4 + FINE
    assert points(graded(report(notes, HAPPENED)))["state_media_only_unattributed"] > 5
    assert "state_media_only_unattributed" not in points(graded(report(notes, SAID)))
    assert "state_media_only_unattributed" not in points(graded(report(notes, "")))


def test_officials_own_sites_cost_nothing_for_being_official() -> None:
    notes = [[f"official-{n}", f"official-{n + 50}"] for n in range(8)]
    grade = graded(report(notes, HAPPENED))
    assert grade.score == 100.0
    assert grade.measures["official_only"] == 1.0


def test_a_second_source_takes_a_note_off_the_list() -> None:
    alone = graded(report([["channel-1"]] * 3 + FINE))
    assert points(alone)["social_only"] > 0
    assert alone.deductions[0].notes
    together = graded(report([["channel-1", "western-9"]] * 3 + FINE))
    assert "social_only" not in points(together)


def test_a_deduction_names_its_notes() -> None:
    grade = graded(report([*FINE, ["channel-1"], ["channel-2"]]))
    deduction = next(each for each in grade.deductions if each.measure == "social_only")
    assert deduction.notes == (10, 11)
    assert "2 of 11 notes (10, 11)" in deduction.text


def test_markers_without_a_note_cost_points() -> None:
    grade = graded(report(FINE, missing=(20, 21)))
    deduction = next(each for each in grade.deductions if each.measure == "dangling")
    assert deduction.notes == (20, 21)
    assert deduction.value == pytest.approx(2 / 11, abs=0.001)


def test_link_rot_is_left_out_when_nobody_looked_and_said_so() -> None:
    grade = graded(report(FINE))
    assert grade.not_run == ("dead_unrecoverable", "unarchived")
    assert "leaves out dead links" in grade.text


def test_only_links_that_are_dead_and_in_no_archive_are_lost() -> None:
    made = report(FINE)
    urls = [citation.link.url for citation in made.citations]
    kept = {u: verdict(u, Health.BROKEN, Archived.ARCHIVED) for u in urls}
    lost = {u: verdict(u, Health.BROKEN, Archived.NOT_ARCHIVED) for u in urls}
    doubtful = {u: verdict(u, Health.UNKNOWN, Archived.UNKNOWN) for u in urls}
    assert "dead_unrecoverable" not in points(graded(made, kept))
    assert points(graded(made, lost))["dead_unrecoverable"] == max(points(graded(made, lost)).values())
    assert graded(made, doubtful).not_run == ("dead_unrecoverable", "unarchived")


def test_live_links_without_a_copy_cost_a_little() -> None:
    made = report(FINE)
    bare = {c.link.url: verdict(c.link.url, Health.ALIVE, Archived.NOT_ARCHIVED) for c in made.citations}
    taken = points(graded(made, bare))
    assert 0 < taken["unarchived"] < points(graded(report([["channel-1"]] * 9)))["social_only"]


def test_where_nothing_is_known_of_the_sources_there_is_no_grade() -> None:
    grade = graded(report([[f"unknown-{n}", f"unknown-{n + 50}"] for n in range(8)]))
    assert (grade.gradable, grade.letter, grade.score) == (False, None, None)
    assert grade.text.startswith("not enough is known: 8 of 8 notes")


@pytest.mark.parametrize(("unknown_notes", "gradable"), [(16, True), (17, False)])
def test_a_fifth_of_the_notes_must_be_known_for_a_grade(unknown_notes: int, gradable: bool) -> None:
    notes = [[f"unknown-{n}"] for n in range(unknown_notes)] + [["western-1"]] * (20 - unknown_notes)
    assert graded(report(notes)).gradable is gradable


@pytest.mark.parametrize(("unknown_notes", "provisional"), [(6, False), (7, True)])
def test_many_sources_in_no_list_make_a_grade_provisional(unknown_notes: int, provisional: bool) -> None:
    notes = [[f"unknown-{n}"] for n in range(unknown_notes)] + [[f"official-{n}"] for n in range(20 - unknown_notes)]
    assert graded(report(notes)).provisional is provisional


def test_a_source_in_no_list_costs_what_a_listed_one_would_and_lifts_nothing() -> None:
    unlisted = graded(report([["unknown-1"], ["official-1"], ["official-2"], ["official-3"], ["official-4"]]))
    listed = graded(report([["western-1"], ["official-1"], ["official-2"], ["official-3"], ["official-4"]]))
    assert unlisted.score == listed.score
    padded = graded(
        report([["western-1", "unknown-1"], ["official-1"], ["official-2"], ["official-3"], ["official-4"]])
    )
    assert padded.score == listed.score


def test_circular_reporting_costs_points() -> None:
    grade = graded(report([["self-1"]] * 5 + FINE))
    assert points(grade)["self_only"] > 0
    assert grade.measures["self"] > 0


def test_a_note_cited_more_often_weighs_more() -> None:
    made = report([["channel-1"], *FINE])
    often = replace(made, markers=(*made.markers, *(made.markers[0],) * 5))
    assert graded(often).measures["social_only"] > graded(made).measures["social_only"]


def test_ibid_stands_on_the_note_it_refers_to() -> None:
    made = report([["channel-1"], *FINE])
    ibid = type(made.notes[0])(2, NoteKind.REFERENCE, "Ibid.", refers_to=1)
    first, second, *markers = made.markers
    markers = [first, replace(second, sentence="It was closed again on Friday."), *markers]
    other = replace(made, notes=(made.notes[0], ibid, *made.notes[2:]), markers=tuple(markers))
    deduction = next(each for each in graded(other).deductions if each.measure == "social_only")
    assert deduction.notes == (1, 2)


def test_presets_weigh_differently() -> None:
    made = report([["state-1"]] * 6 + FINE, HAPPENED)
    scores = {
        name: graded(made, settings=Grading(preset=name)).score
        for name in ("event-reporting", "statement-tracking", "strict")
    }
    assert scores["statement-tracking"] > scores["event-reporting"] > scores["strict"]  # type: ignore[operator]


def test_strict_takes_no_claim_about_fighting_on_a_states_word() -> None:
    made = report([["state-1", "state-2"]] * 4 + FINE, "The ministry said that 30 militants were killed.")
    assert "state_media_only_unattributed" not in points(graded(made))
    assert "state_media_only_unattributed" in points(graded(made, settings=Grading(preset="strict")))


def test_a_ceiling_holds_whatever_else_is_good() -> None:
    made = report([[f"western-{n}", f"regional-{n}"] for n in range(9)], missing=(20, 21, 22))
    grade = graded(made, settings=Grading(preset="strict"))
    assert grade.score is not None
    assert grade.score > 85
    assert grade.letter == "C"


def test_every_weight_can_be_changed() -> None:
    made = report([*FINE, ["channel-1"], ["channel-2"]])
    assert "social_only" not in points(graded(made, settings=Grading(weights={"social_only": (0, 0, 1)})))
    assert "changed" in graded(made, settings=Grading(weights={"social_only": (0, 0, 1)})).registry_version


@pytest.mark.parametrize(
    "settings",
    [
        Grading(preset="kind"),
        Grading(weights={"sozial": (1, 0, 1)}),
        Grading(weights={"social_only": (1, 0)}),
        Grading(weights={"social_only": (1, 0, 20)}),
    ],
)
def test_nonsense_in_settings_is_refused(settings: Grading) -> None:
    with pytest.raises(ConfigError):
        graded(report(FINE), settings=settings)


def test_the_advice_raises_the_grade() -> None:
    made = report([["channel-1"], *FINE, ["channel-2"], ["channel-3"]])
    before = graded(made)
    assert "note 1" in before.suggestions[0]
    mended = report([["channel-1", "western-77"], *FINE, ["channel-2"], ["channel-3"]])
    assert graded(mended).score > before.score  # type: ignore[operator]


def test_below_an_a_something_is_always_said_that_would_raise_it() -> None:
    worst = graded(report([["state-1"]] * 8))
    assert worst.letter == "F"
    assert worst.suggestions[0].startswith("note 1: say in the sentence who said it")
    assert "mended notes would make it D" in worst.suggestions[-1]
    mended = graded(report([["state-1", "western-1"], *[["state-1"]] * 7]))
    assert mended.score > worst.score  # type: ignore[operator]


def test_a_statement_needs_no_second_publisher() -> None:
    assert graded(report([[f"western-{n}"] for n in range(6)], SAID)).score == 100.0
    assert "single_publisher" in points(graded(report([[f"western-{n}"] for n in range(6)], HAPPENED)))


def test_a_channel_may_speak_for_its_owner_where_the_sentence_says_so() -> None:
    said = graded(report([["channel-1"]] * 4 + FINE, SAID))
    assert "social_only" not in points(said)
    assert said.measures["social_only_attributed"] > 0
    assert "social_only" in points(graded(report([["channel-1"]] * 4 + FINE, HAPPENED)))


def test_he_said_speaks_for_nobody_in_a_report_that_names_nobody() -> None:
    assert "state_media_only_unattributed" in points(graded(report([["state-1"]] * 6, "He said that it was open.")))
    named = report([["state-1"]] * 6, "He said that it was open.")
    first = replace(named.markers[0], sentence="Minister Ivan Hladun said that it was open.")
    assert "state_media_only_unattributed" not in points(graded(replace(named, markers=(first, *named.markers[1:]))))


def test_a_share_of_few_notes_says_less() -> None:
    scores = [graded(report([["western-1"], *[["official-1"]] * (n - 1)])).score for n in (5, 5)]
    assert scores[0] == scores[1]
    assert graded(report([["state-1"]])).score > graded(report([["state-1"]] * 30)).score  # type: ignore[operator]


def test_a_sentence_in_a_language_without_a_table_is_never_charged() -> None:
    grade = graded(report([["state-1"]] * 7, "ラブロフ外相は、会談が再開されると述べた。"))
    assert (grade.score, grade.provisional) == (100.0, True)


@pytest.mark.parametrize("preset", ["event-reporting", "statement-tracking", "cti", "academic", "court", "strict"])
def test_every_preset_grades(preset: str) -> None:
    grade = graded(report([["state-1"]] * 6 + FINE), settings=Grading(preset=preset))
    assert grade.score is not None
    assert preset in grade.registry_version


def test_groups_count_each_page_once_a_note() -> None:
    grade = graded(report([["western-1", "western-1", "channel-1"], *FINE]))
    assert grade.groups["telegram_social"].citations == 1
    assert sum(share.citations for share in grade.groups.values()) == 20
    assert sum(share.share for share in grade.groups.values()) == pytest.approx(1, abs=0.001)


def test_what_a_party_says_is_its_word_alone() -> None:
    alone = points(graded(report([["party-1"]] * 6, HAPPENED)))
    assert alone["social_only"] > 5
    assert "social_only" in points(graded(report([["party-1", "channel-2"]] * 6, HAPPENED)))
    assert points(graded(report([["party-1"]] * 6, "Party leader Ivan Hladun said that it was open."))) == {}
    assert "social_only" not in points(graded(report([["party-1", "western-1"]] * 6, HAPPENED)))
