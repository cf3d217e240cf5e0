"""kill -9 at random moments: nothing is lost, nothing is half, nothing is asked twice but what was in flight.

KILL_MOMENTS (32) moments are shared out among the eight kinds of run, in fours.
"""

from __future__ import annotations

import collections
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.loopback.clock import START
from tests.loopback.serving import Serving
from tests.loopback.wayback import LoopbackWayback
from tests.loopback.wayback_answers import Answer

pytestmark = pytest.mark.slow
MOMENTS = 4 * max(1, -(-int(os.environ.get("KILL_MOMENTS", "32")) // 32))
PAGES = 60
IN_FLIGHT = 8  # looks or captures at once
TIMEOUT = 120
ROOT = Path(__file__).parents[1]
BODY = b"<html><head><title>A page</title></head><body><h1>A page</h1>" + b"<p>Words that stand here.</p>" * 40


class Site:
    """Many hosts on loopback; counts what each page was asked for."""

    def __init__(self) -> None:
        self.asked: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._serving = Serving(self._answer)

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        with self._lock:
            self.asked[headers.get("host", "") + target] += 1
        return Answer(200, BODY + headers.get("host", "").encode(), (("Content-Type", "text/html"),))

    def __enter__(self) -> Site:
        self._serving.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._serving.__exit__(None, None, None)

    @property
    def flags(self) -> list[str]:
        allowed = ["--allow-address", "127.0.0.0/8", "--trusted-config", str(self.config)]
        return [*allowed, "--jobs", str(IN_FLIGHT), "--host-interval", "0.001"]

    def write_config(self, folder: Path) -> None:
        self.config = folder / "trusted.toml"
        self.config.write_text(f'[network]\nconnect-to = {{"*:80" = "{self._serving.netloc}"}}\n', "utf-8")

    def count_repeats(self) -> int:
        """How many requests were for a page that had been asked for before."""
        return sum(count - 1 for page, count in self.asked.items() if page.endswith("/page"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site() as site:
        site.write_config(tmp_path)
        yield site


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(folder: Path, arguments: Sequence[str], codes: Sequence[int] = (0,)) -> float:
    """Run to the end; the seconds that it took."""
    begun = time.monotonic()
    process = start(folder, *arguments)
    output, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode in codes, (output or b"").decode() + errors.decode()
    return time.monotonic() - begun


def kill_at(folder: Path, arguments: Sequence[str], moment: float) -> bool:
    """Run for `moment` seconds and kill; whether it was still running."""
    process = start(folder, *arguments)
    try:
        process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    return False


def choose_moments(longest: float) -> list[float]:
    """Moments spread over a run, the same in every test run but for the machine's speed."""
    chance = random.Random(MOMENTS)
    return [chance.uniform(0.25, 1.0) * longest for _ in range(MOMENTS)]


def write_report(path: Path, number: int = 0) -> str:
    lines = [f"Claim {i}.[^{i}]\n\n[^{i}]: hxxp://h{i}-{number}[.]example[.]com/page\n" for i in range(1, PAGES + 1)]
    text = "# Report\n\n" + "\n".join(lines)
    path.write_text(text, "utf-8")
    return text


def test_an_audit_keeps_every_verdict_that_it_wrote(tmp_path: Path, site: Site) -> None:
    write_report(tmp_path / "r.md")
    command = ["-m", "cite_audit", "audit", "r.md", "--no-archive", "--no-config", "-f", "jsonl=out.jsonl", *site.flags]
    command += ["--fail-on", "never"]
    longest = finish(tmp_path, [*command, "--store", "first.sqlite"])
    whole = (tmp_path / "out.jsonl").read_bytes()
    kills = 0
    for number, moment in enumerate(choose_moments(longest)):
        store = ["--store", f"s{number // 4}.sqlite"]  # four moments, one after the other, on one store
        if number % 4 == 0:
            site.asked.clear()
            kills = 0
        kills += kill_at(tmp_path, [*command, *store], moment)
        assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == whole.count(b"\n")
        if number % 4 == 3:
            finish(tmp_path, [*command, *store])
            assert len([page for page in site.asked if page.endswith("/page")]) == PAGES
            # in flight, or in the tenth of a second that the writer collects
            assert site.count_repeats() <= kills * PAGES // 2


def test_a_local_snapshot_resumes_where_it_was_killed(tmp_path: Path, site: Site) -> None:
    pytest.importorskip("warcio")
    write_report(tmp_path / "r.md")
    command = ["-m", "cite_audit", "snapshot", "r.md", "--no-config", *site.flags]
    longest = finish(tmp_path, [*command, "-d", "first"])
    kills = 0
    for number, moment in enumerate(choose_moments(longest)):
        folder = f"captures{number // 4}"
        if number % 4 == 0:
            site.asked.clear()
            kills = 0
        kills += kill_at(tmp_path, [*command, "-d", folder], moment)
        if number % 4 == 3:
            finish(tmp_path, [*command, "-d", folder])
            assert site.count_repeats() <= kills * IN_FLIGHT
            assert count_captured(tmp_path / folder) == PAGES


def count_captured(folder: Path) -> int:
    """The distinct pages in the WARC and WACZ files of a folder, none of which is broken."""
    from cite_audit.resolve.archive.warc_index import read_directory

    holdings = read_directory(folder)
    assert holdings.unread == []
    return len(holdings.records)


def test_a_snapshot_in_the_wayback_machine_saves_nothing_twice_but_what_was_in_flight(tmp_path: Path) -> None:
    urls = [f"https://news.example/{number}" for number in range(10)]
    with LoopbackWayback(clock=lambda: START, name="archive.example") as wayback:
        netloc = wayback.routes["archive.example"]
        module = ["-m", "tests.snapshot.save_process", netloc]
        longest = finish(tmp_path, [*module, "first.journal", str(START), *urls])
        kills = 0
        for number, moment in enumerate(choose_moments(longest)):
            journal, at = f"j{number // 4}.journal", START + 900 * number
            if number % 4 == 0:
                kills, before = 0, len(wayback.asked("save"))
            kills += kill_at(tmp_path, [*module, journal, str(at), *urls], moment)
            if number % 4 == 3:
                finish(tmp_path, [*module, journal, str(at + 900), *urls])
                assert len(wayback.asked("save")) - before <= len(urls) + kills


def test_a_fix_leaves_each_file_as_it_was_or_as_it_should_be(tmp_path: Path) -> None:
    names = [f"r{number}.md" for number in range(30)]
    command = ["-m", "cite_audit", "fix", *names, "--refang", "--write", "--offline", "--no-config"]
    old = {name: write_report(tmp_path / name, number) for number, name in enumerate(names)}
    longest = finish(tmp_path, command)
    new = {name: (tmp_path / name).read_text("utf-8") for name in names}
    assert all(new[name] != old[name] for name in names)
    for number, moment in enumerate(choose_moments(longest)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in names:
            (folder / name).write_text(old[name], "utf-8")
        kill_at(folder, command, moment)
        for name in names:
            text, backup = (folder / name).read_text("utf-8"), folder / name.replace(".md", ".before-cite-audit.md")
            assert text in (old[name], new[name])
            assert text == old[name] or backup.read_text("utf-8") == old[name]
        finish(folder, command)
        assert {name: (folder / name).read_text("utf-8") for name in names} == new


def test_a_baseline_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    write_report(tmp_path / "r.md")
    command = ["-m", "cite_audit", "baseline", "update", "r.md", "--offline", "--no-config", "--baseline", "known.json"]
    command.append("--allow-incomplete")
    baseline = tmp_path / "known.json"
    longest = finish(tmp_path, command)
    new, old = baseline.read_text("utf-8"), '{"version": 1, "findings": []}\n'
    for moment in choose_moments(longest):
        baseline.write_text(old, "utf-8")
        kill_at(tmp_path, command, moment)
        assert baseline.read_text("utf-8") in (old, new)
    finish(tmp_path, command)
    assert baseline.read_text("utf-8") == new


def test_a_review_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    old = write_report(tmp_path / "r.md")
    command = ["-m", "cite_audit", "review", "r.md", "--offline", "--no-config"]
    longest = finish(tmp_path, command)
    reviewed = tmp_path / "r (reviewed).md"
    new = reviewed.read_text("utf-8")
    for moment in choose_moments(longest):
        reviewed.unlink(missing_ok=True)
        kill_at(tmp_path, command, moment)
        assert (tmp_path / "r.md").read_text("utf-8") == old
        assert not reviewed.exists() or reviewed.read_text("utf-8") == new
    reviewed.unlink(missing_ok=True)
    finish(tmp_path, command)
    assert reviewed.read_text("utf-8") == new


def test_a_bag_and_a_site_of_captures_are_made_by_the_next_run(tmp_path: Path, site: Site) -> None:
    bagit = pytest.importorskip("bagit")
    write_report(tmp_path / "r.md")
    finish(tmp_path, ["-m", "cite_audit", "snapshot", "r.md", "--no-config", *site.flags])
    captures = {path: path.read_bytes() for path in (tmp_path / "captures").rglob("*") if path.is_file()}
    bag, pages = tmp_path / "bag", tmp_path / "site"
    commands = {
        bag: ["-m", "cite_audit", "captures", "package", "captures", "r.md", "--to", "bag"],
        pages: ["-m", "cite_audit", "captures", "site", "site", "captures"],
    }
    for made, command in commands.items():
        longest = finish(tmp_path, command)
        names = {path.relative_to(made) for path in made.rglob("*")}
        for moment in choose_moments(longest):
            shutil.rmtree(made, ignore_errors=True)
            kill_at(tmp_path, command, moment)
            if made == bag and bag.exists():
                assert bagit.Bag(str(bag)).is_valid()
            if made == pages or not bag.exists():  # a bag that stands is refused, a site is made anew over what is left
                finish(tmp_path, command)
            assert {path.relative_to(made) for path in made.rglob("*")} >= names
        assert {path: path.read_bytes() for path in captures} == captures
    assert bagit.Bag(str(bag)).is_valid()
    assert "not finished" not in (pages / "index.html").read_text("utf-8")
