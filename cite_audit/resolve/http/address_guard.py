"""The address guard: reports are untrusted, and audits run inside networks. Pure.

A report can cite `http://169.254.169.254/` or a name that resolves to it; the guard judges the addresses that the
resolver gives, not the text, and the pool connects to judged literals only.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from cite_audit.errors import UsageError
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.http.special_networks import GLOBAL_UNICAST, NAT64, NOT_PUBLIC, REFUSED_IPV4, REFUSED_IPV6

Address = IPv4Address | IPv6Address

# The port-blocking table of the Fetch standard, §2.10: a browser opens none of these.
# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on
_NUMBER = compile_lazily(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)")


class AddressGuard:
    """The address policy of a run: only globally routable unicast, and what `allow` (CIDRs) adds."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self.allowed_networks = [_parse_network(text) for text in allow]

    def refusal_reason(self, text: str) -> str | None:
        """Why this literal must not be contacted, or None."""
        if "%" in text:
            return f"{text} belongs to one link only"
        address = ip_address(text)
        if self._is_allowed(address):
            return None
        embedded_addresses = embedded_ipv4(address)
        for inner in embedded_addresses:
            if not self._is_allowed(inner) and (flaw := _address_flaw(inner)):
                return f"{address} leads to {inner}, which {flaw}"
        if any(map(self._is_allowed, embedded_addresses)):
            return None
        flaw = _address_flaw(address)
        return f"{address} {flaw}" if flaw else None

    def name_refusal_reason(self, addresses: Sequence[str]) -> str | None:
        """Why a name with these addresses is refused: one bad answer is enough, since any of them may be used next."""
        return next((why for text in addresses if (why := self.refusal_reason(text))), None)

    def _is_allowed(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.allowed_networks)


def literal_address(host: str) -> str | None:
    """The address a host spells, in any spelling a browser takes for one (`127.1`, `0x7f000001`, `[::1]`), else None.

    Raises ValueError for a host that must be an address by WHATWG URL §3.5 (it ends in a number) and is not.
    """
    bare = host.strip("[]")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    if not _NUMBER.fullmatch(bare.rstrip(".").rpartition(".")[2]):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(bare.rstrip(".")))
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{host} is not an address") from error


def embedded_ipv4(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses an IPv6 address leads to: mapped, compatible, 6to4, Teredo, NAT64, ISATAP."""
    if isinstance(address, IPv4Address):
        return []
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    if address.ipv4_mapped or address in NAT64 or 1 < number < 1 << 32:  # :: and ::1 are nobody's IPv4
        return [low]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    if (number >> 32) & 0xFFFFFFFF in (0x00005EFE, 0x02005EFE):
        return [low]
    return []


@lru_cache(maxsize=4096)
def _address_flaw(address: Address) -> str | None:
    """Why an address itself is refused, as the end of a sentence about it; None for a public one."""
    if isinstance(address, IPv4Address):
        return next((f"is {description}" for network, description in REFUSED_IPV4 if address in network), None)
    if address.ipv4_mapped or address in NAT64:
        return None  # the embedded address decides
    flaw = next((f"is {description}" for network, description in REFUSED_IPV6 if address in network), None)
    return flaw if flaw or address in GLOBAL_UNICAST else f"is {NOT_PUBLIC}"


def _parse_network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"not an address or a network: {text} (write 10.0.0.0/8, say)") from error
