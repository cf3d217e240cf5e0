"""Addresses: hosts, canonical keys, and what is wrapped inside an archive's or a redirector's address. Pure."""

from cite_audit.urls.key import canonical_key, url_host
from cite_audit.urls.parts import join_url, to_ascii, to_readable
from cite_audit.urls.suffix import public_suffix, registrable_domain
from cite_audit.urls.unwrap import UnwrappedUrl, WrappedUrl, unwrap_fully, unwrap_url
from cite_audit.urls.wrappers import Wrapping

__all__ = [
    "UnwrappedUrl",
    "WrappedUrl",
    "Wrapping",
    "canonical_key",
    "join_url",
    "public_suffix",
    "registrable_domain",
    "to_ascii",
    "to_readable",
    "unwrap_fully",
    "unwrap_url",
    "url_host",
]
