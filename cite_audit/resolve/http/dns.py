"""Host names to judged addresses: one look-up a name, every answer judged, the answers cached for the run.

Look-ups run in daemon threads of their own: the loop's pool has six threads, which a dozen dead name servers would
fill, and waits for their last answer when the process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from cite_audit.model import FailureKind
from cite_audit.resolve.http.address_guard import AddressGuard
from cite_audit.resolve.http.descriptors import has_free_descriptor, is_shortage
from cite_audit.resolve.http.failures import ExchangeError

MAX_LOOKUPS = 16  # look-ups at once; home routers drop larger bursts
LOOKUP_TIMEOUT = 10.0  # seconds for a name; glibc alone would wait 5 s for each server, twice
Endpoint = tuple[str, int]  # a literal address and a port
Lookup = Callable[[str, int], list[str]]

_NO_NAME_ERRORS = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def system_lookup(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives, in its order (RFC 6724), without repeats. Blocks."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class DnsResolver:
    """The resolver of a run. `connect_to` sends "host:port" or "*:port" to "address:port", as curl's option does."""

    def __init__(
        self,
        guard: AddressGuard,
        connect_to: Mapping[str, str],
        lookup: Lookup = system_lookup,
        max_lookups: int = MAX_LOOKUPS,
    ) -> None:
        self.guard = guard
        self.connect_to = connect_to
        self.lookup = lookup
        self.lookups: dict[str, asyncio.Task[list[str]]] = {}
        self.lookup_slots = asyncio.Semaphore(max_lookups)

    async def safe_endpoints(self, host: str, port: int, literal: str | None) -> list[Endpoint]:
        """The judged endpoints of a host, best first. Raises ExchangeError: DNS_*, UNSAFE_*, LOCAL."""
        override = self.connect_to.get(f"{host}:{port}") or ("" if literal else self.connect_to.get(f"*:{port}"))
        if override:
            address, _, digits = override.rpartition(":")
            address = address.strip("[]")
            if reason := self.guard.refusal_reason(address):
                raise ExchangeError(FailureKind.UNSAFE_NAME, reason)
            return [(address, int(digits))]
        if literal:
            if reason := self.guard.refusal_reason(literal):
                raise ExchangeError(FailureKind.UNSAFE_LITERAL, reason)
            return [(literal, port)]
        is_local = host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3: not a name to look up
        addresses = ["127.0.0.1"] if is_local else await self._addresses_of(host)
        if reason := self.guard.name_refusal_reason(addresses):
            kind = FailureKind.UNSAFE_LITERAL if is_local else FailureKind.UNSAFE_NAME
            raise ExchangeError(kind, f"{host}: {reason}")
        return [(address, port) for address in addresses]

    async def _addresses_of(self, host: str) -> list[str]:
        if host.endswith((".invalid", ".onion")) or host in ("invalid", "onion"):
            kind = FailureKind.DNS_TEMPORARY if host.endswith("onion") else FailureKind.DNS_NO_NAME
            raise ExchangeError(kind, f"{host} is not in the public DNS (RFC 6761, RFC 7686)")
        task = self.lookups.get(host)
        if task is None:
            task = self.lookups[host] = asyncio.ensure_future(self._look_up_host(host))
            task.add_done_callback(lambda done: self._forget_failure(host, done))
        return await asyncio.shield(task)

    def _forget_failure(self, host: str, task: asyncio.Task[list[str]]) -> None:
        if task.cancelled():
            self.lookups.pop(host, None)
            return
        error = task.exception()
        if isinstance(error, ExchangeError) and error.failure.kind in (FailureKind.DNS_TEMPORARY, FailureKind.LOCAL):
            self.lookups.pop(host, None)

    async def _look_up_host(self, host: str) -> list[str]:
        async with self.lookup_slots:
            try:
                async with asyncio.timeout(LOOKUP_TIMEOUT):
                    addresses = await _run_in_thread(self.lookup, host, 443)
            except TimeoutError as error:
                raise ExchangeError(FailureKind.DNS_TEMPORARY, f"{host}: no answer in {LOOKUP_TIMEOUT:g} s") from error
            except (OSError, RuntimeError) as error:
                raise _lookup_failure(host, error) from error
            except UnicodeError as error:
                raise ExchangeError(FailureKind.DNS_NO_NAME, f"{host}: {error}") from error
        if not addresses:
            raise ExchangeError(FailureKind.DNS_NO_NAME, f"{host} has no address")
        return addresses

    def close(self) -> None:
        for task in self.lookups.values():
            task.cancel()


def _lookup_failure(host: str, error: OSError | RuntimeError) -> ExchangeError:
    """The failure of a look-up: a name is unknown only when this machine could ask."""
    if is_shortage(error) or not has_free_descriptor():
        return ExchangeError(FailureKind.LOCAL, f"no look-up of {host}: {error}")
    if isinstance(error, socket.gaierror):
        kind = FailureKind.DNS_NO_NAME if error.errno in _NO_NAME_ERRORS else FailureKind.DNS_TEMPORARY
        return ExchangeError(kind, f"{host}: {error.strerror}")
    return ExchangeError(FailureKind.DNS_NO_NAME, f"{host}: {error}")


async def _run_in_thread(call: Lookup, host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def settle_future(value: Any, error: BaseException | None) -> None:
        if not future.done():
            if error:
                future.set_exception(error)
            else:
                future.set_result(value)

    def run_lookup() -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (call(host, port), None)
        except BaseException as error:  # handed to the waiting task
            outcome = (None, error)
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits
            loop.call_soon_threadsafe(settle_future, *outcome)

    threading.Thread(target=run_lookup, name=f"look up {host}", daemon=True).start()
    return await future
