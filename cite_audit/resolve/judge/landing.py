"""Live pages: the one cited, or where it has moved; and the place in it that the link names."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urlsplit

from cite_audit.model import Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge import platforms, redirects, spam
from cite_audit.resolve.judge.likeness import covers, shared
from cite_audit.resolve.judge.page import Page, squeeze
from cite_audit.resolve.judge.redirects import Rank
from cite_audit.resolve.judge.view import View

_PAPER = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|csv|zip)$", re.I)


def arrived(evidence: Evidence, probe: Probe, page: Page) -> View:
    """The verdict on a page that shows no fault."""
    if probe.status == 300:
        return View(Reason.REDIRECTED, ("the server offers several addresses (300)",), "choices")
    if (page.html or not page.body) and page.refresh and page.refresh[0] <= 5 and page.words < 120:
        return _refreshed(evidence, probe, page)
    rank = redirects.rank(probe, page.url)
    view = moved(evidence, probe, page, rank, redirects.permanent(probe))
    if view.reason is Reason.OK and _PAPER.search(urlsplit(probe.url).path) and page.html:
        return View(Reason.REDIRECTED, ("the address of a file now shows a page",), "type-changed", confidence=0.7)
    return _placed(evidence, page, view)


def moved(evidence: Evidence, probe: Probe, page: Page, rank: Rank, permanent: bool) -> View:
    """How a redirect that led to a page is told: nothing of note, a detour, or a move worth a new address."""
    if rank in (Rank.NONE, Rank.SAME):
        doubt = spam.suspect(page) if page.html and evidence.memento is None else ""
        return View(Reason.OK, (f"the server answers {probe.status}", *_titled(page)), detail=doubt or _flag(probe))
    proof = _proof(evidence, probe, page)
    says = (f"the redirect leads to {page.url}", *_titled(page))
    if not permanent or redirects.is_short_link(probe.url) or redirects.is_home(probe.url):
        return View(Reason.REDIRECTED, says, rank)
    if proof:
        return View(Reason.MOVED_PERMANENTLY, (*says, proof), rank, confidence=0.9, moved_to=page.url)
    if rank is Rank.MOVED:
        return View(Reason.MOVED_PERMANENTLY, says, rank, confidence=0.75)
    return View(Reason.REDIRECTED, says, rank, confidence=0.7)


def _proof(evidence: Evidence, probe: Probe, page: Page) -> str:
    """Why the new page is the one that was cited; empty where nothing shows it."""
    if covers(page.title, evidence.quotes):
        return "its title is the one cited"
    if (memento := evidence.look("memento")) and shared(page.main, Page(memento).main) >= 0.6:
        return "its text is the archived one"
    return "the new address keeps the words of the old" if redirects.keeps_words(probe.url, page.url) else ""


def _refreshed(evidence: Evidence, probe: Probe, page: Page) -> View:
    """A page that sends its visitors on by `meta` refresh: where they arrive decides."""
    assert page.refresh is not None
    target = page.refresh[1]
    if redirects.rank(probe, target) in (Rank.NONE, Rank.SAME):
        return View(Reason.OK, ("the page reloads itself",), confidence=0.7)
    says = f"the page sends its visitors on to {target}"
    return View(Reason.REDIRECTED, (says,), "meta-refresh", wants="refresh", target=target, confidence=0.6)


def _titled(page: Page) -> tuple[str, ...]:
    return (f"its title: “{page.title[:120]}”",) if page.title else ()


def _flag(probe: Probe) -> str:
    return ",".join((*probe.flags, *(("truncated",) if probe.truncated or probe.failure else ())))


def _placed(evidence: Evidence, page: Page, view: View) -> View:
    """The fragment of a link: `#name`, or a text fragment `#:~:text=`."""
    fragment = urldefrag(evidence.url).fragment
    if not fragment or not page.html or view.reason not in (Reason.OK, Reason.REDIRECTED, Reason.MOVED_PERMANENTLY):
        return view
    if (adapter := platforms.find(evidence)) and not adapter.fragments:
        return view
    name, _, directive = fragment.partition(":~:")
    for wanted in re.findall(r"(?:^|&)text=([^&]*)", directive):
        if not _has_text(page, wanted):
            says = f"the page does not hold the text that the link points to: “{squeeze(unquote(wanted))[:100]}”"
            return View(Reason.FRAGMENT_MISSING, (*view.says, says), "text", moved_to=view.moved_to)
    if name and _is_anchor(name) and not page.has_anchor(unquote(name)) and not page.has_anchor(name):
        says = f"the page has no place named “{unquote(name)[:60]}”"
        return View(Reason.FRAGMENT_MISSING, (*view.says, says), "anchor", moved_to=view.moved_to)
    return view


def _is_anchor(name: str) -> bool:
    """Names with `!`, `/`, `=` or a line number are the page's own script's business, and `#top` is everywhere."""
    return not re.search(r"[!/=?&]|^L\d|^top$|^$|^xtor|^ixzz|^sthash|^\.", name, re.I)


def _has_text(page: Page, wanted: str) -> bool:
    parts = [
        unquote(part) for part in wanted.split(",") if part and not part.endswith("-") and not part.startswith("-")
    ]
    text = squeeze(page.text).casefold()
    return all(squeeze(part).casefold() in text for part in parts)
