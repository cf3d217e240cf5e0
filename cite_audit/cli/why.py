"""`cite-audit why`: how one link got its verdict."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cite_audit.cli import options


@options.shared(
    *("no_archive", *options.ARCHIVES, "timeout", *options.ADDRESSES, "store", "no_cache"),
    *("patience", "no_platform", *options.CONFIG),
)
def why(
    url: Annotated[str, typer.Argument(help="The address, defanged or not.", show_default=False)],
    near: Annotated[str, typer.Option(help="Date of the citation (2024-05-01), for the archived copy.")] = "",
    quote: Annotated[list[str] | None, typer.Option(help="A sentence that the page should hold.")] = None,
    seen: Annotated[bool, typer.Option("--seen", help="Judge again what the last run saw; ask no network.")] = False,
    *,
    flags: dict[str, Any],
) -> None:
    """Show how the verdict on one link was reached.

    Every look and what was seen, the rule that fired, and what would change the verdict.
    """
    from datetime import UTC, datetime

    from cite_audit import loops
    from cite_audit.cli.inputs import address
    from cite_audit.cli.settings import settings_for
    from cite_audit.cli.writing import put
    from cite_audit.resolve.account import judge_again, look_into
    from cite_audit.resolve.judge.why import explain, seen_before

    settings = settings_for(flags)
    link, cited, sentences, then = address(url), _day(near), tuple(quote or ()), None
    if seen:
        evidence, verdict, then = judge_again(link, settings, near=cited, quotes=sentences)
    else:
        evidence, verdict = loops.run(look_into(link, settings, datetime.now(UTC), near=cited, quotes=sentences))
    told = [verdict.url, *([seen_before(evidence, then)] if then else [])]
    for heading, lines in explain(evidence, verdict):
        told += ["", heading, *(f"  {line}" for line in lines)]
    put("".join(f"{line}\n" for line in told))


def _day(text: str) -> date | None:
    """A date such as 2024-05-01. Raises UsageError."""
    from cite_audit.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--near: {text!r} is no date such as 2024-05-01") from None
