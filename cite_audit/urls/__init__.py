"""Addresses: hosts, canonical keys, and what is wrapped inside an archive's or a redirector's address. Pure."""

from cite_audit.urls.key import host, key
from cite_audit.urls.parts import joined, to_ascii
from cite_audit.urls.suffix import public_suffix, registrable
from cite_audit.urls.unwrap import Seen, Wrapped, see_through, unwrap

__all__ = [
    "Seen",
    "Wrapped",
    "host",
    "joined",
    "key",
    "public_suffix",
    "registrable",
    "see_through",
    "to_ascii",
    "unwrap",
]
