"""`cite-audit snapshot`: captures of what the reports cite, on disk and in the Wayback Machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cite_audit.cli import options

if TYPE_CHECKING:
    from datetime import timedelta


def snapshot(
    reports: options.Reports,
    to: Annotated[str, typer.Option(help="local (a WACZ on disk), wayback, or both with a comma.")] = "local",
    directory: Annotated[str, typer.Option("--directory", "-d", help="Where captures on disk go.")] = "captures",
    journal: Annotated[str, typer.Option(help="File that a broken-off run resumes from; in the directory.")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Only pages that the archives have no good copy of.")
    ] = False,
    newer_than: Annotated[str, typer.Option(help="Copies older than this do not count: 90d, 12h, 2w.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Try also pages that were given up on.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be captured, and capture nothing.")
    ] = False,
    requisites: Annotated[
        bool, typer.Option("--requisites", help="On disk also style sheets, images, scripts.")
    ] = False,
    screenshot: Annotated[bool, typer.Option("--screenshot", help="Also a picture of each page.")] = False,
    format: Annotated[
        list[str],
        typer.Option("--format", "-f", help="text, csv, jsonl, markdown, links, links-markdown, csl or bibtex; =FILE."),
    ] = ["text"],  # noqa: B006  Typer copies it
    timestamp: Annotated[str, typer.Option(help="Address of an RFC 3161 authority to stamp the manifest.")] = "",
    archives: Annotated[str, typer.Option(help="Who is asked for --missing: wayback, memento:URL, warc:DIR.")] = "",
    archive_budget: Annotated[float | None, typer.Option(help="Seconds for each kind of archive request.")] = None,
    allow_address: Annotated[list[str] | None, typer.Option(help="CIDR to allow though not public.")] = None,
    proxy: Annotated[str, typer.Option(help="Proxy for all requests; its own rules then guard addresses.")] = "",
    ca_bundle: Annotated[str, typer.Option(help="PEM file of certificate authorities to trust.")] = "",
    store: Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    allow_empty: options.AllowEmpty = False,
    quiet: options.Quiet = 0,
    connect_to: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
    wayback: Annotated[str, typer.Option(hidden=True)] = "",
    availability: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Capture every cited page, and verify each capture.

    A run that was broken off goes on where it ended.
    """
    flags = dict(locals())
    from cite_audit.cli.captures import carry_out, ended, ordered, outputs_for
    from cite_audit.cli.progress import observed
    from cite_audit.cli.settings import settings_for

    settings = settings_for(flags)
    outputs = outputs_for(format)
    order = ordered(flags, age(newer_than))
    with observed(quiet=bool(quiet)) as observer:
        result, wishes = carry_out(reports, order, settings, observer, timestamp=timestamp, allow_empty=allow_empty)
    ended(result, wishes, outputs, order, quiet=quiet)


def age(text: str) -> timedelta | None:
    """`90d`, `12h`, `2w` as a duration; None for nothing. Raises UsageError."""
    from datetime import timedelta

    from cite_audit.errors import UsageError

    if not text:
        return None
    units = {"h": "hours", "d": "days", "w": "weeks"}
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or unit not in units or len(number) > 5:
        raise UsageError(f"--newer-than {text}: write a number and h, d or w, as in 90d")
    return timedelta(**{units[unit]: int(number)})
