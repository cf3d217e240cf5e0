"""The options that several commands share, spelled once: with the same names, meanings and bounds everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

Reports = Annotated[list[str], typer.Argument(help="Report files or directories; - reads stdin.", show_default=False)]
ReportFiles = Annotated[list[str], typer.Argument(help="Report files or directories.", show_default=False)]
Format = Annotated[
    list[str],
    typer.Option("--format", "-f", help="Output format; NAME=FILE writes it to a file. May be repeated."),
]
OutputPath = Annotated[str, typer.Option("--output", "-o", help="Write to this file instead of stdout.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="Empty files, and no links at all, are fine.")]
Publisher = Annotated[str, typer.Option("--publisher", help="Host of the report's own publisher.")]
Taxonomy = Annotated[
    str, typer.Option("--taxonomy", help="What counts as state media: smm (default), strict, lenient.")
]
SourceTables = Annotated[list[str] | None, typer.Option("--sources", help="Your table of sources; wins over ours.")]
FailGrade = Annotated[str, typer.Option("--fail-grade", help="Fail on a grade below this letter.")]
Quiet = Annotated[int, typer.Option("--quiet", "-q", count=True, help="No progress; -qq nothing but the exit code.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.")]
VerboseOnline = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Every citation; -vv every request, on stderr.")
]
Colour = Annotated[str, typer.Option("--color", help="auto, always or never.")]
StdinName = Annotated[str, typer.Option("--stdin-name", help="What to call the report read from stdin.")]
StorePath = Annotated[str, typer.Option("--store", help="Database of what was seen; the user's cache by default.")]


def _switch_option(flag: str, help: str) -> tuple[Any, Any]:
    return Annotated[bool, typer.Option(flag, help=help)], False


def _text_option(help: str = "", metavar: str | None = None) -> tuple[Any, Any]:
    return Annotated[str, typer.Option(help=help, metavar=metavar, hidden=not help)], ""


def _number_option(help: str) -> tuple[Any, Any]:
    return Annotated[int | None, typer.Option(help=help)], None


def _list_option(help: str = "") -> tuple[Any, Any]:
    return Annotated[list[str] | None, typer.Option(help=help, hidden=not help)], None


# name → type and default; their bounds are those of the settings
SHARED: dict[str, tuple[Any, Any]] = {
    "offline": _switch_option("--offline", "Ask nothing of any network."),
    "no_archive": _switch_option("--no-archive", "Do not look links up in archives."),
    "archives": _text_option("wayback, memento:URL, warc:DIR; comma separated."),
    "archive_budget": _text_option("Time for all archive look-ups, or for each kind of capture.", "TIME"),
    "timeout": _text_option("Time for one look in all: 20 (seconds), 90s, 5m, 12h.", "TIME"),
    "jobs": _number_option("Looks at once."),
    "per_host": _number_option("Looks at once on one host; 0: no limit."),
    "host_interval": _text_option("Time between two starts on a host.", "TIME"),
    "deadline": _text_option("Time for the whole run.", "TIME"),
    "allow_address": _list_option("CIDR to allow though not public."),
    "proxy": _text_option("Proxy for all requests; its own rules then guard addresses."),
    "ca_bundle": _text_option("PEM file of certificate authorities to trust."),
    "store": (StorePath, ""),
    "no_cache": _switch_option("--no-cache", "Neither use nor keep what was seen."),
    "max_age": _text_option("Time for which a result is fresh.", "TIME"),
    "patience": _text_option("Time between failures that count; three break a link.", "TIME"),
    "drift": _switch_option("--drift", "Compare every live page with its archived copy."),
    "no_platform": _list_option("Do not ask this platform's own service."),
    "connect_to": _list_option(),
    "wayback": _text_option(),
    "availability": _text_option(),
    "config": (Annotated[str, typer.Option("--config", help="Use this file instead of the one found.")], ""),
    "trusted_config": (
        Annotated[str, typer.Option("--trusted-config", help="Use also this file, which may set everything.")],
        "",
    ),
    "no_config": (Annotated[bool, typer.Option("--no-config", help="Use no configuration file.")], False),
}
CONFIG = ("config", "trusted_config", "no_config")
ADDRESSES = ("allow_address", "proxy", "ca_bundle", "connect_to")
ARCHIVES = ("archives", "archive_budget", "wayback", "availability")
POLITENESS = ("timeout", "jobs", "per_host", "host_interval")


def with_shared_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command with the options named, after its own: it gets all its arguments by name as `flags`, a dict."""

    def add_options(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own_parameters = [parameter for name, parameter in signature.parameters.items() if name != "flags"]
        added_parameters = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in SHARED.items()
            if name in names
        ]

        def call_command(**arguments: Any) -> None:
            command(**{parameter.name: arguments[parameter.name] for parameter in own_parameters}, flags=arguments)

        call_command.__name__, call_command.__doc__, call_command.__module__ = (
            command.__name__,
            command.__doc__,
            command.__module__,
        )
        call_command.__signature__ = signature.replace(parameters=[*own_parameters, *added_parameters])  # type: ignore[attr-defined]
        call_command.__annotations__ = {
            parameter.name: parameter.annotation for parameter in (*own_parameters, *added_parameters)
        }
        return call_command

    return add_options
