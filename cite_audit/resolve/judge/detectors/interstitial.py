"""Pages that a site puts between its visitors and the document: the redirect there carries the address to return to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from cite_audit.model import Probe, Reason
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.page.error_phrases import vocabulary_pattern
from cite_audit.resolve.judge.page.html_page import WebPage

_MAX_WORDS = 120  # words; a document has more, or its own address
_RETURN_PARAMETER = re.compile(
    r"^(?:next|return\w*|redirect\w*|back\w*|dest\w*|continue\w*|goto|target\w*|from\w*|origin\w*|callback\w*|referr?er|r|ret)$",
    re.I,
)


def detect(probe: Probe, page: WebPage) -> Assessment | None:
    """A consent page or another hurdle, by the way back that its address holds; None where there is none."""
    cited_parts, final_parts = urlsplit(probe.url), urlsplit(page.url)
    if (
        not probe.hops
        or not page.is_html
        or page.word_count >= _MAX_WORDS
        or page.is_article
        or len(cited_parts.path) < 3
    ):
        return None
    if final_parts.path == cited_parts.path or not any(
        _RETURN_PARAMETER.match(name) and cited_parts.path in value for name, value in parse_qsl(final_parts.query)
    ):
        return None
    observation = f"the site sends its visitors to {page.url}, which holds the way back"
    if vocabulary_pattern("consent-words").search(f"{final_parts.path} {page.title} {page.visible_text[:300]}"):
        return Assessment(Reason.CONSENT_WALL, (observation, "and asks for consent"), "way-back", confidence=0.7)
    return Assessment(
        Reason.BLOCKED, (observation, "something stands between"), "way-back", wants="browser", confidence=0.6
    )
