"""`cite-audit fix`: mend what can be mended, and prove it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

ArchiveStyle = Annotated[str, typer.Option(help="Put archived copies beside live links: robust, paren, note.")]


@options.shared(*options.SHARED)
def fix(
    reports: options.ReportFiles,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change; nothing is written (the default).")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Change the files, keeping a backup of each.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Also what is likely right but not certain.")] = False,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Keep no copy of the file as it was.")] = False,
    defang: Annotated[str, typer.Option("--defang", help="Print every link in this style, such as [.]")] = "",
    refang: Annotated[bool, typer.Option("--refang", help="Print every link plain.")] = False,
    archive_style: ArchiveStyle = "",
    publisher: options.Publisher = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Replace dead links by archived copies; mend others.

    Joins links broken up in print, sets how links are printed, puts archived copies beside links. Shows a diff unless
    told to --write.
    """
    from datetime import UTC, datetime

    from cite_audit.cli.exits import Exit
    from cite_audit.cli.mending import chosen, finish, mended
    from cite_audit.cli.output import say_remarks, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.settings import settings_for
    from cite_audit.pipeline import run

    wanted = chosen(diff=diff, write=write, unsafe=unsafe, defang=defang, refang=refang, beside=archive_style)
    settings = settings_for(flags)
    with observed(quiet=bool(quiet)) as observer:
        result = run(reports, settings, observer, now=datetime.now(UTC))
    audit = settle(result, settings.policy)
    finish(mended(audit, wanted, settings), write=write, backup=not no_backup, colour=colour, quiet=quiet)
    if quiet < 2:
        say_remarks(audit)
    raise typer.Exit(Exit.INCOMPLETE if audit.incomplete else Exit.OK)
