"""The store keeps what was seen through kills, damage, full disks and other processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.errors import StoreError
from cite_audit.model import Failure, FailureKind, Health, Hop, Probe, Reason, Verdict
from cite_audit.store import Store, open_store
from cite_audit.store.database import SCHEMA, default_path, prepare
from cite_audit.store.records import packed, probe_from, probe_text, verdict_from, verdict_text
from cite_audit.store.upkeep import clear, prune, stock
from tests.loopback.raw import RawServer, Step, ok
from tests.resolve.checking import check, said

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROBE = Probe(
    "https://a.test/x",
    NOW,
    200,
    "https://a.test/y",
    (Hop("https://a.test/x", 301, "/y"),),
    Failure(FailureKind.RESET, "in the body"),
    (("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2")),
    "<p>страница</p>".encode(),
    False,
    0.25,
    "browser",
    2,
    ("lenient-parser",),
)
VERDICT = Verdict(
    "https://a.test/x",
    Health.ALIVE,
    Reason.MOVED_PERMANENTLY,
    0.9,
    ("it moved", "и переехала"),
    PROBE,
    detail="path",
    moved_to="https://a.test/y",
    checked_at=NOW,
    attempts=2,
)


def test_a_probe_comes_back_as_it_was_seen() -> None:
    assert probe_from(probe_text(PROBE), packed(PROBE.body)) == PROBE


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_any_body_and_any_text_come_back(body: bytes, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    probe = Probe("http://a.test/", NOW, 200, headers=(("x", text),), body=body)
    assert probe_from(probe_text(probe), packed(body)) == probe


def test_a_verdict_comes_back_without_the_page_and_marked_as_kept() -> None:
    back = verdict_from(VERDICT.url, verdict_text(VERDICT))
    assert back.from_cache
    assert (back.reason, back.evidence, back.moved_to, back.checked_at) == (
        VERDICT.reason,
        VERDICT.evidence,
        VERDICT.moved_to,
        NOW,
    )
    assert back.probe
    assert (back.probe.hops, back.probe.body) == (PROBE.hops, b"")


def test_what_was_kept_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "store.sqlite")
    store = open_store(path)
    store.begin_run()
    store.keep(VERDICT, "basis", [("page", PROBE)])
    store.close()
    again = open_store(path)
    kept = again.kept([VERDICT.url, "http://other.test/"])
    assert list(kept) == [VERDICT.url]
    assert kept[VERDICT.url].basis == "basis"
    assert again.probes(VERDICT.url) == [("page", PROBE)]
    assert [(health, reason) for _, health, reason in again.history([VERDICT.url])[VERDICT.url]] == [
        ("alive", "moved-permanently")
    ]
    assert again.remarks == []
    again.close()
    again.close()


def test_a_shelf_is_shared_and_forgets_in_time(tmp_path: Path) -> None:
    for path in (None, str(tmp_path / "store.sqlite")):
        store = open_store(path)
        shelf = store.shelf("wayback")
        shelf.put("a", "1")
        shelf.put("gone", "1", keep=-1.0)
        assert (shelf.get("a"), shelf.get("gone"), shelf.get("b")) == ("1", None, None)
        assert shelf.update("n", lambda old: str(int(old or 0) + 1)) == "1"
        assert shelf.update("n", lambda old: str(int(old or 0) + 1)) == "2"
        assert store.shelf("other").get("a") is None
        with pytest.raises(ZeroDivisionError):
            shelf.update("n", lambda old: str(1 // 0))
        assert shelf.get("n") == "2"
        store.close()


@pytest.mark.parametrize(
    "content", [b"not a database, just words " * 100, b"", b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_moved_aside_and_the_run_goes_on(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    store = open_store(str(path))
    store.keep(VERDICT, "b")
    store.close()
    aside = list(tmp_path.glob("store.sqlite.damaged-*"))
    if content:
        assert "damaged" in store.remarks[0]
        assert aside[0].read_bytes() == content
    assert list(open_store(str(path)).kept([VERDICT.url])) == [VERDICT.url]


def test_a_database_of_another_program_is_moved_aside_untouched(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE verdict (mine TEXT)")
    db.close()
    before = path.read_bytes()
    store = open_store(str(path))
    store.close()
    assert "not ours" in store.remarks[0]
    (aside,) = tmp_path.glob("store.sqlite.damaged-*")
    assert b"mine TEXT" in before
    assert b"mine TEXT" in aside.read_bytes()


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    prepare(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
    db.close()
    with pytest.raises(StoreError, match="newer"):
        prepare(path)
    store = open_store(str(path))
    store.keep(VERDICT, "b")
    assert store.kept([VERDICT.url]) == {}
    store.close()
    assert "newer" in store.remarks[0]
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"")  # version 0: before the first script
    assert prepare(path) == ""
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(SCHEMA),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


def test_a_directory_in_the_way_costs_the_store_and_not_the_run(tmp_path: Path) -> None:
    with RawServer(page) as server:
        url = server.url("/")
        result = check([url], store=str(tmp_path))
    assert said(result) == {url: "alive ok"}
    assert "store" in result.remarks[0]


def test_a_full_disk_costs_the_store_and_not_the_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite", most_bytes=200_000)
    store.begin_run()
    for number in range(300):
        probe = Probe(f"http://a.test/{number}", NOW, 200, body=os.urandom(5000))
        store.keep(Verdict(probe.url, Health.ALIVE, Reason.OK, probe=probe), "b", [("page", probe)])
    store.shelf("x").put("k", "v" * 500_000)
    assert store.shelf("x").get("k")
    store.close()
    assert "full" in " ".join(store.remarks)


def test_a_row_somebody_else_wrote_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = open_store(str(path))
    store.keep(VERDICT, "b")
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE verdict SET document = ?", ('{"health": "splendid"}',))
    db.close()
    again = open_store(str(path))
    assert again.kept([VERDICT.url]) == {}
    again.close()


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
shelf = store.shelf("count")
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
    assert store.shelf("count").get("n") == "400"
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
        until = time.monotonic() + 20
        while len(server.requests) < 60 and time.monotonic() < until:
            time.sleep(0.01)
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
    store.keep(VERDICT, "b", [("page", PROBE)])
    store.shelf("x").put("old", "1", keep=-1.0)
    store.shelf("x").put("new", "1")
    store.close()
    assert stock(path).rows == {"verdict": 1, "history": 1, "probe": 1, "run": 0, "shelf": 2}
    assert prune(path, 3600.0) == 1
    assert stock(path).rows["verdict"] == 1
    assert prune(path, -1.0) == 3
    assert clear(path) == 1
    assert set(stock(path).rows.values()) == {0}
    assert stock(tmp_path / "none.sqlite").size == 0


def test_the_default_place_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "cite-audit" / "store.sqlite"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_path() == Path.home() / ".cache" / "cite-audit" / "store.sqlite"
