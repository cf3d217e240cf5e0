"""How fast addresses are classified, and how long an offline grade of a hundred notes takes: `python -m bench.sources`.

Bars: 20,000 classifications a second from a cold start over 10,000 hosts; 0.35 s for `cite-audit grade`.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from cite_audit.report.sources import classify
from cite_audit.report.sources.registry import load_registry

HOSTS = 10_000
NOTES = 100


def classifications() -> float:
    """Classifications a second of processor time, registry unread at the start, six of ten hosts in it."""
    keys = [row.key for row in load_registry().iterate_rows() if not row.key.startswith(".")]
    chance = random.Random(7)
    urls = [f"https://www.{chance.choice(keys)}/news/{n}" for n in range(HOSTS * 6 // 10)]
    urls += [f"https://host{n}.example{n}.org/news/{n}" for n in range(HOSTS * 4 // 10)]
    chance.shuffle(urls)
    load_registry.cache_clear()
    start = time.process_time()
    for url in urls:
        classify(url, date(2020, 9, 2), "understandingwar.org")
    return len(urls) / (time.process_time() - start)


def grading() -> float:
    """Seconds of the quickest of seven `cite-audit grade` runs over a report of a hundred notes."""
    body = " ".join(f"The minister said that thing {n} had happened.[^{n}]" for n in range(1, NOTES + 1))
    hosts = ("tass.ru", "belta.by", "reuters.com", "t.me/nexta_live", "kremlin.ru", "nobody-lists-this.org")
    notes = "\n".join(f"[^{n}]: https://{hosts[n % len(hosts)]}/{n} https://nv.ua/{n}" for n in range(1, NOTES + 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.md")
        path.write_text(f"# Report\n\nSeptember 2, 2020\n\n{body}\n\n{notes}\n", encoding="utf-8")
        times = []
        for _ in range(7):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "cite_audit", "grade", str(path)], check=True, capture_output=True)
            times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    print(f"{classifications():,.0f} classifications a second (bar 20,000)")
    print(f"{grading():.3f} s for cite-audit grade, {NOTES} notes (bar 0.350)")
