"""Saving in the Wayback Machine: what it may say, and that nothing is saved twice or lost."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cite_audit.errors import UsageError
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.rate_limiter import RateLimiter
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.credentials import ArchiveKeys, find_keys
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.snapshot.wayback_save import WaybackSaver
from tests.loopback.clock import VirtualClock
from tests.loopback.fetching import PlainFetcher
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import Answer, LoopbackWayback, as_json, offline, page, too_many
from tests.loopback.wayback import Capture as Archived
from tests.loopback.wayback_save import Script

URL = "https://news.example/1"
KEYS = ArchiveKeys("access", "secret")
STAMP = "20251009080000"
START = datetime(2025, 10, 9, 8, tzinfo=UTC).timestamp()


class Killed(BaseException):
    """The process ends here."""


class Dying(PlainFetcher):
    """A fetcher whose process dies at the `at`-th exchange, before it is made or after it was."""

    def __init__(self, clock: VirtualClock, routes: Mapping[str, str], at: int, *, after: bool) -> None:
        super().__init__(clock, routes)
        self._at = at
        self._after = after

    async def fetch(self, request: Request) -> Reply:
        self._at -= 1
        if self._at == 0 and not self._after:
            raise Killed
        reply = await super().fetch(request)
        if self._at == 0:
            raise Killed
        return reply


class Desk:
    """Saves in a loopback Wayback Machine, with a journal that outlives each run."""

    def __init__(self, wayback: LoopbackWayback, clock: VirtualClock, journal: Path) -> None:
        self.wayback = wayback
        self.clock = clock
        self.path = journal
        self.shelf = MemoryShelf(clock.time)
        self.alive: set[str] = set()

    def save(
        self,
        urls: Sequence[str],
        keys: ArchiveKeys | None = KEYS,
        fetcher: PlainFetcher | None = None,
        budget: float | None = None,
    ) -> dict[str, Capture]:
        async def run() -> dict[str, Capture]:
            with Journal(self.path) as journal:
                async with fetcher or PlainFetcher(self.clock, self.wayback.routes) as way:
                    deadline = None if budget is None else self.clock.time() + budget
                    limiter = RateLimiter(self.shelf, self.clock, deadline)
                    asker = ArchiveClient(way, limiter, self.clock, lambda: 0.5)
                    saver = WaybackSaver(
                        self.wayback.url, asker, self.clock, journal, keys, is_alive=self.alive.__contains__
                    )
                    return {one.uri_r: one async for one in saver.save(urls)}

        return asyncio.run(run())

    def one(self, script: Script | None = None, keys: ArchiveKeys | None = KEYS) -> Capture:
        if script:
            self.wayback.save.scripts[URL] = script
        return self.save([URL], keys)[URL]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = VirtualClock(START)
    with LoopbackWayback(clock=clock.time, name="archive.example") as wayback:
        yield Desk(wayback, clock, tmp_path / "captures.journal")


def test_a_capture_is_submitted_polled_and_verified(desk: Desk) -> None:
    result = desk.one()
    assert result.outcome is Outcome.VERIFIED
    assert result.uri_m == f"{desk.wayback.url}/web/{STAMP}/{URL}"
    assert result.verified == "playback"
    assert result.sha256 == hashlib.sha256(desk.wayback.of(URL)[-1].body).hexdigest()
    assert result.attempts == 1


def test_without_keys_it_is_saved_anonymously(desk: Desk) -> None:
    assert desk.one(keys=None).outcome is Outcome.VERIFIED
    assert "authorization" not in desk.wayback.asked("save")[0].headers


PAGES = {
    "an archived 404": (Archived(URL, STAMP, 404), "status-404"),
    "a challenge": (Archived(URL, STAMP, body=b"<title>Just a moment...</title><p>wait</p>"), "challenge"),
    "the front page": (Archived(URL, STAMP, 302, b"", (("location", "/"),)), "redirect-to-root"),
}


@pytest.mark.parametrize("name", PAGES)
def test_success_is_no_success_when_the_page_was_not_captured(desk: Desk, name: str) -> None:
    desk.wayback.add(Archived("https://news.example/", STAMP))
    result = desk.one(Script(stored=PAGES[name][0]))
    assert result.outcome is Outcome.BAD
    assert result.code == PAGES[name][1]


def test_success_that_playback_does_not_show_is_unverified(desk: Desk) -> None:
    assert desk.one(Script(silent=True)).outcome is Outcome.UNVERIFIED
    desk.wayback.add(Archived(URL, STAMP))
    again = desk.one()
    assert again.outcome is Outcome.VERIFIED
    assert len(desk.wayback.asked("save")) == 1


def test_a_job_that_tells_of_another_address_is_verified_by_the_page_itself(desk: Desk) -> None:
    desk.wayback.add(Archived(URL, "20200101000000"))
    result = desk.one(Script(stored=Archived("https://news.example/favicon.ico", STAMP)))
    assert result.outcome is Outcome.UNVERIFIED


CODES = {
    "error:bad-gateway": (Outcome.FAILED, 3),
    "error:no-captures": (Outcome.FAILED, 3),
    "error:never-heard-of": (Outcome.FAILED, 3),
    "error:user-session-limit": (Outcome.UNKNOWN, 3),
    "error:max-daily-bandwidth": (Outcome.UNKNOWN, 1),
    "error:too-many-daily-captures": (Outcome.REFUSED, 1),
    "error:blocked-url": (Outcome.REFUSED, 1),
    "error:invalid-host-resolution": (Outcome.FAILED, 1),
    "error:not-found": (Outcome.FAILED, 1),
}


@pytest.mark.parametrize("refused", [True, False])
@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_outcome_whether_saving_or_the_job_says_it(desk: Desk, code: str, refused: bool) -> None:
    outcome, tries = CODES[code]
    result = desk.one(Script(refusal=code) if refused else Script(error=code))
    assert result.outcome is outcome
    assert result.code == code.removeprefix("error:")
    assert result.attempts == tries


def test_not_found_for_the_archive_but_alive_for_us_is_a_refusal(desk: Desk) -> None:
    desk.alive.add(URL)
    result = desk.one(Script(error="error:not-found"))
    assert result.outcome is Outcome.REFUSED
    assert result.code == "archiver-blocked"


def test_the_days_quota_stops_the_rest(desk: Desk) -> None:
    urls = [f"https://news.example/{n}" for n in range(6)]
    desk.wayback.save.scripts[urls[0]] = Script(refusal="error:max-daily-bandwidth")
    results = desk.save(urls)
    assert {one.outcome for one in results.values()} == {Outcome.UNKNOWN}
    assert len(desk.wayback.asked("save")) == 1


MESSAGES = {
    "delayed": Script(message="The capture will start in ~1 minute because our service is currently overloaded."),
    "recent": Script(message="The same snapshot had been made 5 minutes ago. You can make new capture after 1 hour."),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_with_a_job_is_followed(desk: Desk, name: str) -> None:
    assert desk.one(MESSAGES[name]).outcome is Outcome.VERIFIED


def test_a_recent_capture_without_a_job_is_looked_up(desk: Desk) -> None:
    desk.wayback.add(Archived(URL, "20251009075500"))
    result = desk.one(Script(message="The same snapshot had been made 5 minutes ago.", no_job=True))
    assert result.outcome is Outcome.VERIFIED
    assert result.uri_m.endswith(f"/web/20251009075500/{URL}")


def test_a_recent_capture_that_is_not_there_is_no_success(desk: Desk) -> None:
    result = desk.one(Script(message="The same snapshot had been made 5 minutes ago.", no_job=True))
    assert result.outcome is Outcome.UNVERIFIED


def test_wrong_keys_are_said_once_and_nothing_more_is_sent(desk: Desk) -> None:
    urls = [f"https://news.example/{n}" for n in range(4)]
    results = desk.save(urls, ArchiveKeys("wrong", "hush-hush"))
    assert {one.outcome for one in results.values()} == {Outcome.UNKNOWN}
    assert len(desk.wayback.asked("save")) == 1
    assert "hush-hush" not in desk.path.read_text()
    assert "hush-hush" not in repr(results)
    assert desk.save(urls)[URL].outcome is Outcome.VERIFIED


ODD = {
    "HTML instead of JSON": page(200, "Save Page Now"),
    "truncated JSON": Answer(200, b'{"url": "ht'),
    "a list": as_json([]),
    "neither job nor reason": as_json({"url": URL}),
    "520": Answer(520),
    "523": Answer(523),
    "dropped": Answer(drop=True),
}


@pytest.mark.parametrize("name", ODD)
def test_after_an_odd_answer_the_page_is_looked_up_before_it_is_saved_again(desk: Desk, name: str) -> None:
    def saved_but_silent(asked: object) -> Answer:
        desk.wayback.add(Archived(URL, STAMP))
        return ODD[name]

    desk.wayback.trouble("save", saved_but_silent)
    result = desk.one()
    assert result.outcome is Outcome.VERIFIED
    assert len(desk.wayback.asked("save")) == 1


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_for_ever_end_as_unknown(desk: Desk, name: str) -> None:
    desk.wayback.trouble("save", ODD[name])
    assert desk.one().outcome is Outcome.UNKNOWN
    assert len(desk.wayback.asked("save")) <= 3


def test_a_429_on_saving_pauses_and_goes_on(desk: Desk) -> None:
    desk.wayback.trouble("save", too_many(), times=1)
    start = desk.clock.now
    assert desk.one().outcome is Outcome.VERIFIED
    assert desk.clock.now - start >= 60


def test_polling_survives_trouble(desk: Desk) -> None:
    desk.wayback.trouble("status", offline(), times=2)
    desk.wayback.trouble("status", page(200, "Hm"), times=1)
    assert desk.one().outcome is Outcome.VERIFIED


def test_a_job_that_never_ends_is_pending_and_taken_up_again(desk: Desk) -> None:
    assert desk.one(Script(polls=10_000)).outcome is Outcome.PENDING
    assert desk.clock.now - START >= 3600
    desk.wayback.save.scripts[URL].polls = 0
    assert desk.one().outcome is Outcome.VERIFIED
    assert len(desk.wayback.asked("save")) == 1


@pytest.mark.parametrize(("keys", "pool"), [(KEYS, "save"), (None, "save-anonymous")])
def test_saving_keeps_the_documented_rate_and_polls_all_jobs_at_once(
    desk: Desk, keys: ArchiveKeys | None, pool: str
) -> None:
    urls = [f"https://news.example/{n}" for n in range(24)]
    results = desk.save(urls, keys)
    assert {one.outcome for one in results.values()} == {Outcome.VERIFIED}
    assert desk.wayback.most_in("save") <= {"save": 7, "save-anonymous": 3}[pool]  # the archive's own limits
    polls = desk.wayback.asked("status")
    assert desk.wayback.most_in("status") <= 11
    assert all(one.method == "POST" for one in polls)


def set_real_limits(desk: Desk, **limits: int) -> list[str]:
    """Sixty pages, and an archive with its real limits: captures take 30 s, and each tenth waits in its queue."""
    save = desk.wayback.save
    save.capture_seconds = 30.0
    for name, value in limits.items():
        setattr(save, name, value)
    urls = [f"https://news.example/{n}" for n in range(60)]
    delayed = Script(message="The capture will start in ~2 minutes because our service is currently overloaded.")
    save.scripts |= dict.fromkeys(urls[::10], delayed)
    return urls


def test_sixty_pages_meet_no_limit_of_the_archive(desk: Desk) -> None:
    urls = set_real_limits(desk)
    results = desk.save(urls)
    assert {one.outcome for one in results.values()} == {Outcome.VERIFIED}
    assert desk.wayback.save.refused == 0
    assert desk.clock.now - START < 60 / 5.6 * 60 + 200


@pytest.mark.parametrize("limits", [{"per_minute": 4}, {"sessions": 3}], ids=["rate", "sessions"])
def test_sixty_pages_are_saved_beside_another_user_of_the_account(desk: Desk, limits: dict[str, int]) -> None:
    """Less is let through than the documentation says: pauses cure it, and nothing ends as not known."""
    urls = set_real_limits(desk, **limits)
    results = desk.save(urls)
    assert {one.outcome for one in results.values()} == {Outcome.VERIFIED}
    assert all(desk.wayback.save.saved(url) == 1 for url in urls)
    assert 0 < desk.wayback.save.refused < 60


def test_the_daily_limit_of_anonymous_users_ends_the_run_at_once(desk: Desk) -> None:
    urls = set_real_limits(desk, anonymous_daily=20, per_minute=3)
    results = desk.save(urls, keys=None)
    assert sum(one.outcome is Outcome.VERIFIED for one in results.values()) == 20
    assert {one.code for one in results.values() if one.outcome is Outcome.UNKNOWN} == {"daily-limit", "paused"}
    assert desk.wayback.save.refused == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 12))
def test_killed_at_any_exchange_nothing_is_saved_twice_and_nothing_is_lost(desk: Desk, at: int, after: bool) -> None:
    urls = [f"https://news.example/{n}" for n in range(3)]
    with pytest.raises(Killed):
        desk.save(urls, fetcher=Dying(desk.clock, desk.wayback.routes, at, after=after))
    desk.path.write_bytes(desk.path.read_bytes() + b'{"uri_r": "https://news.exa')  # and half a line
    done = {json.loads(line)["uri_r"] for line in desk.path.read_text().splitlines() if "archived_verified" in line}
    finish_jobs(desk)
    results = desk.save([url for url in urls if url not in done])
    assert {one.outcome for one in results.values()} <= {Outcome.VERIFIED}
    assert [desk.wayback.save.saved(url) for url in urls] == [1, 1, 1]


def finish_jobs(desk: Desk) -> None:
    """The archive goes on while nobody asks: every job ends."""
    for job in desk.wayback.save.jobs.values():
        if job.done is None and not any(one.timestamp == STAMP for one in desk.wayback.of(job.url)):
            desk.wayback.add(Archived(job.url, STAMP))
            job.script = replace(job.script, polls=0, silent=True)


def test_two_runs_do_not_share_a_journal(desk: Desk) -> None:
    with Journal(desk.path), pytest.raises(UsageError, match="another run"):
        Journal(desk.path)


def test_a_journal_that_cannot_be_written_is_said_before_anything_is_saved(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        Journal(tmp_path)


def test_a_journal_is_read_over_damage(tmp_path: Path) -> None:
    at = datetime(2025, 10, 9, tzinfo=UTC)
    entry = Capture(URL, "wayback", Outcome.VERIFIED, at, captured_at=at - timedelta(minutes=1))
    with Journal(tmp_path / "j") as journal:
        journal.write(entry)
    (tmp_path / "j").write_bytes((tmp_path / "j").read_bytes() + b'\x00\xff\n{"uri_r": 3}\n{"half')
    with Journal(tmp_path / "j") as journal:
        assert journal.get("wayback", URL) == entry
        assert journal.entries("wayback") == [entry]


def test_keys_come_from_the_environment_and_are_never_shown() -> None:
    found = find_keys({"IA_ACCESS_KEY_ID": "a", "IA_SECRET_ACCESS_KEY": "hush-hush"})
    assert found == ArchiveKeys("a", "hush-hush")
    assert "hush-hush" not in repr(found)
    assert find_keys({}) is None


@pytest.mark.parametrize("outcome", [Outcome.SUBMITTING, Outcome.PENDING])
def test_a_journal_in_the_future_costs_no_more_than_the_usual_wait(desk: Desk, outcome: Outcome) -> None:
    desk.one()  # the archive has a job of that page
    later = datetime.fromtimestamp(desk.clock.time(), UTC) + timedelta(days=2)
    with Journal(desk.path) as journal:
        entry = journal.get("wayback", URL)
        assert entry is not None
        journal.write(
            replace(entry, outcome=outcome, at=later, job_id=entry.job_id if outcome is Outcome.PENDING else "")
        )
    before = desk.clock.time()
    assert desk.one().outcome is Outcome.VERIFIED
    assert desk.clock.time() - before < 300


def test_the_archive_budget_ends_the_wait_for_a_capture_that_may_not_come(desk: Desk) -> None:
    desk.wayback.trouble("save", Answer(200, b"<html>no job here</html>"), times=9)
    before = desk.clock.time()
    result = desk.save([URL], budget=20.0)[URL]
    assert result.outcome is Outcome.UNKNOWN
    assert "budget" in result.message
    assert desk.clock.time() - before <= 22


def test_the_archive_budget_leaves_jobs_pending_for_the_next_run(desk: Desk) -> None:
    desk.wayback.save.scripts[URL] = Script(polls=10_000)
    before = desk.clock.time()
    assert desk.save([URL], budget=20.0)[URL].outcome is Outcome.PENDING
    assert desk.clock.time() - before <= 22


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"job_id":' * 50_000, b"1" * 6000, b'{"job_id": {}}'])
def test_an_answer_that_no_reader_bears_ends_that_page_alone(desk: Desk, body: bytes) -> None:
    other = "https://news.example/2"
    desk.wayback.trouble("save", Answer(200, body), times=1)
    results = desk.save([URL, other], budget=600.0)
    assert {results[URL].outcome, results[other].outcome} >= {Outcome.VERIFIED}
    assert set(results) == {URL, other}
