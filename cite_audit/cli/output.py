"""Where a result goes: several formats from one run, files written whole or not at all, stdout exactly one document."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from cite_audit.cli.exits import Exit, outcome, unreadable
from cite_audit.cli.writing import destination, put, speaks_unicode, writable, write_whole
from cite_audit.errors import CiteAuditError, OutputError, UsageError

if TYPE_CHECKING:
    from cite_audit.config import Policy
    from cite_audit.model import Audit

__all__ = [
    "Output",
    "coloured",
    "deliver",
    "end",
    "files",
    "from_root",
    "parse_outputs",
    "put_all",
    "rewrite_baseline",
    "say_remarks",
    "settle",
]


@dataclass(frozen=True, slots=True)
class Output:
    """One document to write: its format, and the file it goes to (empty: stdout)."""

    format: str
    path: str = ""


def parse_outputs(
    formats: Sequence[str], output: str = "", *, check: Callable[[str], str] | None = None
) -> list[Output]:
    """The documents that `-f NAME`, `-f NAME=FILE` and `-o FILE` ask for.

    At most one goes to stdout, or to `output` where that is given. `check` returns the name of a format or raises
    UsageError; without it the formats are those of an audit. Raises UsageError for an unknown format, two documents for
    one place, a place that cannot be written, or an `-o` that nothing goes to.
    """
    from cite_audit.report.render import checked

    outputs: list[Output] = []
    for given in formats:
        name, _, path = (part.strip() for part in given.partition("="))
        outputs.append(Output((check or checked)(name), path or output))
        writable(path or output)
    if len({destination(out.path) for out in outputs}) < len(outputs):
        raise UsageError("two formats for one place: write one of them to a file, as in -f text -f csv=result.csv")
    if output and not any(out.path == output for out in outputs):
        raise UsageError(f"-o {output}: every format names a file of its own already")
    return outputs


def files(outputs: Sequence[Output]) -> list[str]:
    """The files that are to be written."""
    return [out.path for out in outputs if out.path]


def deliver(
    audit: Audit,
    outputs: Sequence[Output],
    *,
    colour: str = "auto",
    verbose: int = 0,
    quiet: int = 0,
    listing: bool = False,
    fail_on: str = "error",
) -> None:
    """Render the audit for every output of `parse_outputs` and write each; `listing` shows links, not findings.

    Files come first; what cannot be written is told and raised as by `put_all`.
    """
    put_all(
        (_rendered(audit, out, colour, verbose=verbose, fail_on=fail_on, listing=listing), out.path)
        for out in sorted(outputs, key=lambda one: not one.path)
        if out.path or quiet < 2
    )


def put_all(documents: Iterable[tuple[str, str]]) -> None:
    """Write each (text, path): one that fails stops no other. All failures are told, and the gravest is raised."""
    failed: list[CiteAuditError] = []
    for text, path in documents:
        try:
            put(text, path)
        except (UsageError, OutputError) as error:
            failed.append(error)
    failed.sort(key=lambda error: isinstance(error, OutputError))  # what was asked wrongly decides, not the full disk
    for also in failed[1:]:
        typer.echo(f"cite-audit: {also}", err=True)
    if failed:
        raise failed[0]


def _rendered(audit: Audit, out: Output, colour: str, **options: Any) -> str:
    """The text of one output: for this terminal, or for a file."""
    from cite_audit.report.render import render

    here = not out.path
    return render(
        "listing" if options["listing"] and out.format == "text" else out.format,
        audit,
        width=shutil.get_terminal_size((100, 24)).columns if here else 100,
        colour=coloured(colour, sys.stdout) if here else colour == "always",
        unicode=speaks_unicode() if here else True,
        relative=from_root,
        **options,
    )


def from_root(path: str) -> str:
    """A report's path from the root of its repository (or from here), links resolved, as CI services want it."""
    place = Path(os.path.realpath(path))
    for folder in place.parents:
        if (folder / ".git").exists():
            return place.relative_to(folder).as_posix()
    here = Path.cwd().resolve()
    return place.relative_to(here).as_posix() if place.is_relative_to(here) else place.as_posix().lstrip("/")


def coloured(choice: str, stream: object) -> bool:
    """Whether to colour what goes to `stream`: --color, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb."""
    if choice not in ("auto", "always", "never"):
        raise UsageError(f"--color: {choice!r} is none of auto, always, never")
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", lambda: False)())


def settle(audit: Audit, policy: Policy) -> Audit:
    """The audit under the policy: severities, ignores (also those written in the reports), baseline."""
    from cite_audit.config_files import baseline_beside
    from cite_audit.report import policy as policies

    policies.check(policy)
    known, relative = baseline_beside(policy.baseline)
    return policies.settle(audit, policy, baseline=known, relative=relative, today=audit.generated_at.date())


def say_remarks(audit: Audit) -> None:
    """Say on stderr what kept the run from asking everything, for commands that show no audit."""
    from cite_audit.report.render.clean import clean

    for remark in audit.remarks:
        typer.echo(clean(f"cite-audit: {remark}"), err=True)


def rewrite_baseline(audit: Audit, policy: Policy, path: str, *, allow_incomplete: bool) -> None:
    """Write the baseline of this audit over the one at `path`, keeping what the run cannot speak of.

    Not that of a run that could not finish, unless allowed: links that nobody asked about would all be new next time.
    """
    from cite_audit.config_files import baseline_beside
    from cite_audit.report.baseline import dump
    from cite_audit.report.render.wording import count

    if why := unreadable(audit.unread, allow_empty=policy.allow_empty):
        raise UsageError(why)
    known, relative = baseline_beside(path, missing_ok=True)
    if audit.incomplete and not allow_incomplete:
        typer.echo(
            f"cite-audit: the run could not finish: {path} is as it was (--allow-incomplete writes it)", err=True
        )
        raise typer.Exit(Exit.INCOMPLETE)
    write_whole(path, dump(audit, relative, known))
    entries = sum(f.state in ("new", "known") for found in audit.findings.values() for f in found)
    typer.echo(
        f"cite-audit: {path} now knows {count(entries, 'finding')} of {count(len(audit.reports), 'report')}", err=True
    )


def end(audit: Audit, policy: Policy, *, quiet: int = 0) -> NoReturn:
    """Say on stderr what decided, and leave with the exit code it means."""
    from cite_audit.report.render.clean import clean
    from cite_audit.report.render.wording import count

    code, why = outcome(audit, policy)
    if not quiet or (quiet < 2 and code >= Exit.USAGE):  # what kept a run from its end is no chatter
        open_ = sum(f.state in ("new", "known") for found in audit.findings.values() for f in found)
        counts = audit.counts
        where = f"{count(counts['citations'], 'citation')} of {count(counts['reports'], 'report')}"
        said = f"{count(open_, 'finding')} in {where}"
        typer.echo(clean(f"cite-audit: {why or said}"), err=True)
    raise typer.Exit(code)
