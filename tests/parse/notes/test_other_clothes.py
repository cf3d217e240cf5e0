"""Lists of notes without a known heading, and notes in other clothes."""

from __future__ import annotations

import pytest

from cite_audit.model import Report
from cite_audit.parse import read_report

BODY = "# Report\n\nThe dam broke [1]. It was mended [2]. It holds [3].\n\nSteps:\n\n1. Look.\n2. Tell.\n\n"
ENTRIES = "1. Reed, Dams. 2001.\n2. Moss, Repairs. https://a.example.org/m\n3. Fern, Rest. 2003.\n"


def read(text: str, name: str = "r.md") -> Report:
    return read_report(name, text.encode())


@pytest.mark.parametrize(
    "heading",
    [
        "Literaturverzeichnis",
        "Список литературы",
        "Źródła i przypisy",
        "参考文献",
        "المراجع",
        "3. References and notes",
    ],
)
def test_a_list_of_references_is_known_by_its_heading(heading: str) -> None:
    assert [note.number for note in read(f"{BODY}## {heading}\n\n{ENTRIES}").notes] == [1, 2, 3]


def test_a_list_whose_numbers_agree_with_the_markers_needs_no_known_heading() -> None:
    assert [note.number for note in read(f"{BODY}## Papers that we read\n\n{ENTRIES}").notes] == [1, 2, 3]


def test_markers_without_a_list_are_not_missing_notes_and_arrays_are_no_markers() -> None:
    report = read("# Report\n\nThe dam broke [1]. It was mended [2].\n")
    assert ([marker.number for marker in report.markers], report.missing_notes) == ([1, 2], ())
    assert read("# Report\n\nTABLE = [1, 234, 130, 99]\n\nThe matrix [1, 0] is used.\n").markers == ()


def test_a_heading_reaches_to_the_next_of_its_level() -> None:
    report = read("# Report\n\n## Sources\n\n- one\n\n## Advice\n\n1. Block it.\n2. Watch it.\n3. Reset it.\n")
    assert report.notes == ()


def test_inline_notes_of_pandoc() -> None:
    report = read("The dam^[See [here](https://a.example.org/x).] broke^[https://b.example.org/y].\n", "r.qmd")
    assert [[link.url for link in note.links] for note in report.notes] == [
        ["https://a.example.org/x"],
        ["https://b.example.org/y"],
    ]
    assert [marker.number for marker in report.markers] == [1, 2]


def test_notes_written_as_html_in_markdown() -> None:
    report = read(
        'The dam broke.<sup id="r1"><a href="#fn1">1</a></sup>\n\n<ol>\n<li id="fn1">Log, '
        '<a href="https://a.example.org/x">here</a>. <a href="#r1">&#8617;</a></li>\n</ol>\n'
    )
    assert [[link.url for link in note.links] for note in report.notes] == [["https://a.example.org/x"]]
    assert report.orphan_notes == ()


def test_side_notes_are_numbered_in_order() -> None:
    report = read(
        '<h1>Report</h1><p>The dam broke.<span class="sidenote">See <a href="https://a.example.org/x">it</a></span> It '
        'holds.<span class="sidenote">None</span></p>',
        "r.html",
    )
    assert [note.number for note in report.notes] == [1, 2] == [marker.number for marker in report.markers]


def test_the_sites_own_blocks_of_links_are_no_citations_and_sources_are() -> None:
    menu = "".join(f'<li><a href="https://paper.example/{n}">More {n}</a></li>' for n in range(4))
    prose = "The dam broke in the night and nobody was there to see how the water went down the valley. " * 3
    sources = '<h2>Sources</h2><ul><li><a href="https://paper.example/dam">Dam</a></li></ul>'
    page = f"<body><div><ul>{menu}</ul></div><div><h1>Dam</h1><p>{prose}</p></div><div>{sources}</div></body>"
    assert [item.link.url for item in read(page, "r.html").citations] == ["https://paper.example/dam"]


def test_a_marker_in_a_box_beside_the_text_is_read() -> None:
    box = '<aside class="sidebar"><p>It holds.<sup><a href="#fn1" id="r1">1</a></sup></p></aside>'
    note = '<p id="fn1"><a href="#r1">1</a> <a href="https://a.example.org/x">Log</a></p>'
    report = read(f"<body><h1>Dam</h1><p>The dam broke.</p>{box}{note}</body>", "r.html")
    assert ([marker.number for marker in report.markers], report.orphan_notes) == ([1], ())


def test_inline_and_defined_notes_are_numbered_together() -> None:
    report = read(
        "The dam^[See https://a.example.org/x now.] broke[^log] twice^[https://c.example.org/z] and `^[a-z]+`.\n\n"
        "[^log]: The log\n    https://b.example.org/y\n\n    Its end: https://b.example.org/end\n\nAfter it.\n",
        "r.qmd",
    )
    assert {note.number: [link.url for link in note.links] for note in report.notes} == {
        1: ["https://a.example.org/x"],
        2: ["https://b.example.org/y", "https://b.example.org/end"],
        3: ["https://c.example.org/z"],
    }
    assert [marker.number for marker in report.markers] == [1, 2, 3]


def test_an_expression_in_code_is_no_inline_note() -> None:
    assert read("Use `^[a-z ]+$`.\n\n```\n^[0-9] x\n```\n\nSee https://a.example.org/x.\n").notes == ()


def test_the_targets_of_reference_links_are_of_no_note() -> None:
    report = read("The [log] says so.[^1]\n\n[^1]: https://a.example.org/x\n\n  [log]: https://b.example.org/y\n")
    assert [[link.url for link in note.links] for note in report.notes] == [["https://a.example.org/x"]]


@pytest.mark.parametrize("labels", ["①②", ("（1）", "（2）"), ("1)", "2)"), ("〔1〕", "〔2〕")], ids=str)
def test_labels_of_east_asia(labels: tuple[str, str]) -> None:
    one, two = labels
    report = read(
        f"報告\n\n水坝破了。{one} 修好了。{two}\n\n注释\n{one} https://a.example.org/x\n{two} 同上。\n", "r.txt"
    )
    assert [[link.url for link in note.links] for note in report.notes] == [["https://a.example.org/x"], []]
    assert [marker.number for marker in report.markers] == [1, 2]


def test_a_marker_before_a_colon_is_a_marker() -> None:
    report = read("The dam broke[^a]: it fell.[^b]\n\n[^a]: One.\n[^b]: Two.\n")
    assert ([marker.number for marker in report.markers], report.orphan_notes) == ([1, 2], ())


def test_notes_anchored_by_hand() -> None:
    report = read(
        'Broke <sup>[1](#f1)</sup>, mended <sup>[2](#f2)</sup>.\n\n<a name="f1">1</a>: https://a.example.org/x\n\n'
        '<a name="f2">2</a>: https://b.example.org/y\n'
    )
    assert [[link.url for link in note.links] for note in report.notes] == [
        ["https://a.example.org/x"],
        ["https://b.example.org/y"],
    ]


def test_authors_of_a_list_with_more_of_each() -> None:
    report = read(
        "---\ntitle: Dams\nauthor:\n  - name: Ann Lee\n    affiliation:\n      - Port\n  - url: https://b.example.org\n"
        "    name: Bo Kim\n  - Cy Dan\ndate: 2024-03-03\n---\n\nText.\n"
    )
    assert report.authors == ("Ann Lee", "Bo Kim", "Cy Dan")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "港は閉鎖された（注1）。船も見られた（注2、注3）。\n\n"
            "注1　https://a.example.jp/x\n注2　https://b.example.jp/y\n注3　同上。\n",
            [1, 2, 3],
        ),
        (
            "港は閉鎖された※1。船も見られた※2。\n\n※1 https://a.example.jp/x\n※2 https://b.example.jp/yを参照。\n",
            [1, 2],
        ),
        (
            "Порт закрыли [1, с. 15; 2].\n\nСписок литературы\n\n1. https://a.example.jp/x\n2. https://b.example.jp/y\n",
            [1, 2],
        ),
    ],
)
def test_markers_that_name_several_notes(text: str, numbers: list[int]) -> None:
    report = read(f"Quiet Harbour\n\n{text}", "r.txt")
    assert [marker.number for marker in report.markers] == numbers
    assert [link.url for note in report.notes for link in note.links] == [
        "https://a.example.jp/x",
        "https://b.example.jp/y",
    ]
    assert (report.missing_notes, report.orphan_notes) == ((), ())
