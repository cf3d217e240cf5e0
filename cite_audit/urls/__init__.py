"""Addresses: hosts, canonical keys, and what is wrapped inside an archive's or a redirector's address. Pure."""

from cite_audit.urls.key import host, key, to_ascii
from cite_audit.urls.suffix import public_suffix, registrable
from cite_audit.urls.unwrap import Wrapped, unwrap

__all__ = ["Wrapped", "host", "key", "public_suffix", "registrable", "to_ascii", "unwrap"]
