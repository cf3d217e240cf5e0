"""Content drift: the live page against the archived copy nearest the citation date.

Measures and thresholds are OTMT's (AlNoamany et al. 2016): cosine of the main texts' words and change of their number.
A page that drifted is still there; the citation is broken only where the page is about something else altogether, or
the sentence that was quoted stands in the copy and no longer in the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cite_audit.model import Health, Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge import spam
from cite_audit.resolve.judge.likeness import cosine, held, tokens
from cite_audit.resolve.judge.page import Page, words
from cite_audit.resolve.judge.redirects import is_home
from cite_audit.resolve.judge.view import View

OFF_TOPIC = 0.12  # cosine
REWRITTEN = 0.6
SHRUNK = -0.7  # part of the words gone
GROWN = 0.5  # part of the words gained: a copy of a teaser, or a text that was continued
KEPT = 0.6  # of the copy's runs of three words
_ENOUGH = 50  # words of a text that can be compared
_QUOTED = re.compile(r"[“«„\"]([^“”«»„\"]{20,400})[”»“\"]")
_VOLATILE = re.compile(r"/(?:search|tag|tags|category|topics?|feed|latest|news)/?$", re.I)


@dataclass(frozen=True, slots=True)
class Change:
    """How a page differs from its copy: cosine (0-1), part of words gained or lost, quoted sentences gone."""

    cosine: float
    grown: float
    gone: tuple[str, ...] = ()
    old_title: str = ""
    new_title: str = ""

    def __str__(self) -> str:
        text = f"likeness {self.cosine:.2f} to the archived copy, {self.grown:+.0%} words"
        if self.old_title and self.old_title != self.new_title:
            text += f"; its title was “{self.old_title[:80]}” and is “{self.new_title[:80]}”"
        return text


def raw_address(uri_m: str) -> str:
    """The address of a memento as it was captured, without the archive's frame and rewritten links."""
    return re.sub(r"(/web/\d{4,14})(?:[a-z]{2}_)?/", r"\1id_/", uri_m, count=1)


def main_text(page: Page) -> str:
    """The main text of a page: trafilatura's where it is installed (extra `drift`), else our own."""
    try:
        import trafilatura
    except ImportError:
        return page.main
    found = trafilatura.extract(page.source, include_comments=False, favor_recall=True) if page.html else ""
    return found if found and words(found) >= 20 else page.main


def compare(live: Page, copy: Page, sentences: tuple[str, ...] = ()) -> Change:
    """What changed from the copy to the live page."""
    new, old = main_text(live), main_text(copy)
    before = max(words(old), 1)
    gone = tuple(
        passage for passage in _passages(sentences) if _within(passage, old) and not _within(passage, live.text)
    )
    return Change(cosine(new, old), words(new) / before - 1, gone, copy.title, live.title)


def judged(evidence: Evidence, live: Page, memento: Probe, fine: View) -> View:
    """The verdict on a live page in the light of its copy; `fine` where nothing speaks against it."""
    copy = Page(memento)
    if memento.status != 200 or not copy.html or not live.html or words(main_text(copy)) < _ENOUGH:
        return fine.also("the archived copy cannot be compared")
    if is_home(evidence.url) or _VOLATILE.search(urlsplit(evidence.url).path):
        return fine.also("a front page or list changes by nature; not compared with its copy")
    change = compare(live, copy, evidence.quotes)
    if change.grown > GROWN and not change.gone and held(main_text(copy), live.text) >= KEPT:
        return fine.also(f"the page has grown and still holds what the copy does ({change.grown:+.0%} words)")
    if words(main_text(live)) < _ENOUGH:  # a script may draw the rest
        return View(Reason.DRIFTED, (*fine.says, str(change)), "shrunk", moved_to=fine.moved_to)
    if change.cosine < OFF_TOPIC:
        return _off_topic(live, copy, change)
    if change.gone:
        says = f"the copy holds the quoted sentence and the page no longer does: “{change.gone[0][:160]}”"
        return View(Reason.DRIFTED, (says, str(change)), "quote-gone", health=Health.BROKEN, confidence=0.85)
    if change.cosine < REWRITTEN or change.grown < SHRUNK:
        return View(Reason.DRIFTED, (*fine.says, str(change)), "rewritten", moved_to=fine.moved_to)
    return fine.also(str(change))


def _off_topic(live: Page, copy: Page, change: Change) -> View:
    """About something else: another owner's page, or the same owner's."""
    topic = spam.topic(live)
    if topic or not _same_owner(live, copy):
        says = f"the page is about {topic}" if topic else "nothing of the former site is left on the page"
        return View(Reason.HIJACKED, (says, str(change)), topic or "new-owner", wants="browser", confidence=0.8)
    return View(Reason.DRIFTED, (str(change),), "off-topic", health=Health.BROKEN, confidence=0.75)


def _same_owner(live: Page, copy: Page) -> bool:
    """Whether the page still names the site anywhere; of a site without a name, whether much of its frame is left."""
    name = copy.meta("og:site_name")
    if name and name == live.meta("og:site_name"):
        return True
    old, new = ({part.casefold() for part in re.split(r"\s+[|–—·-]\s+", page.title)[1:]} for page in (copy, live))
    if old & new:
        return True
    if named := {part.casefold() for part in (name, *old) if len(part) > 3}:
        return any(part in live.text.casefold() for part in named)
    frame_old, frame_new = (set(tokens(page.text)) - set(tokens(page.main)) for page in (copy, live))
    return len(frame_old & frame_new) > 0.3 * max(len(frame_old), 3)


def _passages(sentences: tuple[str, ...]) -> list[str]:
    """What of the citing sentences may stand in the page word for word: what is in quotation marks, or all of it."""
    found: list[str] = []
    for sentence in sentences:
        quoted = [match[1] for match in _QUOTED.finditer(sentence)]
        found += quoted or [sentence.strip(' .“”«»"')]
    return [passage for passage in found if len(passage.split()) >= 4]


def _within(passage: str, text: str) -> bool:
    return " ".join(re.findall(r"\w+", passage.casefold())) in " ".join(re.findall(r"\w+", text.casefold()))
