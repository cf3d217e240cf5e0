"""`cite-audit why`: how one link got its verdict."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from cite_audit.cli import options


def why(
    url: Annotated[str, typer.Argument(help="The address, defanged or not.", show_default=False)],
    near: Annotated[str, typer.Option(help="Date of the citation (2024-05-01), for the archived copy.")] = "",
    quote: Annotated[list[str] | None, typer.Option(help="A sentence that the page should hold.")] = None,
    seen: Annotated[bool, typer.Option("--seen", help="Judge again what the last run saw; ask no network.")] = False,
    no_archive: Annotated[bool, typer.Option("--no-archive", help="Do not compare with an archived copy.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one look in all.")] = None,
    allow_address: Annotated[list[str] | None, typer.Option(help="CIDR to allow though not public.")] = None,
    connect_to: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
    wayback: Annotated[str, typer.Option(hidden=True)] = "",
    availability: Annotated[str, typer.Option(hidden=True)] = "",
    proxy: Annotated[str, typer.Option(help="Proxy for all requests; its own rules then guard addresses.")] = "",
    ca_bundle: Annotated[str, typer.Option(help="PEM file of certificate authorities to trust.")] = "",
    store: Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")] = "",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Do not use what was seen.")] = False,
    config: options.Config = "",
    no_config: options.NoConfig = False,
) -> None:
    """Show how the verdict on one link was reached.

    Every look and what was seen, the rule that fired, and what would change the verdict.
    """
    flags = dict(locals())
    from datetime import UTC, datetime

    from cite_audit import loops
    from cite_audit.cli.settings import settings_for
    from cite_audit.parse.refang import refang
    from cite_audit.resolve.account import judge_again, look_into
    from cite_audit.resolve.judge.why import explain, seen_before

    settings = settings_for(flags)
    link, cited, sentences, then = refang(url.strip()), _day(near), tuple(quote or ()), None
    if seen:
        evidence, verdict, then = judge_again(link, settings, near=cited, quotes=sentences)
    else:
        evidence, verdict = loops.run(look_into(link, settings, datetime.now(UTC), near=cited, quotes=sentences))
    typer.echo(verdict.url)
    if then:
        typer.echo(seen_before(evidence, then))
    for heading, lines in explain(evidence, verdict):
        typer.echo(f"\n{heading}")
        for line in lines:
            typer.echo(f"  {line}")


def _day(text: str) -> date | None:
    """A date such as 2024-05-01. Raises UsageError."""
    from cite_audit.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--near: {text!r} is no date such as 2024-05-01") from None
