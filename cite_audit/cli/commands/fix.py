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
    from cite_audit.cli.fix_run import audit_and_fix, build_fix_options
    from cite_audit.cli.settings import loaded_for, settings_from_flags

    fix_options = build_fix_options(
        diff=diff, write=write, unsafe=unsafe, defang=defang, refang=refang, archive_style=archive_style
    )
    settings = settings_from_flags(flags)
    if decisions:
        raise typer.Exit(apply_decisions(flags, settings, fix_options, loaded_for(flags).file, write=write))
    raise typer.Exit(
        audit_and_fix(reports, settings, fix_options, write=write, backup=not no_backup, colour=colour, quiet=quiet)
    )
