"""Bars of a corpus, on loopback: `python -m bench.corpus [PART…] [--scale 0.1] [--workers 2]`; `make bench-corpus`.

Full scale is 5,000 reports with 300,000 citations of 100,000 links on 20,000 hosts, by Zipf's law with at most 1,500
links on one; the default is a tenth of that. Parts: read, run, kill, report. Processor time, memory and politeness are
figures of this program; wall times on a machine that does other work are not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

REPORTS, CITATIONS, LINKS, HOSTS, MOST_ON_HOST = 5_000, 300_000, 100_000, 20_000, 1_500
ZIPF = 0.95  # exponent of the links of a host by its rank
READ_ROUNDS = 2  # the clock of a shared machine wanders
SENTENCE = "Those who stood at the quay told us how many ships went out on day {n}, and who had counted them."
WRAPPER = "import sys; from cite_audit.cli import main; sys.argv[0] = 'cite-audit'; main()"


@dataclass(frozen=True)
class Scale:
    reports: int
    citations: int
    links: int
    hosts: int
    most_on_host: int

    @classmethod
    def of(cls, part: float) -> Scale:
        sizes = (REPORTS, CITATIONS, LINKS, HOSTS, MOST_ON_HOST)
        return cls(*(max(1, round(size * part)) for size in sizes))


def list_urls(scale: Scale) -> list[str]:
    """The addresses, by host: the first host has most."""
    weights = [(rank + 1) ** -ZIPF for rank in range(scale.hosts)]
    spare = scale.links - scale.hosts
    unit = spare / sum(weights)
    urls: list[str] = []
    for rank, weight in enumerate(weights):
        count = min(scale.most_on_host, 1 + round(unit * weight))
        urls += [f"http://site{rank}.test/p/{number}" for number in range(count)]
    return urls[: scale.links]


def make_reports(folder: Path, scale: Scale, seed: int = 1) -> list[str]:
    """Write the reports, each a Markdown file with footnotes; returns the addresses they cite."""
    numbers = random.Random(seed)
    urls = list_urls(scale)
    numbers.shuffle(urls)
    per_report = max(1, scale.citations // scale.reports)
    folder.mkdir(parents=True)
    for number in range(scale.reports):
        day = date(2010, 1, 1) + timedelta(days=number * 5400 // scale.reports)
        # every address once, the others by chance
        own = urls[number * len(urls) // scale.reports : (number + 1) * len(urls) // scale.reports]
        cited = [*own, *numbers.choices(urls, k=max(0, per_report - len(own)))]
        numbers.shuffle(cited)
        body = "\n\n".join(f"{SENTENCE.format(n=n)}[^{n}]" for n in range(1, len(cited) + 1))
        notes = "\n".join(
            f"[^{n}]: <{url.replace('http', 'hxxp').replace('.', '[.]')}>" for n, url in enumerate(cited, 1)
        )
        text = f"# Report {number}\n\n{day:%B} {day.day}, {day.year}\n\n{body}\n\n{notes}\n"
        (folder / f"report-{number:05}.md").write_text(text)
    return urls


@contextmanager
def loopback_sites(log: Path) -> Iterator[list[str]]:
    """The options under which the program meets the web and the archive of this machine."""
    server = subprocess.Popen([sys.executable, "-m", "bench.corpus_web", str(log)], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    web, archive = server.stdout.readline().split()
    base = f"http://127.0.0.1:{archive}"
    trusted = log.with_suffix(".toml")
    trusted.write_text("[network]\ncanaries = []\n")
    try:
        yield [
            *("--connect-to", f"*:80=127.0.0.1:{web}", "--allow-address", "127.0.0.0/8", "--proxy", "none"),
            *("--wayback", base, "--availability", f"{base}/wayback/available"),
            *("--trusted-config", str(trusted)),
        ]
    finally:
        server.terminate()
        server.communicate()


def run_cli(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cite_audit", "corpus", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
    return done


class MemoryWatch:
    """The peak of memory (own pages, MB) of each process below one, and the processor time of them all.

    `busy` is the processor time of everything this bench has begun, the servers too, by the clock (Unix time).
    """

    def __init__(self, root: int) -> None:
        self.root, self.peaks, self.seconds = root, dict[int, float](), dict[int, float]()
        self.busy: list[tuple[float, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        self._stop.set()
        self._thread.join()

    def busy_between(self, begun: float, ended: float) -> float:
        """Seconds of processor time that all processes took between two moments."""
        within = [seconds for moment, seconds in self.busy if begun <= moment <= ended]
        return within[-1] - within[0] if within else 0.0

    def _watch(self) -> None:
        all_seconds: dict[int, float] = {}  # a process that has ended keeps what it took
        while not self._stop.wait(0.2):
            own = {self.root, *below(self.root)}
            for pid in (os.getpid(), *below(os.getpid())):
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                all_seconds[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                if pid in own and (found := re.search(r"VmHWM:\s+(\d+)", status)):
                    self.peaks[pid] = int(found[1]) / 1024
                    self.seconds[pid] = all_seconds[pid]
            self.busy.append((time.time(), sum(all_seconds.values())))


def below(pid: int) -> list[int]:
    """The processes that a process has begun, and theirs."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def measured(*arguments: str) -> tuple[float, MemoryWatch]:
    """Run a command of the corpus; its wall time and what it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "cite_audit", "corpus", *arguments]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        watch = MemoryWatch(process.pid)
        code = process.wait()
        watch.finish()
        if code:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)}: {code}\n{errors.read()}")
    return time.monotonic() - began, watch


def show(name: str, value: str) -> None:
    print(f"{name:<34} {value}", flush=True)


def bench_read(folder: Path, scale: Scale, workers: int) -> None:
    """Reports read in a second, by one worker and by several in turn; the best of the rounds counts."""
    rates = {1: 0.0, workers: 0.0}
    for round_number in range(READ_ROUNDS):
        for count in rates:
            out = folder / f"read-{round_number}-{count}"
            common = ("--offline", "--workers", str(count))
            begun, _ = measured("audit", str(folder / "empty"), "--out", f"{out}-empty", *common)
            wall, watch = measured("audit", str(folder / "reports"), "--out", str(out), "--stop-after", "read", *common)
            rate, peak = scale.reports / max(0.01, wall - begun), max(watch.peaks.values())
            rates[count] = max(rates[count], rate)
            show(f"read, {count} worker(s)", f"{rate:,.0f} reports/s beyond start-up, at most {peak:.0f} MB a process")
    show("read, gain of the second", f"{rates[workers] / rates[1]:.2f} × (bar: 1.8)")


def bench_run(folder: Path, scale: Scale, workers: int, urls: Sequence[str]) -> None:
    """The whole run, stage by stage: time beside its floor, memory, politeness."""
    log = folder / "run.log"
    with loopback_sites(log) as sites:
        for stage in ("links", "live", "archives", "assess", "summary"):
            wall, watch = measured(
                *("audit", str(folder / "reports"), "--out", str(folder / "run"), "--stop-after", stage),
                *("--workers", str(workers), *sites),
            )
            peaks = sorted(watch.peaks.values(), reverse=True)
            busy = sum(watch.seconds.values())
            show(f"to the end of {stage}", f"{wall:6.1f} s, {busy:.1f} s of processor, peaks {peaks[0]:.0f} MB")
            if stage == "live":
                show_floor(log, watch, urls)
    pools = Counter(line.split(" ", 2)[1] for line in log.read_text().splitlines())
    show("requests", ", ".join(f"{count:,} {pool}" for pool, count in pools.most_common()))
    show("archive answers 429", f"{pools['refused']} (bar: 0)")
    counts = json.loads((folder / "run" / "corpus.json").read_text())["counts"]
    show("health", str(counts["health"]))
    show("archived", str(counts["archived"]))


def show_floor(log: Path, watch: MemoryWatch, urls: Sequence[str]) -> None:
    """The live stage beside its floor: the longest host at our own rates, or all processor time over the cores.

    The servers take their share of the same cores.
    """
    times: dict[str, list[float]] = {}
    for line in log.read_text().splitlines():
        moment, pool, host, _ = line.split(" ", 3)
        if pool == "page":
            times.setdefault(host, []).append(float(moment))
    longest = max(times.values(), key=len)
    spans = [max(each) - min(each) for each in times.values()]
    begun, ended = min(map(min, times.values())), max(map(max, times.values()))
    by_host = len(longest) * 0.1  # ten starts a second
    by_capacity = watch.busy_between(begun, ended) / (os.cpu_count() or 1)
    took, floor = ended - begun, max(by_host, by_capacity)
    show("longest host", f"{len(longest)} requests in {max(longest) - min(longest):.1f} s, floor {by_host:.1f} s")
    show("total capacity", f"{by_capacity:.1f} s on each of {os.cpu_count()} cores")
    show(
        "live stage",
        f"{took:.1f} s, {took / floor:.2f} × its floor (bar: 1.15), {len(urls) / took:.0f} links/s;"
        f" longest span {max(spans):.1f} s",
    )


def bench_kill(folder: Path, workers: int, rounds: int) -> None:
    """Kill -9 of a worker, then of the driver and scheduler, at random moments: nothing lost, nothing asked twice.

    Each round begins with the live stage, from a copy of one corpus that was read, and asks no archives, whose own
    limits would take most of the time.
    """
    numbers = random.Random(3)
    ready, log = folder / "kill-ready", folder / "kill.log"
    with loopback_sites(log) as sites:
        arguments = ("audit", str(folder / "reports"), "--no-archive", *sites, "--workers", str(workers))
        run_cli(*arguments, "--out", str(ready), "--stop-after", "links")
        links = json.loads((ready / "corpus.json").read_text())["links"]
        for victim in ("worker", "driver"):
            for round_number in range(rounds):
                out = folder / f"kill-{victim}-{round_number}"
                shutil.copytree(ready, out)
                call = (*arguments, "--out", str(out), "--stop-after", "live")
                seen, offset, done = kill_once(call, out, log, victim, round(links * numbers.uniform(0.1, 0.9)))
                if not done:  # a run that only lost a worker goes on by itself
                    run_cli(*call)
                later = log.read_text()[offset:].splitlines()
                again = [line for line in later if line.split(" ", 3)[1] == "page" and page_address(line) in seen]
                lost = links - count_probes(out)
                show(
                    f"kill {victim} {round_number + 1}",
                    f"{len(seen):,} of {links:,} links stored then; {len(again)} of them asked again, {lost} lost",
                )
                shutil.rmtree(out)


def count_probes(out: Path) -> int:
    """How many links a corpus has probes of."""
    import duckdb

    with duckdb.connect() as db:
        found = db.execute(f"SELECT count(DISTINCT url) FROM '{out}/probes/*.parquet'").fetchone()
    return int(found[0]) if found else 0


def page_address(line: str) -> str:
    _, _, host, target = line.split(" ", 3)
    return f"http://{host}{target}"


def kill_once(arguments: Sequence[str], out: Path, log: Path, victim: str, at: int) -> tuple[set[str], int, bool]:
    """Begin a run, kill a process once `at` links are stored.

    Returns the links stored then, the length of the log then, and whether the run came to its end all the same.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "cite_audit", "corpus", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and len(read_seen(out)) < at:
        time.sleep(0.1)
    if victim == "driver" or process.poll() is not None:
        orphans = below(process.pid)
        process.kill()
        process.wait()
        wait_for_orphans(orphans)
        return read_seen(out), len(log.read_text()), False
    workers = [pid for pid in below(process.pid) if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
    if workers:
        os.kill(workers[-1], signal.SIGKILL)
    seen, offset = read_seen(out), len(log.read_text())
    return seen, offset, process.wait() == 0


def wait_for_orphans(pids: Sequence[int]) -> None:
    """Workers whose driver is gone end their groups, and then themselves: their last looks are stored then."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.2)


def read_seen(out: Path) -> set[str]:
    """The links that have a verdict in the stores of a run, but those in trouble: they get another look at the end."""
    import sqlite3

    from cite_audit.resolve.check.final_looks import TRANSIENT_REASONS

    reasons = ", ".join(f"'{reason}'" for reason in TRANSIENT_REASONS)
    query = f"SELECT url FROM history WHERE health = 'alive' OR reason NOT IN ({reasons})"
    seen: set[str] = set()
    for path in (out / "stores").glob("[0-9]*.sqlite"):
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
                seen |= {row[0] for row in db.execute(query)}
            db.close()
        except sqlite3.Error:
            continue
    return seen


def bench_report(folder: Path) -> None:
    """What the years show."""
    for command in (("report", "-o", str(folder / "report.html")), ("watch", "--list", "--budget", "20000/day")):
        wall, watch = measured(command[0], str(folder / "run"), *command[1:])
        busy, peak = sum(watch.seconds.values()), max(watch.peaks.values())
        show(f"corpus {command[0]}", f"{wall:.1f} s, {busy:.1f} s of processor, {peak:.0f} MB (bar: 20 s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["read", "run", "report"])
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", default="", help="a folder to work in, and to keep")
    options = parser.parse_args()
    scale = Scale.of(options.scale)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary)
        urls = list_urls(scale)
        if not (folder / "reports").exists():
            make_reports(folder / "reports", scale)
            (folder / "empty").mkdir()
            (folder / "empty" / "one.md").write_text("# One\n\nA.[^1]\n\n[^1]: <https://site.test/p/1>\n")
        show("corpus", f"{scale.reports:,} reports, {len(urls):,} links, {options.workers} workers")
        if "read" in options.parts:
            bench_read(folder, scale, options.workers)
        if "run" in options.parts:
            bench_run(folder, scale, options.workers, urls)
        if "kill" in options.parts:
            bench_kill(folder, options.workers, options.rounds)
        if "report" in options.parts:
            bench_report(folder)


if __name__ == "__main__":
    main()
