"""A name of several addresses is reached at the first that answers, and nobody waits for one that does not."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator

import pytest

from cite_audit.resolve.http.connect import ATTEMPT_DELAY, CONNECT_TIMEOUT
from tests.loopback.raw import RawServer, closed_port, ok
from tests.resolve.http.support import LOOPBACK, LoopFactory, kind, look


def _has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as one:
        one.bind(("::1", 0))
        return True
    return False


HOLES = ["127.0.0.2", pytest.param("::1", marks=pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 here"))]
ALLOWED = (*LOOPBACK, "::1/128")


@contextlib.contextmanager
def black_hole(address: str, port: int) -> Iterator[None]:
    """A place whose queue of connections is full: the kernel drops every further attempt without a word."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with contextlib.ExitStack() as opened:
        hole = opened.enter_context(socket.socket(family))
        hole.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hole.bind((address, port))
        hole.listen(0)
        for _ in range(20):
            one = opened.enter_context(socket.socket(family))
            one.setblocking(False)
            one.connect_ex((address, port))
            if not select.select([], [one], [], 0.1)[1]:
                yield
                return
        pytest.skip("this kernel's queues do not fill")


@pytest.mark.parametrize("hole", HOLES)
def test_a_silent_first_address_costs_no_more_than_the_stagger(hole: str, loop: LoopFactory) -> None:
    with RawServer(lambda head, number: [ok(b"page")]) as server, black_hole(hole, server.port):
        probe = look(
            f"http://two.test:{server.port}/",
            loop=loop,
            lookup=lambda *_: [hole, "127.0.0.1"],
            allow_addresses=ALLOWED,
        )
    assert (probe.status, probe.body, probe.attempts) == (200, b"page", 1)
    assert ATTEMPT_DELAY * 0.9 <= probe.elapsed < CONNECT_TIMEOUT / 4, "it was the second address, and soon"


@pytest.mark.parametrize("hole", HOLES)
def test_only_silent_addresses_are_a_time_out(hole: str, loop: LoopFactory) -> None:
    port = closed_port()
    with black_hole(hole, port):
        probe = look(
            f"http://two.test:{port}/",
            loop=loop,
            lookup=lambda *_: [hole],
            allow_addresses=ALLOWED,
            timeout=0.2,
        )
    assert kind(probe) == "timeout-connect"


def test_a_first_address_that_refuses_is_passed_over(loop: LoopFactory) -> None:
    with RawServer(lambda head, number: [ok(b"page")]) as server:
        probe = look(f"http://two.test:{server.port}/", loop=loop, lookup=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert (probe.status, probe.body) == (200, b"page")
