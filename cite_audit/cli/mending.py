"""What `fix` shows and writes: diffs, backups, and what was left alone."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cite_audit.cli.exits import unreadable
from cite_audit.errors import UsageError

if TYPE_CHECKING:
    from cite_audit.config import Settings
    from cite_audit.fix import Mended, Options
    from cite_audit.model import Audit, Report

__all__ = ["chosen", "finish", "mended"]


def chosen(*, diff: bool, write: bool, unsafe: bool, defang: str, refang: bool, beside: str) -> Options:
    """The options of a fix. Raises UsageError where two flags contradict each other."""
    from cite_audit.fix import Options
    from cite_audit.fix.wishes import check

    if diff and write:
        raise UsageError("--diff shows and --write writes: choose one")
    if defang and refang:
        raise UsageError("--defang and --refang contradict each other")
    wanted = Options(unsafe, "plain" if refang else defang.strip(), beside)
    check(wanted)
    return wanted


def mended(audit: Audit, wanted: Options, settings: Settings) -> Iterator[tuple[Report, bytes, Mended]]:
    """Each report, its bytes as they are, and as they would be."""
    from cite_audit.fix import mend, wishes
    from cite_audit.parse import content_of, read_report

    if why := unreadable(audit.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    for report in audit.reports:
        if not Path(report.path).is_file():
            raise UsageError(f"{report.path}: only files can be mended")
        data = content_of(report.path)
        todo = wishes(report, audit.findings.get(report.path, ()), audit.verdicts, wanted)
        path, publisher = report.path, settings.grading.publisher

        def reread(new: bytes, path: str = path, publisher: str = publisher) -> object:
            return read_report(path, new, publisher=publisher)

        yield report, data, mend(data, report, todo, wanted, reread)  # type: ignore[arg-type]


def finish(
    results: Iterable[tuple[Report, bytes, Mended]], *, write: bool, backup: bool, colour: str, quiet: int
) -> None:
    """Show every diff on stdout, or write every file; say on stderr what was done and what was left alone."""
    from cite_audit.cli.output import coloured
    from cite_audit.cli.writing import put, write_whole
    from cite_audit.report.render.clean import clean
    from cite_audit.report.render.places import place
    from cite_audit.report.render.wording import count

    paint = coloured(colour, sys.stdout)
    for report, before, result in results:
        path = report.path
        if write and result.data != before:
            if backup:
                write_whole(_backup(path), before, like=path)
            write_whole(path, result.data)
        elif not write:
            put("".join(f"{_tinted(line, paint)}\n" for line in _diff(report, before, result)))
        if quiet:
            continue
        verb = "mended" if write else "would be mended"
        left_alone = f"{len(result.left)} left alone{result.never and f': {result.never}'}"
        typer.echo(clean(f"{path}: {count(len(result.changes), 'link')} {verb}, {left_alone}"), err=True)
        for left in result.left if not result.never else ():
            where = place(report, left)
            typer.echo(clean(f"  {where and f'{where} '}{left.link}: {left.why}"), err=True)


def _backup(path: str) -> str:
    """A name beside the file that is not taken: report.md.bak, report.md.bak2 …"""
    names = (f"{path}.bak{number if number > 1 else ''}" for number in range(1, 1000))
    return next(name for name in names if not Path(name).exists())


def _diff(report: Report, before: bytes, result: Mended) -> Iterator[str]:
    from cite_audit.report.render.clean import clean
    from cite_audit.report.render.places import place

    path = report.path
    if result.data == before:
        return
    if result.encoding:
        old, new = (data.decode(result.encoding, "replace").splitlines() for data in (before, result.data))
        yield from difflib.unified_diff(old, new, f"a/{path.lstrip('/')}", f"b/{path.lstrip('/')}", lineterm="", n=1)
        return
    yield f"{path}:"
    for change in result.changes:
        where = place(report, change)
        yield f"  {where and f'{where}  '}{change.why}"
        yield f"-   {clean(change.before)}"
        yield f"+   {clean(change.after)}"


def _tinted(line: str, paint: bool) -> str:
    from cite_audit.report.render.clean import inert

    shown = inert(line)
    code = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return f"\x1b[{code}m{shown}\x1b[0m" if paint and code else shown
