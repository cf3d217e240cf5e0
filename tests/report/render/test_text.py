"""Text for people: everything an editor needs, in any width, with and without colour, whatever a page is called."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from cite_audit.model import Audit, FindingState, Grade, Health, Link, Reason, Repair, RepairKind, Share, Source
from cite_audit.parse.readers import find_format
from cite_audit.report.render import RenderOptions, Subject, render
from cite_audit.report.render.locations import format_ranges
from cite_audit.report.render.media.sanitizer import display_width, sanitize_line, sanitize_text
from cite_audit.report.render.media.terminal import Terminal
from tests.report.audits import AUDITS, audit, everything_wrong, hostile, report, verdict
from tests.report.audits import clean as clean_audit

URLS_OF_WORDS = ("https://a.example/1", "https://b.example/2")
COLOURS = re.compile("\x1b\\[\\d+m")


def lines(name: str, options: RenderOptions | None = None) -> list[str]:
    return render("text", AUDITS[name](), options).splitlines()


@pytest.mark.parametrize("columns", [20, 40, 57, 80, 100, 200, 500])
@pytest.mark.parametrize("name", ["everything-wrong", "hostile"])
def test_lines_fit_unless_they_are_addresses_or_commands(name: str, columns: int) -> None:
    room = min(max(columns, 40), 200)
    for line in lines(name, RenderOptions(width=columns)):
        whole = "://" in line or line.startswith(("reports/", "    cite-audit fix")) or "=cmd()" in line
        assert whole or display_width(line) <= room, line


def test_addresses_are_never_broken_or_shortened() -> None:
    for columns in (40, 80, 200):
        text = render("text", everything_wrong(), RenderOptions(width=columns))
        for finding in everything_wrong().findings["reports/grid.md"]:
            if finding.severity != "note":
                assert all(fix.replacement in text for fix in finding.fixes)


@pytest.mark.parametrize("name", AUDITS)
def test_colour_changes_nothing_but_colour(name: str) -> None:
    coloured = render("text", AUDITS[name](), RenderOptions(colour=True))
    assert COLOURS.sub("", coloured) == render("text", AUDITS[name]())
    if AUDITS[name]().reports:
        assert "\x1b[" in coloured


def test_without_unicode_all_is_ascii() -> None:
    text = render("text", hostile(), RenderOptions(unicode=False)) + render(
        "text", everything_wrong(), RenderOptions(unicode=False)
    )
    assert text.isascii()
    assert "-> https://web.archive.org/" in text
    assert "########" in text


def test_brackets_and_defanged_links_are_printed_as_they_are() -> None:
    urls = ["hxxps://www[.]example[.]com/[red]/x", "https://user[at]example[dot]org/[/bold]"]
    links = [Link(url, url, style="[.]") for url in urls]
    made = audit(
        [report({1: links}, title="[red]Title[/red] :smile:")], [verdict(u, Health.BROKEN, Reason.GONE) for u in urls]
    )
    text = render("text", made)
    assert all(url in text for url in urls)
    assert "[red]Title[/red] :smile:" in text


def test_text_from_right_to_left_keeps_its_letters_and_loses_its_tricks() -> None:
    made = audit(
        [report({1: ["https://ar.example.com/"]}, title="\u202eتقرير عن الشبكة\u2069")],
        [verdict("https://ar.example.com/")],
    )
    assert "تقرير عن الشبكة" in render("text", made)
    assert "\u202e" not in render("text", made)


def test_notes_come_in_order_and_each_is_named_once() -> None:
    named = [int(found[1]) for line in lines("everything-wrong") if (found := re.match(r"  note (\d+) ", line))]
    assert named == sorted(set(named))


def in_format(format: str, page: int | None) -> Audit:
    """Everything wrong, as it is read from a document without lines."""
    made = everything_wrong()
    (one,) = made.reports
    citations = tuple(replace(c, location=replace(c.location, page=page)) for c in one.citations)
    found = [replace(f, location=replace(f.location, page=page)) for f in made.findings[one.path]]
    one = replace(one, format=format, citations=citations, has_lines=find_format(format).has_lines)
    return replace(made, reports=(one,), findings={one.path: tuple(found)})


@pytest.mark.parametrize(("shown", "subject"), [
    ("text", Subject.AUDIT), ("text", Subject.LINKS), ("markdown", Subject.AUDIT), ("html", Subject.AUDIT),
    ("junit", Subject.AUDIT),
])  # fmt: skip
@pytest.mark.parametrize(
    ("format", "page"), [("pdf", 7), ("docx", None), ("odt", None), ("epub", None), ("mail", None)]
)
def test_where_nobody_finds_a_line_the_page_is_said_or_nothing(
    format: str, page: int | None, shown: str, subject: Subject
) -> None:
    made = render(shown, in_format(format, page), RenderOptions(verbose=1), subject=subject)
    line = re.compile(r"\blines? \d")
    assert line.search(render(shown, everything_wrong(), RenderOptions(verbose=1), subject=subject))
    assert not line.search(made)
    assert ("page 7" in made) is bool(page)
    assert "note 34" in made


def test_programs_are_told_the_line_of_any_format() -> None:
    told = json.loads(render("json", in_format("pdf", 7)))
    assert any(place["line"] > 1 and place["page"] == 7 for place in told["reports"][0]["citations"])


def test_several_unlisted_sites_are_spoken_of_as_several() -> None:
    urls = ["https://elering.ee/", "https://entsoe.eu/"]
    unlisted = {url: Source(url) for url in urls}
    for cited, told in (
        (urls[:1], "elering.ee. No list tells who is behind this site."),
        (urls, "behind these sites."),
    ):
        made = audit([report({n: [url] for n, url in enumerate(cited, 1)})], sources=unlisted)
        assert told in flat(render("text", made))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_grade_comes_after_its_working_and_the_unjudged_after_that() -> None:
    text = render("text", everything_wrong())
    places = [text.index(part) for part in ("who is cited", "points taken", "grade C+ (66", "could not tell: 7 links")]
    assert places == sorted(places)


def test_what_could_not_be_told_is_said_with_its_reason_and_not_as_an_error() -> None:
    text = render("text", everything_wrong())
    assert "1 turned our robot away (note 11)" in text
    assert "None is counted against the report." in text
    assert "CA105" not in text


def test_offline_is_said_once() -> None:
    text = render("text", AUDITS["not-asked"]())
    assert text.count("not asked") == 1


def test_a_clean_report_is_short() -> None:
    assert len(lines("clean")) < 12
    assert "nothing to mend" in render("text", clean_audit())


def test_the_same_said_of_many_notes_is_said_once() -> None:
    one = report({i: [f"https://n{i}.example.com/"] for i in range(1, 7)}, missing=(11, 12, 13, 15))
    text = render("text", audit([one], [verdict(c.link.url) for c in one.citations]))
    assert text.count("CA304") == 1
    assert "notes 11–13, 15" in text


def test_verbose_shows_every_citation_and_remark() -> None:
    text = render("text", everything_wrong(), RenderOptions(verbose=1))
    assert "CA105 link-blocked" in text
    assert "  line 10 “On 4 May Lozova lost 91 of its 4,200 houses.”\n            https://inline.example.net/\n" in text
    assert "  note 1 “Bridge 1 was rebuilt.”\n            https://site1.example.com/page\n" in text


def test_known_findings_are_marked_and_resolved_ones_counted() -> None:
    made = everything_wrong()
    states = iter([FindingState.KNOWN, FindingState.RESOLVED, FindingState.IGNORED])
    marked = tuple(replace(f, state=next(states, FindingState.NEW)) for f in made.findings["reports/grid.md"])
    text = render("text", replace(made, findings={"reports/grid.md": marked}))
    assert ", 1 of them known from the baseline, 1 of the baseline resolved, 1 ignored." in " ".join(text.split())


def test_a_link_printed_in_pieces_is_shown_whole() -> None:
    link = Link(
        "https://a.example/x\n\n  [y](z)",
        "https://a.example/xy",
        repairs=(Repair(RepairKind.JOINED_OVER_LINE_END, "line end"),),
    )
    made = audit([report({1: [link]})], [verdict(link.url, Health.BROKEN, Reason.GONE)])
    assert "            https://a.example/xy\n" in render("text", made)


def test_a_report_that_cannot_be_graded_says_why() -> None:
    text = render("text", AUDITS["empty"]())
    assert "not gradable: There are no notes." in text
    assert "grade" not in text.splitlines()[0]


def test_a_score_without_a_letter() -> None:
    few = Grade(True, letter=None, score=71.5, groups={"self": Share(2, 1.0)}, text="fewer than 5 notes: no letter")
    made = audit([report({1: ["https://a.example.com/"]})], [verdict("https://a.example.com/")], grade=few)
    assert "grade no letter (71.5 of 100). Fewer than 5 notes: no letter" in render("text", made)


@pytest.mark.parametrize(
    ("numbers", "text"), [([3], "3"), ([3, 4], "3, 4"), ([3, 5, 6, 7, 8], "3, 5–8"), ([1, 2, 3, 9], "1–3, 9"), ([], "")]
)
def test_ranges(numbers: list[int], text: str) -> None:
    assert format_ranges(numbers) == text


@pytest.mark.parametrize(
    ("hostile_text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://evil.example/\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x9b2Jgone", "gone"),
        ("a\x00b\x7fc\x85d", "abcd"),
        ("x\u202ey\u2066z\u200b\ufeff", "xyz"),
        ("two\r\nlines\t and  spaces ", "two lines and spaces"),
    ],
)
def test_clean(hostile_text: str, left: str) -> None:
    assert sanitize_line(hostile_text) == left
    assert sanitize_line(left) == left


def test_inert_keeps_the_shape_of_a_text() -> None:
    assert sanitize_text("\ta\x1b[2J  b\n") == "\ta  b\n"


def test_bars_are_never_empty_for_something() -> None:
    assert Terminal().draw_bar(0.001) == "█"
    assert Terminal().draw_bar(0) == ""
    assert display_width(Terminal().draw_bar(1.0, 30)) == 30


def test_a_cause_that_many_links_share_is_told_once() -> None:
    urls = [f"https://site{number}.example.com/page" for number in range(1, 6)]
    verdicts = [verdict(url, Health.BROKEN, Reason.PARKED, evidence=("it is for sale",)) for url in urls]
    verdicts[4] = replace(verdicts[4], evidence=("it shows advertising",))
    one = report({number: [url] for number, url in enumerate(urls, 1)})
    text = render("text", audit([one], verdicts))
    assert text.count("The domain lapsed") == text.count("It is for sale.") == 1
    assert "CA106 link-parked, notes 1–5. " in text
    assert "    note 5    https://site5.example.com/page\n              It shows advertising.\n" in text
    assert all(f"/{url}\n" in text for url in urls)  # each with its copy
    three = report({number: [url] for number, url in enumerate(urls[:3], 1)})
    assert render("text", audit([three], verdicts[:3])).count("The domain lapsed") == 3


def test_words_of_a_hyperlink_lead_to_it() -> None:
    one = report({1: ["https://a.example/1"]}, inline=["https://b.example/2"])
    note, body = one.citations
    note = replace(note, location=replace(note.location, link_text="the follow-up"))
    body = replace(
        body, sentence="As a story has it.", location=replace(body.location, paragraph=12, link_text="a story")
    )
    one = replace(one, citations=(note, body), has_lines=False, format="docx")
    text = render("text", audit([one], [verdict(url, Health.BROKEN, Reason.GONE) for url in URLS_OF_WORDS]))
    assert "  paragraph 12, ‘a story’ “As a story has it.”\n            https://b.example/2\n" in text
    assert "  note 1    “Bridge 1 was rebuilt.”\n            ‘the follow-up’ https://a.example/1\n" in text


def test_what_nothing_is_offered_for_is_advised_on_once() -> None:
    made = everything_wrong()
    lost = [f for f in made.findings["reports/grid.md"] if f.rule == "CA203"]
    twice = (*lost, replace(lost[0], note=23, url="https://site22.example.com/other"))
    text = " ".join(render("text", replace(made, findings={"reports/grid.md": twice})).split())
    assert text.count("While the page is alive, archive it again: `cite-audit snapshot REPORT --missing`.") == 1


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (0, "CA201 not-archived, notes 20, 21."),
        (1, "CA201 not-archived, note 21 (known: note 20)."),
        (2, "CA201 not-archived (known), notes 20, 21."),
    ],
)
def test_a_group_tells_which_of_its_places_are_known(known: int, told: str) -> None:
    made = everything_wrong()
    one = next(f for f in made.findings["reports/grid.md"] if f.rule == "CA201")
    group = tuple(
        replace(one, note=20 + number, state=FindingState.KNOWN if number < known else FindingState.NEW)
        for number in range(2)
    )
    text = " ".join(render("text", replace(made, findings={"reports/grid.md": group})).split())
    assert told in text
