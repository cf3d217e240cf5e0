"""Nothing vanishes: every link is a source, or is listed with the role that it has."""

from __future__ import annotations

from cite_audit.model import LinkRole
from cite_audit.parse import read_report

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
