"""The catalogue as pages for people: what a rule means, why it matters, how to mend it, how to ignore it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from cite_audit.model import Severity
from cite_audit.report.rules import FAMILIES, Rule, catalogue

WIDTH = 78  # columns of a page
SEVERITIES = {
    Severity.ERROR: "error: fails a run by default",
    Severity.WARNING: "warning: fails a run with --fail-on warning",
    Severity.NOTE: "note: worth knowing, fails a run only with --fail-on note",
}


def page(rule: Rule) -> str:
    """One rule as plain text, in paragraphs."""
    return "\n".join(
        (
            f"{rule.code} {rule.name}   ({FAMILIES[rule.code[:3]]})",
            "",
            _paragraph("What", rule.what),
            _paragraph("Why", rule.why),
            _paragraph("To mend", rule.fix),
            _paragraph("Severity", f"{SEVERITIES[rule.severity]}{_while_doubtful(rule)}"),
            *([_paragraph("Seen as", ", ".join(_seen(rule)))] if rule.on else ()),
            "",
            "To ignore it, with a reason:",
            f"  in the report       <!-- cite-audit: ignore[{rule.code}] why -->",
            f'  in cite-audit.toml  [[ignore]] rule = "{rule.code}"  domain = "example.org"  reason = "why"',
            f'  or change it        [severity] {rule.code} = "off"',
            "",
        )
    )


def _while_doubtful(rule: Rule) -> str:
    return f"; {rule.doubtful.value} while suspected on weak evidence" if rule.doubtful else ""


def _seen(rule: Rule) -> list[str]:
    return [pair for pair in rule.on if not pair.endswith("*")]


def _paragraph(label: str, text: str) -> str:
    return fill(f"{label:<10}{text}", WIDTH, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False)


def contents() -> str:
    """All rules by family: code, name, severity and what they mean."""
    lines = []
    for prefix, title in FAMILIES.items():
        lines += [title, *(_entry(rule) for rule in _of(prefix)), ""]
    return "\n".join(lines)


def _entry(rule: Rule) -> str:
    head = f"  {rule.code}  {rule.name:<21}{rule.severity.value:<9}"
    return fill(f"{head}{rule.what}", WIDTH, subsequent_indent=" " * len(head), break_on_hyphens=False)


def document() -> str:
    """All rules as one Markdown page, the one in `docs/`."""
    lines = [
        "# Rules",
        "",
        "What `cite-audit` tells you, and what to do about it. `cite-audit explain CODE` shows one of these in the",
        "terminal. This page is made from `cite_audit/report/rules.toml` by `cite-audit explain --markdown`.",
        "",
    ]
    for prefix, title in FAMILIES.items():
        lines += [f"## {prefix}xx {title}", ""]
        for rule in _of(prefix):
            seen = [f"- **Seen as** {', '.join(f'`{pair}`' for pair in _seen(rule))}"] if rule.on else []
            lines += [
                f"### {rule.code} {rule.name}",
                "",
                rule.what,
                "",
                f"- **Why** {rule.why}",
                f"- **To mend** {rule.fix}",
                f"- **Severity** {rule.severity.value}{_while_doubtful(rule)}",
                *seen,
                "",
            ]
    return "\n".join(lines)


def _of(prefix: str) -> Iterator[Rule]:
    return (rule for rule in catalogue().values() if rule.code.startswith(prefix))
