"""Error messages in the text of a page: notices, hints, and pages that say nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.error_phrases import (
    PhraseKind,
    find_absence,
    find_phrase,
    has_apology,
    has_page_word,
    is_sentence,
    match_heading,
    normalize_phrase,
    search_vocabulary,
)
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.shared_facts import shared_fact
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.page.visible_text import read_text
from cite_audit.resolve.judge.signs.home_page import text_below_heading
from cite_audit.resolve.judge.signs.signatures import THIN_WORDS, TINY_WORDS

LONG_WORDS = 1500  # words; no error page has more, its lists included
MESSAGE_WORDS = 40  # words of a page that is nothing but a message
BARE_WORDS = 15  # words of a message that can be nothing else
_SENTENCE_WORDS = 5  # words of a heading
_NO_WORDS = 5  # words of a page that says nothing but by script
_STORY_WORDS = 20  # words of a paragraph that is no message
_STORY_START = 400  # characters of an article; a notice speaks of the page at once
_LIST_DENSITY = 0.2  # share of words that are links; articles have less
_MAX_READ = 4000  # characters of a text that is a message; one word may have a million
_NOTICES_READ = 12  # of the short texts near the top
_ERROR_KINDS = (PhraseKind.NOT_FOUND, PhraseKind.REMOVED)
_MESSAGE_KINDS = (*_ERROR_KINDS, PhraseKind.SUSPENDED, PhraseKind.DEFAULT_PAGE)
_SITE_TEXT_KINDS = {
    PhraseKind.SUSPENDED: PhraseKind.SUSPENDED_TEXT,
    PhraseKind.DEFAULT_PAGE: PhraseKind.DEFAULT_PAGE_TEXT,
}
_SERVICE_ERROR = compile_lazily(r'"(?:status|(?:status|error)?_?code|errno)"\s*:\s*"?4(?:04|10)"?\s*[,}]', re.I)
_STORE_ERROR = compile_lazily(  # Amazon S3 and its likes; Azure Blob Storage
    r"<Error>\s*<Code>(NoSuch(?:Key|Bucket|Website\w*)|(?:Blob|Container|Resource)NotFound)</Code>"
)
_NO_ROUTE = compile_lazily(r"(?:error )?cannot get /\S*", re.I)  # Express


def find_maintenance(page: WebPage) -> str:
    """The phrase for maintenance that is all a page of few words says; empty without one."""
    if page.has_words(MESSAGE_WORDS + 1):
        return ""
    phrase = find_phrase(page.visible_text[:_MAX_READ], PhraseKind.MAINTENANCE)
    return phrase if phrase and _states_phrase(page, phrase) else ""


def _states_phrase(page: WebPage, phrase: str) -> bool:
    """Whether a page of few words says a phrase as a sentence of its own, or has no heading."""
    sentences = re.split(r"(?<=[.!?…])\s+|[:;]\s", _text_around(page, phrase))
    return not any(page.h1_texts) or any(is_sentence(sentence, PhraseKind.MAINTENANCE) for sentence in sentences)


def _text_around(page: WebPage, phrase: str) -> str:
    """The short text in which a phrase stands; the beginning of the page where it stands in none."""
    return next((text for text in page.notices if phrase in normalize_phrase(text)), page.main_text[:_MAX_READ])


def find_message(page: WebPage) -> str:
    """The message that is all a page of few words says: of a service, a store, a router, or an error phrase."""
    if page.has_words(MESSAGE_WORDS + 1):
        return ""
    phrase = _find_message_text(page)
    return phrase if phrase and not stands_late(page, phrase) else ""


def _find_message_text(page: WebPage) -> str:
    media_type = page.content_type.partition(";")[0].strip()
    if media_type.endswith("json") and (match := _SERVICE_ERROR.search(page.source)):
        return match[0]
    if media_type.endswith("xml") and not page.is_html:  # a feed may hold any phrase
        match = _STORE_ERROR.search(page.source)
        return match[1] if match else ""
    if page.word_count < BARE_WORDS and (match := _NO_ROUTE.match(page.visible_text)):
        return match[0]
    if page.is_html and not page.has_words(_NO_WORDS) and find_absence(page.alert_text):
        return page.alert_text
    return next(filter(None, (find_phrase(page.visible_text[:_MAX_READ], kind) for kind in _MESSAGE_KINDS)), "")


def is_plain_message(page: WebPage, message: str) -> bool:
    """Whether a message has no other heading, or is an error sentence about the page."""
    return not any(page.h1_texts) or bool(_find_error_sentence(_text_around(page, message)))


@shared_fact
def find_notice(page: WebPage) -> str:
    """An error sentence about the page itself among the short texts near the top."""
    if page.shows_words(LONG_WORDS):
        return ""
    notice = next(filter(None, map(_find_error_sentence, page.notices)), "")
    return notice if notice and not page.has_words(LONG_WORDS) else ""


@lru_cache(maxsize=4096)
def _find_error_sentence(text: str) -> str:
    """The first sentence of a short text that is an error phrase about a page; kept, since frames repeat."""
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        if is_sentence(sentence, *_ERROR_KINDS) and has_page_word(sentence):
            return sentence
    return ""


@shared_fact
def find_missing_hint(page: WebPage) -> str:
    """A short text near the top that speaks of the page and of something missing, in whatever words."""
    return _find_near_top(page, _speaks_of_missing_page)


def _find_near_top(page: WebPage, is_sign: Callable[[str], bool]) -> str:
    """The first sign among the short texts near the top of a page that is not long."""
    if page.shows_words(LONG_WORDS // 2):
        return ""
    text = next(filter(is_sign, page.notices[:_NOTICES_READ]), "")
    return text if text and not page.has_words(LONG_WORDS // 2) else ""


@lru_cache(maxsize=4096)
def _speaks_of_missing_page(text: str) -> bool:
    # the words for pages first: those for what is missing are a pattern that takes a third of a millisecond
    return has_page_word(text) and bool(find_absence(text)) and not _is_about_access(text)


@shared_fact
def find_passing_trouble(page: WebPage) -> str:
    """A short text near the top that says that the page cannot be shown for the time being, in whatever words."""
    return _find_near_top(page, _speaks_of_passing_trouble)


@lru_cache(maxsize=4096)
def _speaks_of_passing_trouble(text: str) -> bool:
    if not search_vocabulary("passing-words", text) or not has_page_word(text):
        return False
    return bool(find_absence(text)) or search_vocabulary("available-words", text) is not None


@shared_fact
def find_missing_heading(page: WebPage) -> str:
    """A heading that speaks of something missing, be it only a picture: all that the page was for."""
    return next((text for text in page.h1_texts if find_absence(text) and not _is_about_access(text)), "")


def _is_about_access(text: str) -> bool:
    """Whether a text speaks of place or rights: “not available” is then no word on whether the page exists."""
    return search_vocabulary("elsewhere-words", text) is not None


def stands_late(page: WebPage, notice: str) -> bool:
    """Whether a notice comes after other text under the first heading: then it is about a part of the page."""
    node = page.tree.css_first("h1")
    preceding_text = normalize_phrase(page.main_text[:_MAX_READ]).partition(normalize_phrase(notice))[0]
    heading_phrase = normalize_phrase(read_text(node)) if node else ""
    text_below = preceding_text.partition(heading_phrase)[2] if heading_phrase else ""
    return count_words(text_below) > BARE_WORDS


def has_other_heading(page: WebPage) -> bool:
    """Whether only the title is an error phrase, and the heading is a sentence about something else."""
    heading_texts = [text for text in page.h1_texts if text]
    return bool(heading_texts) and all(
        count_words(text) >= _SENTENCE_WORDS
        and not match_heading(text, *_MESSAGE_KINDS, PhraseKind.MAINTENANCE)
        and not has_apology(text)
        and not find_absence(text)
        for text in heading_texts
    )


def has_story_paragraph(page: WebPage) -> bool:
    """Whether a paragraph is long and speaks of nothing missing: a short article, no notice."""
    paragraphs = [read_text(node) for node in page.tree.css("p")[:20]]
    return any(count_words(text) >= _STORY_WORDS and not find_absence(text) for text in paragraphs)


def tells_other_story(page: WebPage, error_page: WebPage) -> bool:
    """Whether a page headed like its site's error page has an article under its heading, where that says little else.

    Pages that list what else there is have links there, or speak of what is missing.
    """
    story = text_below_heading(page)
    if count_words(story) < THIN_WORDS or error_page.main_word_count >= TINY_WORDS or page.link_density > _LIST_DENSITY:
        return False
    return not find_absence(story[:_STORY_START]) and not has_apology(story[:_STORY_START])


def repeats_site_error(page: WebPage, kind: PhraseKind) -> bool:
    """Whether the text under the heading of a suspended site or a default page says so too."""
    return bool(find_phrase(_text_without_headings(page)[:2000], _SITE_TEXT_KINDS[kind]))


def repeats_absence(page: WebPage) -> bool:
    """Whether the text under the heading is short and speaks of something missing."""
    text = _text_without_headings(page)
    return count_words(text) < TINY_WORDS and bool(find_absence(text))


def repeats_error_phrase(page: WebPage) -> bool:
    """Whether the text under the heading has an error phrase, and little else."""
    text = _text_without_headings(page)
    return count_words(text) < THIN_WORDS // 2 and any(find_phrase(text[:2000], kind) for kind in _ERROR_KINDS)


def _text_without_headings(page: WebPage) -> str:
    text = page.main_text
    for heading in page.headings:
        text = text.replace(heading, " ")
    return text
