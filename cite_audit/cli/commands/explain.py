"""`cite-audit explain`: what a rule means."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli.completion import complete_rules


def explain(
    rules: Annotated[
        list[str] | None,
        typer.Argument(help="Codes or names, such as CA103 or link-gone.", autocompletion=complete_rules),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="All rules as one Markdown page.")] = False,
) -> None:
    """Say what a rule means and how to mend what it found.

    Also why it matters and how to ignore it; without a code, all rules.
    """
    from cite_audit.cli.output_files import write_document
    from cite_audit.errors import UsageError
    from cite_audit.report.findings.rule_pages import render_rule_list, render_rule_page, render_rules_markdown
    from cite_audit.report.findings.rules import find_rule, suggest_rule

    if markdown or not rules:
        write_document(render_rules_markdown() if markdown else render_rule_list())
        return
    pages = []
    for name in rules:
        rule = find_rule(name)
        if rule is None:
            raise UsageError(f"there is no rule {name!r}{suggest_rule(name)}")
        pages.append(render_rule_page(rule))
    write_document("\n".join(pages))
