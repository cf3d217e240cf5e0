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
    from difflib import get_close_matches

    from cite_audit.errors import UsageError
    from cite_audit.report.manual import contents, document, page
    from cite_audit.report.rules import catalogue, lookup

    if markdown or not rules:
        typer.echo(document() if markdown else contents(), nl=False)
        return
    pages = []
    for name in rules:
        rule = lookup(name)
        if rule is None:
            known = [spelling for r in catalogue().values() for spelling in (r.code, r.name)]
            near = get_close_matches(name.lower(), known, 1) or get_close_matches(name.upper(), known, 1)
            raise UsageError(f"there is no rule {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
        pages.append(page(rule))
    typer.echo("\n".join(pages), nl=False)
