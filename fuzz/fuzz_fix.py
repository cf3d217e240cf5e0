"""An atheris target: any text, mended in every style; nothing but ReadError, and no byte outside the links changes.

python -m fuzz.fuzz_fix [libFuzzer options] fuzz/corpus
"""

from __future__ import annotations

from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["cite_audit.fix", "cite_audit.parse"]):
    from cite_audit.cited_links import collect_links
    from cite_audit.config.settings import Settings
    from cite_audit.errors import ReadError
    from cite_audit.fix import FixOptions, plan_edits, rewrite_report
    from cite_audit.parse import read_report
    from cite_audit.pipeline import ReportSet, assess_reports, unchecked_verdicts

from fuzz.harness import fuzz, refuse_own_fault, split_input

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = ("fuzz.md", "fuzz.html", "fuzz.txt")
STYLES = ("", "plain", "[.]", "dot", "hxxp")


def check(data: bytes) -> None:
    """Plans and makes every fix of a report of these bytes."""
    name, data = split_input(data, len(PATHS))
    style, data = split_input(data, len(STYLES))
    try:
        report = read_report(PATHS[name], data)
    except ReadError as error:
        refuse_own_fault(error.problem)
        return
    audit = assess_reports(ReportSet((report,)), unchecked_verdicts(collect_links([report])), Settings(), now=NOW)
    for unread in audit.unread:
        refuse_own_fault(unread.problem)
    options = FixOptions(True, STYLES[style])
    edits = plan_edits(report, audit.findings.get(report.path, ()), audit.verdicts, options)
    try:
        result = rewrite_report(data, report, edits, options, lambda new: read_report(PATHS[name], new))
    except ReadError as error:  # the command names the report and mends the others
        refuse_own_fault(error.problem)
        return
    if not result.changes and result.data != data:
        raise AssertionError("bytes changed without a change")


if __name__ == "__main__":
    fuzz(check)
