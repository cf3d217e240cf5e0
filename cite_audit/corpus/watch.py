"""A watch over a corpus: the links whose turn it is are asked again, and what changed is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cite_audit.config.settings import Settings
from cite_audit.corpus.assess_stage import sort_verdicts
from cite_audit.corpus.changes import CorpusChange, find_changes, name_reports
from cite_audit.corpus.crew import THREADS, do_tasks, open_crew
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.lease import drive_run, end_lease
from cite_audit.corpus.link_groups import build_cited_links, load_group
from cite_audit.corpus.network_stage import GroupOutcome, part_name, resolve_group
from cite_audit.corpus.stages import keep_stores
from cite_audit.corpus.verdict_rows import build_link_row, build_memento_rows, build_probe_row
from cite_audit.corpus.watch_list import WatchBudget, choose_links
from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record


@frozen_record
class WatchResult:
    """What a watch did: how many links it asked, what changed, and why it ended early, if it did."""

    asked: int
    changes: Sequence[CorpusChange]
    problem: str = ""


def check_watchable(folder: CorpusFolder) -> CorpusRun:
    """The run whose links are watched. Raises UsageError where they have not been asked once."""
    run = folder.open_run()
    if "archives" not in run.finished:
        raise UsageError(f"{folder.root}: its first audit is not done; cite-audit corpus audit goes on with it")
    return run


def watch_corpus(
    folder: CorpusFolder,
    budget: WatchBudget,
    settings: Settings,
    now: datetime,
    *,
    workers: int = 1,
    scheduler: str = "",
    is_interrupted: Callable[[], bool],
) -> WatchResult:
    """Ask the links whose turn it is, live and in the archives; the tables then hold what was found."""
    run = check_watchable(folder)
    settings = replace(settings, max_age=0.0)  # they were chosen because a look is due
    by_group: dict[int, list[str]] = {}
    for row in choose_links(folder, budget, now):
        by_group.setdefault(row["number"], []).append(row["url"])
    look = replace(run, id=f"{now:%Y%m%dT%H%M%S%f}", now=now)
    changes: list[CorpusChange] = []
    asked, problem = 0, ""
    with drive_run(folder) as token, open_crew(folder, workers, scheduler) as crew:
        tasks = [(folder, group, urls, run.id, look, settings, token) for group, urls in by_group.items()]
        for outcome, found in do_tasks(
            crew,
            watch_group,
            tasks,
            at_once=crew.workers * THREADS,
            should_stop=is_interrupted,
            on_stop=lambda: end_lease(folder),
        ):
            changes += found
            asked += 0 if outcome.problem else outcome.links
            problem = problem or outcome.problem
        keep_stores(folder)
        if tasks:
            sort_verdicts(folder)
    return WatchResult(asked, name_reports(folder, changes), problem)


def watch_group(
    folder: CorpusFolder, group: int, urls: Sequence[str], run_id: str, look: CorpusRun, settings: Settings, token: str
) -> tuple[GroupOutcome, list[CorpusChange]]:
    """Ask some links of a group, and put what was found into its parts of the tables."""
    wanted = set(urls)
    rows = [row for row in load_group(folder, group) if row["url"] in wanted]
    verdicts, outcome = resolve_group(folder, group, build_cited_links(rows), look, settings, token)
    if outcome.problem:
        return outcome, []
    cited = {row["url"]: row for row in rows}
    new_rows = {url: build_link_row(cited[url], verdict) for url, verdict in verdicts.items() if verdict.probe}
    name = f"{run_id}-{group:05}"
    old_rows: list[dict[str, Any]] = folder.read_part("links", name)
    changes = [
        change for old in old_rows if (new := new_rows.get(old["url"])) for change in find_changes(old["url"], old, new)
    ]
    folder.write_part("probes", part_name(look, group), (build_probe_row(verdicts[url], look.id) for url in new_rows))
    _replace_mementos(folder, name, {url: verdicts[url] for url in new_rows}, cited)
    folder.write_part("links", name, (new_rows.get(old["url"], old) for old in old_rows))
    return outcome, changes


def _replace_mementos(
    folder: CorpusFolder, name: str, verdicts: Mapping[str, Any], cited: Mapping[str, Mapping[str, Any]]
) -> None:
    kept = [row for row in folder.read_part("mementos", name) if row["url"] not in verdicts]
    new = [line for url, verdict in verdicts.items() for line in build_memento_rows(verdict, cited[url]["near"])]
    folder.write_part("mementos", name, [*kept, *new])
