"""Properties of mending, for each format that is edited: a second time is idle, and bytes outside the edits stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite_audit.fix import FixOptions
from cite_audit.model import Applicability, Grade
from cite_audit.report.findings.evaluation import evaluate_report
from tests.fix.test_rewrite import audited, mended, parts
from tests.parse.readers import making
from tests.report.audits import NOW

ADDRESSES = st.sampled_from(
    [
        "https://a.example.org/x",
        "http://a.example.org/x",
        "https://a.example.org/x/",
        "hxxps://b[.]example[.]org/y?k=1",
        "hxxp://c(.)example(.)org/reports/2024-\nannual-report.html;",
        "https://d.example.org/operation\u00adaurora/report",
        "https://e.example.org/Open_source",
        "https://e.example.org/Open-source",
    ]
)
WORDS = st.text(alphabet="aé ж中\t.,–“”", max_size=12)
NOTES = st.lists(st.tuples(WORDS, ADDRESSES, WORDS), min_size=1, max_size=4)
OPTIONS = st.sampled_from([FixOptions(unsafe=True), FixOptions(style="plain"), FixOptions(style="[.]"), FixOptions()])
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def write_markdown(notes: list[tuple[str, str, str]]) -> bytes:
    markers = " ".join(f"Said.[^{n}]" for n, _ in enumerate(notes, 1))
    body = "\n\n".join(f"[^{n}]: {a} {url} {b}" for n, (a, url, b) in enumerate(notes, 1))
    return f"# T\n\n{markers}\n\n{body}\n".encode()


def write_text(notes: list[tuple[str, str, str]]) -> bytes:
    markers = " ".join(f"Said.[{n}]" for n, _ in enumerate(notes, 1))
    return ("T\r\n\r\n" + markers + "\r\n\r\n").encode() + "".join(
        f"[{n}] {a} {url} {b}\r\n" for n, (a, url, b) in enumerate(notes, 1)
    ).encode()


def write_page(notes: list[tuple[str, str, str]]) -> bytes:
    items = "".join(f"<li id='fn{n}'>{a} {url} {b}</li>\n" for n, (a, url, b) in enumerate(notes, 1))
    markers = "".join(f"<sup><a href='#fn{n}'>{n}</a></sup>" for n, _ in enumerate(notes, 1))
    return f"<html><head><title>T</title></head><body><p>Said.{markers}</p><ol>{items}</ol></body></html>".encode()


def write_docx(notes: list[tuple[str, str, str]]) -> bytes:
    written = {n: making.paragraph(making.run(f"{a} {url} {b}")) for n, (a, url, b) in enumerate(notes, 1)}
    return making.docx("".join(making.paragraph(making.reference("footnote", n)) for n in written), written)


WRITERS = {"a.md": write_markdown, "a.txt": write_text, "a.html": write_page, "a.docx": write_docx}


@pytest.mark.parametrize("path", WRITERS)
@FEW
@given(notes=NOTES, options=OPTIONS)
def test_mending_twice_is_mending_once(path: str, notes: list[tuple[str, str, str]], options: FixOptions) -> None:
    once = mended(path, WRITERS[path](notes), options, {})
    twice = mended(path, once.data, options, {})
    assert (twice.data, twice.changes) == (once.data, ())


@pytest.mark.parametrize("path", WRITERS)
@FEW
@given(notes=NOTES, options=OPTIONS)
def test_bytes_outside_the_edits_stay(path: str, notes: list[tuple[str, str, str]], options: FixOptions) -> None:
    data = WRITERS[path](notes)
    result = mended(path, data, options, {})
    if path == "a.docx":
        before, after = parts(data), parts(result.data)
        assert {name for name in before if before[name] != after.get(name)} <= {"word/footnotes.xml"}
        was, now = before["word/footnotes.xml"].decode(), after["word/footnotes.xml"].decode()
    else:
        was, now = data.decode(), result.data.decode()
    position = start = 0
    for change in result.changes:  # the old text, then the new one, between stretches that are the same
        old, new = change.old_text, change.new_text
        if path == "a.docx":
            old, new = old.replace("&", "&amp;"), new.replace("&", "&amp;")
        printed = re.compile(r"\s+".join(map(re.escape, old.split()))).search(was, position)
        assert printed is not None
        stretch = was[position : printed.start()]
        assert now.startswith(stretch + new, start)
        position, start = printed.end(), start + len(stretch) + len(new)
    assert now[start:] == was[position:]


def test_twins_are_never_put_in_place_of_each_other() -> None:
    twins = [
        ("http://a.example.org/x", "https://a.example.org/x"),
        ("https://b.example.org/y", "https://b.example.org/y/"),
    ]
    for one, other in twins:
        for notes in ([one, other], [one, one, one, other], [other, other, other, one]):
            data = write_markdown([("See", url, ".") for url in notes])
            assert mended("a.md", data, FixOptions(unsafe=True), {}).data == data


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example.org/operation\u00adaurora/report",
        "https://a.example.org/reports-\nannual-review-2024.html;",
        "https://a.example.org/a/long/path/that/was/wrapped/by/the/editor/\nannual_report_2024.html;",
    ],
)
def test_no_guess_is_a_safe_fix(address: str) -> None:
    data = write_markdown([("Ministry,", address, "")])
    report, known = audited("a.md", data, {})
    findings = evaluate_report(report, known, {}, Grade(True), NOW)
    assert not [fix for one in findings for fix in one.fixes if fix.applicability == Applicability.SAFE]
    assert mended("a.md", data, FixOptions(), {}).data == data


def test_a_join_that_the_document_proves_is_safe() -> None:
    whole = "https://a.example.org/reports-annual-review-2024.html"
    data = write_markdown([("", whole, ""), ("Ministry,", whole.replace("s-", "s-\n"), "")])
    assert mended("a.md", data, FixOptions(), {}).data == write_markdown([("", whole, ""), ("Ministry,", whole, "")])
