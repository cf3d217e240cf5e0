"""The stages that use the network: a group of hosts is asked, live or in the archives, by the resolver of `audit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cite_audit import event_loop
from cite_audit.config.settings import Settings
from cite_audit.corpus.archive_limits import open_limits
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.lease import lock_group, stop_with_lease
from cite_audit.corpus.link_groups import build_cited_links, load_group
from cite_audit.corpus.run_cache import RunCache
from cite_audit.corpus.verdict_rows import build_link_row, build_memento_rows, build_probe_row
from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Verdict
from cite_audit.progress import SilentObserver


@frozen_record
class GroupOutcome:
    """What became of a group: how many links it has, and why it is not done, if it is not."""

    links: int
    problem: str = ""
    remarks: tuple[str, ...] = ()


def ask_live_web(folder: CorpusFolder, group: int, run: CorpusRun, settings: Settings, token: str) -> GroupOutcome:
    """Ask a group's links on the live web into `probes`; nothing that this run has seen is asked again."""
    name = part_name(run, group)
    if folder.has_part("probes", name):
        return GroupOutcome(0)
    live = replace(settings, archive=False, archiving=replace(settings.archiving, drift=False))
    links = build_cited_links(load_group(folder, group))  # the rows hold more, and are not needed
    verdicts, outcome = resolve_group(folder, group, links, run, live, token)
    if not outcome.problem:
        looked_at = (verdict for verdict in verdicts.values() if verdict.checked_at or verdict.probe)
        folder.write_part("probes", name, (build_probe_row(verdict, run.id) for verdict in looked_at))
    return outcome


def ask_archives(folder: CorpusFolder, group: int, run: CorpusRun, settings: Settings, token: str) -> GroupOutcome:
    """Ask the archives about a group's links, into `mementos` and, with all that is known of a link, `links`."""
    name = part_name(run, group)
    if folder.has_part("links", name):
        return GroupOutcome(0)
    rows = load_group(folder, group)
    verdicts, outcome = resolve_group(folder, group, build_cited_links(rows), run, settings, token)
    if not outcome.problem:
        known = [(row, verdicts[row["url"]]) for row in rows]
        mementos = (line for row, verdict in known for line in build_memento_rows(verdict, row["near"]))
        folder.write_part("mementos", name, mementos)
        folder.write_part("links", name, (build_link_row(row, verdict) for row, verdict in known))
    return outcome


def part_name(run: CorpusRun, group: int) -> str:
    """The name of a group's part in a run."""
    return f"{run.id}-{group:05}"


def resolve_group(
    folder: CorpusFolder, group: int, links: Sequence[CitedLink], run: CorpusRun, settings: Settings, token: str
) -> tuple[dict[str, Verdict], GroupOutcome]:
    """The verdicts on links that are all of one group; none are complete where there is a problem."""
    from cite_audit.resolve import resolve

    async def resolve_until_stopped() -> Any:
        async with stop_with_lease(folder, token) as stop:
            cache = RunCache(folder, group, settings, run.now, limits)
            return await resolve(links, settings, SilentObserver(), run.now, stop=stop, verdict_cache=cache)

    # to lease an archive's turns from a scheduler is to wait: no other group may have to wait too
    run_work = event_loop.run_coroutine if settings.archive else event_loop.run_in_shared_loop
    with lock_group(folder.stores / f"{group:05}.lock"), open_limits(folder) as limits:
        resolution = run_work(resolve_until_stopped())
    if settings.offline:  # was asked for, and is no reason to stop
        return resolution.verdicts, GroupOutcome(len(links))
    problem = ""
    if resolution.incomplete or resolution.offline:
        problem = next(iter(resolution.remarks), "the run was stopped before its end")
    return resolution.verdicts, GroupOutcome(len(links), problem, resolution.remarks)
