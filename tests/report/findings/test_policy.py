"""What a policy makes of findings, and which policies are refused."""

from __future__ import annotations

import pytest

from cite_audit.config.settings import Policy
from cite_audit.errors import UsageError
from cite_audit.model import Health, Reason
from cite_audit.report.findings.policy import apply_policy, check_policy, find_failing
from tests.report.audits import NOW, audit, report, verdict

URL = "https://news.example.com/1"


def test_severities_can_be_changed_and_rules_switched_off() -> None:
    dead = audit([report({1: [URL]})], [verdict(URL, Health.BROKEN, Reason.GONE)])
    softer = apply_policy(dead, Policy(severities={"CA101": "warning"}), today=NOW.date())
    assert find_failing(softer, Policy()) == []
    assert find_failing(dead, Policy())
    off = apply_policy(dead, Policy(severities={"link-gone": "off"}), today=NOW.date())
    assert off.findings["reports/grid.md"] == ()


@pytest.mark.parametrize(
    "policy",
    [Policy(fail_on="eror"), Policy(fail_grade="G"), Policy(max_unknown="some"), Policy(severities={"CA999": "off"})],
)
def test_a_policy_that_makes_no_sense_is_refused_before_the_run(policy: Policy) -> None:
    with pytest.raises(UsageError):
        check_policy(policy)
