"""Pages that answer 200 and mean 404: at least two signals that do not depend on each other, one of them strong."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.model import Probe, Reason
from cite_audit.resolve.base import Evidence
from cite_audit.resolve.judge import redirects
from cite_audit.resolve.judge.front import calls_itself_home, error_template
from cite_audit.resolve.judge.marks import THIN, TINY
from cite_audit.resolve.judge.page import Page, squeeze, words
from cite_audit.resolve.judge.phrases import (
    absence,
    apologises,
    heading_is,
    holds,
    is_number,
    plain,
    sentence_is,
    vocabulary,
)
from cite_audit.resolve.judge.redirects import Rank, is_deep, is_home
from cite_audit.resolve.judge.reported import headline
from cite_audit.resolve.judge.siblings import Answer, compare
from cite_audit.resolve.judge.view import View

_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?)$", re.I)
_PLACEHOLDER = 200  # bytes; no photograph is smaller
_TEMPLATE = "the page is drawn with its site's template for errors"
_MESSAGE = 40  # words of a page that is nothing but a message
_SENTENCE = 5  # words of a heading
_BARE = 15  # words of a message that can be nothing else
_TOLD = 20  # words of a paragraph that is no message
_READ = 4000  # characters of a text that is a message; one word may have a million
_LONG = 1500  # words; no error page has more, its lists included
_LIST = 0.4  # part of the words that are links, on a page that lists other things
_SEARCH = re.compile(r"[?&](?:q|s|query|search|text|keywords?)=|[^/]/search\b", re.I)  # nothing found is what it shows
_SERVICE_ERROR = re.compile(r'"(?:status|(?:status|error)?_?code|errno)"\s*:\s*"?4(?:04|10)"?\s*[,}]', re.I)
_STORE_ERROR = re.compile(r"<Error>\s*<Code>(NoSuch(?:Key|Bucket|Website\w*))</Code>")  # Amazon S3 and its likes
_NO_ROUTE = re.compile(r"(?:error )?cannot get /\S*", re.I)  # Express
# A video or a picture that is gone says nothing of the article around it.
_OF_THE_PAGE = re.compile(
    r"\b(?:page|article|story|item|product|content|document|post|listing|url|address|link|material|record|topic|search"
    r"|запрос|страниц|стать|материал|новост|публикаци|товар|запис|документ|объявлен|ссылк|старонк|артыкул|навін|сторінк|статт"
    r"|новин|stron|artyku|puslap|straipsn|lap[au]|rakst|leh[te]|artik|seite|inhalt|página|artículo|sayfa|içerik|haber)"
    r"|الصفحة|المقال|صفحه|مطلب|خبر|页|頁|文章|内容",
    re.I,
)


def placeholder(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """A picture of a few bytes where a photograph was cited."""
    if not page.content_type.startswith("image/") or len(page.body) > _PLACEHOLDER:
        return None
    if not _IMAGE.search(probe.url.partition("?")[0]):
        return None
    says = f"the picture has {len(page.body)} bytes"
    other = evidence.look("sibling")
    if other is None:
        return View(Reason.SOFT_404, (says,), "placeholder", wants="sibling", confidence=0.5)
    if compare(page, probe, other) is Answer.SAME:
        return View(Reason.SOFT_404, (says, "an invented address gets the same picture"), "placeholder")
    return None


def suspected(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """A soft 404, a maintenance page or a stopped hosting account; None for a page without such signs."""
    kinds = [
        heading_is(text, "not-found", "removed", "maintenance", "suspended", "default-page") for text in page.headings
    ]
    kind = next((found for found in kinds if found), "")
    thin = page.words < THIN
    if thin and kind == "maintenance":
        return View(Reason.SERVER_ERROR, (f"the page says: {_heading(page, kinds)}",), "maintenance", wants="browser")
    if page.error_shell:
        return _confirmed(evidence, probe, page, "the page is the error page of its framework", "next-error", thin=True)
    if kind == "suspended" or (kind == "default-page" and not is_home(probe.url)):
        return _confirmed(evidence, probe, page, f"the page says: {_heading(page, kinds)}", kind, thin=thin)
    if kind in ("not-found", "removed"):
        return _confirmed(evidence, probe, page, f"the page is headed: {_heading(page, kinds)}", kind, thin=thin)
    if error_template(page) and (same := _if_same(evidence, probe, page, _TEMPLATE, "not-found")):
        return same
    if any(is_number(text) for text in page.headings):
        says = "the page is headed with the number of an error"
        if _spoken(page, "number") or _notice(page) or page.words < 10:
            return _confirmed(evidence, probe, page, says, "not-found", thin=thin)
        if page.words < _LONG and (same := _if_same(evidence, probe, page, says, "not-found")):
            return same
    return _worded(evidence, probe, page)


def _worded(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """The same of a page whose heading says nothing: what its text says, or else where it stands."""
    if page.words <= _MESSAGE and (phrase := holds(page.text[:_READ], "maintenance")) and _says_it(page, phrase):
        return View(Reason.SERVER_ERROR, (f"all the page says is: {phrase}",), "maintenance", wants="browser")
    if page.words <= _MESSAGE and (phrase := _message(page)) and not _late(page, phrase):
        says = f"all the page says is a message: {phrase}"
        if not any(page.top) or _error_in(_around(page, phrase)):
            return _confirmed(evidence, probe, page, says, "message", thin=True)
        same = _if_same(evidence, probe, page, says, "message")
        return same or _elsewhere(evidence, probe, page)
    if not _SEARCH.search(probe.url) and (notice := _notice(page)):
        return _noticed(evidence, probe, page, notice)
    if not _SEARCH.search(probe.url) and page.words < _LONG // 2 and (hint := _hint(page)):
        said = _if_same(evidence, probe, page, f"the page says: “{hint[:100]}”", "notice")
        return said or _elsewhere(evidence, probe, page)
    if (missed := _misses(page)) and (page.words < TINY or page.linked > _LIST) and not page.article:
        said = _if_same(evidence, probe, page, f"the page is headed: “{missed[:100]}”", "notice")
        return said or _elsewhere(evidence, probe, page)
    return _elsewhere(evidence, probe, page)


def _misses(page: Page) -> str:
    """A heading that speaks of something missing, be it only a picture: all that the page was for."""
    return next((text for text in page.top if absence(text) and not _by_right(text)), "")


def _notice(page: Page) -> str:
    """A sentence standing alone near the top that is an error phrase about the page itself."""
    return next(filter(None, map(_error_in, page.notices)), "") if page.words < _LONG else ""


def _says_it(page: Page, phrase: str) -> bool:
    """Whether a page of few words says a phrase as a sentence of its own, or under no heading of its own."""
    sentences = re.split(r"(?<=[.!?…])\s+|[:;]\s", _around(page, phrase))
    return not any(page.top) or any(sentence_is(sentence, "maintenance") for sentence in sentences)


def _around(page: Page, phrase: str) -> str:
    """The short text in which a phrase stands; all of the page where it stands in none."""
    return next((text for text in page.notices if phrase in plain(text)), page.main[:_READ])


def _hint(page: Page) -> str:
    """A sentence standing alone near the top that speaks of the page and of something missing, in whatever words."""
    return next(filter(_misses_a_page, page.notices[:12]), "")


@lru_cache(maxsize=4096)
def _misses_a_page(text: str) -> bool:
    return bool(absence(text)) and _OF_THE_PAGE.search(text) is not None and not _by_right(text)


def _by_right(text: str) -> bool:
    """Whether it speaks of place or rights: to be “not available” for them is no word on whether the page exists."""
    return vocabulary("elsewhere-words").search(text) is not None


@lru_cache(maxsize=4096)
def _error_in(text: str) -> str:
    """The first sentence of a short text that is such a phrase; a site's frame has the same texts on every page."""
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        if sentence_is(sentence, "not-found", "removed") and _OF_THE_PAGE.search(sentence):
            return sentence
    return ""


def _noticed(evidence: Evidence, probe: Probe, page: Page, notice: str) -> View | None:
    """Enough where an invented address gets the same, or where the rest is little or a list of other things."""
    says = f"the page says: “{notice[:100]}”"
    other = evidence.look("sibling")
    if other is None:
        return View(Reason.SOFT_404, (says,), "notice", wants="browser sibling", confidence=0.5)
    if compare(page, probe, other) is Answer.SAME:
        return View(Reason.SOFT_404, (says, "an invented address gets the same page"), "notice", wants="browser")
    if not _late(page, notice) and (page.linked >= _LIST or page.main_words < THIN // 2):
        says_too = "and what else it holds is little, or links to other things"
        return View(Reason.SOFT_404, (says, says_too), "notice", wants="browser", confidence=0.7)
    return None


def _late(page: Page, notice: str) -> bool:
    """Whether a notice comes after other text under the first heading: then it is about a part of the page."""
    node = page.tree.css_first("h1")
    before = plain(page.main[:_READ]).partition(plain(notice))[0]
    under = before.partition(plain(node.text(separator=" ")))[2] if node else ""
    return words(under) > _BARE


def _heading(page: Page, kinds: list[str]) -> str:
    return next(f"“{text[:100]}”" for text, kind in zip(page.headings, kinds, strict=False) if kind)


def _message(page: Page) -> str:
    kind = page.content_type.partition(";")[0].strip()
    if kind.endswith("json") and (match := _SERVICE_ERROR.search(page.source)):
        return match[0]
    if kind.endswith("xml") and not page.html:  # a feed may hold any phrase
        match = _STORE_ERROR.search(page.source)
        return match[1] if match else ""
    if page.words < _BARE and (match := _NO_ROUTE.match(page.text)):
        return match[0]
    for kind in ("not-found", "removed", "suspended", "default-page"):
        if phrase := holds(page.text[:_READ], kind):
            return phrase
    return ""


def _confirmed(evidence: Evidence, probe: Probe, page: Page, says: str, detail: str, *, thin: bool) -> View | None:
    """A heading that is an error phrase: enough on a thin page; elsewhere an invented address must get the same."""
    other = evidence.look("sibling")
    answer = compare(page, probe, other)
    if answer is Answer.SAME or (answer is Answer.OTHER and other and _same_heading(page, other)):
        return View(Reason.SOFT_404, (says, "an invented address gets the same page"), detail, wants="browser")
    if headline(page):
        return View(Reason.SOFT_404, (says,), detail, wants="sibling", confidence=0.5) if other is None else None
    little = page.words * (1 - page.linked) < (_BARE if detail == "message" else TINY)
    if (little and not _tells(page) and not _headed_otherwise(page)) or page.error_shell or _spoken(page, detail):
        return View(Reason.SOFT_404, (says, "and little else"), detail, wants="browser", confidence=0.8)
    if other is None:
        return View(Reason.SOFT_404, (says,), detail, wants="browser sibling", confidence=0.5)
    if answer is Answer.HONEST or detail == "message":
        return None
    if thin or detail == "removed":
        return View(Reason.SOFT_404, (says,), detail, wants="browser", confidence=0.7)
    return None


def _headed_otherwise(page: Page) -> bool:
    """Whether only the title is an error phrase, and the heading a sentence about something else."""
    kinds = ("not-found", "removed", "suspended", "default-page", "maintenance")
    told = [text for text in page.top if text]
    return bool(told) and all(
        words(text) >= _SENTENCE and not heading_is(text, *kinds) and not apologises(text) and not absence(text)
        for text in told
    )


def _same_heading(page: Page, other: Probe) -> bool:
    """Whether an invented address is answered under the same title and heading, whatever stories stand below."""
    return page.headings == Page(other).headings


def _tells(page: Page) -> bool:
    """Whether a paragraph tells something at length, and nothing of anything missing: a short piece, no notice."""
    paragraphs = [squeeze(node.text(separator=" ")) for node in page.tree.css("p")[:20]]
    return any(words(text) >= _TOLD and not absence(text) for text in paragraphs)


def _spoken(page: Page, detail: str) -> bool:
    """Whether the text under the heading says so too, and says little else."""
    text = page.main
    for heading in page.headings:
        text = text.replace(heading, " ")
    if detail in ("default-page", "suspended"):
        return bool(holds(text[:2000], f"{detail}-text"))
    said = holds(text[:2000], "not-found") or holds(text[:2000], "removed")
    if said and detail != "number" and words(text) < THIN // 2:
        return True
    return words(text) < TINY and bool(absence(text))


def _elsewhere(evidence: Evidence, probe: Probe, page: Page) -> View | None:
    """A redirect to the home page, a section or an error page instead of the document."""
    asked = redirects.lengthened(probe)
    rank = redirects.rank(asked, page.url)
    says = f"the redirect leads to {page.url}"
    if probe.hops and _SEARCH.search(page.url) and not _SEARCH.search(asked.url) and absence(page.main[:2000]):
        found = f"{says}, a search that finds nothing"
        return View(Reason.SOFT_404, (found,), "redirect-to-search", wants="browser", confidence=0.7)
    if rank is Rank.ERROR:
        return View(Reason.SOFT_404, (f"{says}, an error page by its name",), "redirect-to-error", wants="browser")
    if rank in (Rank.HOME, Rank.OWNER_HOME) and not redirects.is_short_link(asked.url):
        if is_deep(asked.url):
            where = "the home page" if rank is Rank.HOME else "the home page of another site"
            return View(Reason.SOFT_404, (f"{says}, {where}",), "redirect-to-home", wants="browser", confidence=0.8)
        return _if_same(evidence, probe, page, f"{says}, a home page", "redirect-to-home")
    if rank is Rank.SECTION:
        return _if_same(evidence, probe, page, f"{says}, a section", "redirect-to-section")
    if rank in (Rank.NONE, Rank.SAME) and is_deep(probe.url) and page.words < 2000 and calls_itself_home(page):
        return _if_same(evidence, probe, page, "the page calls itself the home page", "home-instead")
    return None


def _if_same(evidence: Evidence, probe: Probe, page: Page, says: str, detail: str) -> View | None:
    """A soft 404 where an invented address gets the same page; the wish for a look at one where none was had."""
    other = evidence.look("sibling")
    if other is None:
        return View(Reason.SOFT_404, (says,), detail, wants="sibling", confidence=0.5)
    if compare(page, probe, other) is Answer.SAME:
        return View(Reason.SOFT_404, (says, "an invented address gets the same"), detail, wants="browser")
    return None
