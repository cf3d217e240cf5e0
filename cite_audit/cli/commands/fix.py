"""`cite-audit fix`: apply the fixes that findings suggest, each proved by reading the result."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

ArchiveStyle = Annotated[str, typer.Option(help="Put archived copies beside live links: robust, paren, note.")]


@options.with_shared_options(*options.SHARED)
def fix(
    reports: options.FilesOrPages,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change; nothing is written (the default).")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Change the files, keeping a backup of each.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Also what is likely right but not certain.")] = False,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Keep no copy of the file as it was.")] = False,
    defang: Annotated[str, typer.Option("--defang", help="Print every link in this style, such as [.]")] = "",
    refang: Annotated[bool, typer.Option("--refang", help="Print every link plain.")] = False,
    archive_style: ArchiveStyle = "",
    decisions: Annotated[str, typer.Option(help="Apply the decisions in this file, and nothing else.")] = "",
    publisher: str = options.SETTING,
    colour: options.Colour = "auto",
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Replace dead links by archived copies; mend others.

    Joins links broken up in print, sets how links are printed, puts archived copies beside links. Shows a diff unless
    told to --write.
    """
    from cite_audit.cli.decision_run import apply_decisions
    from cite_audit.cli.fix_run import (
        build_fix_options,
        fix_exit_code,
        fix_reports,
        refuse_open_reports,
        refuse_partial_write,
        show_fixes,
    )
    from cite_audit.cli.output import print_remarks
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.settings import loaded_for, settings_from_flags
    from cite_audit.cli.signals import run_interruptibly
    from cite_audit.pipeline import aaudit

    fix_options = build_fix_options(
        diff=diff, write=write, unsafe=unsafe, defang=defang, refang=refang, archive_style=archive_style
    )
    settings = settings_from_flags(flags)
    if decisions:
        raise typer.Exit(apply_decisions(flags, settings, fix_options, loaded_for(flags).file, write=write))
    if write:
        refuse_open_reports(reports)
    with progress_observer(quiet=bool(quiet)) as observer:
        result = run_interruptibly(lambda stop: aaudit(reports, settings, observer=observer, stop=stop))
    if write and result.interrupted:
        raise typer.Exit(refuse_partial_write(quiet=quiet))
    is_whole = show_fixes(
        fix_reports(result, fix_options, settings), write=write, backup=not no_backup, colour=colour, quiet=quiet
    )
    if quiet < 2:
        print_remarks(result)
    raise typer.Exit(fix_exit_code(result, is_whole=is_whole))
