"""DOCX: notes of both families, links of every kind, and what is not the report's text."""

from __future__ import annotations

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse import read_report
from cite_audit.parse.readers import docx
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making
from tests.parse.readers.making import W, paragraph, reference, run


def read(body: str, **parts: object) -> Document:
    return docx.read(making.docx(body, **parts), "report.docx")  # type: ignore[arg-type]


def notes(document: Document) -> list[tuple[str, str, str]]:
    return [(note.family, note.label, document.text[note.start : note.end]) for note in document.notes]


def hrefs(document: Document) -> dict[str, str]:
    return {document.text[href.start : href.end]: href.target for href in document.hrefs}


def field(instruction: str, shown: str) -> str:
    def character(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    told = f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
    return character("begin") + told + character("separate") + run(shown) + character("end")


def test_footnotes_and_endnotes_are_numbered_apart() -> None:
    document = read(
        paragraph(
            "One.", reference("footnote", 7), " Two.", reference("endnote", 3), " Three.", reference("footnote", 4)
        ),
        footnotes={4: paragraph("https://b.example/"), 7: paragraph("https://a.", "example/")},
        endnotes={3: paragraph("first") + paragraph("second")},
    )
    assert notes(document) == [
        ("footnote", "1", "https://a.example/"),
        ("footnote", "2", "https://b.example/"),
        ("endnote", "i", "first\n\nsecond"),
    ]
    assert [(mark.family, mark.label) for mark in document.markers] == [
        ("footnote", "1"),
        ("endnote", "i"),
        ("footnote", "2"),
    ]
    assert document.text.startswith("One.[1] Two.[i] Three.[2]\n")


def test_number_format_of_the_settings_and_restart_per_section() -> None:
    settings = f'<w:settings {W}><w:endnotePr><w:numFmt w:val="decimal"/><w:numRestart w:val="eachSect"/></w:endnotePr>'
    section = "<w:sectPr/>"
    document = read(
        paragraph("a", reference("endnote", 1), reference("endnote", 2), properties=section)
        + paragraph("b", reference("endnote", 3))
        + section,
        endnotes={number: paragraph(f"note {number}") for number in (1, 2, 3)},
        extra={"word/settings.xml": settings + "</w:settings>"},
    )
    assert [label for _, label, _ in notes(document)] == ["1", "2", "1"]


def test_a_mark_of_its_own() -> None:
    custom = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    document = read(
        paragraph("a", custom, " b", reference("footnote", 3)), footnotes={2: paragraph("x"), 3: paragraph("y")}
    )
    assert notes(document) == [("footnote", "*", "x"), ("footnote", "1", "y")]
    assert [mark.label for mark in document.markers] == ["*", "1"]


def test_links_by_relationship_and_by_field() -> None:
    link = f'<w:hyperlink r:id="h1" w:anchor="part">{run("re")}{run("lated")}</w:hyperlink>'
    local = f'<w:hyperlink w:anchor="here">{run("local")}</w:hyperlink>'
    simple = f'<w:fldSimple w:instr=" HYPERLINK &quot;https://s.example/&quot; ">{run("simple")}</w:fldSimple>'
    own_switches = field(r" HYPERLINK https://w.example/x normalLink \tdft \tdfid \l \tdsub normalLink ", "office")
    complex_field = field(r' HYPERLINK "https://f.example/x" \l "y" \o "a tip" ', "field")
    mail = '<w:hyperlink r:id="h2">' + run("mail") + "</w:hyperlink>"
    document = read(
        paragraph(link, " ", local, " ", simple, " ", complex_field, " ", field("PAGE", "7"), mail, own_switches),
        links={"h1": "https://r.example/", "h2": "mailto:a@x.example"},
    )
    assert hrefs(document) == {
        "related": "https://r.example/#part",
        "simple": "https://s.example/",
        "field": "https://f.example/x#y",
        "office": "https://w.example/x",
    }
    assert "HYPERLINK" not in document.text


def test_a_link_within_a_note_uses_the_relationships_of_its_part() -> None:
    document = read(
        paragraph("a", reference("footnote", 1)),
        footnotes={1: paragraph("see ", '<w:hyperlink r:id="h1">' + run("there") + "</w:hyperlink>")},
        links={"h1": "https://x.example/a"},
    )
    assert hrefs(document) == {"there": "https://x.example/a"}


def test_deletions_comments_and_hidden_text_are_left_out() -> None:
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r>" + reference("footnote", 5) + "</w:del>"
    moved = "<w:moveFrom>" + run("moved") + "</w:moveFrom>"
    inserted = "<w:ins>" + run("kept") + "</w:ins>"
    comment = '<w:commentRangeStart w:id="0"/>' + run(" said") + '<w:r><w:commentReference w:id="0"/></w:r>'
    document = read(
        paragraph(deleted, moved, inserted, comment, run(" hidden", "<w:vanish/>"), reference("footnote", 6)),
        footnotes={5: paragraph("https://gone.example/"), 6: paragraph("stays")},
        extra={"word/comments.xml": f"<w:comments {W}><w:comment>{paragraph('remark')}</w:comment></w:comments>"},
    )
    assert document.text.startswith("kept said[1]\n")
    assert notes(document) == [("footnote", "1", "stays")]
    assert "gone" not in document.text


def test_typed_markers_and_special_characters() -> None:
    raised = run("12", '<w:vertAlign w:val="superscript"/>')
    broken = "<w:r><w:t>x</w:t><w:noBreakHyphen/><w:t>y</w:t><w:tab/><w:t>z</w:t><w:br/><w:t>end</w:t></w:r>"
    assert read(paragraph("claim.", raised, " ", broken)).text == "claim.¹² x-y\tz\nend\n\n"


def test_lists_show_their_numbers_and_headings_do_not() -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt '
        'w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="4">'
        '<w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'
    document = read(
        paragraph("Notes", properties='<w:pStyle w:val="Heading1"/>' + listed)
        + paragraph("https://a.example/", properties=listed)
        + paragraph("https://b.example/", properties=listed),
        extra={"word/numbering.xml": numbering},
    )
    assert document.text == "Notes\n\n1. https://a.example/\n\n2. https://b.example/\n\n"


def test_nested_tables_and_text_boxes_keep_their_text() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('inner')}</w:tc></w:tr></w:tbl>"
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('box')}</w:txbxContent></w:pict></w:r>"
    body = f"<w:tbl><w:tr><w:tc>{paragraph('[1]')}</w:tc><w:tc>{inner}{paragraph('outer', box)}</w:tc></w:tr></w:tbl>"
    assert read(body + paragraph("after")).text.split() == ["[1]", "inner", "outer", "box", "after"]


def test_choice_and_fallback_are_read_once() -> None:
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
        f"{run('once')}</mc:Choice><mc:Fallback>{run('once')}</mc:Fallback></mc:AlternateContent>"
    )
    assert read(paragraph(both)).text == "once\n\n"


def test_masthead_from_styles_and_properties_but_no_date_of_the_file() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
        "<dc:title>Of the file</dc:title><dc:creator>A. One; B. Two</dc:creator>"
        "<t:created>2011-01-01T00:00:00Z</t:created></cp:coreProperties>"
    )
    titled = paragraph("Printed", properties='<w:pStyle w:val="Title"/>')
    assert read(titled, extra={"docProps/core.xml": core}).metadata.title == "Printed"
    by_line = titled + paragraph(run("Ann Lee, Bo Kim")) + paragraph(run("March 3, 2024"))
    report = read_report(
        "r.docx", making.docx(by_line, extra={"docProps/core.xml": core.replace("A. One; B. Two", "boldi")})
    )
    assert (report.title, report.authors) == ("Printed", ("Ann Lee", "Bo Kim"))
    said = read(paragraph("x"), extra={"docProps/core.xml": core}).metadata
    assert (said.title, said.authors, said.published) == ("Of the file", ("A. One", "B. Two"), "")


def test_lines_are_those_of_the_text() -> None:
    document = read(paragraph("first") + paragraph("second"))
    assert document.line_column(document.text.index("second")) == (3, 1)


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"xl/workbook.xml": "<x/>"}, "a spreadsheet"),
        ({"ppt/presentation.xml": "<x/>"}, "a presentation"),
        ({"readme.txt": "hello"}, "no document part"),
        ({"word/document.xml": "<w:document"}, "damaged: word/document.xml"),
        ({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><w:document/>'}, "DOCTYPE"),
        ({"word/document.xml": '<?xml version="1.0" encoding="nonsense"?><a/>'}, "damaged"),
    ],
)
def test_packages_that_are_no_report(parts: dict[str, str | bytes], problem: str) -> None:
    with pytest.raises(ReadError, match=problem):
        docx.read(making.zipped(parts), "report.docx")


def test_raised_roman_numerals_that_were_typed() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = paragraph(run("Said."), run("ii", raised)) + paragraph(run("ii", raised), run(" https://x(.)example/"))
    assert read(body).text == "Said.ⁱⁱ\n\nⁱⁱ https://x(.)example/\n\n"
