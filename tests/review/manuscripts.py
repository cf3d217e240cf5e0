"""Manuscripts as Word, Google Docs and Writer write them, with every way in which a link can stand in one."""

from __future__ import annotations

from tests.parse.readers import making

DEAD = "https://gone.example.org/a/report-2021"
FAR = "https://far.example.org/b?x=1&amp;y=2"
WALL = "https://wall.example.org/c"
LINKS = {"g": DEAD, "f": FAR, "w": WALL}


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, shown: str) -> str:
    """A complex field, its instruction cut in two as Word does."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    cut = len(instruction) // 2
    pieces = "".join(
        f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>'
        for part in (instruction[:cut], instruction[cut:])
    )
    return mark.format("begin") + pieces + mark.format("separate") + shown + mark.format("end")


BOLD = "<w:rPr><w:b/></w:rPr>"
SPLIT = (
    run("See https://gone.exam", BOLD)
    + "<w:proofErr w:type='spellStart'/>"
    + run("ple.org/a/rep")
    + run("ort-2021, p. 7.", BOLD)
)
GOOGLE = '<w:hyperlink r:id="g">' + run("https://gone.example.org/a/") + "</w:hyperlink>"
GOOGLE += '<w:hyperlink r:id="g">' + run("report-2021") + "</w:hyperlink>" + run(" and more")
SHOWN = run("Read ") + '<w:hyperlink r:id="g" w:tooltip="t">' + run("the report", BOLD) + "</w:hyperlink>" + run(".")
FIELD = run("Field ") + field(f' HYPERLINK "{DEAD}" \\o "tip" ', run("the page")) + run(" end")
SIMPLE = f'<w:fldSimple w:instr=" HYPERLINK &quot;{DEAD}&quot; ">' + run("simply") + "</w:fldSimple>"
OWN_FIELD = run("Own ") + field(f' HYPERLINK "{DEAD}" ', run(DEAD)) + run(".")
INSERTED = (
    f'<w:ins w:id="901" w:author="Reviewer" w:date="2021-05-05T10:00:00Z">{run("New: " + DEAD + " here")}</w:ins>'
)
DELETED = (
    '<w:del w:id="902" w:author="Reviewer" w:date="2021-05-05T10:00:00Z">'
    "<w:r><w:delText>old words </w:delText></w:r></w:del>"
)
CONTROL = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('In a control: ' + DEAD)}</w:sdtContent></w:sdt>"
TABBED = f'<w:r><w:t>a</w:t><w:tab/><w:t xml:space="preserve">{DEAD} b</w:t><w:br/><w:t>c</w:t></w:r>'
DEFANGED = '<w:hyperlink r:id="cut">' + run("https://gone") + "</w:hyperlink>" + run("(.)example(.)org/a/report-2021;")

NOTES = {
    1: SPLIT,
    2: GOOGLE,
    3: SHOWN,
    4: FIELD,
    5: SIMPLE,
    6: OWN_FIELD,
    7: INSERTED + DELETED,
    8: CONTROL,
    9: TABBED,
    10: DEFANGED,
    11: run(f"Two: {FAR} and ") + '<w:hyperlink r:id="w">' + run("a wall") + "</w:hyperlink>",
    12: run("No link at all."),
}
ENDNOTES = {1: run(f"At the end: {DEAD}")}
BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing><w:txbxContent>{0}</w:txbxContent></w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict><w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def content_types(*, comments: bool, settings: bool) -> str:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    names = {"document": "document.main", "footnotes": "footnotes", "endnotes": "endnotes"}
    names |= {"comments": "comments"} if comments else {}
    names |= {"settings": "settings"} if settings else {}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{main}.{kind}+xml"/>' for name, kind in names.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def word_manuscript(*, strict: bool = False, settings: str = "", comments: bool = False, without: str = "") -> bytes:
    """One DOCX with all of it: notes, endnotes, a table, a text box, a body link, revisions of others.

    `without` the text of a note: that note is empty.
    """
    markers = "".join(making.paragraph(f"Claim {number}.", making.reference("footnote", number)) for number in NOTES)
    table = f"<w:tbl><w:tr><w:tc>{making.paragraph(f'Cell {WALL}')}</w:tc></w:tr></w:tbl>"
    box = making.paragraph("Boxed", BOX.format(making.paragraph("", run(f"In the box {DEAD}"))))
    body = making.paragraph("A quiet title") + making.paragraph("June 2, 2021") + markers + table + box
    body += making.paragraph(
        "", run("A body link to ") + '<w:hyperlink r:id="g">' + run("the story") + "</w:hyperlink>"
    )
    body += making.paragraph("", DELETED.replace("902", "903") + run("End", "") + making.reference("endnote", 1))
    extra = {"[Content_Types].xml": content_types(comments=comments, settings=bool(settings))}
    if settings:
        extra["word/settings.xml"] = f"<w:settings {making.W}>{settings}</w:settings>"
    if comments:
        comment = f'<w:comment w:id="4" w:author="Reviewer" w:initials="R">{making.paragraph("A doubt.")}</w:comment>'
        extra["word/comments.xml"] = f"<w:comments {making.W}>{comment}</w:comments>"
    data = making.docx(
        body,
        {number: making.paragraph("", note if note != without else "") for number, note in NOTES.items()},
        {number: making.paragraph("", note) for number, note in ENDNOTES.items()},
        {**LINKS, "cut": "https://gone/"},
        extra,
    )
    return _made_strict(data) if strict else data


def _made_strict(data: bytes) -> bytes:
    """The same package in the namespaces of ISO/IEC 29500 Strict."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as strict:
        for entry in package.infolist():
            content = package.read(entry).decode()
            content = content.replace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            strict.writestr(entry.filename, content)
    return out.getvalue()
