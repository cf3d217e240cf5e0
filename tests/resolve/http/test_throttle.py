"""Turns: limits per host and in all, pauses, and nobody held up by another's host."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable

import pytest

from cite_audit.resolve.http import throttle
from cite_audit.resolve.http.host_pace import pace_bounds
from cite_audit.resolve.http.throttle import HostClosedError, Throttle
from tests.loopback.clock import HurriedLoop
from tests.resolve.http.support import LoopFactory

TURNS = 20  # of the loop: long enough for every request that may start to start
Run = Callable[[Callable[[], Awaitable[None]]], None]


class Watch:
    """Runs requests through a courtesy and notes when each started and how many ran at once."""

    def __init__(self, queue: Throttle) -> None:
        self.queue = queue
        self.order: list[str] = []  # hosts as their requests started: uvloop's clock counts milliseconds
        self.starts: dict[str, list[float]] = {}
        self.now: dict[str, int] = {}
        self.peak: dict[str, int] = {}
        self.peak_all = 0

    async def request(self, host: str, end: asyncio.Event | None = None, first: bool = True) -> None:
        """One request; it lasts until `end` is set, or for some turns of the loop."""
        loop = asyncio.get_running_loop()
        async with self.queue.request_turn(host, is_first=first):
            self.order.append(host)
            self.starts.setdefault(host, []).append(loop.time())
            self.now[host] = self.now.get(host, 0) + 1
            self.peak[host] = max(self.peak.get(host, 0), self.now[host])
            self.peak_all = max(self.peak_all, sum(self.now.values()))
            if end:
                await end.wait()
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self.now[host] -= 1


def _throttle(jobs: int, per_host: int | None, interval: float | None, patience: float) -> Throttle:
    return Throttle(jobs, pace_bounds(per_host, interval, polite=False), patience)


def _set_after(seconds: float) -> asyncio.Event:
    """An event for a `HurriedLoop`, whose seconds take no time."""
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, event.set)
    return event


FACTORIES: dict[str, LoopFactory] = {"asyncio": None}
if importlib.util.find_spec("uvloop"):
    import uvloop

    FACTORIES["uvloop"] = uvloop.new_event_loop


@pytest.fixture(params=sorted(FACTORIES))
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a test's work on one event loop after the other: their timers differ."""

    def bounded_run(work: Callable[[], Awaitable[None]]) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(10):
                await work()

        with asyncio.Runner(loop_factory=FACTORIES[request.param]) as runner:
            runner.run(bounded())

    return bounded_run


def test_a_host_sees_no_more_than_its_limit_and_all_no_more_than_theirs(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=5, per_host=2, interval=0, patience=5))
        await asyncio.gather(*(watch.request(f"h{n % 4}") for n in range(40)))
        assert max(watch.peak.values()) == 2
        assert watch.peak_all == 5

    run(work)


def test_zero_means_no_limit_per_host(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=30, per_host=0, interval=0, patience=5))
        await asyncio.gather(*(watch.request("h") for _ in range(30)))
        assert watch.peak["h"] == 30

    run(work)


def test_starts_on_one_host_keep_their_distance_and_others_do_not_wait_for_it(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=10, per_host=2, interval=0.05, patience=5))
        await asyncio.gather(*(watch.request("a") for _ in range(6)), watch.request("b"))
        gaps = [later - sooner for sooner, later in zip(watch.starts["a"], watch.starts["a"][1:], strict=False)]
        assert min(gaps) >= 0.024
        assert watch.starts["a"][-1] - watch.starts["a"][0] >= 0.24
        assert watch.order[:2] in (["a", "b"], ["b", "a"])

    run(work)


def test_a_pause_holds_the_host_and_nobody_else(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=2, per_host=2, interval=0, patience=5))
        begun = asyncio.get_running_loop().time()
        watch.queue.pause_host("slow", 0.2)
        await asyncio.gather(*(watch.request("slow") for _ in range(5)), *(watch.request("fast") for _ in range(20)))
        assert min(watch.starts["slow"]) - begun > 0.198  # uvloop counts milliseconds
        assert watch.order[-5:] == ["slow"] * 5

    run(work)


def test_a_host_that_says_no_without_a_time_is_left_alone_longer_each_time(run: Run) -> None:
    async def work() -> None:
        queue = _throttle(jobs=2, per_host=2, interval=0, patience=5)
        assert [queue.pause_host("h", None) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
        queue.reset_refusals("h")
        assert queue.pause_host("h", None) == 1

    run(work)


def test_a_pause_of_nonsense_is_bounded(run: Run) -> None:
    async def work() -> None:
        queue = _throttle(jobs=2, per_host=2, interval=0, patience=5)
        loop = asyncio.get_running_loop()
        for said in (float("inf"), float("nan"), -5.0, 1e12):
            queue.pause_host("h", said)
        with pytest.raises(HostClosedError):
            await queue.request_turn("h").__aenter__()
        assert queue.host_queues["h"].next_start <= loop.time() + throttle.MAX_PAUSE

    run(work)


def test_the_host_with_most_links_starts_first(run: Run) -> None:
    async def work() -> None:
        queue = _throttle(jobs=1, per_host=1, interval=0, patience=5)
        queue.expect_links("few", 2)
        queue.expect_links("many", 9)
        watch = Watch(queue)
        await asyncio.gather(watch.request("few"), *(watch.request(host) for host in ["few", *["many"] * 3]))
        assert watch.order[-1] == "few"

    run(work)


def test_first_looks_go_before_second_ones(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=1, per_host=1, interval=0, patience=5))
        order: list[str] = []

        async def named(name: str, first: bool) -> None:
            await watch.request("h", first=first)
            order.append(name)

        await asyncio.gather(named("running", True), named("second", False), named("first", True))
        assert order == ["running", "first", "second"]

    run(work)


def test_who_gives_up_waiting_leaves_no_place_taken(run: Run) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=1, per_host=1, interval=0, patience=5))
        tasks = [asyncio.ensure_future(watch.request("h")) for _ in range(6)]
        await asyncio.sleep(0)
        for task in tasks[1:4]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(watch.starts["h"]) == 3
        assert (watch.queue.running, watch.queue.silent) == (0, 0)

    run(work)


def test_silent_requests_give_their_places_back(run: Run) -> None:
    async def work() -> None:
        queue = _throttle(jobs=2, per_host=1, interval=0, patience=0.05)
        watch = Watch(queue)
        hanging = [asyncio.ensure_future(watch.request("hangs", asyncio.Event())) for _ in range(20)]
        await asyncio.gather(*(watch.request(f"well{n}") for n in range(6)))
        assert watch.peak["hangs"] <= throttle.LENDING_FACTOR
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        assert (queue.running, queue.silent) == (0, 0)

    run(work)


def test_a_hanging_page_stops_holding_its_host_as_soon_as_the_others_tell_what_is_usual(run: Run) -> None:
    async def work() -> None:
        queue = _throttle(jobs=9, per_host=1, interval=0, patience=60)
        watch = Watch(queue)
        for _ in range(throttle.MIN_ANSWERS):
            await watch.request("h")
        told: list[float] = []
        loop = asyncio.get_running_loop()
        async with queue.request_turn("h", lambda: told.append(loop.time())):
            begun = loop.time()
            await watch.request("h")  # would wait for a minute
        assert throttle.MIN_SILENCE <= watch.starts["h"][-1] - begun < 60
        assert not told, "lending the place is not yet silence: nobody asks twice for it"

    run(work)


@pytest.mark.parametrize(
    ("usually", "patience", "at_once"),
    [
        ((1.0, 3.0), 60.0, 1),
        ((0.01,), 60.0, 2),  # a quick one whose answer takes three seconds hangs: the next may go
        ((1.0, 3.0), 2.5, 2),  # longer than anybody is waited for
    ],
)
def test_a_host_known_to_be_slow_is_not_given_more_at_once(
    usually: tuple[float, ...], patience: float, at_once: int
) -> None:
    async def work() -> None:
        watch = Watch(_throttle(jobs=9, per_host=1, interval=0, patience=patience))
        for seconds in usually * throttle.MIN_ANSWERS:
            await watch.request("h", _set_after(seconds))
        watch.peak.clear()
        async with asyncio.timeout(60):
            await asyncio.gather(*(watch.request("h", _set_after(3.0)) for _ in range(2)))
        assert watch.peak["h"] == at_once

    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(work())
