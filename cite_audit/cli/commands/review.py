"""`cite-audit review`: the report comes back with tracked changes and comments."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

Style = Annotated[str, typer.Option(help="How it is marked: tracked (docx, odt), criticmarkup (md, txt), html.")]


@options.with_shared_options(*options.SHARED)
def review(
    reports: options.ReportFiles,
    style: Style = "",
    open_page: Annotated[bool, typer.Option("--open", help="Decide in the browser, link by link.")] = False,
    output: options.OutputPath = "",
    publisher: str = options.SETTING,
    baseline: str = options.SETTING,
    allow_empty: bool = options.SETTING,
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Give the report back marked up: changes, comments.

    Audits the report and writes `draft (reviewed).docx` beside it: each sure fix is a tracked change in its note, each
    judgement a comment at the note's marker. The report itself stays as it is. With --open, the audit is a page in
    your browser: decisions are kept in `draft.decisions.json` at once, and the reviewed document is one click.
    """
    from cite_audit.cli.fix_run import fix_exit_code, refuse_partial_write
    from cite_audit.cli.output import print_remarks
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.review_page import open_review_page
    from cite_audit.cli.review_run import check_review_call, write_reviews
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.signals import run_interruptibly
    from cite_audit.pipeline import aaudit

    check_review_call(reports, style, output)
    settings = settings_from_flags(flags, [output] if output else [])
    with progress_observer(quiet=bool(quiet)) as observer:
        result = run_interruptibly(lambda stop: aaudit(reports, settings, observer=observer, stop=stop))
    if result.interrupted:
        raise typer.Exit(refuse_partial_write(quiet=quiet))
    if open_page:
        open_review_page(result, settings, quiet=quiet)
    else:
        write_reviews(result, settings, style=style, output=output, quiet=quiet)
    if quiet < 2:
        print_remarks(result)
    raise typer.Exit(fix_exit_code(result, is_whole=True))
