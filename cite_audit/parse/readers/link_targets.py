"""Declared link targets: which are addresses that a reader could be sent to, and of which site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cite_audit.lazy_pattern import compile_lazily

WEB_ADDRESS = compile_lazily(r"[A-Za-z][A-Za-z0-9+.\-\[\]]{0,20}:/{0,3}[^/\s]|www\.", re.IGNORECASE)
OTHER_SCHEMES = compile_lazily(
    r"(?:mailto|tel|sms|javascript|vbscript|data|file|about|blob|cid|mid|chrome|moz-extension|whatsapp|tg|skype|viber|"
    r"intent|bookmark|urn|doi|isbn|view-source|[a-z]):(?!\w{0,3}\d*\.)",
    re.IGNORECASE,
)
MAX_TARGET_LENGTH = 8192


def web_address(target: str) -> str:
    """The target, white space removed, if it is an address on the web; else empty. Defanged ones pass as they are."""
    target = target.strip().replace("\n", "").replace("\r", "").replace("\t", "")
    if len(target) > MAX_TARGET_LENGTH or OTHER_SCHEMES.match(target) or not WEB_ADDRESS.match(target):
        return ""
    return target


def site_host(address: str) -> str:
    """The host of an address, without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
