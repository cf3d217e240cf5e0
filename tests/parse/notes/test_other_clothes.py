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
