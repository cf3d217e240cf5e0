"""How the archive is asked: never faster than it allows, not at all while it wants a pause, briefly when it is gone."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cite_audit.errors import ArchivePausedError
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive.base import SystemClock
from cite_audit.resolve.archive.rate_limiter import RATES, RateLimiter, rate_class_at
from cite_audit.store import open_store
from tests.loopback.clock import VirtualClock
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import Answer, Asked, Capture, offline, too_many
from tests.resolve.archive.conftest import NEAR, Desk

LINKS = [CitedLink(f"https://news.example/{n}", NEAR) for n in range(600)]


def stock(desk: Desk, status: int = 200) -> None:
    for link in LINKS:
        desk.wayback.add(Capture(link.url, "20240114101112", status))


def test_no_minute_sees_more_playback_requests_than_allowed(desk: Desk) -> None:
    stock(desk)
    start = desk.clock.now
    answers = desk.answers(LINKS)
    assert all(answer.outcome is Archived.ARCHIVED for answer in answers.values())
    assert desk.wayback.most_in("playback") <= RATES["playback"]
    assert desk.clock.now - start < 1.2 * 600 / RATES["playback"] * 60


def test_no_minute_sees_more_index_requests_than_allowed(desk: Desk) -> None:
    for link in LINKS[:60]:
        desk.wayback.add(Capture(link.url, "20240114101112", 404))
    desk.answers(LINKS[:60])
    assert len(desk.wayback.asked("cdx")) == 60
    assert desk.wayback.most_in("cdx") <= RATES["cdx"]


def test_two_processes_share_one_rate() -> None:
    """Two limiters on one shelf are two processes on one store."""
    clock, starts = VirtualClock(), []
    shelf = MemoryShelf(clock.time)
    index = rate_class_at("cdx", "archive.example")

    async def process() -> None:
        limiter = RateLimiter(shelf, clock)
        for _ in range(30):
            await limiter.wait_for_turn(index)
            starts.append(clock.time())

    async def both() -> None:
        await asyncio.gather(process(), process())

    asyncio.run(both())
    starts.sort()
    assert all(later - first >= 60 for first, later in zip(starts, starts[24:], strict=False))


def test_a_429_stops_everybody_until_the_pause_is_over(desk: Desk) -> None:
    stock(desk)
    desk.wayback.trouble("playback", too_many(), times=1, after=100)
    answers = desk.answers(LINKS)
    assert all(answer.outcome is Archived.ARCHIVED for answer in answers.values())
    log = desk.wayback.asked("playback")
    refused = log[100].at
    assert sum(1 for one in log[101:] if one.at < refused + 60) <= 1


def test_a_pause_lasts_as_long_as_the_archive_asks(desk: Desk) -> None:
    stock(desk)
    desk.wayback.trouble("playback", too_many("300"), times=1)
    desk.answers(LINKS[:3])
    first, *rest = desk.wayback.asked("playback")
    assert all(one.at >= first.at + 300 for one in rest)


def test_pauses_grow_and_after_three_the_rest_is_unknown(desk: Desk) -> None:
    stock(desk)
    desk.wayback.trouble("playback", too_many())
    answers = desk.answers(LINKS)
    assert all(answer.outcome is Archived.UNKNOWN for answer in answers.values())
    assert all("rate limited" in answer.evidence[0] for answer in answers.values())
    times = [one.at for one in desk.wayback.asked("playback")]
    assert len(times) == 3
    assert times[1] - times[0] >= 60
    assert times[2] - times[1] >= 120


def test_a_pause_outlives_the_process(desk: Desk) -> None:
    stock(desk)
    desk.wayback.trouble("playback", too_many("3000"), times=1)
    assert desk.look(LINKS[0].url).outcome is Archived.UNKNOWN
    again = desk.look(LINKS[1].url)
    assert again.outcome is Archived.UNKNOWN
    assert "paused for another 50 min" in again.evidence[0]
    assert len(desk.wayback.asked()) == 1
    desk.clock.now += 3001
    assert desk.look(LINKS[1].url).outcome is Archived.ARCHIVED


def test_refused_connections_after_a_429_are_a_block_of_an_hour(desk: Desk) -> None:
    desk.wayback.trouble("playback", too_many(), times=1)

    def refuse(asked: Asked) -> Answer:
        desk.wayback.refuse()
        return Answer(drop=True)

    desk.wayback.trouble("playback", refuse)
    desk.look(LINKS[0].url)
    before = desk.exchanges
    assert desk.look(LINKS[1].url).outcome is Archived.UNKNOWN
    blocked = desk.look(LINKS[2].url)
    assert "paused" in blocked.evidence[0]
    assert desk.exchanges == 0
    assert before <= 5


def test_a_pause_written_by_a_wrong_clock_is_not_believed() -> None:
    clock = VirtualClock()
    shelf = MemoryShelf(clock.time)
    index = rate_class_at("cdx", "archive.example")
    shelf.put(index.name, '{"next": 9e12, "blocked_until": 9e12, "refused_at": 9e12, "blocks": 0, "why": ""}')
    asyncio.run(RateLimiter(shelf, clock).wait_for_turn(index))
    assert clock.now < VirtualClock().now + 120


def test_a_refusal_noted_by_a_clock_that_was_ahead_does_not_hide_the_next_one() -> None:
    clock = VirtualClock()
    shelf = MemoryShelf(clock.time)
    index = rate_class_at("cdx", "archive.example")
    ahead = clock.now + 3600
    shelf.put(index.name, f'{{"next": 0, "blocked_until": 0, "refused_at": {ahead}, "blocks": 0, "why": ""}}')
    RateLimiter(shelf, clock).record_refusal(index, clock.now - 1, retry_after=30)
    asyncio.run(RateLimiter(shelf, clock).wait_for_turn(index))
    assert clock.now >= VirtualClock().now + 60


def test_a_wall_clock_that_is_set_moves_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    before = clock.time()
    assert abs(before - time.time()) < 5
    monkeypatch.setattr("time.time", lambda: before - 86_400)
    assert 0 <= clock.time() - before < 60


@pytest.mark.parametrize(
    "state", ['{"tokens": 5}', "[" * 100_000, "5", '{"next": "x"}', '{"blocked_until": []}', '{"next": 1e400}']
)
def test_a_state_of_another_version_is_not_believed(state: str) -> None:
    clock = VirtualClock()
    before = clock.now
    shelf = MemoryShelf(clock.time)
    index = rate_class_at("cdx", "archive.example")
    shelf.put(index.name, state)
    asyncio.run(RateLimiter(shelf, clock).wait_for_turn(index))
    assert clock.now - before < 60


def test_an_archive_that_is_down_is_left_alone_soon(desk: Desk) -> None:
    desk.wayback.trouble("*", offline())
    answers = desk.answers(LINKS)
    assert all(answer.outcome is Archived.UNKNOWN for answer in answers.values())
    assert len(desk.wayback.asked("playback")) < 60


def test_an_archive_that_is_not_there_costs_seconds(desk: Desk) -> None:
    settings = replace(desk.settings, wayback="http://127.0.0.1:9", availability="http://127.0.0.1:9/available")
    start = desk.clock.now
    answers = desk.answers(LINKS, settings)
    assert all(answer.outcome is Archived.UNKNOWN for answer in answers.values())
    assert all("cannot be reached" in answer.evidence[0] for answer in answers.values())
    assert desk.exchanges < 60
    assert desk.clock.now - start < 10


def test_a_short_failure_is_tried_again(desk: Desk) -> None:
    stock(desk)
    desk.wayback.trouble("playback", offline(), times=1)
    assert desk.look(LINKS[0].url).outcome is Archived.ARCHIVED


@pytest.mark.parametrize("budget", [0.0, 5.0])
def test_what_the_budget_does_not_reach_is_unknown(desk: Desk, budget: float) -> None:
    stock(desk)
    answers = desk.answers(LINKS, replace(desk.settings, budget=budget))
    left = [answer for answer in answers.values() if answer.outcome is Archived.UNKNOWN]
    assert len(answers) == len(LINKS)
    assert len(left) >= len(LINKS) - 1 - budget * 8
    assert all(answer.evidence == ("wayback: the archive budget is spent",) for answer in left)


def test_a_pool_that_is_closed_says_why() -> None:
    limiter = RateLimiter(MemoryShelf(), VirtualClock())
    save = rate_class_at("save", "archive.example")
    limiter.stop_rate_class(save, "the daily quota is used up")
    with pytest.raises(ArchivePausedError, match="daily quota"):
        asyncio.run(limiter.wait_for_turn(save))


STARTS = """
import asyncio, sys, time
from cite_audit.resolve.archive import SystemClock
from cite_audit.resolve.archive.base import SystemClock
from cite_audit.resolve.archive.rate_limiter import RateClass, RateLimiter
from cite_audit.store import open_store

async def run():
    limiter = RateLimiter(open_store(sys.argv[1]).key_value_store("archive"), SystemClock())
    for _ in range(15):
        print(await limiter.wait_for_turn(RateClass("archive.example/cdx", 3000)))

asyncio.run(run())
"""


def test_real_processes_share_one_rate_through_the_store(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS, str(tmp_path / "store.db")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    starts = sorted(float(line) for process in running for line in process.communicate(timeout=60)[0].split())
    assert len(starts) == 30
    assert all(later - earlier > 0.0199 for earlier, later in itertools.pairwise(starts))


def test_a_store_that_cannot_be_written_costs_memory_only(desk: Desk, tmp_path: Path) -> None:
    """Without a store the answers are the same; they are only not remembered for the next run."""
    place = tmp_path / "store.db"
    place.mkdir()
    store = open_store(str(place))
    desk.shelf = store.key_value_store("archive")  # type: ignore[assignment]
    desk.wayback.add(Capture(LINKS[0].url, "20240114101112"))
    assert desk.look(LINKS[0].url).outcome is Archived.ARCHIVED
    store.close()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1:8080", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
    ],
)
def test_only_an_archive_on_this_machine_is_asked_without_pauses(host: str, here: bool) -> None:
    assert (rate_class_at("cdx", host).per_minute > RATES["cdx"]) is here
