"""Nothing vanishes: every link is a source, or is listed with the role that it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.model import LinkRole
from cite_audit.parse import read_report

_FIXTURES = Path(__file__).parents[2] / "fixtures"
_PLAIN_ADDRESS = re.compile(r"(?<![\w/=(])https?://[\w.-]+\.[a-z]{2,}(?:/[\w./%-]*\w)?")
_TEXTS = sorted(path for path in _FIXTURES.rglob("*") if path.suffix in (".md", ".txt"))
_HEAD = "# T\n\nOne.¹ Two.² Three.[^3]\n\n¹ https://one.example.org/a\n\n² https://two.example.org/b\n\n"


def test_notes_that_go_on_in_another_style_are_notes() -> None:
    report = read_report("r.md", f"{_HEAD}[^3]: https://three.example.org/c\n".encode())
    assert [(note.number, [link.url for link in note.links]) for note in report.notes] == [
        (1, ["https://one.example.org/a"]), (2, ["https://two.example.org/b"]), (3, ["https://three.example.org/c"]),
    ]  # fmt: skip
    assert [marker.number for marker in report.markers] == [1, 2, 3]
    assert (report.missing_notes, report.orphan_notes) == ((), ())


def test_labelled_links_behind_the_last_note_are_cited() -> None:
    ends = ["Further reading: https://f.example.org/x", "Data: https://d.example.org/", "[*] https://s.example.org/s"]
    report = read_report("r.md", (_HEAD + "\n\n".join(ends)).encode())
    cited = [citation.link.url for citation in report.citations]
    assert cited[2:] == ["https://f.example.org/x", "https://d.example.org/", "https://s.example.org/s"]


def test_pictures_and_page_feet_are_furniture_and_a_second_printing_is_a_duplicate() -> None:
    text = (
        "# T\n\n![pic](https://cdn.example.org/p.png) Said.[1] Denied.[2]\n\n[1] https://a.example.org/z<https://a.example.org/z>\n\n"
        "[2] https://b.example.org/y\n\n* [Home](https://site.example.org/) [About](https://site.example.org/about)\n"
    )
    report = read_report("r.md", text.encode())
    assert [citation.link.url for citation in report.citations] == [
        "https://a.example.org/z",
        "https://b.example.org/y",
    ]
    roles = [(citation.role, citation.link.url) for citation in report.uncited]
    assert roles == [
        (LinkRole.FURNITURE, "https://cdn.example.org/p.png"),
        (LinkRole.DUPLICATE, "https://a.example.org/z"),
        (LinkRole.FURNITURE, "https://site.example.org/"),
        (LinkRole.FURNITURE, "https://site.example.org/about"),
    ]


def list_vanished(name: str, text: str) -> list[str]:
    """The addresses that a plain scan finds in a text, and that the report lists in no role."""
    report = read_report(name, text.encode())
    listed = [citation.link for citation in (*report.citations, *report.uncited)]
    known = "\n".join(part for link in listed for part in (link.url, link.raw))
    return [address for address in _PLAIN_ADDRESS.findall(text) if address not in known]


@pytest.mark.parametrize("path", _TEXTS, ids=lambda path: path.name)
def test_every_address_of_a_fixture_is_listed_in_some_role(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert list_vanished(path.name, text) == []


_PLACES = (
    "Text with {} in it.",
    "¹ {}",
    "[^4]: {}",
    "[7] Lee, {}; accessed 3 March 2024",
    "- {}",
    "3. {}",
    "Data: {}",
    "> {}",
    "![picture]({})",
    "| {} | cell |",
    "    {}",
    "`{}`",
    "%% {} %%",
    "## Sources {}",
    "[*] {}",
    "«{}»",
    "（{}）。",
    "<{}>",
    "[words]({})",
    "#### Related posts\n\n{}",
    "Share this\n\n{}",
    "---\n{}",
    "<!-- {} -->",
    "[words][1]\n\n[1]: {}",
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    places=st.lists(st.sampled_from(_PLACES), min_size=1, max_size=7),
    name=st.sampled_from(["r.md", "r.txt"]),
    gap=st.sampled_from(["\n", "\n\n", "\n\n\n"]),
)
def test_every_address_is_listed_wherever_it_stands(places: list[str], name: str, gap: str) -> None:
    lines = [place.format(f"https://s{number}.example.org/a/{number}") for number, place in enumerate(places)]
    assert list_vanished(name, "# T\n\nOne.¹ Two.[7]\n\n" + gap.join(lines) + "\n") == []


def test_no_address_is_lost_between_a_bracket_and_the_next_link() -> None:
    text = "# T\n\nSee [https://a.example.org/x] and [log](https://b.example.org/y).\n\nOr [<https://c.example.org/z>](https://c.example.org/z).\n"
    report = read_report("r.md", text.encode())
    cited = [citation.link.url for citation in report.citations]
    assert cited == ["https://a.example.org/x", "https://b.example.org/y", "https://c.example.org/z"]


def test_tags_of_a_site_generator_cite_nothing_and_targets_in_angles_hold_spaces() -> None:
    text = '# T\n\nSee [the log].\n\n{% include f.html src="https://img.example.org/m.png" %}\n\n'
    text += "[the log]: <https://b.example.org/the log.pdf>\n"
    report = read_report("r.md", text.encode())
    assert [citation.link.url for citation in report.citations] == ["https://b.example.org/the%20log.pdf"]


@pytest.mark.parametrize(
    "masthead",
    [
        '<h1><a href="https://s.example.org/own">The port</a></h1>',
        '<h2 class="entry-title"><a href="https://s.example.org/own">The port</a></h2>',
        '<p class="byline">By <a href="https://s.example.org/own">Ann Lee</a></p>',
    ],
)
def test_titles_and_bylines_of_a_page_are_furniture(masthead: str) -> None:
    said = "<p>The port was closed, as <a href='https://a.example.org/x'>the log</a> says, for more than a week.</p>"
    report = read_report("r.html", f"<html><body><article>{masthead}{said}{said}</article></body></html>".encode())
    assert {citation.link.url for citation in report.citations} == {"https://a.example.org/x"}
    assert [(one.link.url, one.role) for one in report.uncited] == [("https://s.example.org/own", LinkRole.FURNITURE)]
