"""`cite-audit captures`: what a captures folder holds, and whether it is as it was written."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli import options
from cite_audit.report.render import Subject

captures = typer.Typer(help="Look after captures on disk: verify, list, show, path.", no_args_is_help=True)

_Directory = Annotated[str, typer.Argument(metavar="DIR", help="The captures folder.")]
_Page = Annotated[str, typer.Argument(metavar="URL", help="The page, as cited.")]
_Journal = Annotated[str, typer.Option(help="Its journal, where that is not in the folder.")]


@captures.command()
def verify(
    directory: _Directory = "captures",
    sample: Annotated[int, typer.Option(min=1, max=100, help="Check this share of the files, in percent.")] = 100,
    journal: _Journal = "",
    format: Annotated[list[str], options.outputs_option(Subject.FIXITY)] = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
    quiet: options.Quiet = 0,
) -> None:
    """Check every file, record and token; 1: something is damaged, and which page, file and last good copy that is."""
    from functools import partial

    from cite_audit.cli.captures_run import fixity_exit_code, verify_captures
    from cite_audit.cli.output import parse_outputs, write_documents
    from cite_audit.report.render import render

    outputs = parse_outputs(format, output, Subject.FIXITY)
    result = verify_captures(directory, journal, sample / 100, quiet=bool(quiet))
    visible = [out for out in outputs if out.path or quiet < 2]
    write_documents((partial(render, out.format, result, subject=Subject.FIXITY), out.path) for out in visible)
    raise typer.Exit(fixity_exit_code(result))


@captures.command("list")
def list_pages(
    directory: _Directory = "captures",
    journal: _Journal = "",
    format: Annotated[list[str], options.outputs_option(Subject.CAPTURES)] = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
) -> None:
    """List the pages: the copy that leads, its outcome, how many good copies there are, who cites it."""
    from cite_audit.cli.captures_run import show_copies

    show_copies(directory, journal, "", format, output)


@captures.command()
def show(
    url: _Page,
    directory: _Directory = "captures",
    journal: _Journal = "",
    format: Annotated[list[str], options.outputs_option(Subject.CAPTURES)] = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
) -> None:
    """Show every copy of a page, oldest first."""
    from cite_audit.cli.captures_run import show_copies

    show_copies(directory, journal, url, format, output)


@captures.command()
def path(url: _Page, directory: _Directory = "captures", journal: _Journal = "") -> None:
    """Tell which file holds the best copy of a page."""
    from cite_audit.cli.captures_run import find_best_path
    from cite_audit.cli.output_files import write_document

    write_document(f"{find_best_path(directory, journal, url)}\n")


@captures.command()
def package(
    directory: _Directory = "captures",
    reports: Annotated[list[str], typer.Argument(metavar="[REPORTS]...", help="The reports that cite the pages.")] = [],  # noqa: B006  Typer copies it
    to: Annotated[str, typer.Option("--to", metavar="BAG", help="The bag's folder; default DIR-bag.")] = "",
    organization: Annotated[str, typer.Option(help="Who hands it over, for bag-info.txt.")] = "",
    journal: _Journal = "",
    quiet: options.Quiet = 0,
) -> None:
    """Write a BagIt bag of the captures and their reports, checked; 1: something in it is damaged."""
    from cite_audit.cli.captures_bag import package_captures

    raise typer.Exit(package_captures(directory, reports, to, journal, organization, quiet=quiet))


@captures.command()
def site(
    out: Annotated[
        str, typer.Argument(metavar="OUT", help="The site's folder; an earlier site is brought up to date.")
    ],
    directory: _Directory = "captures",
    player: Annotated[
        str, typer.Option(help="Folder of the npm package replaywebpage; without it, replayweb.page plays.")
    ] = "",
    journal: _Journal = "",
    quiet: options.Quiet = 0,
) -> None:
    """Write static pages of the captures: report, note, page, replay, picture; 1: a file is damaged or missing."""
    from cite_audit.cli.captures_site import build_site

    raise typer.Exit(build_site(out, directory, journal, player, quiet=quiet))
