"""The command line: a table of commands, and what happens when one of them fails.

Each command is one module, imported only when it is asked for (or when help lists them all), so that
`--help` and `--version` stay quick. Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from importlib import import_module

import typer
from typer.core import TyperGroup

from cite_audit import __version__
from cite_audit.cli import stdio
from cite_audit.cli.exit_codes import ExitCode, error_exit_code
from cite_audit.cli.output_files import WRITE_FAILURE_ERRNOS, discard_stdout
from cite_audit.errors import CiteAuditError, mask_passwords
from cite_audit.heap import collect_rarely, spare_last_collection

__all__ = ["COMMANDS", "build_app", "main"]

# name → module of cite_audit.cli.commands that holds it, in the order help shows them
COMMANDS = {
    "audit": "audit",
    "links": "links",
    "grade": "grade",
    "snapshot": "snapshot",
    "captures": "captures",
    "sources": "sources",
    "why": "why",
    "explain": "explain",
    "fix": "fix",
    "review": "review",
    "baseline": "baseline",
    "history": "history",
    "corpus": "corpus",
    "cache": "cache",
    "config": "config",
    "schema": "schema",
    "refang": "refang",
    "defang": "refang",
}


class _OrderedGroup(TyperGroup):
    """Typer puts groups last; help shows the order of COMMANDS."""

    def list_commands(self, ctx: object) -> list[str]:
        return [name for name in COMMANDS if name in self.commands]


def build_app(*names: str, outlined: bool = False) -> typer.Typer:
    """The application with the commands named, or with all of them; `outlined`: only their names and summaries."""
    app = typer.Typer(
        name="cite-audit",
        cls=_OrderedGroup,
        help="What do a report's notes link to, is it still there, is it archived, and what does the report rest on?",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in names or COMMANDS:
        module = import_module(f"cite_audit.cli.commands.{COMMANDS[name]}")
        command = getattr(module, name)
        if isinstance(command, typer.Typer):
            app.add_typer(typer.Typer(help=command.info.help) if outlined else command, name=name)
        else:
            app.command(name)(_outline_command(command) if outlined else command)
    app.callback()(_global_options)
    return app


def _outline_command(command: Callable[..., None]) -> Callable[[], None]:
    """A command without its options: reading those of all commands takes longer than the rest of `--help`."""

    def outlined_command() -> None:
        pass

    outlined_command.__doc__ = command.__doc__
    return outlined_command


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"cite-audit {__version__}")
        raise typer.Exit


def _global_options(
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Show the version."),
) -> None:
    pass


def main() -> None:
    """Entry point: run a command and end the process with the exit code its outcome means."""
    stdio.repair_std_streams()
    collect_rarely()
    if len(sys.argv) > 1 and _names_report(sys.argv[1]):
        sys.argv.insert(1, "audit")
    command_name = sys.argv[1] if len(sys.argv) > 1 else ""
    code = _run_app(
        build_app(command_name)
        if command_name in COMMANDS
        else build_app(outlined=command_name in ("-h", "--help", "--version"))
    )
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _report_unwritten_output(error) or code
    spare_last_collection()
    sys.exit(code)


def _names_report(argument: str) -> bool:
    """Whether the first argument is a report where a command was to stand: `cite-audit draft.docx` means `audit`."""
    if argument in COMMANDS or argument.startswith("-"):
        return False
    return argument.startswith(("http://", "https://")) or "." in argument or os.path.exists(argument)


def _run_app(app: typer.Typer) -> int:
    try:
        return int(app(standalone_mode=False) or ExitCode.OK)
    except CiteAuditError as error:
        typer.echo(f"cite-audit: {error}", err=True)
        return error_exit_code(error)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except OSError as error:
        return _report_unwritten_output(error) if error.errno in (errno.EPIPE, *WRITE_FAILURE_ERRNOS) else _report_bug()
    except Exception as error:
        return _show_usage_error(error) or _report_bug()


def _report_unwritten_output(error: OSError) -> int:
    """Discard stdout and its buffer: the reader closed the pipe (`| head`), or the disk is full."""
    discard_stdout()
    if error.errno == errno.EPIPE:
        return ExitCode.OK
    typer.echo(f"cite-audit: the output could not be written: {error.strerror}", err=True)
    return ExitCode.INCOMPLETE


def _show_usage_error(error: Exception) -> int:
    """Show an error of the option parser, whose classes typer does not export; 0 for any other error."""
    show = getattr(error, "show", None)
    if show is None:
        return 0
    show()
    return ExitCode.USAGE


def _report_bug() -> int:
    import platform
    import traceback

    typer.echo(
        f"cite-audit {__version__} has a bug; please report it with these lines:\n"
        f"Python {platform.python_version()} on {platform.system()}\n\n{mask_passwords(traceback.format_exc())}",
        err=True,
    )
    return ExitCode.BUG
