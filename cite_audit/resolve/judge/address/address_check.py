"""Addresses that need no look: no web address, malformed, or too long to be sent."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, make_assessment
from cite_audit.urls.parts import split_url

MAX_ADDRESS = 8192  # characters of an address that servers still take
_SCHEME = compile_lazily(r"\s*([a-z][a-z0-9+.-]*):", re.I)
_CONTROL_CHARACTER = compile_lazily(r"[\x00-\x20\x7f]")
_PROTECTED_EMAIL_PATH = "/cdn-cgi/l/email-protection"


@lru_cache(maxsize=4096)
def assess_address(url: str) -> Assessment | None:
    """What an address tells without a look; None for one that can be looked at."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return make_assessment(Reason.SKIPPED, f"“{scheme[1]}:” is not a web address", detail="scheme")
    if len(url) > MAX_ADDRESS:
        return make_assessment(Reason.INVALID, f"the address has {len(url):,} characters", detail="too-long")
    if _CONTROL_CHARACTER.search(url):
        observation = "the address holds spaces or control characters"
        return make_assessment(Reason.INVALID, observation, detail="control-characters")
    try:
        parts = split_url(url)
        has_host = "://" in url and bool(parts.host) and parts.port not in (0, -1)
    except ValueError:
        has_host = False
    if not has_host or not scheme:
        return make_assessment(Reason.INVALID, "the address cannot be read as a web address", detail="unreadable")
    if parts.path.startswith(_PROTECTED_EMAIL_PATH):
        observation = "an e-mail address hidden by Cloudflare, not a page"
        return make_assessment(Reason.SKIPPED, observation, detail="email-protection")
    return None
