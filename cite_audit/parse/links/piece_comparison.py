"""How two pieces of an address compare, and what the joined link says."""

from __future__ import annotations

from cite_audit.model import Repair, RepairKind
from cite_audit.parse.links.address import Address, read_address
from cite_audit.parse.links.found_link import FoundLink, LinkFrame
from cite_audit.parse.links.schemes import scheme_at


def extend_link(link: FoundLink, address: Address, end: int, text: str) -> None:
    link.url, link.whole = address.url, True
    link.repairs += address.repairs
    if address.is_defanged and not link.is_defanged:
        link.style = address.style
    link.end = link.outer_end = end
    link.raw = text[link.start : end]
    link.frame = LinkFrame.JOINED


def read_url(joined: str) -> str:
    address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
    return address.url if address else ""


def is_host_only(url: str) -> bool:
    return "/" not in (url.partition("://")[2] or url).rstrip("/")


def bare_url(url: str) -> str:
    return url.replace("\\", "").rpartition("://")[2].strip("[/").lower()


def spelling_key(url: str) -> str:
    """What two printings of one address share: not the scheme, which reports change at will."""
    return (url.partition("://")[2] or url).removeprefix("www.").rstrip("/").lower()


_JOINS = (RepairKind.JOINED_OVER_SPACE, RepairKind.JOINED_OVER_LINE_END, RepairKind.JOINED_OVER_BLANK_LINE)


def join_kind(lines: int) -> RepairKind:
    """The repair that joins two pieces with so many line ends between them."""
    return _JOINS[min(lines, 2)]


def join_framed_lines(link: FoundLink, address: Address, joined: str, raw: str) -> None:
    """An address broken over lines within its angles: white space there is not of it (RFC 3986, appendix C)."""
    joined_address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
    if joined_address is None or not joined_address.whole or joined_address.end != len(joined):
        return
    evidence = "the angles hold all of its lines (RFC 3986, appendix C)"
    link.alternatives += (address.url,)
    link.repairs += (Repair(RepairKind.JOINED_OVER_LINE_END, evidence),)
    link.url, link.whole, link.confidence = joined_address.url, True, min(link.confidence, 0.95)
    link.raw, link.end = raw, link.outer_end - 1
