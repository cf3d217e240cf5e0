"""The look ladder: which look comes next, and when the verdict stands.

Each rung only when the one before was not conclusive: the page as an honest program; the same as a browser would ask;
another scheme or `www` for certificates, refusals and names; an invented address beside it; the archived copy. Two
request profiles agree before anything is called dead, and no link costs more than six requests.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.resolve.base import Ask, Evidence
from cite_audit.resolve.judge import answers, drift, pages, platforms, siblings
from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.redirects import Rank, is_deep, permanent, rank
from cite_audit.resolve.judge.swap import mended, swapped
from cite_audit.resolve.judge.view import View, verdict

BUDGET = 6  # requests a link
_LONGEST = 8192  # characters of an address that servers still take
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_PROTECTED_MAIL = "/cdn-cgi/l/email-protection"


def judge(evidence: Evidence) -> Verdict | Ask:
    """The verdict on a link from all that is known of it, or the look that is wanted next. Pure."""
    if known := _without_looking(evidence.url):
        return verdict(evidence.url, known)
    if (adapter := platforms.find(evidence)) and adapter.judges:
        told = platforms.judged(evidence, adapter)
        return told if isinstance(told, Ask) else verdict(evidence.url, *told, _requests(evidence))
    looks = _profiles(evidence)
    if not looks:
        return Ask("page", evidence.url)
    view, probe = see(evidence, looks[0]), looks[0]
    if len(looks) > 1:
        view, probe = _two(evidence, looks[0], looks[1])
    if not _spent(evidence) and (ask := _next(evidence, view)):
        return ask
    view, probe = _swap_tells(evidence, view, probe)
    view, probe = _refresh_tells(evidence, view, probe)
    if view.broken and "sibling" in view.wants and evidence.look("sibling") is None:
        view = replace(view, health=Health.UNKNOWN, says=(*view.says, "too many looks were needed to be sure"))
    if view.alive and evidence.memento and evidence.memento.good:
        return _against_copy(evidence, view, probe)
    return verdict(evidence.url, view, probe, _requests(evidence))


def _against_copy(evidence: Evidence, view: View, probe: Probe) -> Verdict | Ask:
    """A live page compared with its archived copy, which has to be fetched first."""
    assert evidence.memento is not None
    memento = evidence.look("memento")
    if memento is None:
        return Ask("memento", drift.raw_address(evidence.memento.uri_m), shared=True)
    kept = see(Evidence(memento.url, evidence.now), memento)
    if memento.status == 200 and not kept.alive and kept.reason is not Reason.PAYWALL:
        return verdict(evidence.url, view.also("the archived copy shows no such page"), probe, _requests(evidence))
    compared = drift.judged(evidence, Page(probe), memento, view)
    unsure = compared.broken and not _spent(evidence)
    if unsure and (ask := _next(evidence, replace(compared, wants="browser"))):
        return ask
    return verdict(evidence.url, compared, probe, _requests(evidence))


def _profiles(evidence: Evidence) -> list[Probe]:
    """The latest look at the page of each profile, in the order they were had; without those nobody had time for."""
    latest: dict[str, Probe] = {}
    for ask, probe in evidence.looks:
        if ask.kind == "page" and "not-asked" not in probe.flags:
            latest[ask.profile] = probe
    return list(latest.values())


@lru_cache(maxsize=2048)
def _without_looking(url: str) -> View | None:
    """What an address tells by itself: no packet is sent for it."""
    scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", url, re.I)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return View(Reason.SKIPPED, (f"“{scheme[1]}:” is not a web address",), "scheme")
    if len(url) > _LONGEST:
        return View(Reason.INVALID, (f"the address has {len(url):,} characters",), "too-long")
    if _CONTROL.search(url):
        return View(Reason.INVALID, ("the address holds spaces or control characters",), "control-characters")
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or not scheme:
        return View(Reason.INVALID, ("the address cannot be read as a web address",), "unreadable")
    if parts.path.startswith(_PROTECTED_MAIL):
        return View(Reason.SKIPPED, ("an e-mail address hidden by Cloudflare, not a page",), "email-protection")
    return None


def see(evidence: Evidence, probe: Probe) -> View:
    """What one look shows."""
    status = probe.status or 0
    page = Page(probe)
    silent = status == 200 and not probe.body  # the head of an answer, and then nothing
    if probe.failure and (not status or 300 < status < 400 or silent):
        gate = pages.gate(probe, page) if probe.hops else None
        return gate or answers.failed(probe)
    if wall := pages.guarded(probe, page):
        return pages.gate(probe, page) or wall if wall.detail == "generic" else wall
    if 200 <= status <= 300 and status not in (204, 205):
        return pages.shown(evidence, probe, page)
    if status in (401, 403) and (gate := pages.gate(probe, page)) and gate.reason is Reason.LOGIN_REQUIRED:
        return gate
    return pages.for_sale(probe, page) or answers.refused(evidence, probe, page)


def _two(evidence: Evidence, first: Probe, second: Probe) -> tuple[View, Probe]:
    """The views of both request profiles as one: dead only when both say so."""
    one, other = see(evidence, first), see(evidence, second)
    if other.alive:
        return other, second
    if one.alive:
        return one, first
    if one.broken and other.broken:
        return (one, first) if one.reason is other.reason and one.confidence > other.confidence else (other, second)
    if one.broken:
        return other.also("the first look, as a program, got: " + one.says[0]), second
    if other.broken:
        return one.also("a second look, as a browser, got: " + other.says[0]), first
    return (one, first) if second.status is None else (other, second)


def _next(evidence: Evidence, view: View) -> Ask | None:
    """The look that the view wants and that was not yet had."""
    url = evidence.url
    if view.reason is Reason.NOT_FOUND and _meant(evidence):
        return None
    pages_asked = {ask.profile for ask, _ in evidence.looks if ask.kind == "page"}
    for wanted in view.wants.split():
        if wanted == "browser" and len(pages_asked) == 1:
            return Ask("page", url, "plain" if "browser" in pages_asked else "browser")
        if wanted == "sibling" and evidence.look("sibling") is None:
            return Ask("sibling", siblings.sibling(url, evidence.token), shared=True)
        if wanted == "mend" and (ask := _elsewhere(evidence, mended(url))):
            return ask
        if wanted == "memento" and evidence.memento and evidence.look("memento") is None:
            return Ask("memento", drift.raw_address(evidence.memento.uri_m), shared=True)
        if wanted == "refresh" and (ask := _refresh(evidence, view)):
            return ask
        if wanted == "swap" and not _led_elsewhere(evidence):
            return _elsewhere(evidence, swapped(url, view.detail or view.reason))
    return None


def _meant(evidence: Evidence) -> bool:
    """Whether the address was misprinted, and the page that was meant is there."""
    other = evidence.look("swap")
    return other is not None and see(replace(evidence, url=other.url), other).alive


def _elsewhere(evidence: Evidence, addresses: list[str]) -> Ask | None:
    """A look at the first of the addresses that was not yet looked at, unless one gave an answer already."""
    had = {ask.url: probe for ask, probe in evidence.looks if ask.kind == "swap"}
    if any(probe.status is not None and probe.status < 400 for probe in had.values()):
        return None
    return next((Ask("swap", address) for address in addresses if address not in had), None)


def _refresh(evidence: Evidence, view: View) -> Ask | None:
    """A look where a `meta` refresh leads, and a second one, as a browser, where the first found no page."""
    for profile in ("plain", "browser"):
        look = evidence.look("refresh", profile)
        if look is None:
            return Ask("refresh", view.target, profile)
        if see(replace(evidence, url=view.target), look).alive:
            return None
    return None


def _led_elsewhere(evidence: Evidence) -> bool:
    """Whether the trouble is at the end of a redirect, not at the address itself."""
    return any(probe.hops for ask, probe in evidence.looks if ask.kind == "page")


def _requests(evidence: Evidence) -> int:
    return sum(probe.attempts for _, probe in evidence.looks)


def _spent(evidence: Evidence) -> bool:
    return _requests(evidence) >= BUDGET


def _swap_tells(evidence: Evidence, view: View, probe: Probe) -> tuple[View, Probe]:
    """What another scheme or `www` showed, where the address itself gave nothing."""
    other = evidence.look("swap")
    if other is None or other.status is None or view.alive:
        return view, probe
    theirs = see(replace(evidence, url=other.url), other)
    if theirs.reason is Reason.PARKED:
        return theirs.also(*view.says), other
    if view.reason is Reason.DNS_FAILURE:
        return _other_name(view, theirs, other), probe
    if not theirs.alive:
        return view, probe
    return _other_scheme(evidence, view, theirs, other, probe)


def _other_name(view: View, theirs: View, other: Probe) -> View:
    """The host is gone but the domain answers: dead for the reader, with a hint for the editor."""
    says = f"{urlsplit(other.url).hostname} still answers"
    moved = other.url if theirs.reason is Reason.OK else ""
    return replace(view, detail="host-removed", says=(*view.says, says), moved_to=moved)


def _other_scheme(evidence: Evidence, view: View, theirs: View, other: Probe, probe: Probe) -> tuple[View, Probe]:
    asked, answered = urlsplit(evidence.url), urlsplit(other.url)
    says = (*view.says, f"{other.url} shows the page")
    if view.reason is Reason.NOT_FOUND:
        why = "trimmed" if evidence.url.startswith(other.url) else "escaped-twice"
        reason = Reason.OK if why == "trimmed" else Reason.MOVED_PERMANENTLY
        return View(reason, says, why, confidence=0.7, moved_to=other.url), other
    if asked.hostname != answered.hostname or (asked.scheme, answered.scheme) == ("http", "https"):
        moved = View(Reason.MOVED_PERMANENTLY, says, view.detail or view.reason, confidence=0.8, moved_to=other.url)
        return moved, other
    if view.reason is Reason.TLS_FAILURE:
        return view.also(f"without encryption the page is there: {other.url}"), probe
    return View(Reason.OK, says, "http-only", confidence=0.8, moved_to=other.url), other


def _refresh_tells(evidence: Evidence, view: View, probe: Probe) -> tuple[View, Probe]:
    """Where a `meta` refresh led."""
    target = evidence.look("refresh")
    if target is None or view.detail != "meta-refresh":
        return view, probe
    theirs = see(replace(evidence, url=view.target), target)
    led = Page(target).url
    if not theirs.alive:
        return replace(theirs, says=(*view.says, *theirs.says)), target
    if rank(probe, led) in (Rank.HOME, Rank.OWNER_HOME, Rank.ERROR) and is_deep(probe.url):
        return View(Reason.SOFT_404, view.says, "refresh-to-home", confidence=0.8), target
    moved = rank(probe, led) in (Rank.MOVED, Rank.OWNER) and (not target.hops or permanent(target))
    reason = Reason.MOVED_PERMANENTLY if moved else Reason.REDIRECTED
    return View(
        reason, (*view.says, *theirs.says), "meta-refresh", confidence=0.8, moved_to=led if moved else ""
    ), target
