"""What is told of captures: manifest, Robust Links, bibliography."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from cite_audit.snapshot import manifest, robust_links
from cite_audit.snapshot.model import Capture, CaptureRequest, CitationPlace, Outcome

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


def test_csv_has_a_row_for_each_capture_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(manifest.render_manifest_csv(MADE, CITED))))
    assert len(rows) == 4
    assert rows[0]["uri_m"] == COPY
    assert rows[0]["captured_at"] == "2025-10-09T08:00:00Z"
    assert rows[0]["cited_in"] == "r.md note 3; =cmd.md"
    assert rows[2]["outcome"] == "refused"
    for formula in ("=cmd.md", "＝cmd.md", "\r=cmd.md"):
        dangerous = [CaptureRequest(URL, None, (CitationPlace(formula, None, "y"),))]
        row = next(csv.DictReader(io.StringIO(manifest.render_manifest_csv(MADE, dangerous), newline="")))
        assert row["cited_in"] == f"'{formula.strip()}"


def test_json_lines_say_the_same() -> None:
    rows = [json.loads(line) for line in manifest.render_manifest_jsonl(MADE, CITED).splitlines()]
    assert [row["outcome"] for row in rows] == ["archived_verified", "archived_verified", "refused", "captured_bad"]
    assert rows[1]["sha256"] == "ab" * 32


def test_markdown_counts_and_lists() -> None:
    text = manifest.render_manifest_markdown(MADE, CITED)
    assert "- wayback: 1 captured and verified, 1 captured, but not the page, 1 refused" in text
    assert f"[wayback]({COPY})" in text
    assert "refused (blocked-url)" in text


def test_robust_links_carry_the_three_attributes_and_only_good_copies() -> None:
    tree = LexborHTMLParser(robust_links.render_robust_html(MADE))
    (link,) = tree.css("a")
    assert link.attributes == {
        "href": URL,
        "data-originalurl": URL,
        "data-versionurl": COPY,
        "data-versiondate": "2025-10-09",
    }
    assert link.text() == 'War & "Peace" {50%}'
    assert f"([copy of 2025-10-09]({COPY}))" in robust_links.render_robust_markdown(MADE)


def test_csl_and_bibtex_have_the_archive() -> None:
    (item,) = json.loads(robust_links.render_csl_json(MADE))
    assert item["archive_location"] == COPY
    assert item["archive"] == "Internet Archive"
    assert item["accessed"] == {"date-parts": [[2025, 10, 9]]}
    text = robust_links.render_bibtex(MADE)
    assert text.count("@online{") == 1
    assert "\\url{" + COPY + "}" in text
    assert r"War \& " in text
