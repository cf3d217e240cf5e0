"""One run over a corpus: begun, or taken up where an earlier process left it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from cite_audit import __version__
from cite_audit.config.settings import Settings
from cite_audit.corpus.crew import open_crew
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.lease import drive_run, end_lease
from cite_audit.corpus.stages import STAGES, StageWork, list_reports
from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.installation import format_install_command
from cite_audit.progress import Observer


@frozen_record(kw_only=True)
class CorpusPlan:
    """What a run is to do: `stop_after` names its last stage, `deadline` is in seconds."""

    paths: Sequence[str]
    out: Path
    workers: int = 1
    scheduler: str = ""
    stop_after: str = ""
    deadline: float | None = None
    group_size: int = 0


@frozen_record
class CorpusResult:
    """How a run ended: the run as it stands, and why it did not come to its end, if it did not."""

    run: CorpusRun
    problem: str = ""
    interrupted: bool = False


def audit_corpus(
    plan: CorpusPlan, settings: Settings, now: datetime, observer: Observer, is_interrupted: Callable[[], bool]
) -> CorpusResult:
    """Take the stages that are left. Raises UsageError for a wrong call, OutputError where a disk or a cluster fails.

    `now` dates a run that is begun; one that was left unfinished keeps its own date, and is taken up where it was
    called with the same arguments.
    """
    check_extra()
    if plan.stop_after and plan.stop_after not in STAGES:
        raise UsageError(f"--stop-after {plan.stop_after}: the stages are {', '.join(STAGES)}")
    stop_at = time.monotonic() + plan.deadline if plan.deadline else None
    # the deadline of the run is not that of each group
    settings = replace(settings, network=replace(settings.network, deadline=None))
    folder = CorpusFolder(plan.out.resolve())
    folder.make()
    with drive_run(folder) as token, open_crew(folder, plan.workers, plan.scheduler) as crew:
        folder.sweep()
        run = _begin_or_resume(folder, plan, settings, now)
        work = StageWork(
            folder, run, settings, crew, token, observer, lambda: end_lease(folder), is_interrupted, stop_at
        )
        if plan.group_size:
            work.group_size = plan.group_size
        return _take_stages(work, plan.stop_after)


def _take_stages(work: StageWork, stop_after: str) -> CorpusResult:
    for stage, take in STAGES.items():
        if stage not in work.run.finished:
            run = take(work)
            if work.should_stop():
                work.folder.save_run(replace(work.run, remarks=run.remarks))
                return CorpusResult(run, next(iter(work.problems), "interrupted"), work.is_interrupted())
            work.run = work.folder.finish_stage(run, stage)
        if stage == stop_after:
            break
    return CorpusResult(work.run)


def _begin_or_resume(folder: CorpusFolder, plan: CorpusPlan, settings: Settings, now: datetime) -> CorpusRun:
    digest = _digest_arguments(plan.paths, settings)
    run = folder.load_run()
    if run and run.arguments == digest and len(run.finished) < len(STAGES):
        return run
    return folder.save_run(list_reports(folder, plan.paths, f"{now:%Y%m%dT%H%M%S%f}", now, digest))


def _digest_arguments(paths: Sequence[str], settings: Settings) -> str:
    """A digest of what makes a run another one; a pace or a time-out may change while it is under way."""
    grading = asdict(settings.grading)
    parts = (__version__, list(paths), settings.offline, settings.archive, settings.indicators, grading)
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def check_extra() -> None:
    """Raises UsageError where the extra `cluster` is not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("pyarrow", "duckdb", "fsspec", "msgspec") if find_spec(name) is None]
    if missing:
        raise UsageError(f"corpora need the extra cluster: {format_install_command('cluster')}")
