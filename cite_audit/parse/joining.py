"""What joining two pieces of an address needs: how they compare, and what the joined link then says."""

from __future__ import annotations

from cite_audit.parse.address import Address, read_address
from cite_audit.parse.found import Found
from cite_audit.parse.schemes import scheme_at


def extend(one: Found, address: Address, end: int, text: str) -> None:
    one.url, one.whole = address.url, True
    one.repairs += address.repairs
    if address.style != "plain" and one.style == "plain":
        one.style = address.style
    one.end = one.outer_end = end
    one.raw = text[one.start : end]
    one.frame = "joined"


def url_of(joined: str) -> str:
    address = read_address(joined, 0, len(joined), scheme_at(joined), framed=True)
    return address.url if address else ""


def is_host(url: str) -> bool:
    return "/" not in (url.partition("://")[2] or url).rstrip("/")


def bare_of(url: str) -> str:
    return url.replace("\\", "").rpartition("://")[2].strip("[/").lower()


def key_of(url: str) -> str:
    """What two printings of one address share: not the scheme, which reports change at will."""
    return (url.partition("://")[2] or url).removeprefix("www.").rstrip("/").lower()


def kind_of(lines: int) -> str:
    return ("joined-over-space", "joined-over-line-end", "joined-over-blank-line")[min(lines, 2)]
