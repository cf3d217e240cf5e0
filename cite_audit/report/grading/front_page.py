"""Addresses that name a site or an account and no page of it: beside a page they support nothing."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Source

# behind the host of a canonical key: nothing, a language, an index; what serves a site; its sections
_FRONT_PAGE = compile_lazily(
    r"""/(?:[a-z]{2}(?:-[a-z]{2})?)?/?(?:
        (?:(?:index|default|home|main)(?:\.\w{2,5})?)?
        | (?:world|news|international|politics|business|sports?|opinion|latest|live)
        | (?:about|about-us|contacts?|contact-us|privacy|privacy-policy|terms|terms-of-\w+|cookies|imprint|legal
            |impressum|site-?map|robots|favicon|rss|feeds?|atom|search|site-search|log-?in|sign-?in|sign-?up|register|subscribe
            |account/[\w-]+)(?:\.\w{2,5})?/?(?:\?.*)?
    )$""",
    re.X,
)
_PROFILE = compile_lazily(r"/(?:(?:s|c|user|channel|profile|company|in|public)/)?@?[^/?]+$")


def is_front_page(page_key: str, source: Source) -> bool:
    """Whether a canonical key (see `page_key`) names no page of content: a site's front, its service, a profile."""
    path = page_key.partition(")")[2]
    return bool(_FRONT_PAGE.match(path)) or bool(source.channel and _PROFILE.match(path))
