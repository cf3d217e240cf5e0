"""Pages that answer 200 and mean 404: at least two signals that do not depend on each other, one of them strong."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.model import Probe, Reason
from cite_audit.resolve.check.base import Evidence
from cite_audit.resolve.judge import redirects
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.control_url import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.detectors.home_page import calls_itself_home, has_error_template
from cite_audit.resolve.judge.page.error_phrases import (
    find_absence,
    find_phrase,
    has_apology,
    is_error_number,
    match_heading,
    match_sentence,
    normalize_phrase,
    vocabulary_pattern,
)
from cite_audit.resolve.judge.page.html_page import WebPage, collapse_spaces, count_words
from cite_audit.resolve.judge.page.quoted_text import has_headline
from cite_audit.resolve.judge.redirects import RedirectRank, is_document_url, is_home_url
from cite_audit.resolve.judge.signatures import THIN_WORDS, TINY_WORDS

_IMAGE_SUFFIX = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?)$", re.I)
_PLACEHOLDER_BYTES = 200  # bytes; no photograph is smaller
_TEMPLATE_OBSERVATION = "the page is drawn with its site's template for errors"
_MESSAGE_WORDS = 40  # words of a page that is nothing but a message
_SENTENCE_WORDS = 5  # words of a heading
_BARE_WORDS = 15  # words of a message that can be nothing else
_STORY_WORDS = 20  # words of a paragraph that is no message
_MAX_READ = 4000  # characters of a text that is a message; one word may have a million
_LONG_WORDS = 1500  # words; no error page has more, its lists included
_LIST_LINK_DENSITY = 0.4  # part of the words that are links, on a page that lists other things
_SEARCH_URL = re.compile(
    r"[?&](?:q|s|query|search|text|keywords?)=|[^/]/search\b", re.I
)  # nothing found is what it shows
_SERVICE_ERROR = re.compile(r'"(?:status|(?:status|error)?_?code|errno)"\s*:\s*"?4(?:04|10)"?\s*[,}]', re.I)
_STORE_ERROR = re.compile(r"<Error>\s*<Code>(NoSuch(?:Key|Bucket|Website\w*))</Code>")  # Amazon S3 and its likes
_NO_ROUTE = re.compile(r"(?:error )?cannot get /\S*", re.I)  # Express
# A video or a picture that is gone says nothing of the article around it.
_PAGE_WORD = re.compile(
    r"\b(?:page|article|story|item|product|content|document|post|listing|url|address|link|material|record|topic|search"
    r"|запрос|страниц|стать|материал|новост|публикаци|товар|запис|документ|объявлен|ссылк|старонк|артыкул|навін|сторінк|статт"
    r"|новин|stron|artyku|puslap|straipsn|lap[au]|rakst|leh[te]|artik|seite|inhalt|página|artículo|sayfa|içerik|haber)"
    r"|الصفحة|المقال|صفحه|مطلب|خبر|页|頁|文章|内容",
    re.I,
)


def detect_placeholder(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """A picture of a few bytes where a photograph was cited."""
    if not page.content_type.startswith("image/") or len(page.body) > _PLACEHOLDER_BYTES:
        return None
    if not _IMAGE_SUFFIX.search(probe.url.partition("?")[0]):
        return None
    observation = f"the picture has {len(page.body)} bytes"
    control = evidence.latest_look("sibling")
    if control is None:
        return Assessment(Reason.SOFT_404, (observation,), "placeholder", wants="sibling", confidence=0.5)
    if compare_with_control(page, probe, control) is ControlAnswer.SAME:
        return Assessment(Reason.SOFT_404, (observation, "an invented address gets the same picture"), "placeholder")
    return None


def detect(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """A soft 404, a maintenance page or a stopped hosting account; None for a page without such signs."""
    kinds = [
        match_heading(text, "not-found", "removed", "maintenance", "suspended", "default-page")
        for text in page.headings
    ]
    kind = next((heading_kind for heading_kind in kinds if heading_kind), "")
    is_thin = page.word_count < THIN_WORDS
    if is_thin and kind == "maintenance":
        return Assessment(
            Reason.SERVER_ERROR, (f"the page says: {_quote_heading(page, kinds)}",), "maintenance", wants="browser"
        )
    if page.is_error_shell:
        return _assess_error_phrase(
            evidence, probe, page, "the page is the error page of its framework", "next-error", is_thin=True
        )
    if kind == "suspended" or (kind == "default-page" and not is_home_url(probe.url)):
        return _assess_error_phrase(
            evidence, probe, page, f"the page says: {_quote_heading(page, kinds)}", kind, is_thin=is_thin
        )
    if kind in ("not-found", "removed"):
        return _assess_error_phrase(
            evidence, probe, page, f"the page is headed: {_quote_heading(page, kinds)}", kind, is_thin=is_thin
        )
    if has_error_template(page) and (
        control_assessment := _require_control_match(evidence, probe, page, _TEMPLATE_OBSERVATION, "not-found")
    ):
        return control_assessment
    if any(is_error_number(text) for text in page.headings):
        observation = "the page is headed with the number of an error"
        if _text_repeats_error(page, "number") or _find_notice(page) or page.word_count < 10:
            return _assess_error_phrase(evidence, probe, page, observation, "not-found", is_thin=is_thin)
        if page.word_count < _LONG_WORDS and (
            control_assessment := _require_control_match(evidence, probe, page, observation, "not-found")
        ):
            return control_assessment
    return _assess_wording(evidence, probe, page)


def _assess_wording(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """The same of a page whose heading says nothing: what its text says, or else where it stands."""
    if (
        page.word_count <= _MESSAGE_WORDS
        and (phrase := find_phrase(page.visible_text[:_MAX_READ], "maintenance"))
        and _states_phrase(page, phrase)
    ):
        return Assessment(Reason.SERVER_ERROR, (f"all the page says is: {phrase}",), "maintenance", wants="browser")
    if page.word_count <= _MESSAGE_WORDS and (phrase := _find_message(page)) and not _comes_late(page, phrase):
        observation = f"all the page says is a message: {phrase}"
        if not any(page.h1_texts) or _find_error_sentence(_text_around(page, phrase)):
            return _assess_error_phrase(evidence, probe, page, observation, "message", is_thin=True)
        message_assessment = _require_control_match(evidence, probe, page, observation, "message")
        return message_assessment or _detect_error_redirect(evidence, probe, page)
    if not _SEARCH_URL.search(probe.url) and (notice := _find_notice(page)):
        return _assess_notice(evidence, probe, page, notice)
    if not _SEARCH_URL.search(probe.url) and page.word_count < _LONG_WORDS // 2 and (hint := _find_missing_hint(page)):
        hint_assessment = _require_control_match(evidence, probe, page, f"the page says: “{hint[:100]}”", "notice")
        return hint_assessment or _detect_error_redirect(evidence, probe, page)
    if (
        (missing_heading := _find_missing_heading(page))
        and (page.word_count < TINY_WORDS or page.link_density > _LIST_LINK_DENSITY)
        and not page.is_article
    ):
        hint_assessment = _require_control_match(
            evidence, probe, page, f"the page is headed: “{missing_heading[:100]}”", "notice"
        )
        return hint_assessment or _detect_error_redirect(evidence, probe, page)
    return _detect_error_redirect(evidence, probe, page)


def _find_missing_heading(page: WebPage) -> str:
    """A heading that speaks of something missing, be it only a picture: all that the page was for."""
    return next((text for text in page.h1_texts if find_absence(text) and not _is_about_access(text)), "")


def _find_notice(page: WebPage) -> str:
    """A sentence standing alone near the top that is an error phrase about the page itself."""
    return next(filter(None, map(_find_error_sentence, page.notices)), "") if page.word_count < _LONG_WORDS else ""


def _states_phrase(page: WebPage, phrase: str) -> bool:
    """Whether a page of few words says a phrase as a sentence of its own, or under no heading of its own."""
    sentences = re.split(r"(?<=[.!?…])\s+|[:;]\s", _text_around(page, phrase))
    return not any(page.h1_texts) or any(match_sentence(sentence, "maintenance") for sentence in sentences)


def _text_around(page: WebPage, phrase: str) -> str:
    """The short text in which a phrase stands; all of the page where it stands in none."""
    return next((text for text in page.notices if phrase in normalize_phrase(text)), page.main_text[:_MAX_READ])


def _find_missing_hint(page: WebPage) -> str:
    """A sentence standing alone near the top that speaks of the page and of something missing, in whatever words."""
    return next(filter(_speaks_of_missing_page, page.notices[:12]), "")


@lru_cache(maxsize=4096)
def _speaks_of_missing_page(text: str) -> bool:
    return bool(find_absence(text)) and _PAGE_WORD.search(text) is not None and not _is_about_access(text)


def _is_about_access(text: str) -> bool:
    """Whether it speaks of place or rights: to be “not available” for them is no word on whether the page exists."""
    return vocabulary_pattern("elsewhere-words").search(text) is not None


@lru_cache(maxsize=4096)
def _find_error_sentence(text: str) -> str:
    """The first sentence of a short text that is such a phrase; a site's frame has the same texts on every page."""
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        if match_sentence(sentence, "not-found", "removed") and _PAGE_WORD.search(sentence):
            return sentence
    return ""


def _assess_notice(evidence: Evidence, probe: Probe, page: WebPage, notice: str) -> Assessment | None:
    """Enough where an invented address gets the same, or where the rest is little or a list of other things."""
    observation = f"the page says: “{notice[:100]}”"
    control = evidence.latest_look("sibling")
    if control is None:
        return Assessment(Reason.SOFT_404, (observation,), "notice", wants="browser sibling", confidence=0.5)
    if compare_with_control(page, probe, control) is ControlAnswer.SAME:
        return Assessment(
            Reason.SOFT_404, (observation, "an invented address gets the same page"), "notice", wants="browser"
        )
    if not _comes_late(page, notice) and (
        page.link_density >= _LIST_LINK_DENSITY or page.main_word_count < THIN_WORDS // 2
    ):
        context_observation = "and what else it holds is little, or links to other things"
        return Assessment(
            Reason.SOFT_404, (observation, context_observation), "notice", wants="browser", confidence=0.7
        )
    return None


def _comes_late(page: WebPage, notice: str) -> bool:
    """Whether a notice comes after other text under the first heading: then it is about a part of the page."""
    node = page.tree.css_first("h1")
    preceding_text = normalize_phrase(page.main_text[:_MAX_READ]).partition(normalize_phrase(notice))[0]
    text_below = preceding_text.partition(normalize_phrase(node.text(separator=" ")))[2] if node else ""
    return count_words(text_below) > _BARE_WORDS


def _quote_heading(page: WebPage, kinds: list[str]) -> str:
    return next(f"“{text[:100]}”" for text, kind in zip(page.headings, kinds, strict=False) if kind)


def _find_message(page: WebPage) -> str:
    media_type = page.content_type.partition(";")[0].strip()
    if media_type.endswith("json") and (match := _SERVICE_ERROR.search(page.source)):
        return match[0]
    if media_type.endswith("xml") and not page.is_html:  # a feed may hold any phrase
        match = _STORE_ERROR.search(page.source)
        return match[1] if match else ""
    if page.word_count < _BARE_WORDS and (match := _NO_ROUTE.match(page.visible_text)):
        return match[0]
    for media_type in ("not-found", "removed", "suspended", "default-page"):
        if phrase := find_phrase(page.visible_text[:_MAX_READ], media_type):
            return phrase
    return ""


def _assess_error_phrase(
    evidence: Evidence, probe: Probe, page: WebPage, observation: str, detail: str, *, is_thin: bool
) -> Assessment | None:
    """A heading that is an error phrase: enough on a thin page; elsewhere an invented address must get the same."""
    control = evidence.latest_look("sibling")
    answer = compare_with_control(page, probe, control)
    if answer is ControlAnswer.SAME or (
        answer is ControlAnswer.OTHER and control and _has_same_headings(page, control)
    ):
        return Assessment(
            Reason.SOFT_404, (observation, "an invented address gets the same page"), detail, wants="browser"
        )
    if has_headline(page):
        return (
            Assessment(Reason.SOFT_404, (observation,), detail, wants="sibling", confidence=0.5)
            if control is None
            else None
        )
    has_little_text = page.word_count * (1 - page.link_density) < (_BARE_WORDS if detail == "message" else TINY_WORDS)
    if (
        (has_little_text and not _has_story_paragraph(page) and not _has_other_heading(page))
        or page.is_error_shell
        or _text_repeats_error(page, detail)
    ):
        return Assessment(Reason.SOFT_404, (observation, "and little else"), detail, wants="browser", confidence=0.8)
    if control is None:
        return Assessment(Reason.SOFT_404, (observation,), detail, wants="browser sibling", confidence=0.5)
    if answer is ControlAnswer.HONEST or detail == "message":
        return None
    if is_thin or detail == "removed":
        return Assessment(Reason.SOFT_404, (observation,), detail, wants="browser", confidence=0.7)
    return None


def _has_other_heading(page: WebPage) -> bool:
    """Whether only the title is an error phrase, and the heading a sentence about something else."""
    kinds = ("not-found", "removed", "suspended", "default-page", "maintenance")
    heading_texts = [text for text in page.h1_texts if text]
    return bool(heading_texts) and all(
        count_words(text) >= _SENTENCE_WORDS
        and not match_heading(text, *kinds)
        and not has_apology(text)
        and not find_absence(text)
        for text in heading_texts
    )


def _has_same_headings(page: WebPage, control: Probe) -> bool:
    """Whether an invented address is answered under the same title and heading, whatever stories stand below."""
    return page.headings == WebPage(control).headings


def _has_story_paragraph(page: WebPage) -> bool:
    """Whether a paragraph tells something at length, and nothing of anything missing: a short piece, no notice."""
    paragraphs = [collapse_spaces(node.text(separator=" ")) for node in page.tree.css("p")[:20]]
    return any(count_words(text) >= _STORY_WORDS and not find_absence(text) for text in paragraphs)


def _text_repeats_error(page: WebPage, detail: str) -> bool:
    """Whether the text under the heading says so too, and says little else."""
    text = page.main_text
    for heading in page.headings:
        text = text.replace(heading, " ")
    if detail in ("default-page", "suspended"):
        return bool(find_phrase(text[:2000], f"{detail}-text"))
    error_phrase = find_phrase(text[:2000], "not-found") or find_phrase(text[:2000], "removed")
    if error_phrase and detail != "number" and count_words(text) < THIN_WORDS // 2:
        return True
    return count_words(text) < TINY_WORDS and bool(find_absence(text))


def _detect_error_redirect(evidence: Evidence, probe: Probe, page: WebPage) -> Assessment | None:
    """A redirect to the home page, a section or an error page instead of the document."""
    expanded_probe = redirects.expand_short_link(probe)
    rank = redirects.rank_redirect(expanded_probe, page.url)
    observation = f"the redirect leads to {page.url}"
    if (
        probe.hops
        and _SEARCH_URL.search(page.url)
        and not _SEARCH_URL.search(expanded_probe.url)
        and find_absence(page.main_text[:2000])
    ):
        search_observation = f"{observation}, a search that finds nothing"
        return Assessment(Reason.SOFT_404, (search_observation,), "redirect-to-search", wants="browser", confidence=0.7)
    if rank is RedirectRank.ERROR:
        return Assessment(
            Reason.SOFT_404, (f"{observation}, an error page by its name",), "redirect-to-error", wants="browser"
        )
    if rank in (RedirectRank.HOME, RedirectRank.OWNER_HOME) and not redirects.is_short_link(expanded_probe.url):
        if is_document_url(expanded_probe.url):
            destination = "the home page" if rank is RedirectRank.HOME else "the home page of another site"
            return Assessment(
                Reason.SOFT_404, (f"{observation}, {destination}",), "redirect-to-home", wants="browser", confidence=0.8
            )
        return _require_control_match(evidence, probe, page, f"{observation}, a home page", "redirect-to-home")
    if rank is RedirectRank.SECTION:
        return _require_control_match(evidence, probe, page, f"{observation}, a section", "redirect-to-section")
    if (
        rank in (RedirectRank.NONE, RedirectRank.SAME)
        and is_document_url(probe.url)
        and page.word_count < 2000
        and calls_itself_home(page)
    ):
        return _require_control_match(evidence, probe, page, "the page calls itself the home page", "home-instead")
    return None


def _require_control_match(
    evidence: Evidence, probe: Probe, page: WebPage, observation: str, detail: str
) -> Assessment | None:
    """A soft 404 where an invented address gets the same page; the wish for a look at one where none was had."""
    control = evidence.latest_look("sibling")
    if control is None:
        return Assessment(Reason.SOFT_404, (observation,), detail, wants="sibling", confidence=0.5)
    if compare_with_control(page, probe, control) is ControlAnswer.SAME:
        return Assessment(Reason.SOFT_404, (observation, "an invented address gets the same"), detail, wants="browser")
    return None
