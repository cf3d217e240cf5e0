"""The plan for a corpus that no bench can hold, by simulation: `python -m bench.corpus_plan`.

Hosts get links by Zipf's law; each is asked at the pace of the settings, each worker no faster than measured, the
archive at the rate of each address that requests leave from. Groups are handed out as the program does, the longest
domains first.
"""

from __future__ import annotations

import argparse
import heapq

# Measured once, on loopback, by two workers that had the processors for themselves.
LINKS_PER_SECOND = 140.0  # of a worker with a processor of its own
REPORTS_PER_SECOND = 47.0  # of a worker: 21 ms each with 60 citations
ASSESSED_PER_SECOND = 53.0
# Our own limits.
HOST_INTERVAL = 0.1  # seconds between two starts on a host
ARCHIVE_PER_MINUTE = 480.0  # playbacks that one address may begin
GROUP_LINKS, THREADS = 1000, 6
# Assumptions.
REQUESTS_PER_LINK = 1.4  # control requests, retries and second profiles included
LINKS_A_REPORT = 20.0  # distinct links; 60 citations
BYTES_PER_LINK = 60e3  # received, archives included
STORE_PER_LINK = 3e3  # bytes on disk
MOST_ON_HOST = 0.015  # of all links, on the first host
ZIPF = 0.95


def host_sizes(links: int, hosts: int) -> list[int]:
    weights = [(rank + 1) ** -ZIPF for rank in range(hosts)]
    unit = max(0, links - hosts) / sum(weights)
    return [min(round(links * MOST_ON_HOST), 1 + round(unit * weight)) for weight in weights]


def group_seconds(sizes: list[int]) -> list[tuple[float, float]]:
    """For each group the seconds that its longest host takes, and those of the processor."""
    groups: list[tuple[float, float]] = []
    count = longest = 0
    for size in sizes:
        longest, count = max(longest, size), count + size
        if count >= GROUP_LINKS:
            groups.append((longest * REQUESTS_PER_LINK * HOST_INTERVAL, count / LINKS_PER_SECOND))
            count = longest = 0
    return [*groups, (longest * REQUESTS_PER_LINK * HOST_INTERVAL, count / LINKS_PER_SECOND)]


def live_seconds(sizes: list[int], workers: int) -> float:
    """The end of the live stage: each worker has THREADS groups under way, and shares its processor among them."""
    slots = [0.0] * (workers * THREADS)
    for longest, busy in group_seconds(sizes):
        heapq.heapreplace(slots, slots[0] + max(longest, busy * THREADS))
    return max(slots)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=10_000_000)
    parser.add_argument("--hosts", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=50)
    parser.add_argument("--cost", type=float, default=0.04, help="of a worker's hour")
    options = parser.parse_args()
    sizes = host_sizes(options.links, options.hosts)
    links, workers = sum(sizes), options.workers
    live = live_seconds(sizes, workers)
    longest = max(sizes) * REQUESTS_PER_LINK * HOST_INTERVAL
    reports = links / LINKS_A_REPORT
    read, assess = reports / REPORTS_PER_SECOND / workers, reports / ASSESSED_PER_SECOND / workers
    print(f"{links:,} links on {len(sizes):,} hosts, {reports:,.0f} reports, {workers} workers")
    hours = f"read {read / 3600:.1f} h, live {live / 3600:.1f} h, assess {assess / 3600:.1f} h"
    print(f"{hours}; the longest host alone {longest / 3600:.1f} h")
    for egress in (1, 5, 10, workers):
        archive = links / ARCHIVE_PER_MINUTE * 60 / egress
        whole = (read + live + archive + assess) / 3600
        worker_hours = ((read + live + assess) * workers + archive * min(workers, egress)) / 3600
        days = f"archives {archive / 86400:6.1f} days, in all {whole / 24:6.1f} days"
        print(
            f"{egress:>3} addresses: {days}, {worker_hours:6.0f} worker-hours, cost {worker_hours * options.cost:.0f}"
        )
    print(f"traffic {links * BYTES_PER_LINK / 1e12:.1f} TB, stores {links * STORE_PER_LINK / 1e9:.0f} GB")


if __name__ == "__main__":
    main()
