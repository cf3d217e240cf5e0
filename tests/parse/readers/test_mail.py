"""Mail and web archives of browsers: the HTML part is the report."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse import read_report
from cite_audit.parse.readers import mail
from tests.parse.readers import making


def message(plain: str, page: str = "") -> bytes:
    made = EmailMessage()
    made["From"] = "Ana Writer <ana@x.example>"
    made["Subject"] = "Отчёт о проверке"
    made["Date"] = "Mon, 06 May 2024 07:08:00 +0000"
    made.set_content(plain)
    if page:
        made.add_alternative(page, subtype="html")
    return made.as_bytes()


def test_the_html_part_wins_and_the_headers_fill_the_masthead() -> None:
    document = mail.read(message("plain", "<p>see <a href='https://x.example/'>this</a> Путин</p>"), "m.eml")
    assert document.text == "see this Путин\n\n"
    assert [href.target for href in document.hrefs] == ["https://x.example/"]
    assert (document.metadata.title, document.metadata.authors) == ("Отчёт о проверке", ("Ana Writer",))
    assert "2024" in document.metadata.published


def test_plain_mail() -> None:
    assert "https://x(.)example/" in mail.read(message("see https://x(.)example/\n"), "m.eml").text


def test_web_archive() -> None:
    archive = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example/report\r\nSubject: T\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n----b\r\nContent-Type: text/html\r\n'
        b'Content-Transfer-Encoding: quoted-printable\r\n\r\n<!doctype html><p>a <a href=3D"https://y.ex=\r\n'
        b'ample/">b</a></p>\r\n----b--\r\n'
    )
    assert mail.matches(archive[:4096])
    document = mail.read(archive, "page.mhtml")
    assert [href.target for href in document.hrefs] == ["https://y.example/"]
    assert document.metadata.authors == ()


def test_a_message_without_text() -> None:
    with pytest.raises(ReadError, match="no text"):
        mail.read(b"From: a\nMIME-Version: 1.0\nContent-Type: image/png\n\nxx\n", "m.eml")


def test_a_web_archive_is_published_where_it_was_saved() -> None:
    saved = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.x.example/report\r\nSubject: T\r\n"
    saved += b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>said</p>"
    assert mail.read(saved, "m.mhtml").metadata.publisher == "x.example"


@pytest.mark.parametrize("depth", [50, 5_000])
def test_parts_within_parts_come_to_an_end(depth: int) -> None:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    data = f"MIME-Version: 1.0\n{parts}Content-Type: text/plain\n\nsee https://x.example/\n".encode()
    if depth < 500:
        assert "https://x.example/" in mail.read(data, "m.eml").text
    else:
        with pytest.raises(ReadError, match="nested too deeply"):
            mail.read(data, "m.eml")


def test_no_line_of_the_decoded_part_is_given_for_a_place_in_the_file() -> None:
    report = read_report("m.eml", message("plain", "<p>see <a href='https://x.example/'>this</a></p>"))
    assert [citation.link.url for citation in report.citations] == ["https://x.example/"]
    assert not report.has_lines


def test_a_report_attached_to_a_covering_note_is_the_report() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Desk <desk@x.example>", "Fwd: for checking"
    message.set_content("Please check.\n-- \nDesk\nhttps://www.desk.example\n")
    attached = b"# On Ships\n\nClosed.[^1]\n\n[^1]: https://a.example.org/x\n"
    message.add_attachment(attached, maintype="text", subtype="markdown", filename="report.md")
    report = read_report("m.eml", message.as_bytes())
    assert [(one.note, one.link.url) for one in report.citations] == [(1, "https://a.example.org/x")]
    message.clear_content()
    message.set_content("Long words of a report of its own. " * 100 + "https://a.example.org/y\n")
    message.add_attachment(attached, maintype="text", subtype="markdown", filename="report.md")
    report = read_report("m.eml", message.as_bytes())
    assert [one.link.url for one in report.citations] == ["https://a.example.org/y"]


def attached(report: bytes, name: str = "report.docx", cover: str = "Please check.") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Desk <desk@x.example>", "Fwd: report"
    made.set_content(cover)
    made.add_attachment(report, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


REPORT = making.docx(
    making.paragraph("The port was closed for a week.", making.reference("footnote", 1)),
    {1: making.paragraph(making.run("https://a.example.org/x"))},
)


def test_the_report_attached_to_a_short_letter_is_read() -> None:
    report = read_report("m.eml", attached(REPORT))
    assert [(note.number, [link.url for link in note.links]) for note in report.notes] == [
        (1, ["https://a.example.org/x"])
    ]


@pytest.mark.parametrize(("data", "name"), [(b"PK\x03\x04 damaged", "report.docx"), (b"%PDF-1.4 damaged", "r.pdf")])
def test_what_cannot_be_read_or_is_no_report_leaves_the_letter(data: bytes, name: str) -> None:
    report = read_report("m.eml", attached(data, name, "See https://b.example.org/y"))
    assert [citation.link.url for citation in report.citations] == ["https://b.example.org/y"]
