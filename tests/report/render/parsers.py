"""What the readers of each format parse: every document goes through the one of its format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from cite_audit.report.render import Subject
from cite_audit.report.render.media.csv import FORMULA_SIGNS
from cite_audit.report.schema import read_json_schema

SCHEMA = Draft202012Validator(json.loads(read_json_schema()))


def a_json(text: str) -> None:
    SCHEMA.validate(json.loads(text))


def a_jsonl(text: str) -> None:
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["type"] == "counts"


def a_csv(text: str) -> None:
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(row) == len(header) for row in rows)
    assert not any(value.startswith(FORMULA_SIGNS) for row in rows for value in row)


def a_tsv(text: str) -> None:
    header, *rows = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    assert all(len(row) == len(header) for row in rows)
    assert not any(value.startswith((*FORMULA_SIGNS, '"')) for row in rows for value in row)
    assert [header, *rows] == list(csv.reader(io.StringIO(text), delimiter="\t")), "a spreadsheet sees other cells"


def some_json(text: str) -> None:
    assert isinstance(json.loads(text), dict | list)


def some_lines_of_json(text: str) -> None:
    assert all(isinstance(json.loads(line), dict) for line in text.removesuffix("\n").split("\n") if line)


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
        assert re.search(r":\d+:\d+: (error|warning|note): (CA\d{3} (\[\*\] )?[\w-]+|unread): ", line), line


def a_markdown(text: str) -> None:
    check_markdown(text, r"/?(details|summary)\b")


def a_comment(text: str) -> None:
    mark, _, rest = text.partition("\n")
    assert mark == "<!-- cite-audit -->"
    a_markdown(rest)


def robust_links_in_markdown(text: str) -> None:
    check_markdown(text, r"(a href=\"https?://[^\s\"]+\" data-originalurl=|/a>)")


def check_markdown(text: str, allowed: str) -> None:
    tokens = [
        inner
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for inner in (token.children or [token])
    ]
    html = {t.content.strip() for t in tokens if t.type in ("html_block", "html_inline")}
    assert not any(re.search(f"<(?!{allowed})", block) for block in html), html
    assert not any(t.type == "image" for t in tokens)
    links = [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]
    assert all(re.match(r"https?://", href) for href in links), links
    depth, plain = 0, ""
    for token in tokens:  # what stands in a link mentions nobody
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        plain += token.content if token.type == "text" and not depth else ""
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


def some_code_quality(text: str) -> None:
    issues = json.loads(text)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1


def a_text(text: str) -> None:
    assert text.endswith("\n")


def a_static_page(text: str) -> None:
    page = LexborHTMLParser(text)
    assert not page.css("script, img, iframe, object, embed, link, base, form, audio, video, svg")
    for node in page.css("*"):
        assert not any(name.startswith("on") for name in node.attributes)
        if node.tag == "a":
            assert re.match(r"https?://[^\s/]", node.attributes["href"] or ""), node.attributes["href"]


def some_records(text: str) -> None:
    import rispy

    records = rispy.loads(text)
    assert all(record["type_of_reference"] == "ELEC" and "urls" in record for record in records)
    assert text.count("TY  - ") == len(records)


def a_bibliography(text: str) -> None:
    """Entries whose braces close, with the fields that we write and no other."""
    entries = [entry for entry in text.split("\n\n") if entry.strip()]
    for entry in entries:
        lines = entry.strip().split("\n")
        assert re.fullmatch(r"@online\{[a-z0-9]*\d+,", lines[0]), lines[0]
        assert lines[-1] == "}"
        fields = [
            re.fullmatch(r"  (author|title|date|year|url|urldate|note) = \{(.*)\},", line) for line in lines[1:-1]
        ]
        assert {"title", "url"} <= {field[1] for field in fields if field}
        for field in fields:
            assert field is not None
            plain = re.sub(r"\\[{}&%$#_]", "", field[2])
            plain = re.sub(r"(?:^| and )\{[^{}]*\}", "", plain) if field[1] == "author" else plain
            assert not re.search(r"[{}]", re.sub(r"^\{([^{}]*)\}$|\\url\{([^{}]*)\}$", "", plain)), field[0]
            assert not re.search(r"\\(?!textbackslash |url\{)", plain), field[0]


# format, or subject and format → its reader
CHECKS: dict[object, Callable[[str], None]] = {
    "text": a_text,
    "concise": some_findings,
    "json": some_json,
    "json-v1": some_json,
    "jsonl": some_lines_of_json,
    "csv": a_csv,
    "tsv": a_tsv,
    "markdown": a_markdown,
    "comment": a_comment,
    "html": a_static_page,
    "sarif": a_sarif,
    "github": some_commands,
    "gitlab": some_code_quality,
    "junit": a_junit,
    "links": a_static_page,
    "links-markdown": robust_links_in_markdown,
    "csl": some_json,
    "bibtex": a_bibliography,
    "ris": some_records,
}
for subject in (Subject.AUDIT, Subject.LINKS):
    CHECKS |= {(subject, "html"): a_page, (subject, "json"): a_json, (subject, "json-v1"): a_json}
CHECKS |= {(Subject.AUDIT, "jsonl"): a_jsonl, (Subject.GRADE, "json"): a_json, (Subject.GRADE, "json-v1"): a_json}
