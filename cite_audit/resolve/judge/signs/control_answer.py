"""How a site answers for what cannot exist: the look at an invented address, compared with the look at the link."""

from __future__ import annotations

from enum import StrEnum

from cite_audit.resolve.judge.address.redirects import is_word_search_url
from cite_audit.resolve.judge.look import Look
from cite_audit.resolve.judge.page.similarity import shingle_similarity
from cite_audit.urls import canonical_key

MIN_SIMILARITY = 0.9  # of runs of three words, the requested address left out


class ControlAnswer(StrEnum):
    """What the invented address got."""

    HONEST = "honest"  # 404 or 410
    SAME = "same"  # what the link itself got
    OTHER = "other"  # another page
    NONE = "none"  # nothing that tells


def compare_with_control(look: Look, control: Look | None) -> ControlAnswer:
    """How the answer to an invented address relates to a page."""
    if control is None or control.probe.status is None:
        return ControlAnswer.NONE
    if control.status in (404, 410):
        return ControlAnswer.HONEST
    if control.status >= 400:
        return ControlAnswer.NONE
    return look.remember((ControlAnswer, control), lambda: _compare_pages(look, control))


def _compare_pages(look: Look, control: Look) -> ControlAnswer:
    page, probe = look.page, look.probe
    if (
        probe.final_url
        and canonical_key(probe.final_url) != canonical_key(probe.url)
        and _place_of(control.page.url) == _place_of(page.url)
    ):
        return ControlAnswer.SAME
    if not page.is_textual:
        return ControlAnswer.SAME if control.probe.body == probe.body else ControlAnswer.OTHER
    if page.title and page.main_text and (page.title, page.main_text) == (control.page.title, control.page.main_text):
        return ControlAnswer.SAME
    return ControlAnswer.SAME if control_similarity(look, control) >= MIN_SIMILARITY else ControlAnswer.OTHER


def _place_of(url: str) -> str:
    """An address as compared; without what is searched for, where it is a search."""
    return canonical_key(url.partition("?")[0] if is_word_search_url(url) else url)


def control_similarity(look: Look, control: Look) -> float:
    """The similarity (0-1) of a page and the answer to an invented address, whatever their statuses."""
    addresses = f"{look.probe.url} {control.probe.url}"
    return shingle_similarity(look.page.main_text, control.page.main_text, without=addresses)
