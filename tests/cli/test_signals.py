"""^C, TERM and HUP: a run ends early and shows what is done; `nohup` keeps it running."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

REPORT = "# R\n\nA.[^1] B.[^2]\n\n[^1]: hxxp://news[.]example/1\n[^2]: hxxp://news[.]example/2\n"
PAGE = b"<html><head><title>News</title></head><body><p>Its text, as it stood that day.</p></body></html>"


class Site:
    """Answers /1 at once, /2 when it is let go. `snapshot` asks for the pages of a host one after the other."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.slow_asked, self.goes_on = threading.Event(), threading.Event()
        self.serving = Serving(self._respond)

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.asked.append(target)
        if target == "/2":
            self.slow_asked.set()
            self.goes_on.wait(30)
        return Answer(200, PAGE + target.encode(), (("Content-Type", "text/html"),))


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with made.serving:
        yield made
        made.goes_on.set()


@pytest.fixture(autouse=True)
def _no_nohup_around_the_tests() -> Iterator[None]:
    ignored = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, ignored)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, site: Site) -> Start:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    flags = ["--no-config", "--store", "s.db", "--allow-address", "127.0.0.0/8", "--timeout", "30"]
    flags += ["--connect-to", f"*:80={site.serving.netloc}"]

    def call(*arguments: str, wrapper: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*wrapper, sys.executable, "-m", "cite_audit", *arguments, *flags]
        pipe = subprocess.PIPE
        env = {**os.environ, "CITE_AUDIT_ARCHIVE": "false"}
        return subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True, env=env)

    return call


def interrupt(process: subprocess.Popen[str], site: Site, number: int) -> tuple[int, str, str]:
    assert site.slow_asked.wait(30)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_snapshot_prints_what_is_captured_and_the_next_run_goes_on(
    number: int, start: Start, site: Site, tmp_path: Path
) -> None:
    pytest.importorskip("surt")
    code, out, err = interrupt(start("snapshot", "r.md", "-f", "csv=m.csv", "-f", "text"), site, number)
    assert code == 130, err
    assert "local: 1 captured and verified, 1 not known" in out
    assert "interrupted; the next run goes on where this one ended" in out
    assert [line.split(",")[4] for line in (tmp_path / "m.csv").read_text("utf-8").splitlines()[1:]] == [
        "archived_verified",
        "unknown",
    ]
    site.goes_on.set()
    site.asked.clear()
    process = start("snapshot", "r.md")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert site.asked == ["/2"]
    assert list((tmp_path / "captures").rglob("*.wacz"))


def test_fix_shows_what_is_known_and_writes_nothing(start: Start, site: Site, tmp_path: Path) -> None:
    code, out, err = interrupt(start("fix", "r.md", "--refang"), site, signal.SIGINT)
    assert code == 130, err
    assert "+[^1]: http://news.example/1" in out
    site.slow_asked.clear()
    code, out, err = interrupt(start("fix", "r.md", "--refang", "--write"), site, signal.SIGTERM)
    assert code == 130, err
    assert "interrupted; every report is as it was" in err
    assert (tmp_path / "r.md").read_text("utf-8") == REPORT
    assert not list(tmp_path.glob("*before*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_review_writes_no_half_of_a_review(number: int, start: Start, site: Site, tmp_path: Path) -> None:
    code, _, err = interrupt(start("review", "r.md"), site, number)
    assert code == 130, err
    assert "interrupted; every report is as it was" in err
    assert not list(tmp_path.glob("*reviewed*"))


def test_baseline_is_left_as_it_was(start: Start, site: Site, tmp_path: Path) -> None:
    code, _, err = interrupt(start("baseline", "update", "r.md", "--baseline", "known.json"), site, signal.SIGINT)
    assert code == 130, err
    assert "interrupted; known.json is as it was" in err
    assert not (tmp_path / "known.json").exists()


def test_a_hang_up_ends_an_audit_as_term_does(start: Start, site: Site, tmp_path: Path) -> None:
    code, out, err = interrupt(start("audit", "r.md", "-f", "json=a.json", "-f", "text"), site, signal.SIGHUP)
    assert code == 130, err
    assert out
    assert (tmp_path / "a.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_ends_a_run_that_nobody_reads(number: int, start: Start, tmp_path: Path) -> None:
    notes = "".join(f"[^{i}]: https://news.example/{i}\n" for i in range(150))
    (tmp_path / "r.md").write_text(notes, "utf-8")  # 100 kB of a document, more than a pipe holds
    with start("audit", "r.md", "--offline", "-f", "json", "--fail-on", "never") as process:
        assert process.stdout
        assert select.select([process.stdout], [], [], 60)[0]
        process.send_signal(number)
        assert process.wait(60) == (130 if number == signal.SIGINT else -number)


def test_a_run_under_nohup_goes_on(start: Start, site: Site) -> None:
    process = start("audit", "r.md", wrapper=("nohup",))
    assert site.slow_asked.wait(30)
    process.send_signal(signal.SIGHUP)
    site.goes_on.set()
    _, err = process.communicate(timeout=60)
    assert process.returncode != 130, err
    assert "ending early" not in err


@pytest.mark.slow
def test_a_stderr_that_nobody_reads_holds_no_run(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(REPORT)
    unread, stderr = os.pipe()
    os.set_blocking(stderr, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(stderr, b"x" * 512)
    os.set_blocking(stderr, True)
    command = [
        sys.executable,
        "-m",
        "cite_audit",
        "audit",
        "r.md",
        "--offline",
        "--no-config",
        "--fail-on",
        "never-ever",
    ]
    done = subprocess.run(command, cwd=tmp_path, stderr=stderr, stdout=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 2
    os.close(unread)
    os.close(stderr)
