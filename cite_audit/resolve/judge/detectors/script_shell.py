"""Script shells: pages that a script has yet to fill, and pages with nothing on them."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.content_type import has_signature
from cite_audit.resolve.judge.page.html_page import WebPage

NAME = "script shell"
_SHELL_WORDS = 60  # words; a page with more says something
_BARE_WORDS, _NO_WORDS = 20, 5  # words
_ONE_WORD = 12  # characters of a page without a title that is no document: “OK”, “null”
_NO_TEXT = 200  # characters; one word may be a text
QUICK_REFRESH = 5  # seconds; a slower refresh reloads the page for its readers


def is_drawn_by_script(page: WebPage) -> bool:
    """Whether a page has scripts and so few words that these may draw the document."""
    return page.is_html and not page.has_words(_BARE_WORDS) and page.script_count > 0


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """An empty mount, a script that leads on, scripts without a text, or no content at all."""
    page = look.page
    if not look.shows_text or not page.is_html or page.has_words(_SHELL_WORDS) or look.whole_page is None:
        return None
    if page.refresh_directive and page.refresh_directive[0] <= QUICK_REFRESH:
        return None
    if page.has_empty_mount and page.script_count:
        return make_assessment(Reason.JS_SHELL, "the page is an empty frame that a script fills", wants=(Want.BROWSER,))
    if page.word_count >= _BARE_WORDS:
        return None
    if page.script_target:
        observation = f"the page holds nothing but a script that leads to {page.script_target}"
        return make_assessment(Reason.JS_SHELL, observation, detail="script-redirect")
    if page.word_count < _NO_WORDS and page.script_count and not page.has_media and len(page.visible_text) < _NO_TEXT:
        return make_assessment(Reason.JS_SHELL, "the page holds scripts and no text", wants=(Want.BROWSER,))
    if not page.visible_text and not page.has_media:
        return make_assessment(Reason.EMPTY, "the page has no text and no picture", wants=(Want.BROWSER,))
    if _is_one_word(page):
        observation = f"all that the page says is “{page.visible_text}”"
        return make_assessment(Reason.EMPTY, observation, detail="tiny", wants=(Want.BROWSER,))
    return None


def _is_one_word(page: WebPage) -> bool:
    """Whether a page without a title is one word, and no file under a wrong type."""
    text = page.visible_text
    if len(text) > _ONE_WORD or " " in text or page.title or page.has_media:
        return False
    return not has_signature("", page.body)
