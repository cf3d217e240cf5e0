"""`cite-audit corpus`: the same audit over thousands of reports."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

CorpusDir = Annotated[str, typer.Argument(help="The folder of the corpus.", show_default=False)]
# Settings that a corpus audit takes; its store is the corpus's own.
CORPUS_OPTIONS = (
    *("offline", "indicators", "no_archive", "archives", "timeout", "jobs", "per_host", "host_interval", "polite"),
    *("allow_address", "proxy", "ca_bundle", "max_age", "patience", "drift", "no_platform"),
    *("connect_to", "wayback", "availability", "config", "trusted_config", "no_config"),
)

corpus = typer.Typer(help="Audit thousands of reports, on one machine or a cluster.", no_args_is_help=True)


@corpus.command("audit")
@options.with_shared_options(*CORPUS_OPTIONS)
def audit_(
    reports: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, globs, manifests (.csv, .parquet), s3://… addresses, WARC or WACZ collections.",
            show_default=False,
        ),
    ],
    out: Annotated[str, typer.Option("--out", "-O", help="The folder of the corpus.", show_default=False)],
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: one for each core.")] = 0,
    scheduler: Annotated[str, typer.Option("--scheduler", help="A Dask cluster, as tcp://host:8786.")] = "",
    stop_after: Annotated[
        str, typer.Option("--stop-after", help="Last stage: read, links, live, archives, assess or summary.")
    ] = "",
    deadline: str = options.SETTING,
    publisher: str = options.SETTING,
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Audit the reports stage by stage into a Parquet dataset; the same command goes on where it was left."""
    import os
    from pathlib import Path

    from cite_audit.cli.corpus_run import CorpusPlan, exit_with_result, print_result, run_corpus
    from cite_audit.cli.settings import settings_from_flags

    settings = settings_from_flags({**flags, "reports": []})
    processes = workers or os.cpu_count() or 1
    plan = CorpusPlan(
        paths=reports,
        out=Path(out),
        workers=processes,
        scheduler=scheduler,
        stop_after=stop_after,
        deadline=settings.network.deadline,
    )
    result = run_corpus(plan, settings, quiet=bool(quiet))
    if quiet < 2:
        print_result(result, plan.out)
    exit_with_result(result, result.run.remarks, quiet=quiet)


@corpus.command("status")
def status_(
    directory: CorpusDir,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show how far a run has come, also while it runs."""
    from cite_audit.cli.corpus_run import open_corpus, print_progress

    print_progress(open_corpus(directory), as_json=as_json)


@corpus.command("schema")
def schema_() -> None:
    """Print the tables of the dataset, their columns, types and meaning, as JSON."""
    from cite_audit.cli.output_files import write_document
    from cite_audit.corpus.columns import describe_tables
    from cite_audit.report.render.media.json import dump_json

    write_document(dump_json(describe_tables(), indent=2))


@corpus.command("export")
@options.with_shared_options("indicators", *options.CONFIG)
def export_(
    directory: CorpusDir,
    report: Annotated[str, typer.Argument(help="Its path, or the end of it.", show_default=False)],
    format: options.AuditFormats = ["json-v1"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
    publisher: str = options.SETTING,
    *,
    flags: dict[str, Any],
) -> None:
    """Write one report of a corpus as `audit` shows it: json-v1, or any other of its formats."""
    from cite_audit.cli.corpus_run import open_corpus
    from cite_audit.cli.output import deliver_audit, output_paths, parse_outputs
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.corpus.export import export_report

    outputs = parse_outputs(format, output)
    settings = settings_from_flags(flags | {"reports": []}, output_paths(outputs))
    deliver_audit(export_report(open_corpus(directory), report, settings), outputs)


@corpus.command("report")
def report_(
    directory: CorpusDir,
    format: Annotated[str, typer.Option("--format", "-f", help="html, json, csv.")] = "html",
    output: options.OutputPath = "",
) -> None:
    """Show what the years show: rot by age, what is archived, who is cited, what to capture first."""
    from cite_audit.cli.corpus_run import open_corpus
    from cite_audit.cli.output_files import check_writable, write_document
    from cite_audit.corpus.figures import collect_figures
    from cite_audit.corpus.years_page import YEARS_FORMATS
    from cite_audit.errors import UsageError
    from cite_audit.report.render import RenderOptions

    if format not in YEARS_FORMATS:
        raise UsageError(f"unknown format {format!r}; there are {', '.join(YEARS_FORMATS)}")
    check_writable(output)
    folder = open_corpus(directory)
    document = YEARS_FORMATS[format](collect_figures(folder), folder.open_run(), RenderOptions())
    write_document(document, output)


@corpus.command("diff")
def diff_(
    old: Annotated[str, typer.Argument(help="The folder of the earlier corpus.", show_default=False)],
    new: Annotated[str, typer.Argument(help="The folder of the later one.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what changed between two corpora: newly dead, recovered, newly archived, by report."""
    from cite_audit.cli.corpus_run import open_corpus, print_changes
    from cite_audit.corpus.changes import compare_corpora

    print_changes(compare_corpora(open_corpus(old), open_corpus(new)), as_json=as_json)


@corpus.command("watch")
@options.with_shared_options(*CORPUS_OPTIONS)
def watch_(
    directory: CorpusDir,
    budget: Annotated[str, typer.Option("--budget", help="Links to ask: 500, or in a time, 20000/day.")] = "20000/day",
    only_list: Annotated[bool, typer.Option("--list", help="Show which would be asked, and ask nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes.")] = 1,
    scheduler: Annotated[str, typer.Option("--scheduler", help="A Dask cluster, as tcp://host:8786.")] = "",
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Ask the links whose turn it is, and tell what changed; made for cron or a systemd timer."""
    from cite_audit.cli.corpus_run import open_corpus, print_watch, print_watch_list
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.corpus.watch_list import WatchBudget

    settings = settings_from_flags({**flags, "reports": []})
    folder, allowance = open_corpus(directory), WatchBudget.parse(budget)
    if only_list:
        print_watch_list(folder, allowance, as_json=as_json)
        return
    print_watch(folder, allowance, settings, workers=workers, scheduler=scheduler, as_json=as_json, quiet=quiet)
