"""Who does the work: this process, or the workers of a Dask cluster. The stages do not know the difference."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from cite_audit.corpus.archive_limits import share_limits
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.errors import OutputError, UsageError
from cite_audit.heap import ARENAS, collect_rarely, share_arenas

THREADS = 8  # groups of hosts that a worker asks side by side, since most of the time it waits
TICK = 0.5  # seconds between two questions whether to stop
DASK_SETTINGS = {
    "distributed.scheduler.allowed-failures": 20,  # workers that may die over one task
    "distributed.admin.system-monitor.interval": "10s",  # it reads a dozen files of /proc; by default twice a second
    "distributed.admin.tick.interval": "1s",  # by default fifty times a second
    "distributed.worker.profile.enabled": False,  # it walks the stacks of all threads a hundred times a second
    "distributed.nanny.pre-spawn-environ.MALLOC_ARENA_MAX": ARENAS,  # as `share_arenas`, for the threads of Dask too
}


class Task(Protocol):
    """A task that has been given to somebody."""

    def add_done_callback(self, callback: Callable[[Any], object]) -> object: ...

    def done(self) -> bool: ...

    def result(self) -> Any:
        """What it returned. Raises what it raised."""
        ...

    def cancel(self) -> object: ...


class Crew(Protocol):
    """Whoever does tasks: `workers` of them, each in a process."""

    @property
    def workers(self) -> int: ...

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Task: ...


class LocalCrew:
    """This process."""

    workers = 1

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Task:
        return self._executor.submit(function, *arguments)


class DaskCrew:
    """The workers of a cluster. A task of one that died goes to another."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        return max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Task:
        task: Task = self._client.submit(_do_in_worker, function, *arguments, pure=False)
        return task


def _do_in_worker(function: Callable[..., Any], *arguments: Any) -> Any:
    """A task in a process that this program has not begun."""
    collect_rarely()
    share_arenas()
    return function(*arguments)


_turn = threading.Lock()


def take_turns(function: Callable[..., Any], *arguments: Any) -> Any:
    """A task that has the processor of its process for itself, among those that ask for it so."""
    with _turn:
        return function(*arguments)


@contextlib.contextmanager
def open_crew(folder: CorpusFolder, workers: int, scheduler: str) -> Iterator[Crew]:
    """A crew of local processes, or of the cluster at `scheduler`; one worker needs no Dask.

    Raises UsageError for a scheduler that cannot be reached.
    """
    if workers == 1 and not scheduler:
        share_arenas()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="corpus") as executor:
            yield LocalCrew(executor)
        return
    import dask
    import distributed

    dask.config.set(DASK_SETTINGS)
    with contextlib.ExitStack() as stack:
        cluster = scheduler or stack.enter_context(_open_local_cluster(workers))
        try:
            client = stack.enter_context(_call(distributed.Client, cluster, timeout=20))
        except (OSError, ValueError) as error:
            name = f"--scheduler {scheduler}" if scheduler else "the scheduler of this machine"
            raise UsageError(f"{name}: cannot be reached ({error})") from error
        with share_limits(client, folder):
            yield DaskCrew(client)


@contextlib.contextmanager
def _open_local_cluster(workers: int) -> Iterator[Any]:
    """A cluster of this machine that is nobody else's: neither the current folder nor another user runs code in it.

    Processes begin as `python -c`, which would import from the current folder; whoever reaches a scheduler without
    TLS runs code there, and any user may have made the folder in /tmp that Dask would take.
    """
    import distributed

    with tempfile.TemporaryDirectory(prefix="cite-audit-") as own_folder, _keep_current_folder_off_the_path():
        with _ignore_signals():
            cluster = _call(
                distributed.LocalCluster,
                n_workers=workers,
                threads_per_worker=THREADS,
                memory_limit=0,
                dashboard_address=None,
                silence_logs=50,
                security=True,  # certificates of this cluster alone, in memory
                local_directory=own_folder,
            )
        with cluster:
            yield cluster


@contextlib.contextmanager
def _keep_current_folder_off_the_path() -> Iterator[None]:
    """What is begun meanwhile does not import from the current folder."""
    earlier = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if earlier is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = earlier


@contextlib.contextmanager
def _ignore_signals() -> Iterator[None]:
    """What is begun meanwhile ignores ^C, TERM and HUP, which a terminal or a service manager sends to all processes.

    The driver alone ends a run, and in order.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    earlier = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, action in earlier.items():
            signal.signal(number, action)


def _call(make: Any, *arguments: Any, **options: Any) -> Any:
    """A call of something that tells no types."""
    return make(*arguments, **options)


def do_tasks(
    crew: Crew,
    function: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    *,
    at_once: int,
    should_stop: Callable[[], bool],
    on_stop: Callable[[], object],
) -> Iterator[Any]:
    """What `function` returns for each tuple of arguments, as it comes; the tasks are begun in their order.

    `at_once` of them are under way. Once `should_stop`, none is begun any more and `on_stop` is called; those under
    way are waited for. Raises OutputError where no worker survives a task, or the cluster is gone.
    """
    changed = threading.Event()
    waiting, running = iter(tasks), set[Task]()
    is_stopped = False
    while True:
        while not is_stopped and len(running) < at_once and (arguments := next(waiting, None)) is not None:
            task = crew.submit(function, *arguments)
            task.add_done_callback(lambda _: changed.set())
            running.add(task)
        if not running:
            return
        changed.wait(TICK)
        changed.clear()
        if not is_stopped and should_stop():
            is_stopped = True
            on_stop()
        finished = [task for task in running if task.done()]
        for task in finished:
            running.discard(task)
            yield _take_result(task)


def _take_result(task: Task) -> Any:
    try:
        return task.result()
    except Exception as error:
        if type(error).__module__.startswith("distributed"):
            raise OutputError(f"the cluster could not finish: {error}") from error
        raise
