"""Where a result goes: several formats from one run, files written whole or not at all, stdout exactly one document."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from cite_audit.errors import UsageError

if TYPE_CHECKING:
    from cite_audit.config import Policy
    from cite_audit.model import Audit

__all__ = [
    "Output",
    "coloured",
    "deliver",
    "end",
    "from_root",
    "parse_outputs",
    "put",
    "settle",
    "speaks_unicode",
    "write_whole",
]


@dataclass(frozen=True, slots=True)
class Output:
    """One document to write: its format, and the file it goes to (empty: stdout)."""

    format: str
    path: str = ""


def parse_outputs(formats: Sequence[str], output: str = "") -> list[Output]:
    """The documents that `-f NAME`, `-f NAME=FILE` and `-o FILE` ask for.

    At most one goes to stdout, or to `output` where that is given. Raises UsageError for an unknown format, two
    documents for one place, or an `-o` that nothing goes to.
    """
    from cite_audit.report.render import checked

    outputs: list[Output] = []
    for given in formats:
        name, _, path = given.partition("=")
        outputs.append(Output(checked(name.strip()), path or output))
        _writable(path or output)
    places = [Path(out.path).absolute() if out.path else None for out in outputs]
    if len(set(places)) < len(places):
        raise UsageError("two formats for one place: write one of them to a file, as in -f text -f sarif=result.sarif")
    if output and not any(out.path == output for out in outputs):
        raise UsageError(f"-o {output}: every format names a file of its own already")
    return outputs


def _writable(path: str) -> None:
    """Raises UsageError for a file that cannot be written, before a run is spent on it."""
    if _is_stream(path) and os.access(path, os.W_OK):
        return
    folder = Path(path).absolute().parent
    if path and (not os.access(folder, os.W_OK) or Path(path).is_dir()):
        why = "it is a folder" if Path(path).is_dir() else "no such folder" if not folder.exists() else "not allowed"
        raise UsageError(f"{path}: cannot be written ({why})")


def _is_stream(path: str) -> bool:
    """Whether `path` is a device or a pipe (/dev/stdout, the shell's `>(…)`): written to, never replaced."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


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

    Files come first and one that fails does not stop the others; then the first failure is raised.
    """
    from cite_audit.report.render import render

    failed: list[UsageError] = []
    for out in sorted(outputs, key=lambda one: not one.path):
        if quiet > 1 and not out.path:
            continue
        here = not out.path
        text = render(
            "listing" if listing and out.format == "text" else out.format,
            audit,
            width=shutil.get_terminal_size((100, 24)).columns if here else 100,
            colour=coloured(colour, sys.stdout) if here else colour == "always",
            unicode=_speaks_unicode(sys.stdout) if here else True,
            verbose=verbose,
            fail_on=fail_on,
            listing=listing,
            relative=from_root,
        )
        try:
            _print(text) if here else write_whole(out.path, text)
        except UsageError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def from_root(path: str) -> str:
    """A report's path from the root of its repository (or from here), links resolved, as CI services want it."""
    place = Path(path).resolve()
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


def put(text: str, path: str = "") -> None:
    """One document to a file, written whole, or to stdout."""
    if path:
        write_whole(path, text)
    else:
        _print(text)


def speaks_unicode() -> bool:
    """Whether stdout takes characters beyond ASCII."""
    return _speaks_unicode(sys.stdout)


def _speaks_unicode(stream: object) -> bool:
    return str(getattr(stream, "encoding", "") or "utf-8").lower().replace("-", "").startswith("utf")


def _print(text: str) -> None:
    """The document on stdout as UTF-8, whatever the locale; a terminal of another encoding got plain ASCII text."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    try:
        sys.stdout.flush()
        buffer.write(text.encode())
        buffer.flush()
    except BrokenPipeError:  # `| head` has seen enough; the exit code still counts
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_whole(path: str, content: str | bytes) -> None:
    """Write a file so that readers see either what was there or all of the new; its permissions stay."""
    target = Path(path)
    target = target.resolve() if target.is_symlink() else target
    content = content.encode() if isinstance(content, str) else content
    try:
        if _is_stream(path):
            Path(path).write_bytes(content)
            return
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        os.replace(file.name, target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def settle(audit: Audit, policy: Policy) -> Audit:
    """The audit under the policy: severities, ignores (also those written in the reports), baseline."""
    from cite_audit.config_files import baseline_beside, inline_ignores
    from cite_audit.report import policy as policies

    policies.check(policy)
    known, relative = baseline_beside(policy.baseline)
    return policies.settle(
        audit,
        policy,
        baseline=known,
        relative=relative,
        inline=inline_ignores(audit.reports),
        today=audit.generated_at.date(),
    )


def rewrite_baseline(audit: Audit, path: str) -> None:
    """Write the baseline of this audit over the one at `path`, keeping what the run cannot speak of."""
    from cite_audit.config_files import baseline_beside
    from cite_audit.report.baseline import dump
    from cite_audit.report.render.wording import count

    if audit.unread:
        raise UsageError("; ".join(f"{unread.path}: {unread.problem}" for unread in audit.unread))
    known, relative = baseline_beside(path, missing_ok=True)
    write_whole(path, dump(audit, relative, known))
    entries = sum(f.state in ("new", "known") for found in audit.findings.values() for f in found)
    typer.echo(
        f"cite-audit: {path} now knows {count(entries, 'finding')} of {count(len(audit.reports), 'report')}", err=True
    )


def end(audit: Audit, policy: Policy, *, quiet: int = 0) -> NoReturn:
    """Say on stderr what decided, and leave with the exit code it means."""
    from cite_audit.report.policy import EXIT_USAGE, outcome
    from cite_audit.report.render.clean import clean
    from cite_audit.report.render.wording import count

    code, why = outcome(audit, policy)
    if not quiet or (quiet < 2 and code >= EXIT_USAGE):  # what kept a run from its end is no chatter
        open_ = sum(f.state in ("new", "known") for found in audit.findings.values() for f in found)
        counts = audit.counts
        where = f"{count(counts['citations'], 'citation')} of {count(counts['reports'], 'report')}"
        said = f"{count(open_, 'finding')} in {where}"
        typer.echo(clean(f"cite-audit: {why or said}"), err=True)
    raise typer.Exit(code)
