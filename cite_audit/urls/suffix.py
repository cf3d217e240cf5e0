"""Public suffixes, from the copy of the Public Suffix List that tldextract carries; never fetched.

Importing tldextract takes 110 ms, most of it for an HTTP client that is not used here. Its copy of the list is a text
file, read in 3 ms: the rules come from there, and from tldextract itself where the file is missing or has changed.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=1)
def load_suffix_rules() -> frozenset[str]:
    """The ICANN section's rules as ASCII; empty when the file, private to tldextract 5, has moved or changed."""
    spec = find_spec("tldextract")
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            text = (Path(folder) / ".tld_set_snapshot").read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        icann, private, _ = text.partition("// ===BEGIN PRIVATE")
        if not private:  # private suffixes cannot be told from public ones
            break
        return frozenset(
            line if line.isascii() else _punycode_rule(line) for line in icann.splitlines() if line and line[:2] != "//"
        )
    return frozenset()


def _punycode_rule(rule: str) -> str:
    """A rule in punycode; the list is lower-case and normalised already, so IDNA's tables are not needed."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in rule.split(".")
    )


@lru_cache(maxsize=1)
def _load_tldextract():  # type: ignore[no-untyped-def]
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def library_suffix(host: str) -> str:
    """The public suffix by tldextract itself: the fallback where its file cannot be read."""
    return str(_load_tldextract()(host).suffix)


def _is_ip_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


@lru_cache(maxsize=65536)
def public_suffix(host: str) -> str:
    """The public suffix of an ASCII host by the ICANN section of the list: `gov.by`, `co.uk`; empty for an address.

    Empty too for a host whose last label no rule knows (`localhost`).
    """
    rules = load_suffix_rules()
    if not rules:
        return library_suffix(host)
    if _is_ip_address(host):
        return ""
    name = host
    while name:
        _, _, parent = name.partition(".")
        if f"!{name}" in rules:
            return parent
        if name in rules or (parent and f"*.{parent}" in rules):
            return name
        name = parent
    return ""


@lru_cache(maxsize=65536)
def registrable_domain(host: str) -> str:
    """The registrable domain (public suffix + 1) of an ASCII host; the host itself when it has none."""
    suffix = public_suffix(host)
    if not suffix or host == suffix:
        return host
    return f"{host.removesuffix(f'.{suffix}').rpartition('.')[2]}.{suffix}"
