"""A whole audit on loopback: what of each sentence stands on its page, and the one question, in every output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import cite_audit
from cite_audit.config.settings import Network
from cite_audit.report.render import RenderOptions, render
from tests.cli.running import run
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer

FILLER = "<p>Boats came home before dark, and the price of bread stayed as it was all week long in town. </p>" * 6
SENTENCES = (
    "Governor Petrenko opened the Lozova mill on 12 March 2021 before 4,200 guests from Kharkiv.",
    "Captain Whitmore sailed the Halcyon from Bergen with 412 passengers on 9 June 2018.",
    "Minister Okafor said that the Tarnow dam lost 37% of its water by 3 August 2019.",
    "Judge Castellano fined Meridian Shipping 6,750 euros in Lisbon on 21 February 2017.",
    "Surveyor Lindqvist mapped 860 caves near Oviedo by 30 October 2016 for Geotrek.",
    "Pilot Amaral flew 1,340 miles to Windhoek on 5 January 2015 for Skyhaul.",
)
PAGES = {f"/{number}": f"<p>{sentence}</p>" for number, sentence in enumerate(SENTENCES)}
# no word of Kharkiv:
PAGES["/0"] = "<p>Petrenko opened the mill of Lozova on 12 March 2021, watched by 4,200 guests.</p>"
# pasted under the wrong note:
PAGES["/5"] = "<p>Minister Okafor and Judge Castellano met in Lisbon to speak of the harbour and its new lamps.</p>"
NOTES = "".join(f"[^{number + 1}]: hxxp://news{number}.example/{number}\n" for number in range(len(SENTENCES)))
REPORT = (
    "# Six matters\n\nJune 2, 2022\n\n"
    + "\n\n".join(f"{sentence}[^{number + 1}]" for number, sentence in enumerate(SENTENCES))
    + f"\n\n{NOTES}"
)


def respond(method: str, target: str, headers: object, body: bytes) -> Answer:
    said = PAGES.get(urlsplit(target).path)
    html = f"<html lang=en><title>News</title><body><article>{said}{FILLER}</article></body></html>"
    return Answer(200, html.encode(), (("Content-Type", "text/html; charset=utf-8"),)) if said else Answer(404)


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with Serving(respond) as server:
        yield server.netloc


def audit_report(folder: Path, place: str, *, facts: bool = True) -> cite_audit.Audit:
    path = folder / "report.md"
    path.write_text(REPORT, "utf-8")
    routes = {f"news{number}.example:80": place for number in range(len(SENTENCES))}
    network = Network(allow_addresses=("127.0.0.0/8",), connect_to=routes, host_interval=0, proxy="none")
    settings = cite_audit.Settings(network=network, archive=False, store=None, facts=facts)
    return cite_audit.audit([path], settings=settings)


def test_every_output_tells_what_stands_on_the_page_and_asks_once(place: str, tmp_path: Path) -> None:
    audit = audit_report(tmp_path, place)
    told = {c["note"]: c["facts"] for c in json.loads(render("json", audit))["reports"][0]["citations"]}
    assert told[1]["answer"] == "mentions"
    assert [fact["text"] for fact in told[1]["missing"]] == ["Kharkiv"]
    assert any("mill of Lozova" in fact["snippet"] for fact in told[1]["found"])
    assert told[6]["answer"] == "none", told[6]["reason"]
    asked = [finding for found in audit.findings.values() for finding in found if finding.rule == "CA501"]
    assert [(finding.note, finding.severity) for finding in asked] == [(6, "note")]
    for said in (render("text", audit, RenderOptions(verbose=1)), render("html", audit)):
        assert "mentions 4 of 5 names and numbers" in " ".join(said.split())
        assert "Kharkiv" in said
        assert "CA501" in said
    assert "</u> opened the <u" in render("html", audit)


def test_nothing_is_looked_for_where_facts_are_off(place: str, tmp_path: Path) -> None:
    audit = audit_report(tmp_path, place, facts=False)
    assert all(c["facts"] is None for c in json.loads(render("json", audit))["reports"][0]["citations"])
    assert not [finding for found in audit.findings.values() for finding in found if finding.rule == "CA501"]


def test_why_shows_the_sentence_on_the_page(place: str, tmp_path: Path) -> None:
    options = ("--no-config", "--allow-address=127.0.0.0/8", f"--connect-to=news0.example:80={place}", "--no-archive")
    done = run(tmp_path, "why", "http://news0.example/0", "--quote", SENTENCES[0], *options, CITE_AUDIT_OFFLINE="false")
    assert "4,200: …" in done.stdout, done.stderr
    assert "Kharkiv: not found by us" in done.stdout
