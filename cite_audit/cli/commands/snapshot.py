"""`cite-audit snapshot`: captures of what the reports cite, on disk and in the Wayback Machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.report.render import Subject

WithRequisites = Annotated[
    bool, typer.Option("--requisites", help="On disk also style sheets, images, scripts, frames, media.")
]
WithBrowser = Annotated[
    bool, typer.Option("--browser", help="On disk each page as your Chromium shows it, with all its parts.")
]
WithMedia = Annotated[
    bool, typer.Option("--media", help="On disk also videos and sounds, by yt-dlp where it is installed.")
]
CookieFile = Annotated[
    str, typer.Option(help="Cookies for captures on disk (Netscape format); kept out of the files.", metavar="FILE")
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be captured, and capture nothing.")]
SiteAddress = Annotated[
    str, typer.Option(help="Address of the site that `captures site` writes, to link copies on disk.", metavar="URL")
]


@options.with_shared_options(
    "indicators", *options.ARCHIVES, *options.POLITENESS, *options.ADDRESSES, "store", "operator", *options.CONFIG
)
def snapshot(
    reports: options.ReportFiles,
    to: Annotated[str, typer.Option(help="local (a WACZ on disk), wayback, or both with a comma.")] = "local",
    directory: Annotated[str, typer.Option("--directory", "-d", help="Where captures on disk go.")] = "captures",
    journal: Annotated[str, typer.Option(help="File that a broken-off run resumes from; in the directory.")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Only pages that the archives have no good copy of.")
    ] = False,
    newer_than: Annotated[
        str, typer.Option(help="Copies older than this do not count: 90d, 12h, 2w.", metavar="TIME")
    ] = "",
    within: Annotated[str, typer.Option(help="With --missing: how near the citation: 30d.", metavar="TIME")] = "",
    again: Annotated[bool, typer.Option("--again", help="Try also pages that were given up on.")] = False,
    dry_run: DryRun = False,
    requisites: WithRequisites = False,
    browser: WithBrowser = False,
    media: WithMedia = False,
    cookies: CookieFile = "",
    screenshot: Annotated[bool, typer.Option("--screenshot", help="Also a picture of each page.")] = False,
    format: Annotated[list[str], options.outputs_option(Subject.SNAPSHOT)] = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
    base_url: SiteAddress = "",
    timestamp: Annotated[str, typer.Option(help="Address of an RFC 3161 authority to stamp all files.")] = "",
    allow_empty: bool = options.SETTING,
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Capture every cited page, and verify each capture.

    A run that was broken off goes on where it ended.
    """
    from cite_audit.cli.output import output_paths, parse_outputs
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.settings import parse_time_flag, settings_from_flags
    from cite_audit.cli.snapshot_run import build_capture_options, capture_reports, finish_capture_run

    outputs = parse_outputs(format, output, Subject.SNAPSHOT)
    ages = parse_time_flag("newer-than", newer_than), parse_time_flag("within", within)
    capture_options = build_capture_options(flags, *ages, output_paths(outputs))
    settings = settings_from_flags(flags, [*output_paths(outputs), str(capture_options.journal_path)])
    with progress_observer(quiet=bool(quiet)) as observer:
        run = capture_reports(reports, capture_options, settings, observer, timestamp=timestamp)
    finish_capture_run(run, outputs, capture_options, base_url, quiet=quiet)
