"""Sites that show one page under every address: a page of few words that nothing ties to its address is checked."""

from __future__ import annotations

from cite_audit.model import Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge.front import hollow
from cite_audit.resolve.judge.likeness import names
from cite_audit.resolve.judge.page import Page, words
from cite_audit.resolve.judge.phrases import absence
from cite_audit.resolve.judge.redirects import is_deep
from cite_audit.resolve.judge.siblings import Answer, compare
from cite_audit.resolve.judge.view import View

_SAYS = 8  # words of a page that says something before a script draws it
FEW = 120  # words; below it a page is not plainly an article


def suspected(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """The same text under an invented address: nothing of this one, unless a script has yet to draw the page."""
    if not page.html or not page.text or page.words >= 4 * FEW or not is_deep(probe.url):
        return None
    if not (page.noindex or page.scripts or hollow(page) or not page.title) or page.article or words(page.main) >= FEW:
        return None
    if names(probe.url, " ".join(page.headings)):
        return None
    says = f"the page has {words(page.main)} words and none of its address in its title"
    other = evidence.look("sibling")
    if other is None:
        return View(Reason.SOFT_404, (says,), "one-for-all", wants="sibling", confidence=0.5)
    if compare(page, probe, other) is not Answer.SAME:
        return None
    same = "an invented address gets the same text"
    spoken = absence(page.main[:1000]) if words(page.main) >= _SAYS else ""
    if spoken:
        missing = f"and speaks of something missing: “{spoken}”"
        return View(Reason.SOFT_404, (says, same, missing), "one-for-all", wants="browser", confidence=0.8)
    if page.scripts:
        return View(Reason.JS_SHELL, (says, same, "a script may draw the rest"), "one-for-all", wants="browser")
    return View(Reason.SOFT_404, (says, same), "one-for-all", wants="browser", confidence=0.7)
