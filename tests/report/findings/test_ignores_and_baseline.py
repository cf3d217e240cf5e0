"""Decisions to let findings be, and known debt: what they hide, what they never hide, and when they speak up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from cite_audit.config.settings import Ignore, Policy
from cite_audit.errors import ConfigError
from cite_audit.model import Audit, Comment, Health, Reason
from cite_audit.parse import read_report
from cite_audit.report.findings.baseline import dump_baseline, load_baseline
from cite_audit.report.findings.ignores import read_inline_ignores
from cite_audit.report.findings.policy import apply_policy, find_failing
from cite_audit.report.render import render
from tests.report.audits import NOW, audit, report, verdict

TODAY = NOW.date()
GONE = "https://sub.news.example.com/gone?b=2&a=1"
FINE = "https://fine.example.org/"


def made(health: Health = Health.BROKEN, reason: Reason = Reason.GONE, path: str = "reports/grid.md") -> Audit:
    return audit([report({14: [GONE], 15: [FINE]}, path=path)], [verdict(GONE, health, reason), verdict(FINE)])


def states(result: Audit) -> dict[str, str]:
    return {f.rule: f.state for findings in result.findings.values() for f in findings}


def ignoring(*ignores: Ignore, of: Audit | None = None) -> dict[str, str]:
    return states(apply_policy(of or made(), Policy(ignores=ignores), today=TODAY))


@pytest.mark.parametrize(
    "ignore",
    [
        Ignore("known", url=GONE),
        Ignore("known", url="http://sub.news.example.com/gone?a=1&b=2"),
        Ignore("known", url="https://sub.news.example.com/*"),
        Ignore("known", domain="example.com"),
        Ignore("known", report="reports/*.md"),
        Ignore("known", report="grid.md", rules=("link-gone",)),
        Ignore("known", rules=("CA101",), note=14),
        Ignore("known", rules=("CA1",), domain="news.example.com"),
        Ignore("known", domain="example.com", until=TODAY),
    ],
)
def test_an_ignore_hides_what_fits_all_it_says(ignore: Ignore) -> None:
    assert ignoring(ignore) == {"CA101": "ignored"}


@pytest.mark.parametrize(
    "ignore",
    [
        Ignore("known", rules=("CA101",), note=3),
        Ignore("known", rules=("CA102",), report="reports/other.md"),
        Ignore("known", domain="ample.com"),
        Ignore("known", url="https://sub.news.example.com/other"),
    ],
)
def test_an_ignore_is_no_wider_than_it_says(ignore: Ignore) -> None:
    assert ignoring(ignore) == {"CA101": "new"}


def test_an_expired_ignore_hides_nothing_and_says_so() -> None:
    assert ignoring(Ignore("old", domain="example.com", until=date(2026, 3, 1))) == {"CA101": "new", "CA901": "new"}


def test_an_ignore_whose_subject_is_fine_says_that_it_is_unused() -> None:
    assert ignoring(Ignore("was down", domain="fine.example.org")) == {"CA101": "new", "CA902": "new"}


def test_an_ignore_about_the_network_is_not_called_unused_offline() -> None:
    offline = replace(made(Health.UNCHECKED, Reason.OFFLINE), offline=True)
    assert ignoring(Ignore("was down", rules=("CA101",), domain="fine.example.org"), of=offline) == {}


def test_ignored_findings_do_not_fail_a_run() -> None:
    policy = Policy(ignores=(Ignore("known", url=GONE),))
    assert find_failing(apply_policy(made(), policy, today=TODAY), policy) == []


COMMENTS = f"""# Report
<!-- cite-audit: ignore[CA101] the author has a copy -->
[^1]: <{GONE}>
[^2]: <{GONE}> <!-- cite-audit: ignore[CA101, CA202] until 2026-01-31: being replaced -->
<!-- cite-audit: ignore-file[CA405] -->
"""


def test_comments_speak_of_their_line_or_the_next() -> None:
    first, second, third = read_inline_ignores(read_report("a.md", COMMENTS.encode()))
    assert (first.line, first.rules, first.reason) == (3, ("CA101",), "the author has a copy")
    assert (second.line, second.rules, second.until) == (4, ("CA101", "CA202"), date(2026, 1, 31))
    assert (third.line, third.reason) == (None, "")


def commented(comment: Comment) -> dict[str, str]:
    of = made()
    return states(
        apply_policy(replace(of, reports=(replace(of.reports[0], comments=(comment,)),)), Policy(), today=TODAY)
    )


def test_a_comment_hides_only_its_line() -> None:
    for line, state in ((54, "ignored"), (55, "new")):
        assert commented(Comment("ignore[CA101] copy kept", 53, line))["CA101"] == state


def test_a_comment_without_a_reason_hides_nothing() -> None:
    assert commented(Comment("ignore-file[CA101]", 53, 54)) == {"CA101": "new", "CA903": "new"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt"])
def test_comments_are_found_in_every_encoding_and_text_format(name: str, encoding: str) -> None:
    text = "Отчёт о событиях\n\nТекст этого отчёта. <!-- cite-audit: ignore-file[CA405] так надо -->\n"
    if name == "a.html":
        text = f"<!DOCTYPE html><html><body><p>{text}</p></body></html>"
    (found,) = read_inline_ignores(read_report(name, text.encode(encoding)))
    assert (found.rules, found.reason, found.report) == (("CA405",), "так надо", name)


def compared(old: Audit, new: Audit) -> Audit:
    return apply_policy(new, Policy(), baseline=load_baseline(dump_baseline(old, str)), today=TODAY)


def test_what_was_there_before_is_known_and_does_not_fail() -> None:
    result = compared(made(), made())
    assert states(result) == {"CA101": "known"}
    assert find_failing(result, Policy()) == []


def test_debt_stays_known_when_the_text_moves() -> None:
    now = made()
    lower = tuple(
        replace(f, location=replace(f.location, line=f.location.line + 30)) for f in now.findings["reports/grid.md"]
    )
    assert states(compared(made(), replace(now, findings={"reports/grid.md": lower}))) == {"CA101": "known"}


def test_the_same_link_in_another_note_is_new() -> None:
    more = audit([report({14: [GONE], 16: [GONE]})], [verdict(GONE, Health.BROKEN, Reason.GONE)])
    result = compared(made(), more)
    assert sorted(f.state for f in result.findings["reports/grid.md"]) == ["known", "new"]


def test_a_recovered_link_is_told_as_resolved() -> None:
    assert states(compared(made(), made(Health.ALIVE, Reason.OK))) == {"CA101": "resolved"}


def test_a_link_nobody_could_judge_is_not_called_resolved() -> None:
    result = compared(made(), made(Health.UNKNOWN, Reason.TIMEOUT))
    assert "resolved" not in states(result).values()


def test_a_removed_citation_is_resolved() -> None:
    assert states(compared(made(), audit([report({15: [FINE]})], [verdict(FINE)]))) == {"CA101": "resolved"}


def test_updating_keeps_what_the_run_cannot_speak_of() -> None:
    old = load_baseline(dump_baseline(made(), str))
    unjudged = load_baseline(dump_baseline(made(Health.UNKNOWN, Reason.TIMEOUT), str, old))
    other = load_baseline(dump_baseline(made(path="reports/other.md"), str, old))
    assert any(e.rule == "CA101" for e in unjudged.values())
    assert {e.report for e in other.values()} == {"reports/grid.md", "reports/other.md"}
    assert not load_baseline(dump_baseline(made(Health.ALIVE, Reason.OK), str, old))


def test_the_file_is_the_same_whatever_the_order() -> None:
    one = made()
    turned = {path: findings[::-1] for path, findings in one.findings.items()}
    assert dump_baseline(one, str) == dump_baseline(replace(one, findings=turned), str)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "5", "null", "[" * 100_000),
        '{"version": 9, "findings": []}',
        '{"version": 1, "findings": 5}',
        '{"version": 1, "findings": [{}]}',
        '{"version": 1, "findings": [5]}',
        '{"version": 1, "findings": [{"report": 5, "rule": "CA101", "note": 1, "key": "a"}]}',
        '{"version": 1, "findings": [{"report": "a", "rule": ["CA101"], "note": 1, "key": "a"}]}',
        '{"version": 1, "findings": [{"report": "a", "rule": "CA101", "note": "1", "key": "a"}]}',
        '{"version": 1, "findings": [{"report": "a", "rule": "CA101", "note": 1, "key": {}}]}',
        '{"version": 1, "findings": [{"report": "a", "rule": "CA101", "note": 1, "key": "a", "url": null}]}',
    ],
)
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        load_baseline(text)


def test_sarif_says_why_a_finding_is_suppressed() -> None:
    kept = apply_policy(made(), Policy(ignores=(Ignore("the author holds a copy", url=GONE),)), today=TODAY)
    (result,) = json.loads(render("sarif", kept))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "the author holds a copy"}]
