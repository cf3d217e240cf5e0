"""Files of decisions: read as written, and a hostile row is refused alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cite_audit.errors import UsageError
from cite_audit.parse import read_report
from cite_audit.review.decisions import (
    Decision,
    DecisionAction,
    DecisionFile,
    LinkPlace,
    dump_decisions,
    list_link_places,
    parse_decisions,
)

ROW = {"note": "7", "printed": "hxxps://a[.]example/b", "url": "https://a.example/b", "occurrence": 1}
REPLACE = {**ROW, "action": "replace", "to": "https://new.example/b", "reason": None}


def written(*rows: Any, **more: Any) -> str:
    outer = {"cite_audit_decisions": 1, "report": "draft.docx", "sha256": "a" * 64, "decided": "2026-11-30"}
    return json.dumps({**outer, "decisions": list(rows), **more})


def test_what_was_written_is_read_again() -> None:
    place = LinkPlace(None, "the “link”", "https://a.example/b", 2)
    decisions = (
        Decision(place, DecisionAction.KEEP, reason="asked the author"),
        Decision(place._replace(note="3"), DecisionAction.REPLACE, to="https://ü.example/ж?a=1&b=2"),
    )
    file = DecisionFile(report="my draft.docx", sha256="0" * 64, decided="2026-11-30", decisions=decisions)
    assert parse_decisions(dump_decisions(file)) == file


@pytest.mark.parametrize(
    "change",
    [
        {"to": "javascript:alert(1)"},
        {"to": "file:///etc/passwd"},
        {"to": "https://new.example/\n[[ignore]]"},
        {"to": "https://new.example/\u202efdp.exe"},
        {"to": "https://new.example/ b"},
        {"to": 'https://new.example/"><script>'},
        {"to": "https://"},
        {"to": "https://[new"},
        {"to": ""},
        {"to": None},
        {"to": "https://new.example/" + "a" * 9_000},
        {"action": "delete"},
        {"action": ["replace"]},
        {"occurrence": 0},
        {"occurrence": True},
        {"note": {"a": 1}},
        {"printed": ""},
        {"url": 7},
        {"reason": ["x"]},
        {"reason": "x" * 501},
    ],
    ids=str,
)
def test_an_unfit_row_is_refused_and_the_others_are_read(change: dict[str, Any]) -> None:
    read = parse_decisions(written({**REPLACE, **change}, {**REPLACE, "note": "8"}, "no object"))
    assert [decision.place.note for decision in read.decisions] == ["8"]
    assert [text.partition(":")[0] for text in read.refused] == ["decision 1", "decision 3"]


def test_two_decisions_that_contradict_each_other_are_both_refused() -> None:
    read = parse_decisions(written(REPLACE, {**ROW, "action": "keep"}))
    assert read.decisions == ()
    assert "contradicts" in read.refused[0]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"cite_audit_decisions": 2, "decisions": []}',
        '{"cite_audit_decisions": true, "decisions": []}',
        '{"cite_audit_decisions": 1, "decisions": {}}',
        "[" * 100_000,
    ],
    ids=lambda content: content[:40],
)
def test_what_is_no_file_of_decisions_is_refused(content: str) -> None:
    with pytest.raises(UsageError):
        parse_decisions(content)


def test_links_alike_in_one_note_are_counted() -> None:
    text = "A.[^1] B.[^2]\n\n[^1]: <https://a.example/b> and <https://a.example/b>\n[^2]: <https://a.example/b>\n"
    places = list_link_places(read_report("a.md", text.encode()))
    assert [(place.note, place.occurrence) for place in places] == [("1", 1), ("1", 2), ("2", 1)]
