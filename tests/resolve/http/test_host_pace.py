"""The pace of a host: step by step up to six at once and 20 a second, down by half, kept and aged in the store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from itertools import pairwise, repeat

import pytest

from cite_audit.config.settings import Network
from cite_audit.model import Failure, FailureKind
from cite_audit.resolve.check.base import Reply
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.host_pace import HostPace, HostPaces, pace_bounds
from cite_audit.store.key_value import MemoryKeyValueStore
from tests.loopback.clock import HurriedLoop

HOST = "h"
ADAPTIVE = pace_bounds(None, None, polite=False)
DAY = 86400.0
Answer = Callable[[int], Reply]  # the n-th request's, which takes as long as it says


def _page(seconds: float = 0.1, status: int = 200) -> Reply:
    return Reply("http://h/", status=status, elapsed=seconds)


def _failure(kind: FailureKind) -> Reply:
    return Reply("http://h/", failure=Failure(kind), elapsed=0.1)


class Traffic:
    """What a host saw: when each request started, and how many were under way at most."""

    def __init__(self, network: Network | None = None) -> None:
        self.network = network or Network()
        self.starts: list[float] = []
        self.now = self.most_at_once = 0
        self.pace: HostPace | None = None

    def ask(self, requests: int, answer: Answer, late: float = 0.0) -> Traffic:
        """So many links of one host, all at hand from the start, by a clock of their own, whose timers may be late."""
        with asyncio.Runner(loop_factory=lambda: HurriedLoop(late)) as runner:
            runner.run(self._ask_all(requests, answer))
        return self

    async def _ask_all(self, requests: int, answer: Answer) -> None:
        async with Client(self.network) as client:
            await asyncio.gather(*(self._ask_one(client, number, answer) for number in range(requests)))
            self.pace = client.throttle.host_paces.pace_of(HOST)

    async def _ask_one(self, client: Client, number: int, answer: Answer) -> None:
        async with client.throttle.request_turn(HOST):
            self.starts.append(asyncio.get_running_loop().time())
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
            reply = answer(len(self.starts))
            is_over = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(reply.elapsed, is_over.set_result, None)
            await is_over
            client.apply_pause(HOST, reply)
            self.now -= 1

    @property
    def seconds(self) -> float:
        return self.starts[-1] - self.starts[0]

    def most_within(self, seconds: float) -> int:
        return max(sum(start <= later < start + seconds for later in self.starts) for start in self.starts)


def _grown_pace(answers: Iterable[float] = repeat(0.1, 200)) -> HostPace:
    pace = HostPace(ADAPTIVE, ADAPTIVE.at_once, ADAPTIVE.rate)
    for seconds in answers:
        pace.record_answer(seconds)
    return pace


def test_586_links_of_one_fast_host_take_half_as_long_and_never_more_than_six_or_twenty() -> None:
    traffic = Traffic().ask(586, lambda _: _page(0.25))
    assert traffic.most_at_once == 6
    assert traffic.most_within(1.0) <= 21  # 20 a second: both ends of a second count
    assert 29 < traffic.seconds < 33
    polite = Traffic(Network(polite=True)).ask(586, lambda _: _page(0.15))
    assert polite.most_at_once == 2
    assert 58 < polite.seconds < 59


def test_the_first_requests_go_at_todays_pace() -> None:
    traffic = Traffic().ask(16, lambda _: _page(0.3))
    gaps = [later - sooner for sooner, later in pairwise(traffic.starts[:8])]
    assert min(gaps) > 0.099
    assert traffic.most_at_once <= 3


@pytest.mark.parametrize(("answers", "expected"), [(7, (2, 10)), (8, (3, 12.5)), (16, (4, 15)), (32, (6, 20))])
def test_eight_fast_answers_are_one_step(answers: int, expected: tuple[int, float]) -> None:
    pace = _grown_pace(repeat(0.1, answers))
    assert (pace.at_once, pace.rate) == expected


@pytest.mark.parametrize(("seconds", "at_once"), [(0.5, 6), (0.51, 2)])
def test_a_host_that_takes_more_than_half_a_second_is_asked_no_faster(seconds: float, at_once: int) -> None:
    assert _grown_pace(repeat(seconds, 80)).at_once == at_once


@pytest.mark.parametrize(("late", "at_once"), [(0.4, 6), (0.0, 2)])
def test_what_a_busy_process_is_late_by_is_not_the_hosts(late: float, at_once: int) -> None:
    traffic = Traffic().ask(160, lambda _: _page(0.6), late)
    assert traffic.pace
    assert traffic.pace.at_once == at_once


@pytest.mark.parametrize(
    "trouble",
    [
        _page(status=429),
        _page(status=503),
        _failure(FailureKind.RESET),
        _failure(FailureKind.REFUSED),
        _failure(FailureKind.EMPTY_REPLY),
    ],
    ids=str,
)
def test_a_refusal_or_a_reset_halves(trouble: Reply) -> None:
    traffic = Traffic().ask(60, lambda number: trouble if number == 60 else _page())
    assert traffic.pace
    assert (traffic.pace.at_once, traffic.pace.rate) == (3, 10)


def test_after_429_a_host_is_asked_no_faster_but_after_a_reset_it_is() -> None:
    def pace_after(trouble: Reply) -> int:
        traffic = Traffic().ask(120, lambda number: trouble if number == 40 else _page())
        assert traffic.pace
        return traffic.pace.at_once

    assert pace_after(_page(status=429)) == 3
    assert pace_after(_failure(FailureKind.RESET)) == 6


@pytest.mark.parametrize(("slow", "expected"), [(0.3, 6), (0.31, 3)])
def test_answers_more_than_twice_as_slow_and_a_tenth_of_a_second_halve(slow: float, expected: int) -> None:
    pace = _grown_pace()
    for _ in range(8):
        pace.record_answer(slow)
    assert pace.at_once == expected


def test_some_slow_pages_are_no_slow_host() -> None:
    pace = _grown_pace([0.1, 0.1, 4.0, 0.1, 0.1, 9.0, 0.1, 0.1] * 10)
    assert pace.at_once == 6


def test_a_page_that_is_not_there_is_an_answer_and_a_dead_name_is_none() -> None:
    missing = Traffic().ask(60, lambda _: _page(status=404))
    nameless = Traffic().ask(60, lambda _: _failure(FailureKind.DNS_NO_NAME))
    assert missing.most_at_once > 1
    assert missing.pace
    assert missing.pace.at_once == 6
    assert nameless.pace
    assert nameless.pace.at_once == 2


def test_no_halving_asks_slower_than_at_the_start() -> None:
    pace = _grown_pace([])
    pace.halve()
    assert (pace.at_once, pace.rate) == (2, 10)


@pytest.mark.parametrize("polite", [False, True])
def test_what_was_set_is_kept_to(polite: bool) -> None:
    traffic = Traffic(Network(per_host=3, host_interval=0.2, polite=polite)).ask(60, lambda _: _page(0.5))
    assert traffic.most_at_once == 3
    assert traffic.seconds == pytest.approx(59 * 0.2, abs=0.2)
    assert Traffic(Network(per_host=0, host_interval=0.0, polite=polite)).ask(60, lambda _: _page()).most_at_once == 60


def test_a_setting_of_one_leaves_the_other_free() -> None:
    assert pace_bounds(1, None, polite=False) == (1, 10, 1, 20)
    assert pace_bounds(None, 0.5, polite=False) == (2, 2, 6, 2)


def _kept(store: MemoryKeyValueStore, age: float) -> HostPace:
    paces = HostPaces(ADAPTIVE, clock=lambda: age)
    paces.store = store
    return paces.pace_of(HOST)


def _store_after(work: Callable[[HostPace], None]) -> MemoryKeyValueStore:
    store = MemoryKeyValueStore()
    paces = HostPaces(ADAPTIVE, clock=lambda: 0.0)
    paces.store = store
    work(paces.pace_of(HOST))
    paces.keep_paces()
    return store


def _grow(pace: HostPace) -> None:
    for _ in range(80):
        pace.record_answer(0.1)


@pytest.mark.parametrize(("age", "expected"), [(0, (6, 20)), (7 * DAY, (4, 15)), (21 * DAY, (2, 11.25))])
def test_a_new_run_begins_where_the_store_left_off_and_nearer_to_the_start_the_older_that_is(
    age: float, expected: tuple[int, float]
) -> None:
    pace = _kept(_store_after(_grow), age)
    assert (pace.at_once, pace.rate) == expected


def test_a_host_that_refused_is_remembered_for_a_day() -> None:
    store = _store_after(lambda pace: pace.halve(refused=True))
    ((_, until),) = store.values.values()
    kept = _kept(store, 60.0)
    _grow(kept)
    assert kept.at_once == 2
    assert until


def test_a_host_that_gave_no_reason_is_not_kept() -> None:
    assert not _store_after(lambda pace: pace.record_answer(0.1)).values


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"at": 0}',
        '{"at": 0, "at_once": 900, "rate": NaN, "refused": false}',
        '{"at": 0, "at_once": -1e999, "rate": 1e999, "refused": 0}',
        "{",
        "[" * 100_000,
    ],
)
def test_nonsense_in_the_store_is_within_the_bounds(text: str) -> None:
    store = MemoryKeyValueStore()
    store.put(HOST, text)
    pace = _kept(store, 0.0)
    assert 2 <= pace.at_once <= 6
    assert 10 <= pace.rate <= 20


def test_a_run_keeps_what_it_learned_in_its_store_as_json() -> None:
    store = _store_after(_grow)
    assert json.loads(store.get(HOST) or "")["at_once"] == 6
