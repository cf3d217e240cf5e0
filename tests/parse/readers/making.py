"""Small files of each format, made on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("manifest", "manifest"),
    )
)


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip package of these parts; `mimetype` is stored, as OCF and ODF demand."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else compression)
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    whole = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{whole}</w:p>"


def reference(family: str, identity: int) -> str:
    return f'<w:r><w:{family}Reference w:id="{identity}"/></w:r>'


def notes_part(family: str, notes: dict[int, str]) -> str:
    separator = f'<w:{family} w:type="separator" w:id="-1"><w:p/></w:{family}>'
    bodies = "".join(f'<w:{family} w:id="{number}">{body}</w:{family}>' for number, body in notes.items())
    return f"<w:{family}s {W} {R}>{separator}{bodies}</w:{family}s>"


def docx(
    body: str,
    footnotes: dict[int, str] | None = None,
    endnotes: dict[int, str] | None = None,
    links: dict[str, str] | None = None,
    extra: dict[str, str] | None = None,
) -> bytes:
    """A DOCX with this body; notes by id, links by relationship id (the same for all parts)."""
    targets = "".join(
        f'<Relationship Id="{name}" Type="{TYPES}/hyperlink" Target="{target}" TargetMode="External"/>'
        for name, target in (links or {}).items()
    )
    kinds = ["footnotes"] * (footnotes is not None) + ["endnotes"] * (endnotes is not None)
    kinds += [name.rpartition("/")[2].removesuffix(".xml") for name in extra or {} if name.startswith("word/")]
    related = "".join(f'<Relationship Id="p{i}" Type="{TYPES}/{k}" Target="{k}.xml"/>' for i, k in enumerate(kinds))
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{TYPES}/officeDocument"'
        ' Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/'
        'relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{related}{targets}</Relationships>',
    }
    for family, notes in (("footnote", footnotes), ("endnote", endnotes)):
        if notes is not None:
            parts[f"word/{family}s.xml"] = notes_part(family, notes)
            parts[f"word/_rels/{family}s.xml.rels"] = f'<Relationships xmlns="{package}">{targets}</Relationships>'
    return zipped({**parts, **(extra or {})})


def odt(body: str, styles: str = "", extra: dict[str, str] | None = None) -> bytes:
    """An ODT with this body and these automatic styles."""
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    content = (
        f"<office:document-content {ODF} {link}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return zipped({**parts, **(extra or {})})


def epub(chapters: dict[str, str], metadata: str = "", extra: dict[str, str] | None = None) -> bytes:
    """An EPUB of these chapters (bodies of XHTML by file name), in this order."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/c.opf"/></rootfiles></container>',
        "OEBPS/c.opf": f"<package {dc}><metadata>{metadata}</metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>",
    }
    for name, body in chapters.items():
        parts[f"OEBPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
            f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head><body>{body}</body></html>'
        )
    return zipped({**parts, **(extra or {})})


Words = tuple[float, float, float, str]  # left, baseline, size, text
Annotation = tuple[float, float, float, float, str]  # left, bottom, right, top, address


def pdf(
    pages: Sequence[Sequence[Words]],
    links: dict[int, list[Annotation]] | None = None,
    title: str = "",
    rules: dict[int, tuple[float, float, float]] | None = None,
    encrypt: str = "",
    count: int | None = None,
) -> bytes:
    """A PDF in Helvetica; `rules` are lines to draw (left, width, height).

    `encrypt` and `count` go into the trailer and the page tree as they are.
    """
    streams = []
    for number, page in enumerate(pages):
        drawn = "\n".join(shown(*words) for words in page)
        if rules and number in rules:
            left, width, y = rules[number]
            drawn += f"\n{left} {y} m {left + width} {y} l S"
        streams.append(drawn)
    return pdf_of(streams, links, title, encrypt=encrypt, count=count)


def shown(x: float, y: float, size: float, text: str) -> str:
    """The operators that show words."""
    return f"BT /F {size} Tf {x} {y} Td ({escaped(text)}) Tj ET"


def pdf_of(
    streams: Sequence[str],
    links: dict[int, list[Annotation]] | None = None,
    title: str = "",
    author: str = "",
    encrypt: str = "",
    count: int | None = None,
) -> bytes:
    """A PDF of these content streams.

    The fonts are /F (Helvetica), /S, whose figures are superior, and /H, which has Hebrew letters and Persian figures,
    all 0.6 of the size wide (`hebrew`).
    """
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding"
        b" /Differences [1 /softhyphen /uni2010] >> >>",
        f"<< /Title ({escaped(title)}) /Author ({escaped(author)}) >>".encode("latin-1"),
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 800] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 49"
        b" /LastChar 50 /Widths [350 350] /CharProcs << /one 6 0 R /two 6 0 R >> /Encoding << /Type /Encoding"
        b" /Differences [49 /one /two] >> /Resources << >> >>",
        b"<< /Length 48 >>\nstream\n350 0 50 350 300 750 d1 50 350 250 400 re f     \nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /FirstChar 32 /LastChar 255 /Widths [%s]"
        b" /Encoding /WinAnsiEncoding /ToUnicode 8 0 R >>" % (b"600 " * 224),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_TO_UNICODE), _TO_UNICODE),
    ]
    kids = []
    for number, drawn in enumerate(streams):
        annotations = []
        for left, bottom, right, top, address in (links or {}).get(number, []):
            objects.append(
                f"<< /Type /Annot /Subtype /Link /Rect [{left} {bottom} {right} {top}] "
                f"/A << /S /URI /URI ({escaped(address)}) >> >>".encode("latin-1")
            )
            annotations.append(f"{len(objects)} 0 R")
        stream = drawn.encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            "/Resources << /Font << /F 3 0 R /S 5 0 R /H 7 0 R >> >> "
            f"/Contents {content} 0 R /Annots [{' '.join(annotations)}] >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids) if count is None else count} >>".encode()
    return assembled(objects, encrypt)


_TO_UNICODE = (
    b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfrange <20> <7e> <0020>"
    b" <c0> <c9> <06f0> <e0> <fa> <05d0> endbfrange endcmap"
)


def from_right(right: float, y: float, size: float, *parts: str) -> str:
    """The operators that show the parts of a line one after the other from the right, each Hebrew one reversed."""
    shown_parts = []
    for part in parts:
        right -= 0.6 * size * len(part)
        drawn = part[::-1] if any("\u0590" <= character <= "\u05ff" for character in part) else part
        shown_parts.append(f"BT /H {size} Tf {right:.2f} {y} Td ({escaped(drawn.translate(CODES))}) Tj ET")
    return "\n".join(shown_parts)


CODES = {0x5D0 + number: 224 + number for number in range(27)} | {0x6F0 + number: 192 + number for number in range(10)}


def escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def assembled(objects: list[bytes], encrypt: str = "") -> bytes:
    """The objects as a file with its cross-reference table."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {encrypt} >>\n".encode()
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
