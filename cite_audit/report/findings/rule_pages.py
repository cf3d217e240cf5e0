"""The catalogue of rules as pages: what a rule means, why it matters, how to fix it, how to ignore it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from cite_audit.model import Severity
from cite_audit.report.findings.rules import FAMILIES, FindingRule, load_catalogue

WIDTH = 78  # columns of a page
SEVERITIES = {
    Severity.ERROR: "error: fails a run by default",
    Severity.WARNING: "warning: fails a run with --fail-on warning",
    Severity.NOTE: "note: worth knowing, fails a run only with --fail-on note",
}


def render_rule_page(rule: FindingRule) -> str:
    """One rule as plain text, in paragraphs."""
    return "\n".join(
        (
            f"{rule.code} {rule.name}   ({FAMILIES[rule.code[:3]]})",
            "",
            _format_paragraph("What", rule.what),
            _format_paragraph("Why", rule.why),
            _format_paragraph("To mend", rule.fix),
            _format_paragraph("Severity", f"{SEVERITIES[rule.severity]}{_describe_doubtful_severity(rule)}"),
            *([_format_paragraph("Seen as", ", ".join(_list_rule_verdicts(rule)))] if rule.on else ()),
            "",
            "To ignore it, with a reason:",
            f"  in the report       <!-- cite-audit: ignore[{rule.code}] why -->",
            f'  in cite-audit.toml  [[ignore]] rule = "{rule.code}"  domain = "example.org"  reason = "why"',
            f'  or change it        [severity] {rule.code} = "off"',
            "",
        )
    )


def _describe_doubtful_severity(rule: FindingRule) -> str:
    return f"; {rule.doubtful.value} while suspected on weak evidence" if rule.doubtful else ""


def _list_rule_verdicts(rule: FindingRule) -> list[str]:
    return [pair for pair in rule.on if not pair.endswith("*")]


def _format_paragraph(label: str, text: str) -> str:
    return fill(f"{label:<10}{text}", WIDTH, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False)


def render_rule_list() -> str:
    """All rules by family: code, name, severity and what they mean."""
    lines = []
    for prefix, title in FAMILIES.items():
        lines += [title, *(_format_rule_entry(rule) for rule in _rules_in_family(prefix)), ""]
    return "\n".join(lines)


def _format_rule_entry(rule: FindingRule) -> str:
    entry_head = f"  {rule.code}  {rule.name:<21}{rule.severity.value:<9}"
    return fill(f"{entry_head}{rule.what}", WIDTH, subsequent_indent=" " * len(entry_head), break_on_hyphens=False)


def render_rules_markdown() -> str:
    """All rules as one Markdown page, the one in `docs/`."""
    lines = [
        "# Rules",
        "",
        "What `cite-audit` tells you, and what to do about it. `cite-audit explain CODE` shows one of these in the",
        "terminal. This page is made from `cite_audit/report/findings/rules.toml` by `cite-audit explain --markdown`.",
        "",
    ]
    for prefix, title in FAMILIES.items():
        lines += [f"## {prefix}xx {title}", ""]
        for rule in _rules_in_family(prefix):
            verdict_lines = (
                [f"- **Seen as** {', '.join(f'`{pair}`' for pair in _list_rule_verdicts(rule))}"] if rule.on else []
            )
            lines += [
                f"### {rule.code} {rule.name}",
                "",
                rule.what,
                "",
                f"- **Why** {rule.why}",
                f"- **To mend** {rule.fix}",
                f"- **Severity** {rule.severity.value}{_describe_doubtful_severity(rule)}",
                *verdict_lines,
                "",
            ]
    return "\n".join(lines)


def _rules_in_family(prefix: str) -> Iterator[FindingRule]:
    return (rule for rule in load_catalogue().values() if rule.code.startswith(prefix))
