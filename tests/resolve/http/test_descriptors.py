"""Few file descriptors: links are checked all the same, and a shortage is never a verdict."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

from cite_audit.model import FailureKind
from tests.loopback.raw import RawServer, Step, ok
from tests.resolve.http.support import kind, look

resource = pytest.importorskip("resource")

RUN = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
from collections import Counter
from tests.resolve.checking import check
timeout = float(sys.argv[3])
result = check(sys.argv[4:], timeout=timeout, silence=timeout / 4, retries=int(sys.argv[2]), per_host=0)
found = Counter(f"{one.health} {one.reason} {one.detail}" for one in result.verdicts.values())
print(json.dumps(found))
"""
PAGE = b"<html><title>Bridge reopened</title><p>" + b"The bridge is open again after repairs. " * 40
HTML = b"Content-Type: text/html"


def verdicts(limit: int, urls: list[str], retries: int = 1, timeout: float = 20.0) -> dict[str, int]:
    arguments = [sys.executable, "-c", RUN, str(limit), str(retries), str(timeout), *urls]
    ran = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    assert ran.stderr == ""
    return dict(json.loads(ran.stdout))


def urls_of(server: RawServer, count: int, path: str = "/") -> list[str]:
    """Addresses of as many hosts, all of which are the one server."""
    return [f"http://127.0.{n // 200}.{n % 200 + 1}:{server.port}{path}{n}" for n in range(count)]


@pytest.mark.parametrize("limit", [64, 256])
def test_a_healthy_server_is_alive_whatever_the_limit(limit: int) -> None:
    with RawServer(lambda head, number: [ok(PAGE, HTML)], address="0.0.0.0") as server:
        assert verdicts(limit, urls_of(server, 300)) == {"alive ok ": 300}


@pytest.mark.slow
def test_hanging_hosts_do_not_use_up_the_descriptors() -> None:
    def half(head: bytes, number: int) -> list[Step]:
        return ["hang"] if b"/hang" in head else [ok(PAGE, HTML)]

    with RawServer(half, address="0.0.0.0") as server:
        urls = urls_of(server, 120, "/hang") + urls_of(server, 120, "/page")
        outcome = verdicts(96, urls, retries=0, timeout=1.5)
    assert outcome == {"unknown timeout read": 120, "alive ok ": 120}


ALL_TAKEN = """
import os, resource, sys
from tests.resolve.http.support import look, kind
import cite_audit.resolve.http.exchange, cite_audit.resolve.http.transport, tests.resolve.http.support
import asyncio, socket
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.dns import system_lookup
from tests.resolve.http.support import network

def fails(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

async def run():
    async with Client(network(timeout=0.3), lookup=fails) as client:
        await client.look(sys.argv[1])  # loads what a look needs
        client.transport.pool.close_oldest_idle()
        await asyncio.sleep(0)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        taken = []
        try:
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            pass
        probes = [await client.look(sys.argv[1]), await client.look("http://gone.test/")]
        for descriptor in taken:
            os.close(descriptor)
        probes += [await client.look(sys.argv[1]), await client.look("http://gone.test/")]
        print(*[kind(probe) or probe.status for probe in probes])

asyncio.run(run())
"""


def test_without_a_descriptor_a_look_says_so_and_works_again_later() -> None:
    """An unknown name is one only when this machine could ask: the C library tells no difference."""
    with RawServer(lambda head, number: [ok()]) as server:
        arguments = [sys.executable, "-c", ALL_TAKEN, server.url()]
        ran = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == ["local", "local", "200", "dns-no-name"]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OSError(24, "Too many open files"), FailureKind.LOCAL),
        (RuntimeError("can't start new thread"), FailureKind.LOCAL),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), FailureKind.DNS_NO_NAME),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), FailureKind.DNS_TEMPORARY),
    ],
)
def test_a_lookup_that_could_not_be_made_is_no_unknown_name(error: Exception, failure: FailureKind) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise error

    assert kind(look("http://name.test/", lookup=fail)) == failure
