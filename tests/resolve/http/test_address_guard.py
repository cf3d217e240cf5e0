"""Which addresses may be contacted (pure); that none else is, is shown in test_tripwires.py."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.errors import UsageError
from cite_audit.resolve.http.address_guard import AddressGuard, embedded_ipv4, literal_address
from cite_audit.resolve.http.special_networks import REFUSED_NETWORKS

PRIVATE = """
    127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.0.1
    100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 192.88.99.1 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254
    ff02::1 2001:db8::1 3fff::1 100::1 fec0::1 5f00::1 2001:10::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::1 2002:c0a8:101:: 2001:0:7f00:1::1
    2001:0:4136:e378:8000:63bf:80ff:fffe fe80::5efe:7f00:1 2001:470:1::5efe:a00:1
    192.0.0.0 192.0.0.7 192.0.0.8 192.0.0.170 192.0.0.192 192.0.0.255 ::ffff:192.0.0.192 64:ff9b::c000:c0
    2002:c000:c0:: ::192.0.0.192 2001:0:c000:c0::1 2001:470:1::5efe:c000:c0
    0.255.255.255 10.255.255.255 100.127.255.255 172.31.255.255 198.19.255.255 239.255.255.255 240.0.0.0
    2001:1::1 2001:2::1 2001:1ff:ffff::1 2001:10:: 2001:1f:ffff::1 2001:20:: 2001:2f:ffff::1 2001:30::1
    2001:db8:ffff::1 3fff:fff:ffff::1 100:0:0:1::1 5fff::1 ::ffff:0:7f00:1 4000::1 fbff::1 1fff::1
""".split()  # noqa: SIM905  two hundred quotes say less
PUBLIC = """
    1.1.1.1 8.8.8.8 93.184.216.34 2606:4700::1111 2a00:1450:4001::200e ::ffff:8.8.8.8 64:ff9b::808:808
    1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0
    172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.1 192.0.3.1 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0
    198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 168.63.129.15
    2001:200::1 2001:db7:ffff::1 2001:db9::1 2000::1 2002:808:808::1 3ffe:ffff::1 2620:4f:8000::1 192.31.196.1
""".split()  # noqa: SIM905  two hundred quotes say less


def _as_printed(address: str) -> str:
    return re.escape(address if "%" in address else str(ip_address(address)))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_refused_with_its_reason(address: str) -> None:
    why = AddressGuard().refusal_reason(address)
    assert why
    assert re.fullmatch(rf"{_as_printed(address)} (leads to [0-9.]+, which )?(is (?!leads)|belongs to ).+", why)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("::1", "::1 is not a public address"),
        ("::", ":: is not a public address"),
        ("::7f00:1", "::7f00:1 leads to 127.0.0.1, which is not a public address"),
        ("::ffff:168.63.129.16", "::ffff:168.63.129.16 leads to 168.63.129.16, which is the wire server of a cloud"),
    ],
)
def test_the_reason_is_a_sentence(address: str, why: str) -> None:
    assert AddressGuard().refusal_reason(address) == str(ip_address(address)) + why.removeprefix(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_allowed(address: str) -> None:
    assert AddressGuard().refusal_reason(address) is None


def test_both_ends_of_every_block_are_refused() -> None:
    for text in REFUSED_NETWORKS:
        network = ip_network(text)
        assert AddressGuard().refusal_reason(str(network[0]))
        assert AddressGuard().refusal_reason(str(network[-1]))


@given(st.ip_addresses())
def test_no_address_that_python_calls_private_is_public_to_us(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert AddressGuard().refusal_reason(str(address)) or _leads_to_public(address)


def _leads_to_public(address: IPv4Address | IPv6Address) -> bool:
    """Mapped and translated addresses, of which Python calls some private whatever is in them."""
    return any(not inner.is_private for inner in embedded_ipv4(address))


def test_one_bad_answer_condemns_a_name() -> None:
    assert AddressGuard().name_refusal_reason(["93.184.216.34", "10.0.0.7"])
    assert AddressGuard().name_refusal_reason(["93.184.216.34", "2606:4700::1111"]) is None


def test_allowed_networks_are_let_in_and_no_others() -> None:
    guard = AddressGuard(["10.1.0.0/16", "fd12::/16"])
    assert guard.refusal_reason("10.1.2.3") is None
    assert guard.refusal_reason("::ffff:10.1.2.3") is None
    assert guard.refusal_reason("fd12::5") is None
    assert guard.refusal_reason("10.2.0.1")
    assert guard.refusal_reason("127.0.0.1")


def test_every_address_within_another_has_to_be_allowed_or_public() -> None:
    """Teredo names a server and a client: the one that is allowed does not vouch for the other."""
    guard = AddressGuard(["10.0.0.0/8"])
    within, loopback = "2001:0:a00:1:0:0:f5ff:fffe", "2001:0:a00:1:0:0:80ff:fffe"
    assert guard.refusal_reason(within) is None
    assert guard.refusal_reason(loopback) == "2001:0:a00:1::80ff:fffe leads to 127.0.0.1, which is not a public address"


def test_a_network_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="not an address or a network"):
        AddressGuard(["office"])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:7f00:1", str(ip_address("::ffff:7f00:1"))),  # Python 3.13 writes ::ffff:127.0.0.1
        ("169.254.43518", "169.254.169.254"),
    ],
)
def test_odd_spellings_of_an_address_are_read_as_browsers_read_them(host: str, address: str) -> None:
    assert literal_address(host) == address


@pytest.mark.parametrize("host", ["example.com", "1.example", "10.0.0.1.example.com", "localhost", "abc"])
def test_a_name_is_not_an_address(host: str) -> None:
    assert literal_address(host) is None


@pytest.mark.parametrize("host", ["256.1.1.1", "1.2.3.4.5", "example.1", "0x"])
def test_what_must_be_an_address_and_is_not(host: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        literal_address(host)
