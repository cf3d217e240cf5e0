"""Whichever event loop runs a look, it sees the same: uvloop where it is installed, else asyncio's own."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cite_audit import event_loop
from cite_audit.model import Probe
from tests.loopback.raw import RawServer, Step, closed_port, ok
from tests.loopback.web_tls import TlsWorkshop
from tests.resolve.http.support import LoopFactory, kind, look

pytestmark = pytest.mark.skipif(importlib.util.find_spec("uvloop") is None, reason="there is only one loop here")


def on_both(url: str, **settings: object) -> list[Probe]:
    import uvloop

    factories: tuple[LoopFactory, ...] = (None, uvloop.new_event_loop)
    return [look(url, loop=factory, **settings) for factory in factories]  # type: ignore[arg-type]


def seen(probe: Probe) -> tuple[object, ...]:
    detail = probe.failure.detail if probe.failure else ""
    return probe.status, kind(probe), detail, probe.headers, probe.body, probe.truncated, len(probe.hops), probe.flags


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([ok(b"page")], ""),
        ([b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"], "redirect-loop"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n"], ""),
        ([b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "close"], ""),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "close"], "protocol"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "reset"], "reset"),
        (["reset"], "reset"),
        (["close"], "empty-reply"),
        ([b"SSH-2.0-x\r\n", "close"], "protocol"),
        (["hang"], "timeout-read"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "hang"], "timeout-total"),
        ([ok(b"x" * 3_000_000)], ""),
    ],
)
def test_an_answer(steps: list[Step], why: str) -> None:
    with RawServer(lambda head, number: steps) as server:
        one, other = on_both(server.url(), timeout=0.5)
    assert kind(one) == why
    assert seen(one) == seen(other)


def test_nobody_listens() -> None:
    one, other = on_both(f"http://127.0.0.1:{closed_port()}/")
    assert kind(one) == "refused"
    assert seen(one) == seen(other)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("valid", ""),
        ("expired", "tls-expired"),
        ("unknown-issuer", "tls-unknown-issuer"),
        ("national", "tls-national-root"),
        ("mismatch", "tls-host-mismatch"),
    ],
)
def test_a_certificate(tmp_path: Path, fault: str, why: str) -> None:
    workshop = TlsWorkshop(tmp_path)
    context = workshop.context(fault, "site.test")
    with RawServer(lambda head, number: [ok(b"page")], tls=context) as server:
        one, other = on_both(
            f"https://site.test:{server.port}/", ca_bundle=workshop.bundle, lookup=lambda name, port: ["127.0.0.1"]
        )
    assert (kind(one), one.body) == (why, b"" if why else b"page")
    assert seen(one) == seen(other)


def test_a_server_that_speaks_before_the_handshake() -> None:
    with RawServer(greeting=ok()) as server:
        one, other = on_both(f"https://127.0.0.1:{server.port}/")
    assert (kind(one), kind(other)) == ("tls-handshake", "tls-handshake")


RESETS = """
import sys, uvloop
from tests.resolve.http.support import kind, look
print({kind(look(sys.argv[1], loop=uvloop.new_event_loop)) for _ in range(20)})
"""


def test_a_reset_before_the_handshake_prints_nothing() -> None:
    """uvloop prints a traceback when a handshake begins on a socket that is closed already."""
    with ResettingServer() as port:
        arguments = [sys.executable, "-c", RESETS, f"https://127.0.0.1:{port}/"]
        ran = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert "tls-handshake" in ran.stdout or "reset" in ran.stdout  # which of them is told first is chance
    assert ran.stderr == ""


class ResettingServer:
    """Takes connections and resets them at once."""

    def __enter__(self) -> int:
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._reset_all, daemon=True).start()
        return int(self.listening.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _reset_all(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()


def test_a_run_returns_and_raises_what_its_work_does() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    async def fails() -> None:
        raise KeyError("x")

    assert event_loop.run_coroutine(work()) == 7
    with pytest.raises(KeyError):
        event_loop.run_coroutine(fails())


def test_threads_share_a_loop_and_each_gets_its_own_result_or_error() -> None:
    async def name_loop(number: int) -> tuple[int, int]:
        await asyncio.sleep(0)
        if number == 3:
            raise KeyError(number)
        return number, id(asyncio.get_running_loop())

    with ThreadPoolExecutor(4) as executor:
        calls = [executor.submit(event_loop.run_in_shared_loop, name_loop(number)) for number in range(8)]
    with pytest.raises(KeyError):
        calls[3].result()
    results = [call.result() for number, call in enumerate(calls) if number != 3]
    assert [number for number, _ in results] == [0, 1, 2, 4, 5, 6, 7]
    assert len({loop for _, loop in results}) == 1
