"""The JSON contract: the schema holds for every kind of audit, and what was put in comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from cite_audit.model import Archived, Health, Reason
from cite_audit.parse import read_report
from cite_audit.report.render import render
from cite_audit.report.render.audit import json as json_format
from cite_audit.report.schema import read_json_schema
from tests.report.audits import AUDITS, everything_wrong, hostile

SCHEMA = json.loads(read_json_schema())


def document(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render("json", AUDITS[name]()))
    return parsed


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", AUDITS)
def test_every_audit_fits_the_schema(name: str) -> None:
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(document(name))


def test_each_citation_finds_its_link() -> None:
    parsed = document("everything-wrong")
    cited = {citation["url"] for report in parsed["reports"] for citation in report["citations"]}
    assert cited == set(parsed["links"])


def test_counts_add_up() -> None:
    counts = document("everything-wrong")["counts"]
    assert counts["links"] == sum(counts[h] for h in ("alive", "broken", "unknown", "skipped", "unchecked"))


def test_a_memento_tells_its_distance_from_the_report() -> None:
    link = document("everything-wrong")["links"]["https://site1.example.com/page"]
    assert link["mementos"][0]["distance_days"] == 12
    assert (link["health"], link["reason"], link["status"]) == ("broken", "not-found", 404)


def test_a_dead_link_carries_the_archived_copy_to_put_in_its_place() -> None:
    findings = document("everything-wrong")["reports"][0]["findings"]
    gone = next(f for f in findings if f["rule"] == "CA101")
    assert gone["fixes"][0]["replacement"].endswith("/web/20210614083005/https://site1.example.com/page")
    assert gone["fixes"][0]["applicability"] == "safe"


def test_an_interrupted_run_says_so() -> None:
    assert document("interrupted")["incomplete"] is True


def test_hostile_text_is_kept_but_cannot_reach_a_terminal() -> None:
    text = render("json", hostile())
    assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200b" for c in text)
    assert json.loads(text)["reports"][0]["title"] == hostile().reports[0].title


def test_lone_surrogates_do_not_stop_the_document() -> None:
    from dataclasses import replace

    audit = everything_wrong()
    broken = replace(audit, remarks=("half \ud800 of a pair",))
    assert "\\ud800" in render("json", broken)
    render("json", broken).encode("utf-8")


def test_the_schema_knows_every_word_of_the_model() -> None:
    link = SCHEMA["$defs"]["link"]["properties"]
    assert set(link["health"]["enum"]) == {health.value for health in Health}
    assert set(link["reason"]["enum"]) == {reason.value for reason in Reason}
    assert set(link["archived"]["enum"]) == {archived.value for archived in Archived}


def test_a_wrapped_address_shows_what_it_wraps() -> None:
    inner = "https://lenta.ru/news/2020/09/02/x/"
    report = read_report("r.txt", f"Text.[1]\n\n[1] https://web.archive.org/web/20200902/{inner}; {inner}\n".encode())
    citations = [json_format.encode_citation(report, one) for one in report.citations]
    assert [one["wraps"] for one in citations] == [{"url": inner, "via": "archive"}, None]
