"""Public suffixes, from the copy of the Public Suffix List that tldextract carries; never fetched.

Importing tldextract takes 110 ms, most of it for an HTTP client that is not used here. Its copy of the list is a text
file, read in 3 ms: the rules come from there, and from tldextract itself where the file is missing or has changed.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=2)
def load_suffix_rules(*, has_punycode: bool = True) -> frozenset[str]:
    """The ICANN section's rules as ASCII; empty when the file, private to tldextract 5, has moved or changed.

    `has_punycode`: also those of names that are not ASCII, which take half of the time and only an `xn--` host needs.
    """
    return _read_rules(_read_sections()[0], has_punycode)


@lru_cache(maxsize=2)
def load_all_rules(*, has_punycode: bool = True) -> frozenset[str]:
    """The rules of both sections: also of those under which a company lets strangers have names (`github.io`)."""
    return _read_rules("\n".join(_read_sections()), has_punycode)


def _read_sections() -> tuple[str, str]:
    """The ICANN and the private section of the list; empty where they cannot be told apart."""
    spec = find_spec("tldextract")
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            text = (Path(folder) / ".tld_set_snapshot").read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        icann, mark, private = text.partition("// ===BEGIN PRIVATE")
        return (icann, private.partition("\n")[2]) if mark else ("", "")
    return "", ""


def _read_rules(section: str, has_punycode: bool) -> frozenset[str]:
    lines = [line for line in section.splitlines() if line and line[:2] != "//"]
    rules = frozenset(filter(str.isascii, lines))
    return rules.union(_punycode_rule(line) for line in lines if not line.isascii()) if has_punycode else rules


def _punycode_rule(rule: str) -> str:
    """A rule in punycode; the list is lower-case and normalised already, so IDNA's tables are not needed."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in rule.split(".")
    )


@lru_cache(maxsize=2)
def _load_tldextract(has_private: bool):  # type: ignore[no-untyped-def]
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=has_private)


def library_suffix(host: str, *, has_private: bool = False) -> str:
    """The public suffix by tldextract itself: the fallback where its file cannot be read."""
    return str(_load_tldextract(has_private)(host).suffix)


def _is_ip_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


@lru_cache(maxsize=65536)
def public_suffix(host: str) -> str:
    """The public suffix of an ASCII host by the ICANN section of the list: `gov.by`, `co.uk`; empty for an address.

    Empty too for a host whose last label no rule knows (`localhost`).
    """
    rules = load_suffix_rules(has_punycode="xn--" in host)
    return _match_suffix(host, rules) if rules else library_suffix(host)


def _match_suffix(host: str, rules: frozenset[str]) -> str:
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
    return _cut_domain(host, public_suffix(host))


@lru_cache(maxsize=4096)
def cookie_site(host: str) -> str:
    """The widest domain that may share a host's cookies: `a.github.io` is a site of its own (RFC 6265bis §5.7).

    Like `registrable_domain`, but by both sections of the list, as browsers do.
    """
    return _cut_domain(host, _find_any_suffix(host))


def _find_any_suffix(host: str) -> str:
    rules = load_all_rules(has_punycode="xn--" in host)
    return _match_suffix(host, rules) if rules else library_suffix(host, has_private=True)


def _cut_domain(host: str, suffix: str) -> str:
    if not suffix or host == suffix:
        return host
    return f"{host.removesuffix(f'.{suffix}').rpartition('.')[2]}.{suffix}"


def is_suffix(host: str) -> bool:
    """Whether nobody owns all names below a host: `co.uk`, `github.io`, a single label."""
    return "." not in host or host == _find_any_suffix(host)
