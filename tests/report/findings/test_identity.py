"""A finding keeps its identity when notes are renumbered or text moves, so that only what is new counts as new."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from cite_audit.cited_links import collect_links
from cite_audit.config.settings import Settings
from cite_audit.model import Audit, FindingState
from cite_audit.pipeline import assess_reports, read_reports, unchecked_verdicts
from cite_audit.report.findings.baseline import dump_baseline, load_baseline
from cite_audit.report.findings.policy import apply_policy
from cite_audit.report.render import render
from cite_audit.urls import canonical_key

NOW = datetime(2021, 6, 1, tzinfo=UTC)
TODAY = date(2021, 6, 1)
SETTINGS = Settings(offline=True, store=None)

BEFORE = """# Ferries

3 May 2021

The first ferry left.[^1] The second one stayed.[^2] A third was sold.[^3] The fourth burned.[^4]

[^1]: https://one.example.org/a
[^2]: https://t.me/rybar/3
[^3]: see the port's own ledger
[^4]: http://two.example.org/b?utm_source=x
"""
AFTER = (
    BEFORE.replace("[^4]", "[^5]").replace("[^3]", "[^4]").replace("[^2]", "[^3]").replace("[^1]", "[^2]")
    .replace("The first ferry", "A tug came in.[^1] The first ferry")
    .replace("[^2]: https://one", "[^1]: https://tugs.example.org/z\n[^2]: https://one")
)  # fmt: skip


def read_audit(text: str) -> Audit:
    """A report as audited offline, before any policy."""
    reading = read_reports(["r.md"], SETTINGS, contents={"r.md": text.encode()})
    return assess_reports(reading, unchecked_verdicts(collect_links(reading.reports)), SETTINGS, now=NOW)


def fingerprints(text: str) -> set[str]:
    results = json.loads(render("sarif", read_audit(text)))["runs"][0]["results"]
    return {result["partialFingerprints"]["primaryLocationLineHash"] for result in results}


def new_rules(before: str, after: str) -> list[str]:
    baseline = load_baseline(dump_baseline(read_audit(before), str))
    settled = apply_policy(read_audit(after), Settings().policy, baseline=baseline, today=TODAY)
    findings = [finding for findings in settled.findings.values() for finding in findings]
    assert not [finding for finding in findings if finding.state == FindingState.RESOLVED]
    return sorted(finding.rule for finding in findings if finding.state == FindingState.NEW)


def test_a_footnote_inserted_in_front_leaves_the_baseline_and_the_fingerprints_as_they_were() -> None:
    before = fingerprints(BEFORE)
    assert len(before) >= 3
    assert before <= fingerprints(AFTER)
    added = read_audit(AFTER)
    own = [f.rule for findings in added.findings.values() for f in findings if f.note == 1]
    assert new_rules(BEFORE, AFTER) == sorted(own)


def test_the_same_link_once_more_is_one_new_finding() -> None:
    more = BEFORE.replace("burned.[^4]", "burned.[^4] So did the fifth.[^5]") + "[^5]: https://t.me/rybar/3\n"
    found = new_rules(BEFORE, more)
    assert len(found) == len(set(found)) == len([rule for rule in found if rule.startswith("CA")])
    assert found


def test_a_baseline_of_version_1_is_read_and_rewritten() -> None:
    known = read_audit(BEFORE)
    rows = [
        {"report": "r.md", "rule": f.rule, "note": f.note, "key": canonical_key(f.url) if f.url else "", "url": f.url}
        for f in known.findings["r.md"]
    ]
    old = load_baseline(json.dumps({"version": 1, "findings": rows}))
    settled = apply_policy(known, Settings().policy, baseline=old, today=TODAY)
    assert {finding.state for finding in settled.findings["r.md"]} == {FindingState.KNOWN}
    assert json.loads(dump_baseline(known, str, old))["version"] == 2
