"""`cite-audit why`: how one link got its verdict."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cite_audit.cli import options


@options.with_shared_options(
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

    from cite_audit import event_loop
    from cite_audit.citation_facts import describe_quotes
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.stdin import parse_address
    from cite_audit.resolve.check.single_link import investigate_link, judge_again
    from cite_audit.resolve.judge.explanation import describe_earlier_verdict, explain_verdict

    settings = settings_from_flags(flags)
    link, near_day, sentences, old_verdict = parse_address(url), _parse_near_day(near), tuple(quote or ()), None
    if seen:
        evidence, verdict, old_verdict = judge_again(link, settings, near=near_day, quotes=sentences)
    else:
        evidence, verdict = event_loop.run_coroutine(
            investigate_link(link, settings, datetime.now(UTC), near=near_day, quotes=sentences)
        )
    output_lines = [verdict.url, *([describe_earlier_verdict(evidence, old_verdict)] if old_verdict else [])]
    facts = [("What of the sentence stands on the page", describe_quotes(evidence, sentences))] if sentences else []
    for heading, lines in (*explain_verdict(evidence, verdict), *facts):
        output_lines += ["", heading, *(f"  {line}" for line in lines)]
    write_document("".join(f"{line}\n" for line in output_lines))


def _parse_near_day(text: str) -> date | None:
    """A date such as 2024-05-01. Raises UsageError."""
    from cite_audit.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--near: {text!r} is no date such as 2024-05-01") from None
