"""What is told of captures: manifest, Robust Links, bibliography."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from cite_audit.model import Citation, CitedWork, Link, LinkTable, Location, Report
from cite_audit.report.render import Subject, render
from cite_audit.snapshot.model import Capture, CaptureRequest, CitationPlace, Outcome, SnapshotResult

AT = datetime(2025, 10, 9, 8, tzinfo=UTC)
URL = "https://news.example/1?a=1&b=2"
COPY = f"https://web.archive.org/web/20251009080000/{URL}"
MADE = [
    Capture(URL, "wayback", Outcome.VERIFIED, AT, COPY, AT, 1, verified="playback", title='War & "Peace" {50%}'),
    Capture(URL, "local", Outcome.VERIFIED, AT, "captures-1.warc.gz#2025/x", AT, 1, sha256="ab" * 32),
    Capture("https://news.example/2", "wayback", Outcome.REFUSED, AT, attempts=1, code="blocked-url", message="no"),
    Capture("https://news.example/3", "wayback", Outcome.BAD, AT, COPY, AT, code="status-404"),
]
CITED = [CaptureRequest(URL, None, (CitationPlace("r.md", 3, "x"), CitationPlace("=cmd.md", None, "y")))]


def shown(format: str, requests: list[CaptureRequest] = CITED) -> str:
    return render(format, SnapshotResult(captures=MADE, requests=requests), subject=Subject.SNAPSHOT)


def test_csv_has_a_row_for_each_capture_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(shown("csv"))))
    assert len(rows) == 4
    assert rows[0]["uri_m"] == COPY
    assert rows[0]["captured_at"] == "2025-10-09T08:00:00Z"
    assert rows[0]["cited_in"] == "r.md note 3; =cmd.md"
    assert rows[2]["outcome"] == "refused"
    for formula in ("=cmd.md", "＝cmd.md", "\r=cmd.md"):
        dangerous = [CaptureRequest(URL, None, (CitationPlace(formula, None, "y"),))]
        row = next(csv.DictReader(io.StringIO(shown("csv", dangerous), newline="")))
        assert row["cited_in"] == f"'{formula.strip()}"


def test_json_lines_say_the_same() -> None:
    rows = [json.loads(line) for line in shown("jsonl").splitlines()]
    assert [row["outcome"] for row in rows] == ["archived_verified", "archived_verified", "refused", "captured_bad"]
    assert rows[1]["sha256"] == "ab" * 32


def test_markdown_counts_and_lists() -> None:
    text = shown("markdown")
    assert "- wayback: 1 captured and verified, 1 captured, but not the page, 1 refused" in text
    assert f"[wayback]({COPY})" in text
    assert "refused (blocked-url)" in text


def test_a_page_counts_as_kept_by_any_good_copy() -> None:
    assert "a good copy in any archive: 1 of 3 pages\n" in shown("text")


def test_robust_links_carry_the_three_attributes_and_only_good_copies() -> None:
    tree = LexborHTMLParser(shown("links"))
    (link,) = tree.css("a")
    assert link.attributes == {
        "href": URL,
        "data-originalurl": URL,
        "data-versionurl": COPY,
        "data-versiondate": "2025-10-09",
    }
    assert link.text() == 'War & "Peace" {50%}'
    assert f"([copy of 2025-10-09]({COPY}))" in shown("links-markdown")


def test_what_is_printed_of_a_work_goes_before_the_title_of_its_capture() -> None:
    printed = CitedWork("The printed title", ("Ada Example",), "2025-10-01")
    requests = [CaptureRequest(URL, None, CITED[0].places, printed)]
    (item,) = json.loads(shown("csl", requests))
    assert (item["title"], item["author"]) == ("The printed title", [{"literal": "Ada Example"}])
    assert item["issued"] == {"date-parts": [[2025, 10, 1]]}
    assert "{The printed title}" in shown("bibtex", requests)
    lines = shown("ris", requests).splitlines()
    assert {"TI  - The printed title", "DA  - 2025/10/01", "Y2  - 2025/10/09", f"N1  - Archived at {COPY}"} <= set(
        lines
    )


def test_a_table_of_links_comes_back_with_its_own_columns() -> None:
    table = LinkTable(("Who", "Link", "outcome"), (("Ada", URL, "mine"), ("Jo", "https://news.example/none", "")))
    cited = tuple(
        Citation(Link(raw=url, url=url), n, Location("links.csv", n)) for n, (_, url, _) in enumerate(table.rows, 1)
    )
    result = SnapshotResult(captures=MADE, reports=[Report("links.csv", citations=cited, table=table)])
    rows = list(csv.DictReader(io.StringIO(render("csv", result, subject=Subject.SNAPSHOT))))
    assert [row["Who"] for row in rows] == ["Ada", "Jo"]
    assert rows[0]["outcome"] == "mine"
    assert rows[0]["outcome (cite-audit)"] == "archived_verified; archived_verified"
    assert COPY in rows[0]["uri_m"]
    assert rows[1]["outcome (cite-audit)"] == ""


def test_csl_and_bibtex_have_the_archive() -> None:
    (item,) = json.loads(shown("csl"))
    assert item["archive_location"] == COPY
    assert item["archive"] == "Internet Archive"
    assert item["accessed"] == {"date-parts": [[2025, 10, 9]]}
    text = shown("bibtex")
    assert text.count("@online{") == 1
    assert "\\url{" + COPY + "}" in text
    assert r"War \& " in text
