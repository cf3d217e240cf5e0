"""The store keeps what was seen through kills, damage, full disks and other processes."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.errors import StoreError
from cite_audit.model import Failure, FailureKind, Health, Hop, Probe, Reason, RuleObservation, Verdict
from cite_audit.store import Store, open_store
from cite_audit.store.database import APPLICATION_ID, MIGRATIONS, default_path, prepare_database
from cite_audit.store.maintenance import clear_store, measure_store, prune_store
from cite_audit.store.serialization import decode_looks, decode_verdict, encode_verdict
from tests.loopback.raw import RawServer, Step, ok
from tests.resolve.checking import check, said

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROBE = Probe(
    "https://a.test/x",
    NOW,
    status=200,
    final_url="https://a.test/y",
    hops=(Hop("https://a.test/x", 301, "/y"),),
    failure=Failure(FailureKind.RESET, "in the body"),
    headers=(("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2")),
    body="<p>страница</p>".encode(),
    truncated=False,
    elapsed=0.25,
    profile="browser",
    attempts=2,
    flags=("lenient-parser",),
)
VERDICT = Verdict(
    "https://a.test/x",
    Health.ALIVE,
    Reason.MOVED_PERMANENTLY,
    confidence=0.9,
    evidence=("it moved", "и переехала"),
    probe=PROBE,
    detail="path",
    moved_to="https://a.test/y",
    checked_at=NOW,
    attempts=2,
)


def test_the_rule_behind_an_observation_is_kept() -> None:
    observation = RuleObservation("the page offers the domain for sale", "rule for-sale; wording of parking pages")
    verdict = replace(VERDICT, evidence=(observation, "it moved"))
    with_rule, plain = decode_verdict(verdict.url, encode_verdict(verdict, ())[0]).evidence
    assert isinstance(with_rule, RuleObservation)
    assert (with_rule, with_rule.statement, with_rule.rule) == (observation, observation.statement, observation.rule)
    assert plain == "it moved"


def back(*probes: Probe) -> list[Probe]:
    """The looks as they come out of the store's texts again."""
    document, pages = encode_verdict(VERDICT, [("page", probe) for probe in probes])
    looks = decode_looks(document, pages)
    assert looks is not None
    return [probe for _, probe in looks]


def test_looks_come_back_as_they_were_seen() -> None:
    second = replace(PROBE, profile="plain", body=b"another page", failure=None)
    silent = replace(PROBE, body=b"")
    assert back(PROBE, silent, second) == [PROBE, silent, second]


@given(st.binary(max_size=2000), st.text(st.characters(codec=None, exclude_categories=()), max_size=50))
def test_any_body_and_any_text_come_back(body: bytes, text: str) -> None:
    probe = Probe("http://a.test/", NOW, status=200, headers=(("x", text),), body=body)
    assert back(probe) == [probe]


def test_a_verdict_comes_back_without_the_page_and_marked_as_kept() -> None:
    for looks in ([], [("page", replace(PROBE, profile="plain")), ("page", PROBE)]):
        kept = decode_verdict(VERDICT.url, encode_verdict(VERDICT, looks)[0])
        assert kept == replace(VERDICT, probe=replace(PROBE, body=b""), from_cache=True)


def test_what_was_kept_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "store.sqlite")
    store = open_store(path)
    store.begin_run()
    store.save_verdict(VERDICT, "basis", [("page", PROBE)])
    store.close()
    again = open_store(path)
    kept = again.load_verdicts([VERDICT.url, "http://other.test/"])
    assert list(kept) == [VERDICT.url]
    assert kept[VERDICT.url].basis == "basis"
    seen = again.load_looks(VERDICT.url)
    assert seen
    assert seen.looks == (("page", PROBE),)
    assert again.load_looks("http://other.test/") is None
    assert [(health, reason) for _, health, reason in again.load_history([VERDICT.url])[VERDICT.url]] == [
        ("alive", "moved-permanently")
    ]
    assert again.remarks == []
    again.close()
    again.close()


def test_a_shelf_is_shared_and_forgets_in_time(tmp_path: Path) -> None:
    for path in (None, str(tmp_path / "store.sqlite")):
        store = open_store(path)
        shelf = store.key_value_store("wayback")
        shelf.put("a", "1")
        shelf.put("gone", "1", keep=-1.0)
        assert (shelf.get("a"), shelf.get("gone"), shelf.get("b")) == ("1", None, None)
        assert shelf.update("n", lambda old: str(int(old or 0) + 1)) == "1"
        assert shelf.update("n", lambda old: str(int(old or 0) + 1)) == "2"
        assert store.key_value_store("other").get("a") is None
        shelf.put("r\udce9port.md", "1")  # a file's name that is not UTF-8
        assert shelf.get("r\udce9port.md") == "1"
        with pytest.raises(ZeroDivisionError):
            shelf.update("n", lambda old: str(1 // 0))
        assert shelf.get("n") == "2"
        store.close()


FOREIGN = [b"not a database, just words " * 100, b"SQLite format 3\x00" + b"\xff" * 5000]


@pytest.fixture
def own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the store is when nobody names a place."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    default_path().parent.mkdir()
    return default_path()


@pytest.mark.parametrize("content", [*FOREIGN, b""])
def test_what_is_in_the_stores_own_place_is_moved_aside_and_the_run_goes_on(own_place: Path, content: bytes) -> None:
    own_place.write_bytes(content)
    store = open_store("")
    store.save_verdict(VERDICT, "b")
    store.close()
    aside = list(own_place.parent.glob("store.sqlite.damaged-*"))
    if content:
        assert "damaged" in store.remarks[0]
        assert aside[0].read_bytes() == content
    again = open_store("")
    assert list(again.load_verdicts([VERDICT.url])) == [VERDICT.url]
    again.close()


def of_another_program(path: Path, journal: str = "DELETE") -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA journal_mode = {journal}")
        db.execute("CREATE TABLE verdict (mine TEXT)")
    db.close()


@pytest.mark.parametrize("content", [*FOREIGN, "DELETE", "WAL"])
def test_a_named_file_that_is_not_ours_is_not_touched(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(content) if isinstance(content, bytes) else of_another_program(path, content)
    before = path.read_bytes()
    store = open_store(str(path))
    store.save_verdict(VERDICT, "b")
    store.key_value_store("x").put("k", "v")
    assert (store.load_verdicts([VERDICT.url]), store.key_value_store("x").get("k")) == ({}, "v")
    store.close()
    assert "left as it is" in store.remarks[0]
    for look_after in (measure_store, clear_store, lambda place: prune_store(place, 0.0)):
        with pytest.raises(StoreError, match="no store of cite-audit"):
            look_after(path)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("notes.md", before)]


def test_a_store_of_another_process_is_used_before_its_tables_are_in_the_file(tmp_path: Path) -> None:
    first = open_store(str(tmp_path / "store.sqlite"))
    first.save_verdict(VERDICT, "b")
    second = open_store(str(tmp_path / "store.sqlite"))
    second.close()
    first.close()
    assert first.remarks + second.remarks == []


def test_a_damaged_store_of_ours_is_moved_aside_wherever_it_is_but_not_by_cache(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    prepare_database(path)
    damaged = path.read_bytes()[:4096] + b"\xff" * 40_000
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="malformed"):
        measure_store(path)
    assert path.read_bytes() == damaged
    store = open_store(str(path))
    store.close()
    assert "damaged" in store.remarks[0]
    (aside,) = tmp_path.glob("store.sqlite.damaged-*")
    assert aside.read_bytes() == damaged


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    prepare_database(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(StoreError, match="newer"):
        prepare_database(path)
    store = open_store(str(path))
    store.save_verdict(VERDICT, "b")
    assert store.load_verdicts([VERDICT.url]) == {}
    store.close()
    assert "newer" in store.remarks[0]
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_an_older_schema_is_brought_up_to_date_and_its_history_stays(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(f"{MIGRATIONS[0]}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")
        db.execute("INSERT INTO history VALUES ('http://a.test/', 1.0, 1, 'broken', 'not-found', 404)")
        db.execute("INSERT INTO verdict VALUES ('http://a.test/', 1.0, 1, 'b', 'not-found', '{}')")
    db.close()
    store = open_store(str(path))
    assert store.load_history(["http://a.test/"]) == {
        "http://a.test/": [(datetime.fromtimestamp(1, UTC), Health.BROKEN, Reason.NOT_FOUND)]
    }
    store.save_verdict(VERDICT, "b")
    store.close()
    assert store.remarks == []
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


def test_a_directory_in_the_way_costs_the_store_and_not_the_run(tmp_path: Path) -> None:
    with RawServer(page) as server:
        url = server.url("/")
        result = check([url], store=str(tmp_path))
    assert said(result) == {url: "alive ok"}
    assert "store" in result.remarks[0]


def test_a_full_store_forgets_its_oldest_pages_and_nothing_else(tmp_path: Path) -> None:
    path, most = tmp_path / "store.sqlite", 400_000
    urls = [f"http://a.test/{number}" for number in range(60)]
    for _ in range(4):
        store = Store(path, most)
        store.begin_run()
        for url in urls:
            probe = Probe(url, NOW, status=200, body=os.urandom(20_000))
            store.save_verdict(Verdict(url, Health.UNKNOWN, Reason.TIMEOUT, probe=probe), "b", [("page", probe)])
        store.key_value_store("x").put("k", "v" * 50_000)
        store.close()
        assert store.remarks == []
    assert path.stat().st_size <= most
    assert measure_store(path).rows["run"] == 4
    store = Store(path, most)
    assert [len(store.load_history([url])[url]) for url in urls] == [4] * 60
    assert len(store.load_verdicts(urls)) == 60
    assert store.key_value_store("x").get("k")
    seen = [found.looks is not None for url in urls if (found := store.load_looks(url))]
    assert seen == sorted(seen)  # those seen last are the ones that are left
    assert 5 <= sum(seen) < 30
    store.close()


def test_only_the_last_looks_at_a_link_are_kept(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.sqlite"))
    for number in range(9):
        store.save_verdict(VERDICT, "b", [("page", replace(PROBE, body=b"%d" % number))])
    store.save_verdict(replace(VERDICT, url="http://b.test/"), "b", [("page", PROBE)])
    store.close()
    assert measure_store(tmp_path / "store.sqlite").rows == {
        "verdict": 2,
        "history": 10,
        "page": 2,
        "run": 0,
        "shelf": 0,
    }


def test_what_fits_in_no_way_costs_the_store_and_not_the_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite", most_bytes=100_000)
    store.begin_run()
    store.save_verdict(replace(VERDICT, evidence=("long " * 100_000,)), "b")
    store.key_value_store("x").put("k", "v" * 500_000)
    assert store.key_value_store("x").get("k")
    store.close()
    assert "full" in " ".join(store.remarks)


def test_one_verdict_that_cannot_be_written_takes_no_other_with_it(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.sqlite"))
    store.save_verdict(VERDICT, "b")
    store.save_verdict(replace(VERDICT, url="http://a.test/\ud800"), "b")
    store.save_verdict(replace(VERDICT, url="http://b.test/"), "b")
    store.close()
    assert "could not be kept" in store.remarks[0]
    again = open_store(str(tmp_path / "store.sqlite"))
    asked = [VERDICT.url, "http://a.test/\ud800", "http://b.test/"]
    assert set(again.load_verdicts(asked)) == set(again.load_history(asked)) == {VERDICT.url, "http://b.test/"}
    again.close()


def test_a_row_somebody_else_wrote_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = open_store(str(path))
    store.save_verdict(VERDICT, "b")
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE verdict SET document = ?", ('{"health": "splendid"}',))
    db.close()
    again = open_store(str(path))
    assert again.load_verdicts([VERDICT.url]) == {}
    assert again.load_looks(VERDICT.url) is None
    again.close()


FOREIGN_VALUES = (
    *("x", b"\xff\0", -1, 2**62, 1e300, float("inf"), "[" * 100_000, "[]", b"[]", b"{}", b'{"looks": 5}'),
    b'{"health": "alive", "reason": "ok", "confidence": 1, "evidence": [], "state": "confirmed", "attempts": 1e400}',
)
COLUMNS = ("verdict.at", "verdict.basis", "verdict.document", "history.at", "history.health", "history.reason")


@pytest.mark.parametrize("column", [*COLUMNS, "history.status", "page.at", "page.bodies", "shelf.value", "shelf.until"])
def test_a_value_that_is_not_ours_is_as_good_as_none(tmp_path: Path, column: str) -> None:
    path = tmp_path / "store.sqlite"
    store = open_store(str(path))
    store.save_verdict(VERDICT, "b", [("page", PROBE)])
    store.key_value_store("reports").put("r.md", '{"https://a.test/x": []}', 1e6)
    store.close()
    table, _, name = column.partition(".")
    store = open_store(str(path))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for value in FOREIGN_VALUES:
            db.execute(f"UPDATE {table} SET {name} = ?", (value,))
            is_time = name == "at" and value == -1
            is_verdict_read = column not in ("verdict.at", "verdict.document") or is_time
            assert bool(store.load_verdicts([VERDICT.url])) == is_verdict_read
            assert bool(store.load_history([VERDICT.url])) == (column not in COLUMNS[3:] or is_time)
            store.load_looks(VERDICT.url)
            store.key_value_store("reports").get("r.md")
    store.close()
    assert store.remarks == []
    assert measure_store(path).rows["verdict"] == 1


def test_a_clock_that_jumped_makes_nothing_fresh(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with RawServer(page) as server:
        url = server.url("/")
        check([url], store=str(path))
        with sqlite3.connect(path) as db:
            db.execute("UPDATE verdict SET at = at + ?", (timedelta(days=400).total_seconds(),))
            db.execute("UPDATE history SET at = at + ?", (timedelta(days=400).total_seconds(),))
        db.close()
        result = check([url], store=str(path))
        assert len(server.requests) == 2
    assert said(result) == {url: "alive ok"}
    assert not result.verdicts[url].from_cache


SEVERAL = """
import sys
from cite_audit.store import open_store
store = open_store(sys.argv[1])
shelf = store.key_value_store("count")
for _ in range(100):
    shelf.update("n", lambda old: str(int(old or 0) + 1))
store.close()
print(store.remarks)
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")
    command = [sys.executable, "-c", SEVERAL, path]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == ["[]"] * 4
    store = open_store(path)
    assert store.key_value_store("count").get("n") == "400"
    store.close()


def page(head: bytes, number: int) -> Iterable[Step]:
    return [ok(b"<title>Bridge</title><p>" + b"The bridge is open again. " * 60, b"Content-Type: text/html")]


RUN = """
import sys
from tests.resolve.checking import check
check(sys.argv[2:], store=sys.argv[1], per_host=1, host_interval=0.0)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_at_any_moment_only_the_unfinished_is_asked_again(tmp_path: Path, how: signal.Signals) -> None:
    path = str(tmp_path / "store.sqlite")

    def slowly(head: bytes, number: int) -> Iterable[Step]:
        return [0.02, *page(head, number)]

    with RawServer(slowly) as server:
        urls = [server.url(f"/{n}") for n in range(120)]
        process = subprocess.Popen([sys.executable, "-c", RUN, path, *urls])
        assert server.await_requests(60)
        process.send_signal(how)
        process.wait(timeout=20)
        seen = len(server.requests)
        assert 60 <= seen < 120
        result = check(urls, store=path)
        assert Counter(said(result).values()) == {"alive ok": 120}
        kept = sum(verdict.from_cache for verdict in result.verdicts.values())
        assert kept >= seen - 15  # what came in the last tenth of a second may be asked twice
        assert len(server.requests) - seen == 120 - kept


def test_old_entries_are_pruned_and_all_cleared(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = open_store(str(path))
    store.save_verdict(VERDICT, "b", [("page", PROBE)])
    store.key_value_store("x").put("old", "1", keep=-1.0)
    store.key_value_store("x").put("new", "1")
    store.close()
    assert measure_store(path).rows == {"verdict": 1, "history": 1, "page": 1, "run": 0, "shelf": 2}
    assert prune_store(path, 3600.0) == 1
    assert measure_store(path).rows["verdict"] == 1
    assert prune_store(path, -1.0) == 3
    assert clear_store(path) == 1
    assert set(measure_store(path).rows.values()) == {0}
    assert measure_store(tmp_path / "none.sqlite").size == 0


def test_the_default_place_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "cite-audit" / "store.sqlite"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_path() == Path.home() / ".cache" / "cite-audit" / "store.sqlite"
