"""Whatever the bytes: a document or a ReadError, soon, and in little memory."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.errors import ReadError
from cite_audit.parse.readers import READERS, choose_reader, docx, html, odt, open_reader
from cite_audit.parse.readers.base import Document, Reader
from tests.parse.readers import making

FIXTURES = Path(__file__).parents[3] / "fixtures"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FRAGMENTS = (
    '<a href="#fn1">', "</a>", "<sup>", "</sup>", "1", "[1]", '<p id="fn1">', "</p>", "<li>", "<ol>", "</ol>", "<td>",
    "<table>", "</table>", '<a href="#r1" id="fn1" name=x>', "<!--", "-->", "<script>", "</script>", "&#0;", "&#xd800;",
    "&amp", "&nbsp;", "<", ">", '"', "'", "=", "\x00", "\ufffe", "é", "<aside role=doc-footnote>", "</aside>", "<svg/>",
    "https://x.example/", '<a href="https://[">', "<base href='//['>", "<title>", "<![CDATA[", "]]>", "<pre>", "\r\n",
    '<sup data-mfn=1>', '<span class="modern-footnotes-footnote__note" data-mfn=1>', "</span>", "<main>", "<nav>", "</",
)  # fmt: skip


def checked(reader: Reader, data: bytes) -> Document | None:
    """The document, if there is one, its spans in order and within the text."""
    try:
        document = reader.read(data, "report")
    except ReadError as error:
        return None if str(error).startswith("report: ") else pytest.fail(f"no file named: {error}")
    size = len(document.text)
    for spans in (document.hrefs, document.markers, document.notes):
        end = 0
        for span in spans:
            assert end <= span.start <= span.end <= size
            end = span.end
    for offset in range(0, size, max(1, size // 20)):
        line, column = document.line_column(offset)
        assert line >= 1
        assert column >= 1
    return document


# one whole file of each format; a reader without one fails below
WHOLE = {
    choose_reader(path.read_bytes(), path.name).FORMAT.name: path.read_bytes()
    for path in sorted((*FIXTURES.glob("same-report.*"), *FIXTURES.glob("links.*")), key=lambda path: path.name)
    if path.suffix != ".sh"
}
SEEDS = {"pdf": 12}  # each takes a process of its own
PACKAGES = tuple(name for name, data in WHOLE.items() if zipfile.is_zipfile(BytesIO(data)))


def mutated(data: bytes, seed: int) -> bytes:
    """A few bytes changed, cut out or doubled."""
    chance = random.Random(seed)
    out = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(out) or 1)
        kind = chance.randrange(4)
        if kind == 0 and out:
            out[at] = chance.randrange(256)
        elif kind == 1:
            del out[at : at + chance.randrange(1, 200)]
        elif kind == 2:
            out[at:at] = out[at : at + chance.randrange(1, 200)]
        else:
            out[at:at] = bytes(chance.randrange(256) for _ in range(8))
    return bytes(out)


@pytest.mark.parametrize("name", READERS)
def test_mutated_files(name: str) -> None:
    for seed in range(SEEDS.get(name, 60)):
        checked(open_reader(name), mutated(WHOLE[name], seed))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_files_that_are_cut_off(name: str, share: float) -> None:
    checked(open_reader(name), WHOLE[name][: int(len(WHOLE[name]) * share)])


@pytest.mark.parametrize("name", PACKAGES)
def test_mutated_parts(name: str) -> None:
    with zipfile.ZipFile(BytesIO(WHOLE[name])) as package:
        parts: dict[str, str | bytes] = {entry: package.read(entry) for entry in package.namelist()}
    texts = sorted(entry for entry in parts if entry.endswith((".xml", ".rels", ".html", ".xhtml", ".opf")))
    for seed in range(60):
        entry = random.Random(seed).choice(texts)
        part = parts[entry]
        assert isinstance(part, bytes)
        checked(open_reader(name), making.zipped({**parts, entry: mutated(part, seed)}))


@QUICK
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60))
def test_html_of_any_fragments(fragments: list[str]) -> None:
    source = "".join(fragments)
    for prologue in ("", "<?xml version='1.0'?>"):
        assert checked(html, (prologue + source).encode("utf-8", "surrogatepass")) is not None


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    for name in READERS:
        if name not in SEEDS:
            checked(open_reader(name), data)
    with suppress(ReadError):
        checked(choose_reader(data, "report"), data)


@QUICK
@given(
    st.lists(st.sampled_from(("w:p", "w:r", "w:t", "w:hyperlink", "w:fldChar", "w:tbl", "w:del", "w:pPr")), max_size=40)
)
def test_docx_of_any_elements(names: list[str]) -> None:
    opened = "".join(f'<{name} w:fldCharType="{["begin", "end", "separate"][i % 3]}">x' for i, name in enumerate(names))
    closed = "".join(f"</{name}>" for name in reversed(names))
    assert checked(docx, making.docx(opened + closed)) is not None


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000,
        "<b><p>" * 50_000,
        "<a <a " * 100_000,
        '<a x="' * 100_000,
        "<a href='#fn1'>1</a>" * 20_000 + "<p id=fn1>x",
        "".join(f"<a href=#fn{i}>1</a>" for i in range(9000))
        + "".join(f"<p id=fn{i}><a href=#r{i}>{i}</a>" for i in range(9000)),
        "<li>" * 50_000,
        "<td>" * 50_000,
        "</p></b>" * 100_000,
        "&amp;" * 200_000,
        "<!--" * 100_000,
        "<script>" * 100_000,
        "<header>" * 50_000,
        "<nav><p role=doc-endnote>" * 20_000,
        " " * 500_000 + "<p>" + "\u2191 " * 100_000,
    ],
    ids=range(15),
)
def test_html_baits_come_to_an_end(source: str) -> None:
    checked(html, ("<html><body>" + source).encode())  # quadratic work would take minutes here


def test_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = making.zipped({"word/document.xml": b"<a>" + b" " * 50_000_000})
    with pytest.raises(ReadError, match="200 times its size"):
        docx.read(bomb, "report.docx")


def test_zip_bomb_with_a_lying_directory_is_stopped_while_read() -> None:
    data = bytearray(making.zipped({"word/document.xml": b"<a>" + b" " * 3_000_000 + b"</a>"}))
    true, lie = (3_000_007).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert data.count(true) == 2
    with pytest.raises(ReadError, match=r"damaged|more than the package says"):
        docx.read(bytes(data.replace(true, lie)), "report.docx")


def test_too_many_parts() -> None:
    with pytest.raises(ReadError, match="6,000 parts"):
        docx.read(making.zipped({f"p{i}": "" for i in range(6_000)}, zipfile.ZIP_STORED), "report.docx")


@pytest.mark.parametrize("reader", [docx, odt])
def test_entities_are_refused(reader: Reader) -> None:
    laughs = '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]><a>&b;&f;</a>'
    name = "word/document.xml" if reader is docx else "content.xml"
    with pytest.raises(ReadError, match="DOCTYPE"):
        reader.read(making.zipped({"mimetype": "application/vnd.oasis.opendocument.text", name: laughs}), "report")


def test_a_protected_zip_entry() -> None:
    data = bytearray(making.zipped({"word/document.xml": "<a/>"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(ReadError, match="password"):
        docx.read(bytes(data), "report.docx")


def test_deep_and_wide_docx_come_to_an_end() -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000
    titles = making.paragraph("t", properties='<w:pStyle w:val="Title"/>') * 20_000
    assert checked(docx, making.docx(nested + titles)) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits there")
def test_memory_stays_small_for_a_package_that_unpacks_to_much() -> None:
    script = """
        import resource, sys
        resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))
        from cite_audit.errors import ReadError
        from cite_audit.parse.readers import docx
        from tests.parse.readers import making
        body = making.paragraph("word " * 200) * 30_000
        print(len(docx.read(making.docx(body), "x").text) if len(body) > 30_000_000 else "too small")
    """
    root = str(Path(__file__).parents[3])
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, cwd=root)
    assert done.stdout.strip() == str(30_000 * 1_002) or "200 times" in done.stderr, done.stderr[-500:]
