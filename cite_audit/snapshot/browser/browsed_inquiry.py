"""What a browser adds to an inquiry: the page as its scripts make it, judged, and every part that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cite_audit.model import Health, Hop, Probe, Reason, Verdict
from cite_audit.resolve.http.exchange_recorder import Exchange, Recording
from cite_audit.resolve.judge.assessment import make_verdict
from cite_audit.resolve.judge.capture import MAX_SUSPICION
from cite_audit.resolve.judge.detectors import assess_look
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest, RequestProfile
from cite_audit.snapshot.browser.browser_capture import BrowsedPage, BrowserCapture
from cite_audit.snapshot.browser.devtools import BrowserError
from cite_audit.snapshot.page_parts import find_target, media_type
from cite_audit.snapshot.recorded_inquiry import InquiredPage, cut_detours
from cite_audit.snapshot.report_output import extract_text

MAX_JUDGED = 512 << 10  # bytes of a page that the judge reads
_SHUT_REASONS = (Reason.PAYWALL, Reason.LOGIN_REQUIRED, Reason.GEO_BLOCKED)
MIN_MADE_WORDS = 25  # words that scripts add to a frame before it counts as a page


async def see_in_browser(
    page: InquiredPage, browser: BrowserCapture, recording: Recording, now: datetime
) -> InquiredPage:
    """The inquiry with what a browser showed; as it is, with a `remark`, where the browser failed.

    A page that is gone, and a file that is no page, are not opened.
    """
    if page.verdict.health is Health.BROKEN or not page.exchanges or not _is_page(page.exchanges[-1]):
        return page
    url = page.exchanges[0].request.url  # the one that shows the page, where the cited one has a misprint
    try:
        browsed = await browser.capture_page(url, recording)
    except BrowserError as error:
        recording.take_exchanges()
        return replace(page, remark=f"without a browser: {error}")
    chain = find_chain(browsed.exchanges, url, browsed.url)
    if not chain:
        return replace(page, remark="without a browser: it got no answer")
    return replace(
        page,
        verdict=_judge_browsed(page, url, chain, browsed, now),
        exchanges=chain,
        part_exchanges=choose_parts(browsed.exchanges, chain),
        browsed=browsed,
        remark="some parts of the page are left out" if browsed.is_cut else "",
    )


def find_chain(exchanges: Sequence[Exchange], url: str, shown_url: str) -> list[Exchange]:
    """The exchanges that lead from an address to the page shown: redirects, and reloads of the page's own."""
    chain: list[Exchange] = []
    asked_urls = [exchange.request.url for exchange in exchanges]
    current = url if url in asked_urls else next(iter(asked_urls), "")  # browsers escape other letters than we do
    for exchange in exchanges:
        if exchange.request.url != current or exchange.request.method != "GET":
            continue
        chain.append(exchange)
        location = exchange.reply.header("location")
        if not (300 < exchange.reply.status < 400 and location):
            break
        current = find_target(current, location)
    if not chain:
        return []
    bare_url = shown_url.partition("#")[0]
    later = [one for one in exchanges if one.request.url == bare_url and one.reply.status < 300 and _is_page(one)]
    if later and later[-1] not in chain:
        chain.append(later[-1])
    return cut_detours(chain)


def choose_parts(exchanges: Iterable[Exchange], chain: Sequence[Exchange]) -> list[Exchange]:
    """The best answer for each address besides those of the page itself."""
    page_urls = {exchange.request.url for exchange in chain}
    parts: dict[str, Exchange] = {}
    for exchange in exchanges:
        url = exchange.request.url
        if exchange.request.method != "GET" or url in page_urls:
            continue
        if url not in parts or parts[url].reply.status >= 400 > exchange.reply.status:
            parts[url] = exchange
    return list(parts.values())


def _is_page(exchange: Exchange) -> bool:
    mimetype = media_type(exchange.reply)
    return not mimetype or "html" in mimetype or exchange.reply.status >= 300


def _judge_browsed(
    page: InquiredPage, url: str, chain: Sequence[Exchange], browsed: BrowsedPage, now: datetime
) -> Verdict:
    """The inquiry's verdict, unless what the scripts made says otherwise: a page, or one that says “not found”.

    A platform's own service knows better than its page.
    """
    if page.service_exchanges or not browsed.html:
        return page.verdict
    last = chain[-1]
    probe = Probe(
        url,
        last.sent_at,
        status=last.reply.status,
        final_url=last.request.url,
        hops=tuple(
            Hop(one.request.url, one.reply.status, one.reply.header("location"))
            for one in chain[:-1]
            if 300 < one.reply.status < 400
        ),
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=browsed.html.encode("utf-8", "replace")[:MAX_JUDGED],
        truncated=len(browsed.html) > MAX_JUDGED,
        profile=RequestProfile.BROWSER.value,
    )
    look = Look(LookRequest(LookKind.PAGE, url, profile=RequestProfile.BROWSER), probe)
    assessment = assess_look(look, Evidence(url, now, platforms=False))
    verdict = make_verdict(url, assessment, replace(probe, body=b""), page.verdict.attempts)
    is_sure = verdict.health is Health.BROKEN and verdict.confidence > MAX_SUSPICION
    if page.is_alive:
        return verdict if is_sure and last.reply.status < 400 else page.verdict  # of a status, the inquiry knows more
    is_found = verdict.health is Health.ALIVE and _has_more_text(page, browsed)
    return verdict if is_found else page.verdict


def _has_more_text(page: InquiredPage, browsed: BrowsedPage) -> bool:
    """Whether scripts made a text of what was a frame, a menu alone being none; no browser opens a paywall."""
    if page.verdict.reason in _SHUT_REASONS:
        return False
    if page.verdict.reason not in (Reason.JS_SHELL, Reason.EMPTY):
        return True
    static_words = len(extract_text(page.exchanges[-1].reply.body).split())
    return len(browsed.text.split()) - static_words >= MIN_MADE_WORDS
