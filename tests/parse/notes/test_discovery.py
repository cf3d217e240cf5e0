"""Notes and markers in every style that reports use, and what becomes of damaged ones."""

from __future__ import annotations

from collections import Counter

import pytest

from cite_audit.model import Note, Report
from cite_audit.parse import read_report


def read(text: str, name: str = "report.txt") -> Report:
    return read_report(name, text.encode())


def notes(report: Report) -> dict[int, list[str]]:
    return {note.number: [link.url for link in note.links] for note in report.notes}


def note(text: str) -> Note:
    (one,) = read(f"[1] {text}").notes
    return one


BODY = "The title of it\n\nAlpha said so{0} and beta did too.{1} Then gamma came.{2}\n\n"
STYLES = {
    "superscript": (("¹", "²", "³"), "¹ {}\n\n² {}\n\n³ {}\n"),
    "html": (
        ("<sup>1</sup>", "<sup>2</sup>", "<sup>3</sup>"),
        "<sup>1</sup> {}\n\n<sup>2</sup>\n\n{}\n\n<sup>3</sup> {}\n",
    ),
    "square": (("[1]", "[2]", "[3]"), "[1]\u00a0{}\n[2]{}\n[3]; {}\n"),
    "escaped": ((r"\[1\]", r"\[2\]", r"\[3\]"), "\\[1\\] {}\n\n\\[2\\] {}\n\n\\[3\\] {}\n"),
    "heading": (("[1]", "[2]", "[3]"), "## Endnotes\n\n[1] {}\n\n[2] {}\n\n[3] {}\n"),
    "roman": (("[i]", "[ii]", "[iii]"), "Endnotes\n\n[i] {}\n\n[ii] {}\n\n[iii] {}\n"),
    "linked": (
        tuple(f"[[{n}]](https://site.org/a/<#_edn{i}>)" for i, n in enumerate(("i", "ii", "iii"), 1)),
        "[[i]](https://site.org/a/<#_ednref1>) {}\n\n[[ii]](https://site.org/a/<#_ednref2>) {}\n\n"
        "[[iii]](#_ednref3) {}\n",
    ),
    "linked, escaped": (
        tuple(rf"[\[{n}\]](#_edn{n})" for n in (1, 2, 3)),
        "[\\[1\\]](#_ednref1) {}\n\n[[2\\]](#_ednref2) {}\n\n[_\\[3\\]_](applewebdata://4C-7B#_ednref3) {}\n",
    ),
    "linked, raised": (
        ("[^[i]^](#_edn1)", "[^[ii]^](#_edn2)", "[^[iii]^](#_edn3)"),
        "[^[i]^](#_ednref1) {}\n\n[^[ii]^](#_ednref2) {}\n\n[^[iii]^](#_ednref3) {}\n",
    ),
    "wide brackets": (("［1］", "［2］", "［3］"), "［1］ {}\n［2］ {}\n［3］{}\n"),
    "black brackets": (("【1】", "【2】", "【3】"), "【1】{}\n【2】{}\n【3】{}\n"),
    "raised brackets": (("⁽¹⁾", "⁽²⁾", "⁽³⁾"), "⁽¹⁾ {}\n⁽²⁾ {}\n⁽³⁾ {}\n"),
    "emphasised": (("[1]", "[2]", "[3]"), "*[1]* {}\n\n_[2]_ {}\n\n***[3]*** {}\n"),
    "worded": ((" [note 1]", " [note 2]", " [note 3]"), "Note 1: {}\nNote 2. {}\nNote 3 – {}\n"),
    "glued to its heading": (("[1]", "[2]", "[3]"), "Endnotes[1] {}\n[2] {}\n[3] {}\n"),
    "round": ((" (1)", " (2)", " (3)"), "References\n\n(1) {}\n(2) {}\n(3) {}\n"),
    "dotted": ((".1", "2", "3"), "Notes:\n\n1. {}\n2. {}\n3. {}\n"),
    "caret": (("^1^", "^2^", "^3^"), "^1^ {}\n\n^2^ {}\n\n^3^ {}\n"),
    "superscript to dotted": (("¹", "²", "³"), "1. {}\n2. {}\n3. {}\n"),
    "superscript to number": (("¹", "²", "³"), "1 {}\n2 {}\n3 {}\n"),
    "cyrillic heading": (("[1]", "[2]", "[3]"), "Примечания\n\n1. {}\n2. {}\n3. {}\n"),
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_pairs_markers_with_notes(style: str) -> None:
    marks, listed = STYLES[style]
    report = read(BODY.format(*marks) + listed.format("https://a.com/1", "https://b dot ru/2", "https://c((.))by/3"))
    assert notes(report) == {1: ["https://a.com/1"], 2: ["https://b.ru/2"], 3: ["https://c.by/3"]}
    assert [marker.number for marker in report.markers] == [1, 2, 3]
    assert (report.missing_notes, report.orphan_notes) == ((), ())
    assert [citation.note for citation in report.citations] == [1, 2, 3]


def test_markdown_footnotes_with_names_and_indented_lines() -> None:
    report = read(
        "# T\n\nText[^1] and more[^src] and again[^1].\n\n[^1]: https://a.com/x\n    and https://b.com/y\n\n"
        "[^src]: See [it](https://c.com/z).\n",
        "r.md",
    )
    assert notes(report) == {1: ["https://a.com/x", "https://b.com/y"], 2: ["https://c.com/z"]}
    assert [marker.number for marker in report.markers] == [1, 2, 1]


@pytest.mark.parametrize("name", ["6²", "①", "x٣"])
def test_names_of_footnotes_that_look_like_numbers_are_names(name: str) -> None:
    assert notes(read(f"A.[^{name}]\n\n[^{name}]: https://a.com/x\n", "r.md")) == {1: ["https://a.com/x"]}


def test_ranges_lists_and_several_markers_on_one_word() -> None:
    listed = "".join(f"[{n}] https://a.com/{n}\n" for n in range(1, 10))
    report = read(f"T\n\nOne.[1-3] Two.[4, 5] Three.[6]–[8] Four.[9][1]\n\n{listed}")
    assert [marker.number for marker in report.markers] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]
    sup = read(
        "T\n\nOne.¹⁻³ Two.⁴˒⁵ Three.⁶⁷ An area of 5 km² or 10⁶.\n\n"
        + "".join(f"{'¹²³⁴⁵⁶⁷'[n]} https://a.com/{n}\n" for n in range(7))
    )
    assert [marker.number for marker in sup.markers] == [1, 2, 3, 4, 5, 6, 7]


def test_numbering_that_restarts_is_counted_in_sections() -> None:
    report = read(
        "One\n\nAlpha.[1] Beta.[2]\n\n[1] https://a.com/1\n[2] https://a.com/2\n\nTwo\n\n"
        "Gamma.[1] Delta.[2] Eps.[3]\n\n"
        "[1] https://b.com/1\n[2] https://b.com/2\n"
    )
    assert [(n.section, n.number, n.links[0].url) for n in report.notes] == [
        (0, 1, "https://a.com/1"), (0, 2, "https://a.com/2"), (1, 1, "https://b.com/1"), (1, 2, "https://b.com/2"),
    ]  # fmt: skip
    assert [(m.section, m.number) for m in report.markers] == [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)]
    assert report.missing_notes == (3,)


def test_missing_and_orphan_notes_out_of_order_and_twice() -> None:
    report = read(
        "T\n\nA.[1] B.[2] C.[4] In [2020] too.\n\n[2] https://a.com/2\n[1] https://a.com/1\n"
        "[3] https://a.com/3\n[3] https://a.com/3b\n"
    )
    assert (report.missing_notes, report.orphan_notes) == ((4,), (3,))
    assert [n.number for n in report.notes] == [2, 1, 3, 3]


def test_a_note_goes_on_over_page_breaks_page_numbers_and_blank_lines() -> None:
    report = read(
        "T\n\nA.[1] B.[2]\n\n[1] https://a.com/1;\n\n12\n\n---\n\nhttps://a.com/1b; see the whole.\n\n"
        "<https://a.com/1c>\n\n"
        "[2] https://a.com/2\n\nFile Attachments:\n[Map](https://site.org/map)\n\n* [Other](https://site.org/other)\n"
    )
    assert notes(report) == {1: ["https://a.com/1", "https://a.com/1b", "https://a.com/1c"], 2: ["https://a.com/2"]}
    assert [c.link.url for c in report.citations if c.note is None] == []
    assert report.notes[0].lost_slots == 0


def test_a_label_that_wrapping_left_alone_on_its_line() -> None:
    report = read("T\n\nA.[1] B.[2]\n[1]\nhttps://a.com/a-very-long-name\n[2]\n<https://b dot ru/another>\n")
    assert notes(report) == {1: ["https://a.com/a-very-long-name"], 2: ["https://b.ru/another"]}


def test_a_bare_number_that_wrapping_left_before_a_framed_address() -> None:
    report = read("A.¹ B.²\n\nNotes\n\n1\nhxxps[:]//a[.]com/x\n2\n[https://b.org/y](https://b.org/y); “T”\n", "r.md")
    assert notes(report) == {1: ["https://a.com/x"], 2: ["https://b.org/y"]}


def test_a_page_s_end_within_a_note_does_not_end_the_list() -> None:
    listed = "[1] The Title,\n\n14\n\nhttps://a.com/1, p. 5\n[2] “Another,” https://a.com/2\n[3] Ibid.\n"
    report = read(f"T\n\nA.[1] B.[2] C.[3]\n\n{listed}")
    assert notes(report) == {1: ["https://a.com/1"], 2: ["https://a.com/2"], 3: []}


def test_headings_of_lists_in_files_with_carriage_returns() -> None:
    report = read("T\r\n\r\nA.¹ B.²\r\n\r\nNotes\r\n\r\n1 An interview.\r\n2 https://a.com/2\r\n")
    assert notes(report) == {1: [], 2: ["https://a.com/2"]}


def test_lists_of_chapters_may_be_set_close_or_wide() -> None:
    close, wide = "1. https://a.com/{0}1\n2. https://a.com/{0}2\n", "1. https://a.com/{0}1\n\n2. https://a.com/{0}2\n"
    report = read(
        "".join(f"Chapter {n}\n\nText.\n\nNotes\n\n{one.format(n)}\n" for n, one in enumerate((close, wide, close)))
    )
    assert [(note.section, note.number) for note in report.notes] == [(s, n) for s in range(3) for n in (1, 2)]


def test_a_date_at_a_line_s_start_is_no_number_of_a_note() -> None:
    listed = "1 https://a.com/1\n\n2 ТАСС,\n3 мая 2023 г., https://a.com/2\n\n3 See https://a.com/3\n"
    dense = "1 T, https://a.com/1 (accessed\n3 June 2023)\n2 https://a.com/2\n3 https://a.com/3\n"
    assert notes(read(f"A.¹ B.² C.³\n\nNotes\n\n{dense}")) == {n: [f"https://a.com/{n}"] for n in (1, 2, 3)}
    assert notes(read(f"A.¹ B.² C.³\n\nNotes\n\n{listed}")) == {n: [f"https://a.com/{n}"] for n in (1, 2, 3)}


def test_a_marker_that_a_line_end_pushed_to_the_front_is_no_note() -> None:
    report = read(
        "Words that are wrapped hard so that the line ends just here\n[1] and goes on in the next line.[2]\n\n"
        "[1] https://a.com/1\n[2] https://a.com/2\n"
    )
    assert notes(report) == {1: ["https://a.com/1"], 2: ["https://a.com/2"]}
    assert [marker.number for marker in report.markers] == [1, 2]


def test_notes_alone_without_a_report_round_them() -> None:
    report = read("[36]Data available upon request.\n\n[38] https://t dot me/a/1")
    assert {n.number: n.kind for n in report.notes} == {36: "on-request", 38: "links"}
    assert report.orphan_notes == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://a.com/x", "links"),
        ("Data upon request", "on-request"),
        ("Data available on request.", "on-request"),
        ("Data available upon\nrequest.", "on-request"),
        ("Counted by the authors; data available by request", "on-request"),
        ("SITE Intelligence Group, “Claim,” March 3, available by subscription at www.siteintelgroup.com.", "prose"),
        ("“Iran Update, March 3, 2026 | ISW”", "lost-link"),
        ("Author, “Title,” available at:", "lost-link"),
        (";", "lost-link"),
        ("", "empty"),
        ("Ibid.", "reference"),
        ("Ibid., p. 7", "reference"),
        ("Там же.", "reference"),
        ("See note 4.", "reference"),
        ("Smith, op. cit.", "reference"),
        ("Author interviews, Minsk, May 2020.", "prose"),
        ("<https://news.tut dot>", "lost-link"),
    ],
)
def test_the_kind_of_a_note(text: str, kind: str) -> None:
    assert note(text).kind == kind


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("https://a.com/x", 0),
        ("https://a.com/x;", 1),
        ("https://a.com/x ;", 1),
        ("https://a.com/x;; https://b.com/y", 1),
        ("; https://a.com/x", 1),
        ("; https://a.com/x;;", 2),
        ("https://a.com/x; ; ; https://b.com/y", 2),
        ("https://a.com/x. ;", 1),
        ("https://a.com/x; https://b.com/y.", 0),
        ("https://a.com/x; see also the book", 0),
        (";", 1),
        ("<https://news.tut dot>", 1),
    ],
)
def test_empty_places_between_separators_are_lost_links(text: str, lost: int) -> None:
    assert note(text).lost_slots == lost


def test_a_habit_of_ending_every_note_with_a_separator_is_no_loss() -> None:
    report = read("T\n\n" + "".join(f"[{n}] https://a.com/{n};\n" for n in range(1, 9)))
    assert {n.lost_slots for n in report.notes} == {0}


def test_ibid_and_its_kin_are_resolved() -> None:
    report = read(
        "T\n\nA.[1] B.[2] C.[3] D.[4] E.[5] F.[6]\n\n[1] Smith, “Book,” https://a.com/1\n[2] Ibid., p. 3.\n"
        "[3] https://a.com/3\n"
        "[4] Smith, op. cit., p. 9.\n[5] Jones, supra note 3.\n[6] Ibid; https://a.com/6\n"
    )
    assert [(n.number, n.kind, n.refers_to) for n in report.notes] == [
        (1, "links", None), (2, "reference", 1), (3, "links", None), (4, "reference", 1), (5, "reference", 3),
        (6, "links", 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        ("https://a.com/x.pdf P. 77", "P. 77"),
        ("https://a.com/x.pdf pg 53; https://b.com", "pg 53"),
        ("https://a.com/x.pdf, pg. 75", "pg. 75"),
        ("https://a.com/x.pdf 181-182;", "181-182"),
        ("https://a.com/x.pdf, pp. 3–4.", "pp. 3–4"),
        ("https://a.com/x.pdf 18 killed", ""),
    ],
)
def test_the_page_behind_an_address_is_its_locator(text: str, locator: str) -> None:
    assert note(text).links[0].locator == locator


def test_links_in_running_text_are_citations_without_a_note() -> None:
    report = read(
        "T\n\n"
        "See https://a.com/x and [it](https://b dot ru/y), tass[.]ru/z; the site www.site.org. The end.[1]\n\n[1] https://c.com/w\n"
    )
    assert [(c.note, c.link.url) for c in report.citations] == [
        (None, "https://a.com/x"), (None, "https://b.ru/y"), (None, "tass.ru/z"), (1, "https://c.com/w"),
    ]  # fmt: skip


def test_a_marker_holds_the_sentence_it_stands_behind() -> None:
    report = read(
        "T\n\n"
        "Mr. Smith met Gen. Jones in St. Petersburg. “They agreed,” he said on August 30.¹ The second² one goes on\n"
        "over a line. Third sentence, which a page\n\nbreak cuts in two.³\n\n¹ https://a.com/1\n"
        "² https://a.com/2\n³ https://a.com/3\n"
    )
    assert [marker.sentence for marker in report.markers] == [
        "“They agreed,” he said on August 30.", "The second one goes on over a line.",
        "Third sentence, which a page break cuts in two.",
    ]  # fmt: skip


def test_places_point_into_the_input() -> None:
    text = "T\r\n\r\nAlpha.[1]\r\n\r\n[1] https://a((.))com/x; <https://b dot ru/y>\r\n"
    report = read(text)
    for citation in report.citations:
        at = citation.location.offset
        assert text[at : at + len(citation.link.raw)] == citation.link.raw
        assert (citation.location.line, citation.location.note) == (5, 1)
    assert report.citations[0].location.column == 5
    assert (report.markers[0].location.line, report.markers[0].location.column) == (3, 7)


def test_notes_that_lost_their_line_ends() -> None:
    report = read(
        "T\n\nA.[1] B.[2] C.[3]\n\n"
        "Endnotes [1] https://a.com/x; see [9] there. [2] https://b dot ru/y [3]Data upon request.\n"
    )
    assert [(n.number, n.kind) for n in report.notes] == [(1, "links"), (2, "links"), (3, "on-request")]


def test_notes_that_lost_their_line_ends_and_some_of_their_numbers() -> None:
    report = read("T\n\nA.[1] B.[2] C.[3] D.[4]\n\n[1] https://a.com/1; see [3] there [4]; https://a.com/4;\n")
    assert notes(report) == {1: ["https://a.com/1"], 4: ["https://a.com/4"]}
    assert report.missing_notes == (2, 3)


def test_site_furniture_right_under_the_last_note() -> None:
    report = read("T\n\nA.[1]\n\n[1] https://a.com/x\nNext\nRelated Content\n[More](https://site.org/more)\n")
    assert notes(report) == {1: ["https://a.com/x"]}
    assert len(report.citations) == 1


@pytest.mark.parametrize("label", ["{}: ", "{}) ", "{}. ", "{} - ", "({}) ", "**[{}]** ", "[{}]: ", "[{}] "])
def test_labels_however_they_are_punctuated(label: str) -> None:
    listed = "\n".join(f"{label.format(n)}https://a.com/{n}" for n in (1, 2, 3))
    assert notes(read(f"Title\n\nText.\n\nNotes\n\n{listed}\n")) == {n: [f"https://a.com/{n}"] for n in (1, 2, 3)}
    assert notes(read(f"Title\n\nText.\n\n{listed}\n")) == {n: [f"https://a.com/{n}"] for n in (1, 2, 3)}


def test_notes_in_a_table_and_numbers_in_paragraphs_of_their_own() -> None:
    table = "A.[1] B.[2]\n\n| [1] | https://a.com/1 |\n| [2] | https://a.com/2; https://a.com/3 |\n"
    assert notes(read(table)) == {1: ["https://a.com/1"], 2: ["https://a.com/2", "https://a.com/3"]}
    apart = "A[1]. B[2].\n\nSources:\n\n1\n\nhttps://a.com/1\n\n2\n\nhttps://a.com/2\n"
    assert notes(read(apart)) == {1: ["https://a.com/1"], 2: ["https://a.com/2"]}


def test_a_sentence_about_sources_with_a_marker_is_no_note() -> None:
    report = read("T\n\nSources[1] say that it rained.\n\nNotes [1] here.\n\n[1] https://a.com/x\n")
    assert [note.number for note in report.notes if note.links] == [1]
    assert report.notes[-1].links[0].url == "https://a.com/x"


def test_a_label_that_is_the_text_of_its_link() -> None:
    report = read("A.[1] B.[2]\n\n[1](https://a.com/x), a title\n[2](https://b dot ru/y); https://c.com/z\n", "r.md")
    assert notes(report) == {1: ["https://a.com/x"], 2: ["https://b.ru/y", "https://c.com/z"]}


def test_an_extract_of_a_list_of_works_need_not_begin_at_one() -> None:
    listed = "\n".join(
        f"{n}. The Title, accessed May 3, 2025, [https://a.com/{n}](https://a.com/{n})  " for n in (20, 21)
    )
    report = read(f"Text.20 More.21\n\n#### **Works cited**\n\n{listed}\n", "r.md")
    assert notes(report) == {20: ["https://a.com/20"], 21: ["https://a.com/21"]}


def test_numbered_sections_under_a_heading_are_no_notes() -> None:
    assert notes(read("T\n\nNotes\n\n3. The Block\n\nIt has parts.\n\n4. The Index\n\nSee https://a.com/x.\n")) == {}


def test_a_list_of_notes_alone_with_ibid_and_interviews() -> None:
    report = read(
        "1. A, ‘T’, <https://a.com/x>, accessed 3 June 2023.\n2. Ibid.\n3. Interview.\n4. B, <https://b.com/y>.\n"
    )
    assert [(n.number, n.kind) for n in report.notes] == [(1, "links"), (2, "reference"), (3, "prose"), (4, "links")]


def test_labels_with_an_anchor_before_them_and_round_romans() -> None:
    report = read('A.<sup>1</sup>\n\n<a id="fn1"></a><sup>1</sup> https://a.com/x\n', "r.md")
    assert notes(report) == {1: ["https://a.com/x"]}
    assert notes(read("A.(i) B.(ii)\n\nNotes\n\n(i) https://a.com/x\n(ii) https://b.com/y\n")) == {
        1: ["https://a.com/x"],
        2: ["https://b.com/y"],
    }


def test_a_numbered_list_in_the_text_is_no_list_of_notes() -> None:
    report = read(
        "Title\n\n1. The first point is this.\n2. The second is that.\n3. The third: https://a.com/x\n\nThe end.\n"
    )
    assert report.notes == ()
    assert [citation.note for citation in report.citations] == [None]


def test_markers_a_space_away_from_the_clause_or_from_another_marker() -> None:
    report = read(
        "It left. ¹ It came,² ³ said one.\n\nFive km ¹ are no marker.\n\n¹ https://a.com\n² https://b.com\n³ x\n"
    )
    assert [marker.number for marker in report.markers] == [1, 2, 3]


def test_bare_digits_after_a_closing_quote_are_markers() -> None:
    report = read("It left.1 He “stayed.”2 Or (not.)3\n\nNotes\n1. https://a.com/1\n2. https://a.com/2\n3. None.\n")
    assert [marker.number for marker in report.markers] == [1, 2, 3]


def test_references_to_notes_in_other_languages() -> None:
    report = read("A.[1] B.[2] C.[3]\n\n[1] https://a.com/1\n[2] Vgl. Anm. 1.\n[3] Див. прим. 2.\n")
    assert [(note.kind, note.refers_to) for note in report.notes[1:]] == [("reference", 1), ("reference", 2)]


def test_a_numbered_list_within_a_note_is_of_that_note() -> None:
    report = read(
        "A.[1] B.[2]\n\n[1] Three places:\n1. https://a.com/1\n2. https://a.com/2\n3. https://a.com/3\n\n[2] https://b.com\n"
    )
    assert [(note.number, len(note.links)) for note in report.notes] == [(1, 3), (2, 1)]


def test_id_and_loc_cit_mean_the_note_before() -> None:
    report = read(
        "A.[1] B.[2] C.[3] D.[4]\n\n[1] https://a.com/1\n[2] Id. at 6.\n[3] Loc. cit.\n[4] Id cards, a book.\n"
    )
    assert [(note.kind, note.refers_to) for note in report.notes[1:]] == [
        ("reference", 1), ("reference", 2), ("prose", None),
    ]  # fmt: skip


def test_numbered_references_of_markdown_are_links_and_no_notes() -> None:
    text = "It [was said][1] and [denied][2].\n\n[1]: https://a.com/1\n[2]: https://b.com/2\n"
    report = read_report("r.md", text.encode())
    assert (report.notes, report.markers, report.missing_notes) == ((), (), ())
    assert [(one.note, one.link.url) for one in report.citations] == [
        (None, "https://a.com/1"),
        (None, "https://b.com/2"),
    ]
    two_on_a_word = "It was said.[1][2]\n\n[1]: https://a.com/1\n[2]: https://b.com/2\n"
    report = read_report("r.md", two_on_a_word.encode())
    assert [(one.note, one.link.url) for one in report.citations] == [(1, "https://a.com/1"), (2, "https://b.com/2")]


def test_labels_in_a_code_fence_are_no_notes() -> None:
    report = read_report("r.md", b"Said.[1]\n\n```\n[7] https://in.code.com/x\n```\n\n[1] https://a.com/1\n")
    assert [(note.number, len(note.links)) for note in report.notes] == [(1, 1)]


def test_notes_at_the_feet_of_plain_pages_end_where_the_text_goes_on() -> None:
    report = read(
        "The first page says a thing.1\n\n1 https://a.com/1\n\nPage 1 of 2\n\nThe second says more.2 And again.3\n\n"
        "2 https://b.com/2\n3 Ibid.\n\nPage 2 of 2\n"
    )
    assert [marker.number for marker in report.markers] == [1, 2, 3]
    assert [note.text for note in report.notes] == ["https://a.com/1", "https://b.com/2", "Ibid."]


def test_raised_roman_numerals_number_notes() -> None:
    report = read("It left.ⁱ It came.ⁱⁱ It stayed.ⁱᵛ\n\nⁱ https://a.com/1\nⁱⁱ https://b.com/2\nⁱᵛ https://d.com/4\n")
    assert [marker.number for marker in report.markers] == [1, 2, 4]
    assert [(note.number, note.links[0].url) for note in report.notes] == [
        (1, "https://a.com/1"), (2, "https://b.com/2"), (4, "https://d.com/4"),
    ]  # fmt: skip


@pytest.mark.parametrize(("printed", "markers"), [(1, 1), (399, 399), (400, 399), (401, 399)])
def test_a_number_printed_four_hundred_times_is_no_marker_any_more(printed: int, markers: int) -> None:
    text = "T\n\n" + "A claim.[1] " * printed + "Another.[2]\n\n[1] https://a.com/1\n[2] https://a.com/2\n"
    assert Counter(marker.number for marker in read(text).markers) == {1: markers, 2: 1}
