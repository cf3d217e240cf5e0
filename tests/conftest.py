"""What every test gets: no socket leaves loopback, and no name is looked up outside."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# `make test` tries the same examples each time; `make test-slow` others, and prints how to try one again
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, print_blob=True, deadline=None)

# a background job of a shell inherits "SIGINT ignored", and so would every program that a test interrupts
signal.signal(signal.SIGINT, signal.default_int_handler)

RESERVED = (".test", ".invalid", ".example", ".localhost")  # RFC 2606, RFC 6761: nobody is asked about these


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Fails a test that tries to leave loopback, even where the code under test hides the error."""
    left: list[object] = []
    resolve = socket.getaddrinfo

    def guarded(original: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
                left.append(address)
                raise OSError(101, "tests stay on loopback")
            return original(self, address)

        return connect

    def looked_up(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name not in ("", "localhost", socket.gethostname()) and not _literal(name):
            if not name.endswith(RESERVED):
                left.append(name)
            raise socket.gaierror(socket.EAI_NONAME, "tests look no names up")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    yield left
    assert not left, f"left loopback for {left}"


def _literal(name: str) -> bool:
    try:
        socket.inet_aton(name)  # also the odd spellings: 127.1, 0x7f000001
    except OSError:
        try:
            ipaddress.ip_address(name.partition("%")[0])
        except ValueError:
            return False
    return True
