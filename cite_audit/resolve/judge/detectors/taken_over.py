"""Domains taken over: a redirect to another owner's page in one of the trades that buy lapsed domains."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import RedirectRank, is_short_link
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.trades import find_trade

NAME = "taken over"


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """Without a redirect, only the archived copy can tell a takeover from an article (docs/decisions/0403)."""
    if not look.shows_text or look.redirect_rank not in (RedirectRank.OWNER, RedirectRank.OWNER_HOME):
        return None
    if is_short_link(look.probe.url):
        return None
    trade = find_trade(look.page, redirected=True, home=look.redirect_rank is RedirectRank.OWNER_HOME)
    if not trade:
        return None
    observation = f"the redirect leads to another owner, whose page is about {trade}: {look.page.url}"
    return make_assessment(Reason.HIJACKED, observation, detail="redirect-to-spam", wants=(Want.BROWSER,))
