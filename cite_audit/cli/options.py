"""The options that several commands share, spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

Reports = Annotated[list[str], typer.Argument(help="Report files or directories; - reads stdin.", show_default=False)]
Format = Annotated[
    list[str],
    typer.Option("--format", "-f", help="Output format; NAME=FILE writes it to a file. May be repeated."),
]
Output = Annotated[str, typer.Option("--output", "-o", help="Write to this file instead of stdout.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="No links at all is fine.")]
Publisher = Annotated[str, typer.Option("--publisher", help="Host of the report's own publisher.")]
Quiet = Annotated[int, typer.Option("--quiet", "-q", count=True, help="No progress; -qq nothing but the exit code.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.")]
VerboseOnline = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Every citation; -vv every request, on stderr.")
]
Colour = Annotated[str, typer.Option("--color", help="auto, always or never.")]
StdinName = Annotated[str, typer.Option("--stdin-name", help="What to call the report read from stdin.")]
Config = Annotated[str, typer.Option("--config", help="Use this configuration file.")]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Use no configuration file.")]
