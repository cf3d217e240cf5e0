"""Public suffixes, from the list that tldextract bundles; never fetched."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def _extract():  # type: ignore[no-untyped-def]
    from tldextract import TLDExtract  # 110 ms: only when a host is first asked about

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def public_suffix(host: str) -> str:
    """The public suffix of an ASCII host by the ICANN section of the list: `gov.by`, `co.uk`; empty for an address."""
    return str(_extract()(host).suffix)


@lru_cache(maxsize=65536)
def registrable(host: str) -> str:
    """The registrable domain (public suffix + 1) of an ASCII host; the host itself when it has none."""
    return str(_extract()(host).top_domain_under_public_suffix) or host
