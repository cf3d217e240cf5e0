"""An atheris target: any bytes as a file of decisions on one report; only UsageError, and no address but http(s).

python -m fuzz.fuzz_decisions [libFuzzer options] [corpus]
"""

from __future__ import annotations

import json

import atheris

with atheris.instrument_imports(include=["cite_audit.review", "cite_audit.fix"]):
    from cite_audit.errors import UsageError
    from cite_audit.fix import FixOptions, rewrite_report
    from cite_audit.parse import read_report
    from cite_audit.review.decision_plan import plan_decisions, plan_with_decisions
    from cite_audit.review.decisions import dump_decisions, parse_decisions

from fuzz.harness import fuzz, split_input

SOURCE = b"""# A report

One.[^1] Two.[^2] See https://c.example/d and https://c.example/d again.

[^1]: Somebody, hxxps://a[.]example/b?c=1 and <https://a.example/b>
[^2]: [shown](https://a.example/b "title"), https://e.example/f(g)
"""
REPORT = read_report("fuzz.md", SOURCE)
OPTIONS = FixOptions(True)
ROW = {"note": "1", "printed": "hxxps://a[.]example/b?c=1", "url": "https://a.example/b?c=1", "occurrence": 1}


def _fill_row(data: bytes) -> bytes:
    """A file in which one decision that fits has these bytes as the new address and the reason."""
    text = data.decode("utf-8", "surrogateescape")
    row = {**ROW, "action": "replace", "to": f"https://{text}", "reason": text[:500]}
    return json.dumps({"cite_audit_decisions": 1, "sha256": REPORT.sha256, "decisions": [row]}).encode()


def check(data: bytes) -> None:
    """Reads the bytes as a whole file or as an address, and applies what it decides to a report."""
    is_address, data = split_input(data, 2)
    try:
        file = parse_decisions(_fill_row(data) if is_address else data)
    except UsageError as error:
        str(error).encode()
        return
    if parse_decisions(dump_decisions(file)).decisions != file.decisions:
        raise AssertionError("what was written is not what is read")
    "".join(file.refused).encode()
    for is_same in (True, False):
        edits = [outcome.edit for outcome in plan_decisions(REPORT, file, is_same=is_same) if outcome.edit is not None]
        plan_with_decisions(REPORT, edits, (), file)
        result = rewrite_report(SOURCE, REPORT, edits, OPTIONS, lambda new: read_report("fuzz.md", new))
        if not result.applied and result.data != SOURCE:
            raise AssertionError("bytes changed without a change")
        if any(not edit.url.lower().startswith(("http://", "https://")) for edit in edits):
            raise AssertionError("an address outside the web")


if __name__ == "__main__":
    fuzz(check)
