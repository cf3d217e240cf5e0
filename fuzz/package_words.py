"""What `fuzz_packages` makes packages of: their parts, and the words of each format that its reader knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of elements and attributes of a format, values of attributes, and the elements that hold text."""

    elements: tuple[str, ...]
    attributes: tuple[str, ...]
    values: tuple[str, ...]
    text: str


def split(names: str) -> tuple[str, ...]:
    """The names that white space divides."""
    return tuple(names.split())


WORDS = (
    *split(
        "1 2 [1] 1. \u00b9 \u00b2 * https://a.example/x https://b.exam ple/y- z.html hxxp://c[.]example www.d.example"
    ),
    *split("doi:10.1000/1 Ibid. Notes References \u21a9 ; . ( ) \u200b \u00ad 1:1 Id."),
    *("A claim", "[2] ", " ", "\n", "\t", 'HYPERLINK "https://a.example/" \\l "x" ', "NOTEREF _Ref1 \\h "),
    *("3 May 2021", "by Ann Lee", "See note 1", "page 2"),
)
NUMBERS = ("", *split("0 1 2 3 -1 99999999999999999999 true none x \u0661"))
LINKS = split("https://a.example/ #fn1 #_ftn2 # b.xhtml#fn1 ../x mailto:a@b.example javascript:1")

DOCX = Vocabulary(
    split("""
        w:p w:pPr w:r w:rPr w:t w:instrText w:tab w:br w:cr w:noBreakHyphen w:pStyle w:numPr w:numId w:ilvl w:vertAlign
        w:vanish w:hyperlink w:fldSimple w:fldChar w:tbl w:tr w:tc w:footnoteReference w:endnoteReference w:footnoteRef
        w:footnote w:endnote w:footnotePr w:endnotePr w:numFmt w:numStart w:numRestart w:sectPr w:ins w:del w:moveFrom
        w:sdt w:sdtContent w:bookmarkStart w:style w:basedOn w:name w:num w:abstractNum w:abstractNumId w:lvl w:lvlText
        w:lvlOverride w:startOverride w:start w:AlternateContent w:txbxContent
    """),
    split("""
        w:id w:val w:type w:fldCharType w:instr w:anchor r:id w:customMarkFollows w:ilvl w:numId w:abstractNumId
        w:styleId w:name xml:space
    """),
    (
        *NUMBERS,
        *split(
            "begin separate end superscript separator footnote Title Author Date r1 r2 r3 lowerRoman decimal chicago"
        ),
        *split("eachSect eachPage %1. [%1] page Heading1 preserve"),
        'HYPERLINK "https://b.example/"',
    ),
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
)
ODT = Vocabulary(
    split("""
        text:p text:h text:span text:a text:s text:tab text:line-break text:list text:list-item text:note text:note-body
        text:note-citation text:note-ref text:bookmark-ref text:list-style text:list-level-style-number style:style
        style:text-properties table:table table:table-row table:table-cell draw:frame draw:text-box text:tracked-changes
        text:deletion office:annotation text:section dc:title dc:creator dc:date text:title
    """),
    split("""
        text:id text:note-class text:label text:c text:style-name style:name style:parent-style-name style:text-position
        text:start-value text:level text:ref-name style:num-format style:num-suffix style:num-prefix xlink:href
        text:continue-numbering
    """),
    (*NUMBERS, *LINKS, *split("footnote endnote Title S1 S2 a i ."), "super 58%"),
    "<text:p>{}</text:p>",
)
XHTML = Vocabulary(
    split("""
        p div span a sup sub ol ul li section aside nav header footer main article h1 h2 h3 table tr td th blockquote
        pre code dl dt dd cite em strong small label details summary figure figcaption template time address i b
    """),
    split("id class href name role epub:type value start type rel datetime hidden title"),
    (
        *NUMBERS,
        *LINKS,
        *split("fn1 fnref1 _ftn2 footnote footnotes noteref doc-noteref doc-footnote doc-backlink doc-endnotes"),
        *split("references reference reflist comment author 2021-05-03 sidenote"),
    ),
    "<p>{}</p>",
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE}"'
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("draw", "drawing"),
    )
)
ODF += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
RELATIONS = "".join(
    f'<Relationship Id="p{part}" Type="{OFFICE}/{part}" Target="{part}.xml"/>'
    for part in ("footnotes", "endnotes", "numbering", "styles")
) + "".join(
    f'<Relationship Id="r{number}" Type="{OFFICE}/hyperlink" Target="{link}" TargetMode="External"/>'
    for number, link in enumerate(LINKS)
)

FRAMES = {
    "types": "<Types/>",
    "docx-root": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
    ' Target="word/document.xml"/></Relationships>',
    "docx-relations": f'<Relationships xmlns="{PACKAGE}">{RELATIONS}</Relationships>',
    "docx-body": f"<w:document {WORD}><w:body>{{}}</w:body></w:document>",
    "docx-footnotes": f"<w:footnotes {WORD}>{{}}</w:footnotes>",
    "docx-endnotes": f"<w:endnotes {WORD}>{{}}</w:endnotes>",
    "docx-numbering": f"<w:numbering {WORD}>{{}}</w:numbering>",
    "docx-styles": f"<w:styles {WORD}>{{}}</w:styles>",
    "odt-type": "application/vnd.oasis.opendocument.text",
    "odt-body": f"<office:document-content {ODF}><office:body><office:text>{{}}</office:text></office:body>"
    "</office:document-content>",
    "odt-styles": f"<office:document-styles {ODF}><office:styles>{{}}</office:styles></office:document-styles>",
    "odt-metadata": f"<office:document-meta {ODF}><office:meta>{{}}</office:meta></office:document-meta>",
    "epub-type": "application/epub+zip",
    "epub-container": '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>',
    "epub-list": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>T</dc:title></metadata><manifest>'
    '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
    "page": f"{PAGE}<head><title>t</title></head><body>{{}}</body></html>",
}

Parts = tuple[tuple[str, str], ...]  # name in the package, name of its frame
PACKAGES: tuple[tuple[str, Vocabulary, Parts], ...] = (
    (
        ".docx",
        DOCX,
        (
            ("[Content_Types].xml", "types"),
            ("_rels/.rels", "docx-root"),
            ("word/document.xml", "docx-body"),
            ("word/_rels/document.xml.rels", "docx-relations"),
            ("word/footnotes.xml", "docx-footnotes"),
            ("word/_rels/footnotes.xml.rels", "docx-relations"),
            ("word/endnotes.xml", "docx-endnotes"),
            ("word/numbering.xml", "docx-numbering"),
            ("word/styles.xml", "docx-styles"),
        ),
    ),
    (
        ".odt",
        ODT,
        (
            ("mimetype", "odt-type"),
            ("content.xml", "odt-body"),
            ("styles.xml", "odt-styles"),
            ("meta.xml", "odt-metadata"),
        ),
    ),
    (
        ".epub",
        XHTML,
        (
            ("mimetype", "epub-type"),
            ("META-INF/container.xml", "epub-container"),
            ("c.opf", "epub-list"),
            ("a.xhtml", "page"),
            ("b.xhtml", "page"),
        ),
    ),
    (".zip", XHTML, (("report.html", "page"),)),
)
