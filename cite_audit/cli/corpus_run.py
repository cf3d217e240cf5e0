"""What the commands of a corpus share: their options, a run with progress, and the rows that they show."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from cite_audit.cli.exit_codes import ExitCode
from cite_audit.config.settings import Settings
from cite_audit.corpus.audit import CorpusPlan, CorpusResult, audit_corpus, check_extra
from cite_audit.corpus.folder import CorpusFolder

if TYPE_CHECKING:
    from cite_audit.corpus.changes import CorpusChange
    from cite_audit.corpus.watch_list import WatchBudget

__all__ = [
    "CorpusPlan",
    "exit_with_result",
    "open_corpus",
    "print_changes",
    "print_progress",
    "print_result",
    "print_watch",
    "print_watch_list",
    "run_corpus",
]


def open_corpus(path: str) -> CorpusFolder:
    """The folder of a corpus. Raises UsageError where there is none, or the extra is not installed."""
    check_extra()
    folder = CorpusFolder(Path(path).resolve())
    folder.open_run()
    return folder


def run_corpus(plan: CorpusPlan, settings: Settings, *, quiet: bool) -> CorpusResult:
    """Run the stages with progress on stderr; the first ^C, TERM or HUP ends them early."""
    from datetime import UTC, datetime

    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.stop_signals import request_stop_on_signal

    interrupted = threading.Event()
    request_stop_on_signal(interrupted.set)
    with progress_observer(quiet=quiet) as observer:
        return audit_corpus(plan, settings, datetime.now(UTC), observer, interrupted.is_set)


def print_summary(counts: Mapping[str, Any]) -> None:
    """The counts of a finished run, one line each."""
    from cite_audit.cli.output_files import write_document

    lines = []
    for name, value in counts.items():
        shown = (
            ", ".join(f"{count} {word}" for word, count in list(value.items())[:8])
            if isinstance(value, dict)
            else value
        )
        lines.append(f"{name:<10} {shown}\n")
    write_document("".join(lines))


def print_result(result: CorpusResult, out: Path) -> None:
    """The counts of a run that came to its end, or how far each stage is."""
    if result.problem:
        print_progress(open_corpus(str(out)))
    elif result.run.counts:
        print_summary(result.run.counts)


def print_progress(folder: CorpusFolder, *, as_json: bool = False) -> None:
    """How far the run has come, stage by stage."""
    from cite_audit.cli.output_files import write_document
    from cite_audit.corpus.stages import STAGES
    from cite_audit.corpus.summary import count_seen_links, describe_progress
    from cite_audit.report.render.media.json import dump_json

    run = folder.open_run()
    stages = describe_progress(folder, run, tuple(STAGES))
    seen = count_seen_links(folder)
    if as_json:
        record = {"run": run.id, "reports": run.reports, "links": run.links, "links_seen": seen, "stages": stages}
        write_document(dump_json(record, indent=2))
        return
    lines = [f"{row['stage']:<9} {row['state']:<6} {row['parts_done']} of {row['parts']} parts" for row in stages]
    under_way = [f"{seen} of {run.links} links have a verdict"] if seen else []
    write_document("\n".join([f"run {run.id}: {run.reports} reports", *lines, *under_way]) + "\n")


def exit_with_result(result: CorpusResult, remarks: Sequence[str], *, quiet: int) -> NoReturn:
    """Say on stderr why a run did not come to its end, and leave with the code for it."""
    from cite_audit.report.render.media.sanitizer import sanitize_line

    for remark in remarks if not quiet else ():
        typer.echo(sanitize_line(f"cite-audit: {remark}"), err=True)
    if result.problem and quiet < 2:
        why = f"cite-audit: {result.problem}; what is done is kept, the same command goes on from there"
        typer.echo(sanitize_line(why), err=True)
    if result.interrupted:
        raise typer.Exit(ExitCode.INTERRUPTED)
    raise typer.Exit(ExitCode.INCOMPLETE if result.problem else ExitCode.OK)


def print_changes(changes: Sequence[CorpusChange], *, as_json: bool, **more: Any) -> None:
    """The changes as text, or as JSON with `more` beside them."""
    from cite_audit.cli.output_files import write_document
    from cite_audit.corpus.changes import describe_changes, encode_changes
    from cite_audit.report.render.media.json import dump_json

    record = {**more, **encode_changes(changes)}
    write_document(dump_json(record, indent=2) if as_json else describe_changes(changes))


def print_watch_list(folder: CorpusFolder, budget: WatchBudget, *, as_json: bool) -> None:
    """The links that a watch would ask, with the chance that they changed."""
    from datetime import UTC, datetime

    from cite_audit.cli.output_files import write_document
    from cite_audit.corpus.watch import check_watchable
    from cite_audit.corpus.watch_list import choose_links
    from cite_audit.report.render.media.json import dump_json
    from cite_audit.report.render.media.sanitizer import sanitize_line

    check_watchable(folder)
    rows = choose_links(folder, budget, datetime.now(UTC))
    if as_json:
        shown = [{name: row[name] for name in ("url", "citations", "health", "days_since", "chance")} for row in rows]
        write_document(dump_json({"links": shown}, indent=2))
        return
    lines = [f"{row['chance']:7.2%}  {row['citations']:>5} ×  {row['health']:<8} {row['url']}" for row in rows]
    write_document("".join(f"{sanitize_line(line)}\n" for line in lines))


def print_watch(
    folder: CorpusFolder,
    budget: WatchBudget,
    settings: Settings,
    *,
    workers: int,
    scheduler: str,
    as_json: bool,
    quiet: int,
) -> NoReturn:
    """Ask what is due, tell the changes, and leave with the code for how it ended."""
    from datetime import UTC, datetime

    from cite_audit.cli.stop_signals import request_stop_on_signal
    from cite_audit.corpus.watch import watch_corpus

    interrupted = threading.Event()
    request_stop_on_signal(interrupted.set)
    now = datetime.now(UTC)
    result = watch_corpus(
        folder, budget, settings, now, workers=workers, scheduler=scheduler, is_interrupted=interrupted.is_set
    )
    print_changes(result.changes, as_json=as_json, asked=result.asked)
    exit_with_result(CorpusResult(folder.open_run(), result.problem, interrupted.is_set()), (), quiet=quiet)
