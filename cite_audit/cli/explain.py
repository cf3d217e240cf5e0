"""`cite-audit explain`: what a rule means."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    rules: Annotated[list[str] | None, typer.Argument(help="Codes or names, such as CA103 or link-gone.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="All rules as one Markdown page.")] = False,
) -> None:
    """Say what a rule means and how to mend what it found.

    Also why it matters and how to ignore it; without a code, all rules.
    """
    from cite_audit.cli.writing import put
    from cite_audit.errors import UsageError
    from cite_audit.report.manual import contents, document, page
    from cite_audit.report.rules import lookup, nearest

    if markdown or not rules:
        put(document() if markdown else contents())
        return
    pages = []
    for name in rules:
        rule = lookup(name)
        if rule is None:
            raise UsageError(f"there is no rule {name!r}{nearest(name)}")
        pages.append(page(rule))
    put("\n".join(pages))
