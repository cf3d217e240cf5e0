"""Where a result goes: several formats from one run, files written whole or not at all, stdout exactly one document."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from cite_audit.cli.exit_codes import ExitCode, audit_exit_code, describe_unread
from cite_audit.cli.output_files import (
    check_writable,
    destination_key,
    stdout_takes_unicode,
    write_atomically,
    write_document,
)
from cite_audit.errors import CiteAuditError, OutputError, UsageError, describe_own_fault
from cite_audit.frozen_record import frozen_record
from cite_audit.report.render import RenderOptions, Subject, check_format, render

if TYPE_CHECKING:
    from cite_audit.config.settings import Policy
    from cite_audit.model import Audit

__all__ = [
    "OutputTarget",
    "deliver_audit",
    "exit_with_outcome",
    "is_coloured",
    "output_paths",
    "parse_outputs",
    "path_from_root",
    "print_remarks",
    "render_options",
    "rewrite_baseline",
    "write_documents",
]


class ColourChoice(StrEnum):
    """When to colour the output."""

    AUTO = "auto"  # on a terminal, as the environment says
    ALWAYS = "always"
    NEVER = "never"


@frozen_record
class OutputTarget:
    """One document to write: its format, and the file it goes to (empty: stdout)."""

    format: str
    path: str = ""


def parse_outputs(formats: Sequence[str], output: str = "", subject: Subject = Subject.AUDIT) -> list[OutputTarget]:
    """The documents that `-f NAME`, `-f NAME=FILE` and `-o FILE` ask for.

    At most one goes to stdout, or to `output` where that is given. Raises UsageError for a format that the subject
    has not, two documents for one place, a place that cannot be written, or an `-o` that nothing goes to.
    """
    outputs: list[OutputTarget] = []
    for format_text in formats:
        name, _, path = (part.strip() for part in format_text.partition("="))
        outputs.append(OutputTarget(check_format(name, subject), path or output))
        check_writable(path or output)
    if len({destination_key(out.path) for out in outputs}) < len(outputs):
        raise UsageError("two formats for one place: write one of them to a file, as in -f text -f csv=result.csv")
    if output and not any(out.path == output for out in outputs):
        raise UsageError(f"-o {output}: every format names a file of its own already")
    return outputs


def output_paths(outputs: Sequence[OutputTarget]) -> list[str]:
    """The files that are to be written."""
    return [out.path for out in outputs if out.path]


def deliver_audit(
    audit: Audit,
    outputs: Sequence[OutputTarget],
    *,
    colour: str = ColourChoice.AUTO,
    verbose: int = 0,
    quiet: int = 0,
    listing: bool = False,
    fail_on: str = "error",
) -> None:
    """Render the audit for every output of `parse_outputs` and write each; `listing` shows links, not findings.

    Files come first; what cannot be written is told and raised as by `put_all`.
    """
    subject = Subject.LINKS if listing else Subject.AUDIT
    write_documents(
        (
            partial(
                render,
                out.format,
                audit,
                replace(
                    render_options(out.path, colour=colour, verbose=verbose, listing=listing, fail_on=fail_on),
                    unread=bool(out.path) or audit.interrupted,  # else exit_with_outcome tells of them
                ),
                subject=subject,
            ),
            out.path,
        )
        for out in sorted(outputs, key=lambda target: not target.path)
        if out.path or quiet < 2
    )


def write_documents(documents: Iterable[tuple[Callable[[], str], str]]) -> None:
    """Render and write each (renderer, path): one that fails stops no other.

    All failures are said on stderr, and the gravest is raised: a fault of this program, then a wrong call, then a
    full disk.
    """
    errors: list[Exception] = []
    for render_text, path in documents:
        try:
            write_document(render_text(), path)
        except BrokenPipeError:
            raise
        except Exception as error:
            errors.append(error)
    errors.sort(key=lambda error: (isinstance(error, CiteAuditError), isinstance(error, OutputError)))
    for later_error in errors[1:]:
        is_ours = not isinstance(later_error, CiteAuditError)
        typer.echo(f"cite-audit: {describe_own_fault(later_error) if is_ours else later_error}", err=True)
    if errors:
        raise errors[0]


def render_options(
    path: str, *, colour: str = "auto", verbose: int = 0, listing: bool = False, fail_on: str = "error"
) -> RenderOptions:
    """How to write a document: for this terminal, or for the file at `path`."""
    to_stdout = not path
    return RenderOptions(
        width=shutil.get_terminal_size((100, 24)).columns if to_stdout else 100,
        colour=is_coloured(colour, sys.stdout) if to_stdout else colour == ColourChoice.ALWAYS,
        unicode=stdout_takes_unicode() if to_stdout else True,
        verbose=verbose,
        listing=listing,
        fail_on=fail_on,
        relative=path_from_root,
    )


def path_from_root(path: str) -> str:
    """A report's path from the root of its repository (or from here), links resolved, as CI services want it."""
    real_path = Path(os.path.realpath(path))
    for folder in real_path.parents:
        if (folder / ".git").exists():
            return real_path.relative_to(folder).as_posix()
    current_folder = Path.cwd().resolve()
    return (
        real_path.relative_to(current_folder).as_posix()
        if real_path.is_relative_to(current_folder)
        else real_path.as_posix().lstrip("/")
    )


def is_coloured(choice: str, stream: object) -> bool:
    """Whether to colour what goes to `stream`: --color, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb."""
    if choice not in tuple(ColourChoice):
        raise UsageError(f"--color: {choice!r} is none of {', '.join(ColourChoice)}")
    if choice != ColourChoice.AUTO:
        return choice == ColourChoice.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", lambda: False)())


def print_remarks(audit: Audit) -> None:
    """Say on stderr what kept the run from asking everything, for commands that show no audit."""
    from cite_audit.report.render.media.sanitizer import sanitize_line

    for remark in audit.remarks:
        typer.echo(sanitize_line(f"cite-audit: {remark}"), err=True)


def rewrite_baseline(audit: Audit, policy: Policy, path: str, *, allow_incomplete: bool) -> None:
    """Write the baseline of this audit over the one at `path`, keeping what the run cannot speak of.

    Not that of a run that could not finish, unless allowed: links that nobody asked about would all be new next time.
    """
    from cite_audit.config.files import read_baseline_file
    from cite_audit.report.findings.baseline import dump_baseline
    from cite_audit.report.render.labels import format_count

    if why := describe_unread(audit.unread, allow_empty=policy.allow_empty):
        raise UsageError(why)
    baseline, relative = read_baseline_file(path, missing_ok=True)
    if audit.interrupted:
        typer.echo(f"cite-audit: interrupted; {path} is as it was", err=True)
        raise typer.Exit(ExitCode.INTERRUPTED)
    if audit.incomplete and not allow_incomplete:
        typer.echo(
            f"cite-audit: the run could not finish: {path} is as it was (--allow-incomplete writes it)", err=True
        )
        raise typer.Exit(ExitCode.INCOMPLETE)
    write_atomically(path, dump_baseline(audit, relative, baseline))
    entries = sum(finding.is_open for findings in audit.findings.values() for finding in findings)
    typer.echo(
        f"cite-audit: {path} now knows {format_count(entries, 'finding')} "
        f"of {format_count(len(audit.reports), 'report')}",
        err=True,
    )


def exit_with_outcome(audit: Audit, policy: Policy, *, quiet: int = 0) -> NoReturn:
    """Say on stderr what decided, and leave with the exit code it means."""
    from cite_audit.model import FindingState
    from cite_audit.report.render.labels import format_count
    from cite_audit.report.render.media.sanitizer import sanitize_line

    code, why = audit_exit_code(audit, policy)
    if not quiet or (quiet < 2 and code >= ExitCode.USAGE):  # what kept a run from its end is no chatter
        open_findings = [finding for findings in audit.findings.values() for finding in findings if finding.is_open]
        known = sum(finding.state == FindingState.KNOWN for finding in open_findings)
        debt = f", {known} of them known from the baseline," if known else ""
        counts = audit.counts
        scope = f"{format_count(counts['citations'], 'citation')} of {format_count(counts['reports'], 'report')}"
        summary = f"{format_count(len(open_findings), 'finding')}{debt} in {scope}"
        typer.echo(sanitize_line(f"cite-audit: {why or summary}"), err=True)
    raise typer.Exit(code)
