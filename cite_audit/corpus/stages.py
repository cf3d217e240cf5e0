"""The order of the stages over a corpus, each resumed where it was left: a part that stands is not made again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from cite_audit.config.settings import Settings
from cite_audit.corpus.assess_stage import assess_bucket, sort_verdicts
from cite_audit.corpus.corpus_input import CorpusInput
from cite_audit.corpus.crew import THREADS, Crew, do_tasks, take_turns
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.inputs import list_inputs
from cite_audit.corpus.link_groups import GROUP_LINKS, group_links
from cite_audit.corpus.network_stage import GroupOutcome, ask_archives, ask_live_web
from cite_audit.corpus.queries import copy_sorted, name_file, open_database
from cite_audit.corpus.read_stage import read_bucket
from cite_audit.corpus.run_cache import EARLIER_STORE
from cite_audit.progress import Observer
from cite_audit.store.merge import merge_stores

BUCKET_REPORTS = 64  # reports that a worker reads, or assesses, at a time
INPUTS_PART = "inputs"


@dataclass(slots=True)
class StageWork:
    """What the stages of one run share. `stop_at`: the monotonic time after which nothing is begun."""

    folder: CorpusFolder
    run: CorpusRun
    settings: Settings
    crew: Crew
    token: str
    observer: Observer
    end_lease: Callable[[], None]
    is_interrupted: Callable[[], bool]
    stop_at: float | None = None
    group_size: int = GROUP_LINKS
    problems: list[str] = field(default_factory=list)

    def should_stop(self) -> bool:
        """Whether nothing more is to be begun."""
        if self.problems or self.is_interrupted():
            return True
        if self.stop_at is not None and time.monotonic() >= self.stop_at:
            self.problems.append("the deadline was reached")
            return True
        return False

    def compute_parts(
        self, phase: str, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]
    ) -> Iterator[Any]:
        """As `do_parts`, of work for the processor: a worker does one part at a time, while the next one waits."""
        at_once = 1 if self.crew.workers == 1 else 2 * self.crew.workers
        return self.do_parts(phase, take_turns, [(function, *task) for task in tasks], at_once)

    def do_parts(
        self, phase: str, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], at_once: int
    ) -> Iterator[Any]:
        """What `function` returns for each part of the work, with progress."""
        self.observer.start_phase(phase, len(tasks))
        parts = do_tasks(
            self.crew, function, tasks, at_once=at_once, should_stop=self.should_stop, on_stop=self.end_lease
        )
        for result in parts:
            self.observer.advance_phase(phase)
            yield result
        self.observer.finish_phase(phase)


def list_reports(folder: CorpusFolder, paths: Sequence[str], run_id: str, now: datetime, arguments: str) -> CorpusRun:
    """Begin a run: list the reports of the paths in buckets. Raises UsageError for a path without any."""
    reports = folder.write_part(INPUTS_PART, "listed", (_input_row(entry) for entry in list_inputs(paths)))
    earlier = folder.load_run()
    # Buckets hold about so many reports; a corpus that grows keeps its number until they are three times as full.
    buckets = max(1, -(-reports // BUCKET_REPORTS))
    if earlier and earlier.buckets <= buckets <= 3 * earlier.buckets:
        buckets = earlier.buckets
    listed = folder.part(INPUTS_PART, "listed")
    with open_database(folder, "inputs") as db:
        query = (
            f"FROM {name_file(listed)} "
            f"SELECT CAST(hash(path) % {buckets} AS BIGINT) AS bucket, * EXCLUDE (bucket) ORDER BY 1, path"
        )
        copy_sorted(db, query, folder.work / "inputs.parquet")
    listed.unlink()
    return CorpusRun(run_id, now, arguments, buckets=buckets, reports=reports)


def _input_row(entry: CorpusInput) -> dict[str, Any]:
    return {**asdict(entry), "kind": entry.kind.value, "bucket": 0}


def run_read_stage(work: StageWork) -> CorpusRun:
    """Reports to rows."""
    tasks = [(work.folder, bucket, work.settings) for bucket in range(work.run.buckets)]
    for _ in work.compute_parts("read", read_bucket, tasks):
        pass
    names = [f"{bucket:05}" for bucket in range(work.run.buckets)]
    for table in () if work.should_stop() else ("reports", "notes", "citations", "cited"):
        work.folder.drop_parts(table, names)
    return work.run


def run_link_stage(work: StageWork) -> CorpusRun:
    """Rows to distinct links, in groups of hosts."""
    links, groups = group_links(work.folder, work.group_size)
    return replace(work.run, links=links, groups=groups)


def run_live_stage(work: StageWork) -> CorpusRun:
    """Each group of hosts on the live web, the long ones first."""
    return _run_groups(work, "check", ask_live_web, work.crew.workers * THREADS)


def run_archive_stage(work: StageWork) -> CorpusRun:
    """Each group in the archives, and then its links as they are known; the links of earlier runs give way."""
    run = _run_groups(work, "archive", ask_archives, work.crew.workers)
    if not work.should_stop():
        names = [f"{run.id}-{group:05}" for group in range(run.groups)]
        for table in ("links", "mementos"):
            work.folder.drop_parts(table, names)
    return run


def _run_groups(work: StageWork, phase: str, ask: Callable[..., GroupOutcome], at_once: int) -> CorpusRun:
    run = work.run
    tasks = [(work.folder, group, run, work.settings, work.token) for group in range(run.groups)]
    remarks = dict.fromkeys(run.remarks)
    for outcome in work.do_parts(phase, ask, tasks, at_once):
        remarks |= dict.fromkeys(outcome.remarks)
        if outcome.problem and not work.should_stop():
            work.problems.append(outcome.problem)
    return replace(run, remarks=tuple(remarks))


def run_assess_stage(work: StageWork) -> CorpusRun:
    """Reports and verdicts to findings and grades."""
    run, folder = work.run, work.folder
    if folder.parts("links"):
        sort_verdicts(folder)
    tasks = [(folder, bucket, run, work.settings) for bucket in range(run.buckets)]
    for _ in work.compute_parts("assess", assess_bucket, tasks):
        pass
    names = [f"{run.id}-{bucket:05}" for bucket in range(run.buckets)]
    for table in () if work.should_stop() else ("findings", "grades", "sources"):
        folder.drop_parts(table, names)
    return run


def run_summary_stage(work: StageWork) -> CorpusRun:
    """The counts of the run; and the stores of its groups become that of the earlier runs."""
    from cite_audit.corpus.summary import count_corpus

    keep_stores(work.folder)
    return replace(work.run, counts=count_corpus(work.folder))


def keep_stores(folder: CorpusFolder) -> None:
    """Merge the stores of the groups into that of the earlier runs. Raises StoreError."""
    groups = sorted(folder.stores.glob("[0-9]*.sqlite"))
    merge_stores(groups, folder.stores / EARLIER_STORE)
    for path in groups:
        for tail in ("", "-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)


STAGES: dict[str, Callable[[StageWork], CorpusRun]] = {
    "read": run_read_stage,
    "links": run_link_stage,
    "live": run_live_stage,
    "archives": run_archive_stage,
    "assess": run_assess_stage,
    "summary": run_summary_stage,
}
