"""The options of the commands: those made from a setting's field, and those that several commands share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cite_audit.cli.completion import complete_formats, complete_setting, complete_words
from cite_audit.report.render import Subject, list_formats

if TYPE_CHECKING:
    from cite_audit.config.keys import SettingKey


def format_option(subject: Subject) -> Any:
    """The option for the one format of a document; its help names all that there are."""
    help = f"{', '.join(list_formats(subject))}."
    return typer.Option("--format", "-f", help=help, autocompletion=complete_formats(subject))


def outputs_option(subject: Subject) -> Any:
    """The option for several documents, each to a place of its own."""
    help = f"{', '.join(list_formats(subject))}; NAME=FILE writes it to a file. May be repeated."
    return typer.Option("--format", "-f", help=help, autocompletion=complete_formats(subject))


AuditFormats = Annotated[list[str], outputs_option(Subject.AUDIT)]
Reports = Annotated[list[str], typer.Argument(help="Report files or directories; - reads stdin.", show_default=False)]
ReportsOrPages = Annotated[
    list[str],
    typer.Argument(help="Report files, directories, addresses of pages; - reads stdin.", show_default=False),
]
FilesOrPages = Annotated[
    list[str], typer.Argument(help="Report files, directories, addresses of pages.", show_default=False)
]
ReportFiles = Annotated[list[str], typer.Argument(help="Report files or directories.", show_default=False)]
OutputPath = Annotated[str, typer.Option("--output", "-o", help="Write to this file instead of stdout.")]
Quiet = Annotated[int, typer.Option("--quiet", "-q", count=True, help="No progress; -qq nothing but the exit code.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.")]
VerboseOnline = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Every citation; -vv every request, on stderr.")
]
Colour = Annotated[
    str,
    typer.Option("--color", help="auto, always or never.", autocompletion=complete_words(("auto", "always", "never"))),
]
StdinName = Annotated[str, typer.Option("--stdin-name", help="What to call the report read from stdin.")]

# The default of a parameter that is a setting's own option: its type, help and default are made from the setting.
SETTING: Any = object()

# Options that are no settings: the configuration files, and a run without the store.
RUN_OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "no_cache": (Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep what was seen.")], False),
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
POLITENESS = ("timeout", "jobs", "per_host", "host_interval", "polite")
# the options of a command that uses the network, in the order of its help; hidden ones have no place there
SHARED = (
    *("offline", "indicators", "no_archive", "archives", "archive_budget", *POLITENESS, "deadline"),
    *("allow_address", "proxy", "ca_bundle", "store", "no_cache", "max_age", "patience", "drift"),
    *("no_new_homes", "no_never_seen", "no_platform"),
    *("connect_to", "wayback", "availability", "operator", *CONFIG),
)


def with_shared_options(*names: str) -> Callable[[Callable[..., None]], CommandWithOptions]:
    """A command with the options named, after its own: it gets all its arguments by name as `flags`, a dict."""
    return lambda command: CommandWithOptions(command, names)


class CommandWithOptions:
    """A command whose settings and shared options become parameters when its signature is first asked for.

    Not before: making them takes longer than the rest of `--help`, which shows no command's options.
    """

    def __init__(self, command: Callable[..., None], names: tuple[str, ...]) -> None:
        self._command = command
        self._names = names
        self.__name__, self.__doc__, self.__module__ = command.__name__, command.__doc__, command.__module__

    def __call__(self, **arguments: Any) -> None:
        self._command(**{name: arguments[name] for name in self._own_parameters}, flags=arguments)

    @cached_property
    def _own_parameters(self) -> dict[str, inspect.Parameter]:
        parameters = inspect.signature(self._command, eval_str=True).parameters
        return {
            name: _build_parameter(name, parameter.kind) if parameter.default is SETTING else parameter
            for name, parameter in parameters.items()
            if name != "flags"
        }

    @cached_property
    def __signature__(self) -> inspect.Signature:
        shared = [
            _build_parameter(name, inspect.Parameter.KEYWORD_ONLY)
            for name in sorted(self._names, key=SHARED.index)
            if name not in self._own_parameters
        ]
        return inspect.Signature([*self._own_parameters.values(), *shared])

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        return {name: parameter.annotation for name, parameter in self.__signature__.parameters.items()}


def _build_parameter(name: str, kind: Any) -> inspect.Parameter:
    from cite_audit.config.keys import FLAGS

    annotation, default = RUN_OPTIONS[name] if name in RUN_OPTIONS else _setting_option(FLAGS[name])
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _setting_option(setting: SettingKey) -> tuple[Any, Any]:
    """The type and default of a setting's option; what is not given sets nothing."""
    facts = setting.facts
    option = typer.Option(
        f"--{facts.flag}",
        help=facts.help,
        hidden=not facts.help,
        metavar="TIME" if setting.kind.startswith("float") else None,
        autocompletion=complete_setting(setting.key),
    )
    if setting.kind == "bool":
        return Annotated[bool, option], False
    if setting.kind.startswith("int"):
        return Annotated[int | None, option], None
    if facts.repeated:
        return Annotated[list[str] | None, option], None
    return Annotated[str, option], ""
