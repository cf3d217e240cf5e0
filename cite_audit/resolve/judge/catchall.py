"""Sites that show one page under every address: a page of few words that nothing ties to its address is checked.

What such a page is for, its words tell where we know them: something missing, or nothing at all of a template. A notice
in words we do not know may be a guard's, a regulator's or an error; it is not the document, but nobody is told that it
is dead.
"""

from __future__ import annotations

import re

from cite_audit.model import Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge.front import hollow
from cite_audit.resolve.judge.likeness import names
from cite_audit.resolve.judge.page import Page, squeeze, words
from cite_audit.resolve.judge.phrases import absence, apologises, speaks_to_visitors, vocabulary
from cite_audit.resolve.judge.redirects import is_deep
from cite_audit.resolve.judge.siblings import Answer, compare
from cite_audit.resolve.judge.view import View
from cite_audit.urls import key

_SAYS = 8  # words of a page that says something before a script draws it
FEW = 120  # words; below it a page is not plainly an article
_MENU = 8  # links of a site's menu
_UNDER = 300  # characters under a heading
_SPEAKS = 3  # words of a heading that says something
_LINKS = 0.6  # part of the words of a list that are links
_DOCUMENT = re.compile(r"(?:\d|\.\w{3,5})/?(?:\?|$)")  # the end of an address of one document, not of a list
NOTICE = 60  # words; below it a page without any other sign may be a notice


def _like_a_notice(page: Page) -> bool:
    """Whether it may be no document: it does not say that this is its address, and has words that notices have."""
    if page.canonical and key(page.canonical) == key(page.url):
        return False
    return speaks_to_visitors(f"{' '.join(page.headings)} {page.main[:1000]}")


def _of_a_domain(page: Page) -> str:
    """The word for a domain on a page of few words without a menu, unless authorities or guards speak there."""
    if page.words >= NOTICE or page.password or len(page.tree.css("a[href^='/']")) >= _MENU:
        return ""
    match = vocabulary("domain-words").search(page.text)
    # A court, a regulator or a guard may keep a domain from us, and a network in front may not know it.
    return match[0] if match and not vocabulary("authorities").search(page.text) else ""


def _told_in_frame(page: Page) -> str:
    """What a page tells its visitors under its heading, inside a site's menu; guards and regulators have no menu."""
    if page.mount or page.tree.css_first("iframe, form input[type=email]"):
        return ""
    menu = page.tree.css("nav a[href], header a[href], footer a[href]")[: 2 * _MENU]
    heading = page.tree.css_first("h1")
    if len(menu) < _MENU or heading is None:
        return ""
    said, after = squeeze(heading.text(separator=" ")), heading.next
    while after is not None and after.tag == "-text":
        after = after.next
    text = f"{said} {squeeze(after.text(separator=' ')) if after is not None and after.tag == 'p' else ''}"[:_UNDER]
    return text if words(said) >= _SPEAKS and apologises(text) else ""


def _list_of_others(page: Page) -> bool:
    """Whether a page under a document's address has no heading, and is mostly links to other pages."""
    return not any(page.top) and page.linked >= _LINKS and _DOCUMENT.search(page.url) is not None


def suspected(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """The same text under an invented address: nothing of this one, unless a script has yet to draw the page."""
    if not page.html or not page.text or page.words >= 4 * FEW or not is_deep(probe.url):
        return None
    odd = page.noindex or page.scripts or hollow(page) or not page.title
    listed = _list_of_others(page)
    if page.article or (page.main_words >= (FEW if odd else NOTICE) and not listed):
        return None
    if names(probe.url, " ".join(page.headings)) or probe.status == 300 or (page.refresh and page.refresh[0] <= 5):
        return None
    if not odd and not listed and not _like_a_notice(page):
        return None
    says = f"the page has {page.main_words} words and none of its address in its title"
    other = evidence.look("sibling")
    if other is None:
        return View(Reason.SOFT_404, (says,), "one-for-all", wants="sibling", confidence=0.5)
    if compare(page, probe, other) is not Answer.SAME:
        return None
    same = "an invented address gets the same text"
    # A page that is “not available” may well be, in another country or with an account.
    said = vocabulary("available-words").sub("", page.main[:1000])
    spoken = absence(said) if page.main_words >= _SAYS or not page.scripts else ""
    if spoken:
        missing = f"and speaks of something missing: “{spoken}”"
        return View(Reason.SOFT_404, (says, same, missing), "one-for-all", wants="browser", confidence=0.8)
    if of_itself := _of_a_domain(page):
        alone = f"and is about a domain, with no site around it: “{of_itself}”"
        return View(Reason.PARKED, (says, same, alone), "one-for-all", wants="browser", confidence=0.7)
    if page.password:
        return View(Reason.LOGIN_REQUIRED, (says, same, "it has a field for a password"), "login-form", wants="browser")
    if told := _told_in_frame(page):
        what = f"and tells its visitors in the site's own frame: “{told[:100]}”"
        return View(Reason.SOFT_404, (says, same, what), "one-for-all", wants="browser", confidence=0.7)
    if page.scripts:
        return View(Reason.JS_SHELL, (says, same, "a script may draw the rest"), "one-for-all", wants="browser")
    if hollow(page):
        return View(
            Reason.SOFT_404, (says, same, "its heading is empty"), "one-for-all", wants="browser", confidence=0.7
        )
    unknown = "it may be an error, a guard or a notice: its words tell nothing we know"
    return View(Reason.BLOCKED, (says, same, unknown), "one-for-all", wants="browser", confidence=0.5)
