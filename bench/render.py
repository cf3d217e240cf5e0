"""How long each format takes for 1,000 links already judged, and the memory at the peak: `python -m bench.render`.

Bars: under 500 ms for any format, under 150 MB in all.
"""

from __future__ import annotations

import resource
import sys
import time

from cite_audit.model import Audit, Health, Reason, Source
from cite_audit.report.render import Subject, list_formats, render
from tests.report.audits import audit, report, verdict

LINKS = 1000
BAR, MEMORY = 0.5, 150


def sample() -> Audit:
    """500 notes with two links each; a tenth are dead, a tenth could not be judged."""
    urls = [
        f"https://site{i % 90}.example.com/section/{i}/an-article-with-a-long-name.html?id={i}" for i in range(LINKS)
    ]
    outcomes = {
        0: (Health.BROKEN, Reason.NOT_FOUND),
        1: (Health.UNKNOWN, Reason.BLOCKED),
        2: (Health.ALIVE, Reason.DRIFTED),
    }
    verdicts = [
        verdict(u, *outcomes.get(i % 10, (Health.ALIVE, Reason.OK)), evidence=("200 OK",)) for i, u in enumerate(urls)
    ]
    sources = {
        u: Source(f"site{i % 90}", group=("state_media", "western_outlet", "unknown")[i % 3])
        for i, u in enumerate(urls)
    }
    return audit([report({i + 1: urls[2 * i : 2 * i + 2] for i in range(LINKS // 2)})], verdicts, sources=sources)


def main() -> int:
    made = sample()
    slow = 0
    for name in list_formats(Subject.AUDIT):
        started = time.perf_counter()
        text = render(name, made)
        took = time.perf_counter() - started
        slow += took > BAR
        print(f"{name:<10} {1000 * took:7.1f} ms  {len(text.encode()) / 1024:9.1f} kB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")
    return int(bool(slow) or peak > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
