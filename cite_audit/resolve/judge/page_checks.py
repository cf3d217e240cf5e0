"""Looks that ended in a page: is it the one that was asked for?

Order: wall, then login, consent and geo, then parked, then soft 404. A page can be a soft 404 only when none of the
earlier fired.
"""

from __future__ import annotations

from cite_audit.model import Probe, Reason
from cite_audit.resolve.check.base import Evidence
from cite_audit.resolve.judge import redirect_target, redirects, signatures
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.control_url import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.detectors import catch_all, interstitial, lapsed_domain, soft404
from cite_audit.resolve.judge.detectors.home_page import text_below_heading
from cite_audit.resolve.judge.page.error_phrases import has_notice_word, match_heading
from cite_audit.resolve.judge.page.html_page import WebPage, count_words
from cite_audit.resolve.judge.redirects import RedirectRank

_TEASER_WORDS = 300  # words
_PARTIAL_RULES = ("login-notice", "consent-page", "country", "rate", "js-required")  # what a part of a page may say too
_NEWS_ITEM_WORDS = 8  # words
_NEWS_RULES = ("for-sale", "registrar")  # marks of words alone, which a news item may have


def detect_wall(probe: Probe, page: WebPage) -> Assessment | None:
    """A bot wall, whatever the status; None where there is none."""
    hits = signatures.find_signatures("walls", probe, page)
    if not hits:
        return None
    specific_hit = next((hit for hit in hits if hit.rule != "generic"), hits[0])
    place = specific_hit.where.partition(":")[2] or specific_hit.where
    return Assessment(Reason.BLOCKED, (specific_hit.observe(place),), specific_hit.rule, wants="browser")


def assess_page(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment:
    """What a page of status 200 (or 206, 203 …) is."""
    if not page.body and not page.refresh_directive:
        return Assessment(Reason.EMPTY, (f"the answer ({probe.status}) has no content",), wants="browser")
    if page.unknown_coding and page.is_textual:
        observation = f"the text is packed in a way that we do not undo ({page.unknown_coding})"
        return Assessment(Reason.PROTOCOL_ERROR, (observation,), "coding", wants="browser")
    if not page.is_textual or not page.body:
        return soft404.detect_placeholder(evidence, probe, page) or redirect_target.assess_arrival(
            evidence, probe, page
        )
    assessment = detect_gate(probe, page) or _detect_parked(evidence, probe, page) or _detect_takeover(probe, page)
    assessment = assessment or soft404.detect(evidence, probe, page)
    assessment = assessment or _detect_script_shell(probe, page) or catch_all.detect(evidence, probe, page)
    return assessment or interstitial.detect(probe, page) or redirect_target.assess_arrival(evidence, probe, page)


def detect_gate(probe: Probe, page: WebPage) -> Assessment | None:
    """Login, consent, geo-block or paywall."""
    for hit in signatures.find_signatures("gates", probe, page):
        if hit.rule in _PARTIAL_RULES and _is_beside_text(hit, page):
            continue
        return Assessment(Reason(hit.reason), (hit.observe(),), hit.rule)
    if (page.has_password_field and _is_login_page(probe, page)) or _asks_user_name(page):
        return Assessment(Reason.LOGIN_REQUIRED, ("the page is a login form",), "login-form")
    if page.declares_paywall and page.word_count < _TEASER_WORDS:
        observation = "the page declares itself not free (isAccessibleForFree) and shows only a teaser"
        return Assessment(Reason.PAYWALL, (observation,), "teaser")
    return None


def _is_beside_text(hit: signatures.Signature, page: WebPage) -> bool:
    """Whether the page tells something else under its heading: then the mark is a headline, a player's or a form's."""
    if hit.where not in ("text", "title"):
        return False
    article_text = text_below_heading(page)
    return (
        count_words(article_text) >= _NEWS_ITEM_WORDS
        and not hit.pattern.search(article_text)
        and not has_notice_word(article_text)
    )


def _asks_user_name(page: WebPage) -> bool:
    """A login that asks for the name first and for the password on its next page."""
    if page.word_count >= signatures.TINY_WORDS or not any(match_heading(text, "login") for text in page.headings):
        return False
    return page.tree.css_first("form input[type=email], form input[type=text], form input[autocomplete]") is not None


def _is_login_page(probe: Probe, page: WebPage) -> bool:
    """A password field alone is a login box; it is a login page when headed so or when nothing else is there."""
    if page.word_count >= 350:
        return False
    if any(match_heading(text, "login") for text in page.headings):
        return True
    if (article_text := text_below_heading(page)) and not has_notice_word(f"{' '.join(page.h1_texts)} {article_text}"):
        return False
    return page.word_count < 80 or (probe.url.lower().endswith(".pdf") and page.word_count < signatures.THIN_WORDS)


def detect_domain_sale(probe: Probe, page: WebPage) -> Assessment | None:
    """A page of a domain for sale that two different marks show, or one that is nowhere else; whatever the status."""
    hits = signatures.find_signatures("parked", probe, page)
    if any(hit.needs in ("tiny-alone", "moved-alone") for hit in hits) or len({hit.rule for hit in hits}) >= 2:
        observations = tuple(hit.observe() for hit in hits)
        return Assessment(Reason.PARKED, observations, wants="browser")
    return None


def _detect_parked(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    hits = signatures.find_signatures("parked", probe, page)
    if not hits:
        return None
    observations = tuple(hit.observe() for hit in hits)
    sale_assessment = detect_domain_sale(probe, page)
    if sale_assessment and any(hit.rule not in _NEWS_RULES for hit in hits):
        return sale_assessment
    control = evidence.latest_look("sibling")
    match compare_with_control(page, probe, control):
        case ControlAnswer.SAME:
            return Assessment(Reason.PARKED, (*observations, "an invented address gets the same page"), wants="browser")
        case ControlAnswer.NONE if control is None:
            return Assessment(Reason.PARKED, observations, wants="sibling", confidence=0.5)
    return None


def _detect_takeover(probe: Probe, page: WebPage) -> Assessment | None:
    """A redirect to another owner's page in one of the trades that buy lapsed domains."""
    rank = redirects.rank_redirect(probe, page.url)
    if rank not in (RedirectRank.OWNER, RedirectRank.OWNER_HOME) or redirects.is_short_link(probe.url):
        return None
    trade = lapsed_domain.find_trade(page, redirected=True, home=rank is RedirectRank.OWNER_HOME)
    if not trade:
        return None
    observation = f"the redirect leads to another owner, whose page is about {trade}: {page.url}"
    return Assessment(Reason.HIJACKED, (observation,), "redirect-to-spam", wants="browser")


def _detect_script_shell(probe: Probe, page: WebPage) -> Assessment | None:
    """A page that a script has yet to fill, or one with nothing on it."""
    if not page.is_html or page.word_count >= 60 or (page.refresh_directive and page.refresh_directive[0] <= 5):
        return None
    if page.has_empty_mount and page.script_count:
        return Assessment(Reason.JS_SHELL, ("the page is an empty frame that a script fills",), wants="browser")
    if page.word_count >= 20:
        return None
    if page.script_target:
        observation = f"the page holds nothing but a script that leads to {page.script_target}"
        return Assessment(Reason.JS_SHELL, (observation,), "script-redirect")
    if page.word_count < 5 and page.script_count and not page.has_media and len(page.visible_text) < 200:
        return Assessment(Reason.JS_SHELL, ("the page holds scripts and no text",), wants="browser")
    if not page.visible_text and not page.has_media and not page.title:
        return Assessment(Reason.EMPTY, ("the page has no text and no picture",), wants="browser")
    return None
