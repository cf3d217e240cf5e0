"""Pages that a site puts between its visitors and the document: the redirect there carries the address to return to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from cite_audit.model import Probe, Reason
from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.phrases import vocabulary
from cite_audit.resolve.judge.view import View

_FEW = 120  # words; a document has more, or its own address
_RETURN = re.compile(
    r"^(?:next|return\w*|redirect\w*|back\w*|dest\w*|continue\w*|goto|target\w*|from\w*|origin\w*|callback\w*|referr?er|r|ret)$",
    re.I,
)


def stands(probe: Probe, page: Page) -> View | None:
    """A consent page or another hurdle, by the way back that its address holds; None where there is none."""
    asked, led = urlsplit(probe.url), urlsplit(page.url)
    if not probe.hops or not page.html or page.words >= _FEW or page.article or len(asked.path) < 3:
        return None
    if led.path == asked.path or not any(
        _RETURN.match(name) and asked.path in value for name, value in parse_qsl(led.query)
    ):
        return None
    says = f"the site sends its visitors to {page.url}, which holds the way back"
    if vocabulary("consent-words").search(f"{led.path} {page.title} {page.text[:300]}"):
        return View(Reason.CONSENT_WALL, (says, "and asks for consent"), "way-back", confidence=0.7)
    return View(Reason.BLOCKED, (says, "something stands between"), "way-back", wants="browser", confidence=0.6)
