"""Looks that ended in a page: is it the one that was asked for?

Order: wall, then login, consent and geo, then parked, then soft 404. A page can be a soft 404 only when none of the
earlier fired.
"""

from __future__ import annotations

from cite_audit.model import Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge import between, catchall, landing, marks, redirects, soft404, spam
from cite_audit.resolve.judge.front import own_text
from cite_audit.resolve.judge.page import Page, words
from cite_audit.resolve.judge.phrases import heading_is, speaks_to_visitors
from cite_audit.resolve.judge.redirects import Rank
from cite_audit.resolve.judge.siblings import Answer, compare
from cite_audit.resolve.judge.view import View

_TEASER = 300  # words
_OF_A_PART = ("login-notice", "consent-page", "country", "rate", "js-required")  # what a part of a page may say too
_NEWS_ITEM = 8  # words
_NEWS = ("for-sale", "registrar")  # marks of words alone, which a news item may have


def guarded(probe: Probe, page: Page) -> View | None:
    """A bot wall, whatever the status; None where there is none."""
    hits = marks.found("walls", probe, page)
    if not hits:
        return None
    named = next((hit for hit in hits if hit.rule != "generic"), hits[0])
    seen = f"{named.says}: {named.where.partition(':')[2] or named.where} (rule {named.rule}; {named.source})"
    return View(Reason.BLOCKED, (seen,), named.rule, wants="browser")


def shown(evidence: Evidence, probe: Probe, page: Page) -> View:
    """What a page of status 200 (or 206, 203 …) is."""
    if not page.body and not page.refresh:
        return View(Reason.EMPTY, (f"the answer ({probe.status}) has no content",), wants="browser")
    if page.packed and page.textual:
        says = f"the text is packed in a way that we do not undo ({page.packed})"
        return View(Reason.PROTOCOL_ERROR, (says,), "coding", wants="browser")
    if not page.textual or not page.body:
        return soft404.placeholder(evidence, probe, page) or landing.arrived(evidence, probe, page)
    found = gate(probe, page) or _parked(evidence, probe, page) or _taken_over(probe, page)
    found = found or soft404.suspected(evidence, probe, page)
    found = found or _shell(probe, page) or catchall.suspected(evidence, probe, page)
    return found or between.stands(probe, page) or landing.arrived(evidence, probe, page)


def gate(probe: Probe, page: Page) -> View | None:
    """Login, consent, geo-block or paywall."""
    for hit in marks.found("gates", probe, page):
        if hit.rule in _OF_A_PART and _beside_a_text(hit, page):
            continue
        return View(Reason(hit.reason), (f"{hit.says} (rule {hit.rule}; {hit.source})",), hit.rule)
    if (page.password and _is_login(probe, page)) or _asks_name(page):
        return View(Reason.LOGIN_REQUIRED, ("the page is a login form",), "login-form")
    if page.charged and page.words < _TEASER:
        says = "the page declares itself not free (isAccessibleForFree) and shows only a teaser"
        return View(Reason.PAYWALL, (says,), "teaser")
    return None


def _beside_a_text(hit: marks.Mark, page: Page) -> bool:
    """Whether the page tells something else under its heading: then the mark is a headline, a player's or a form's."""
    if hit.where not in ("text", "title"):
        return False
    told = own_text(page)
    return words(told) >= _NEWS_ITEM and not hit.pattern.search(told) and not speaks_to_visitors(told)


def _asks_name(page: Page) -> bool:
    """A login that asks for the name first and for the password on its next page."""
    if page.words >= marks.TINY or not any(heading_is(text, "login") for text in page.headings):
        return False
    return page.tree.css_first("form input[type=email], form input[type=text], form input[autocomplete]") is not None


def _is_login(probe: Probe, page: Page) -> bool:
    """A password field alone is a login box; it is a login page when headed so or when nothing else is there."""
    if page.words >= 350:
        return False
    if any(heading_is(text, "login") for text in page.headings):
        return True
    if (told := own_text(page)) and not speaks_to_visitors(f"{' '.join(page.top)} {told}"):
        return False
    return page.words < 80 or (probe.url.lower().endswith(".pdf") and page.words < marks.THIN)


def for_sale(probe: Probe, page: Page) -> View | None:
    """A page of a domain for sale that two different marks show, or one that is nowhere else; whatever the status."""
    hits = marks.found("parked", probe, page)
    if any(hit.needs in ("tiny-alone", "moved-alone") for hit in hits) or len({hit.rule for hit in hits}) >= 2:
        says = tuple(f"{hit.says} (rule {hit.rule}; {hit.source})" for hit in hits)
        return View(Reason.PARKED, says, wants="browser")
    return None


def _parked(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    hits = marks.found("parked", probe, page)
    if not hits:
        return None
    says = tuple(f"{hit.says} (rule {hit.rule}; {hit.source})" for hit in hits)
    sure = for_sale(probe, page)
    if sure and any(hit.rule not in _NEWS for hit in hits):
        return sure
    other = evidence.look("sibling")
    match compare(page, probe, other):
        case Answer.SAME:
            return View(Reason.PARKED, (*says, "an invented address gets the same page"), wants="browser")
        case Answer.NONE if other is None:
            return View(Reason.PARKED, says, wants="sibling", confidence=0.5)
    return None


def _taken_over(probe: Probe, page: Page) -> View | None:
    """A redirect to another owner's page in one of the trades that buy lapsed domains."""
    rank = redirects.rank(probe, page.url)
    if rank not in (Rank.OWNER, Rank.OWNER_HOME) or redirects.is_short_link(probe.url):
        return None
    topic = spam.topic(page, redirected=True, home=rank is Rank.OWNER_HOME)
    if not topic:
        return None
    says = f"the redirect leads to another owner, whose page is about {topic}: {page.url}"
    return View(Reason.HIJACKED, (says,), "redirect-to-spam", wants="browser")


def _shell(probe: Probe, page: Page) -> View | None:
    """A page that a script has yet to fill, or one with nothing on it."""
    if not page.html or page.words >= 60 or (page.refresh and page.refresh[0] <= 5):
        return None
    if page.mount and page.scripts:
        return View(Reason.JS_SHELL, ("the page is an empty frame that a script fills",), wants="browser")
    if page.words >= 20:
        return None
    if page.script_target:
        says = f"the page holds nothing but a script that leads to {page.script_target}"
        return View(Reason.JS_SHELL, (says,), "script-redirect")
    if page.words < 5 and page.scripts and not page.media and len(page.text) < 200:
        return View(Reason.JS_SHELL, ("the page holds scripts and no text",), wants="browser")
    if not page.text and not page.media and not page.title:
        return View(Reason.EMPTY, ("the page has no text and no picture",), wants="browser")
    return None
