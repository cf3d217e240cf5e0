"""Names to judged addresses: one look-up, every answer judged, the answers kept for the run.

Look-ups run in daemon threads of their own: the loop's pool has six, which a dozen dead name servers would fill, and
its threads hold the process at exit until the last answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from cite_audit.model import FailureKind
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.guard import Guard

AT_ONCE = 16  # look-ups; home routers drop larger bursts
PATIENCE = 10.0  # seconds for one; glibc alone would wait 5 s for each server, twice
Place = tuple[str, int]  # a literal address and a port
Lookup = Callable[[str, int], list[str]]

_NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def system_lookup(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives, in its order (RFC 6724), without repeats. Blocks."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Names:
    """The resolver of a run. `connect_to` sends "host:port" or "*:port" to "address:port", as curl's option does."""

    def __init__(self, guard: Guard, connect_to: Mapping[str, str], lookup: Lookup = system_lookup) -> None:
        self.guard = guard
        self.connect_to = connect_to
        self.lookup = lookup
        self.known: dict[str, asyncio.Task[list[str]]] = {}
        self.room = asyncio.Semaphore(AT_ONCE)

    async def places(self, host: str, port: int, literal: str | None) -> list[Place]:
        """The judged places of a host, best first. Raises ExchangeError: DNS_*, UNSAFE_*."""
        sent = self.connect_to.get(f"{host}:{port}") or ("" if literal else self.connect_to.get(f"*:{port}"))
        if sent:
            address, _, digits = sent.rpartition(":")
            address = address.strip("[]")
            if why := self.guard.refusal(address):
                raise ExchangeError(FailureKind.UNSAFE_NAME, why)
            return [(address, int(digits))]
        if literal:
            if why := self.guard.refusal(literal):
                raise ExchangeError(FailureKind.UNSAFE_LITERAL, why)
            return [(literal, port)]
        local = host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3: not a name to look up
        addresses = ["127.0.0.1"] if local else await self._addresses(host)
        if why := self.guard.condemn(addresses):
            kind = FailureKind.UNSAFE_LITERAL if local else FailureKind.UNSAFE_NAME
            raise ExchangeError(kind, f"{host}: {why}")
        return [(address, port) for address in addresses]

    async def _addresses(self, host: str) -> list[str]:
        if host.endswith((".invalid", ".onion")) or host in ("invalid", "onion"):
            kind = FailureKind.DNS_TEMPORARY if host.endswith("onion") else FailureKind.DNS_NO_NAME
            raise ExchangeError(kind, f"{host} is not in the public DNS (RFC 6761, RFC 7686)")
        task = self.known.get(host)
        if task is None:
            task = self.known[host] = asyncio.ensure_future(self._look_up(host))
            task.add_done_callback(lambda done: self._forget_trouble(host, done))
        return await asyncio.shield(task)

    def _forget_trouble(self, host: str, task: asyncio.Task[list[str]]) -> None:
        if task.cancelled():
            self.known.pop(host, None)
            return
        error = task.exception()
        if isinstance(error, ExchangeError) and error.failure.kind is FailureKind.DNS_TEMPORARY:
            self.known.pop(host, None)

    async def _look_up(self, host: str) -> list[str]:
        async with self.room:
            try:
                async with asyncio.timeout(PATIENCE):
                    addresses = await _in_thread(self.lookup, host, 443)
            except TimeoutError as error:
                raise ExchangeError(FailureKind.DNS_TEMPORARY, f"{host}: no answer in {PATIENCE:g} s") from error
            except socket.gaierror as error:
                kind = FailureKind.DNS_NO_NAME if error.errno in _NO_NAME else FailureKind.DNS_TEMPORARY
                raise ExchangeError(kind, f"{host}: {error.strerror}") from error
            except (OSError, UnicodeError) as error:
                raise ExchangeError(FailureKind.DNS_NO_NAME, f"{host}: {error}") from error
        if not addresses:
            raise ExchangeError(FailureKind.DNS_NO_NAME, f"{host} has no address")
        return addresses

    def close(self) -> None:
        for task in self.known.values():
            task.cancel()


async def _in_thread(call: Lookup, host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def settle(value: Any, error: BaseException | None) -> None:
        if not future.done():
            if error:
                future.set_exception(error)
            else:
                future.set_result(value)

    def work() -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (call(host, port), None)
        except BaseException as error:  # handed to the waiting task
            outcome = (None, error)
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=work, name=f"look up {host}", daemon=True).start()
    return await future
