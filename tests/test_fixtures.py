"""The five sample reports are read to the letter: `fixtures/reports.json` holds what a person found in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cite_audit.parse import read_report

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FIXTURES / "reports.json").read_text())


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_report(name: str) -> None:
    want = EXPECTED[name]
    report = read_report(str(FIXTURES / "reports" / name))
    assert {str(n.number): [link.url for link in n.links] for n in report.notes if n.links} == want["notes"]
    assert [marker.number for marker in report.markers] == list(range(1, want["markers"] + 1))
    assert list(report.missing_notes) == want["missing"]
    assert str(report.published) == want["published"]
    assert report.authors
    assert report.title


@pytest.mark.parametrize("name", EXPECTED)
def test_every_citation_points_at_its_raw_text(name: str) -> None:
    path = FIXTURES / "reports" / name
    text = path.read_text()
    for citation in read_report(str(path)).citations:
        at = citation.location.offset
        assert text[at : at + len(citation.link.raw)] == citation.link.raw
        assert text.count("\n", 0, at) + 1 == citation.location.line
