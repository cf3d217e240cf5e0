"""Reviewed texts and pages: every change can be accepted or rejected, comments stand in the body."""

from __future__ import annotations

import re

import pytest

from cite_audit.errors import ReadError
from cite_audit.fix import FixOptions
from cite_audit.model import Archived, Grade
from cite_audit.parse import read_report
from cite_audit.report.findings.evaluation import evaluate_report
from cite_audit.review.comments import build_comments
from cite_audit.review.reviewed_report import review_report
from tests.report.audits import NOW, verdict
from tests.review.manuscripts import DEAD, WALL
from tests.review.test_packages import COPY, fixed_and_reviewed

MARKDOWN = f"""# Grid

June 2, 2021

A claim.[^1] Another.[^2] Read [the story]({DEAD}).

[^1]: See <{DEAD}> and {DEAD.replace("https://", "hxxps://").replace(".", "[.]")}
[^2]: Behind a wall: {WALL}
"""
PAGE = f"""<!DOCTYPE html>
<html><head><title>Grid</title><meta name="date" content="2021-06-02"></head><body>
<p>A claim.<sup><a href="#fn1">1</a></sup> And
Read <a class="x" href="{DEAD}">the&nbsp;story</a>.</p>
<p>More.<sup><a href="#fn2">2</a></sup></p>
<ol><li id="fn1">See <a href="{DEAD}">{DEAD}</a> there.</li><li id="fn2"><p>A wall {WALL}</p></li></ol>
</body></html>
"""


def settle_markdown(text: str, accept: bool) -> str:
    text = re.sub(r"\{>>.*?<<\}", "", text, flags=re.S)
    text = re.sub(r"\{~~(.*?)~>(.*?)~~\}", r"\2" if accept else r"\1", text, flags=re.S)
    text = re.sub(r"\{\+\+(.*?)\+\+\}", r"\1" if accept else "", text, flags=re.S)
    return re.sub(r"\{--(.*?)--\}", "" if accept else r"\1", text, flags=re.S)


def settle_html(text: str, accept: bool) -> str:
    text = re.sub(r'<aside class="cite-audit".*?</aside>', "", text, flags=re.S)
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    text = re.sub(rf"<{gone}\b[^>]*>.*?</{gone}>", "", text, flags=re.S)
    return re.sub(rf"</?{kept}\b[^>]*>", "", text)


@pytest.mark.parametrize(
    ("path", "source", "settle"), [("a.md", MARKDOWN, settle_markdown), ("a.html", PAGE, settle_html)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_accepted_it_is_what_fix_writes_and_rejected_what_it_was(
    path: str, source: str, settle: object, encoding: str, newline: str
) -> None:
    assert callable(settle)
    data = source.replace("\n", newline).encode(encoding)
    fixed, reviewed = fixed_and_reviewed(data, path)
    assert settle(reviewed.data.decode(encoding), True) == fixed.decode(encoding)
    assert settle(reviewed.data.decode(encoding), False) == data.decode(encoding)
    assert len(reviewed.applied) == (3 if path == "a.md" else 2)
    assert len(reviewed.comments) == (2 if path == "a.md" else 1)


def test_a_comment_in_markdown_stands_behind_the_marker() -> None:
    text = fixed_and_reviewed(MARKDOWN.encode(), "a.md")[1].data.decode()
    assert re.search(r"Another\.\[\^2\]\{>>[^{}]*CA109 link-behind-wall https://wall\.example\.org/c<<\} Read", text)
    assert f"[^1]: See <{{~~{DEAD}~>{COPY}~~}}>" in text
    assert f"[the story]({{~~{DEAD}~>{COPY}~~}})" in text


def test_a_comment_in_html_stands_between_blocks() -> None:
    text = fixed_and_reviewed(PAGE.encode(), "a.html")[1].data.decode()
    assert '</sup></p><aside class="cite-audit" data-note="2">' in text
    assert f'<a class="x" href="{DEAD}">the&nbsp;story</a></del><ins datetime="2026-03-02T10:11:12Z">' in text


def test_a_link_that_holds_marks_is_left_to_a_person() -> None:
    from cite_audit.review.text_markup import is_markable

    assert is_markable(DEAD)
    assert not any(is_markable(DEAD + mark) for mark in ("{++", "++}", "{>>", "~>", "~~}", "--}"))


def test_comments_say_the_next_step_without_the_terminals_commands() -> None:
    """Advice that ends with a command keeps its sentence; what stands together names its notes in one."""
    report = read_report("a.md", MARKDOWN.encode())
    known = {
        c.link.url: verdict(c.link.url, archived=Archived.ARCHIVED_BAD if c.link.url == WALL else Archived.NOT_ARCHIVED)
        for c in report.citations
    }
    findings = evaluate_report(report, known, {}, Grade(True), NOW)
    texts = [comment.text for comment in build_comments(report, findings)]
    assert "No archive that was asked has a copy of this page: note 1; line 5 (CA201 not-archived)" in texts[0]
    assert any(
        "While the page is alive, archive it again. Else look for a copy in other archives. CA203 bad-capture" in text
        for text in texts
    )
    assert not any("`" in text for text in texts)


_UNITS = {1: "utf-8", 2: "utf-16-be", 4: "utf-32-le"}
STRAY = {
    "a few stray bytes in UTF-8": (MARKDOWN + "Ünïcödé " * 200).encode() + b"\xff \xe2\x82 end\n",
    "a byte that windows-1252 lacks": MARKDOWN.encode() + "Größe, naïve, déjà vu \x81 \x8d.\n".encode("latin-1"),
    "UTF-16, big end first": b"\xfe\xff" + MARKDOWN.encode("utf-16-be"),
    "UTF-32": MARKDOWN.encode("utf-32"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + MARKDOWN.encode(),
}


@pytest.mark.parametrize("name", STRAY)
@pytest.mark.parametrize("path", ["a.md", "a.txt"])
def test_bytes_that_are_no_text_stay_where_they_are(path: str, name: str) -> None:
    """Every byte of the report is in the review, in its order; what `fix` writes has those around its changes."""
    data = STRAY[name]
    fixed, reviewed = fixed_and_reviewed(data, path)
    assert len(reviewed.applied) == 3
    assert len(reviewed.comments) == 2
    wide = 2 if name.startswith("UTF-16") else 4 if name.startswith("UTF-32") else 1
    units = iter([reviewed.data[at : at + wide] for at in range(0, len(reviewed.data), wide)])
    assert all(data[at : at + wide] in units for at in range(0, len(data), wide))
    tail = data[data.rindex(WALL[-3:].encode(_UNITS[wide])) :]
    assert reviewed.data.endswith(tail)
    assert fixed.endswith(tail)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "shift_jis", "gb18030"])
def test_a_page_is_edited_in_the_encoding_that_it_declares(charset: str) -> None:
    words = {"windows-1251": "Отчёт", "shift_jis": "報告ソ", "gb18030": "报告"}.get(charset, "Größe")
    page = PAGE.replace("<head>", f'<head><meta charset="{charset}">').replace("More.", words).encode(charset)
    page += b"<!-- \xff -->" if charset in ("utf-8", "windows-1251") else b""
    fixed, reviewed = fixed_and_reviewed(page, "a.html")
    for new in (fixed, reviewed.data):
        assert words.encode(charset) in new
        assert new.endswith(page[page.index(b"</body>") :])
    assert settle_html(reviewed.data.decode("latin-1"), False) == page.decode("latin-1")


def test_a_text_that_ends_in_half_a_character_is_refused() -> None:
    data = b"\xff\xfe" + MARKDOWN.encode("utf-16-le") + b"a"
    report = read_report("a.md", data)
    with pytest.raises(ReadError, match="not utf-16-le and would be lost"):
        review_report(data, report, (), (), FixOptions(), moment=NOW, reread=lambda new: read_report("a.md", new))
