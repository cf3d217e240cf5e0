"""Interstitials: pages between visitors and the document; the redirect there carries the address to return to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import search_vocabulary

NAME = "interstitial"
_MAX_WORDS = 120  # words; a document has more, or its own address
_RETURN_PARAMETER = compile_lazily(
    r"^(?:next|return\w*|redirect\w*|back\w*|dest\w*|continue\w*|goto|target\w*|from\w*|origin\w*|callback\w*|referr?er|r|ret)$",
    re.I,
)


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """A consent page or another interstitial whose address carries the path that was asked for."""
    page = look.page
    if not look.shows_text or not look.probe.hops or not page.is_html:
        return None
    cited_path = urlsplit(look.probe.url).path
    if len(cited_path) < 3 or page.has_words(_MAX_WORDS) or page.is_article:
        return None
    final_parts = urlsplit(page.url)
    if final_parts.path == cited_path or not any(
        _RETURN_PARAMETER.match(name) and cited_path in value for name, value in parse_qsl(final_parts.query)
    ):
        return None
    observation = f"the site sends its visitors to {page.url}, which holds the way back"
    if search_vocabulary("consent-words", f"{final_parts.path} {page.title} {page.visible_text[:300]}"):
        return make_assessment(
            Reason.CONSENT_WALL, observation, "and asks for consent", detail="way-back", confidence=0.7
        )
    return make_assessment(
        Reason.BLOCKED,
        observation,
        "something stands between",
        detail="way-back",
        wants=(Want.BROWSER,),
        confidence=0.6,
    )
