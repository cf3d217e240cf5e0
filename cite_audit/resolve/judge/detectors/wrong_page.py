"""Wrong pages: a page that nothing ties to its address, as where a site shows its front page for what is lost."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import RedirectRank, is_document_url, is_home_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.gate import offers_login
from cite_audit.resolve.judge.detectors.script_shell import is_drawn_by_script
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.similarity import has_word_in_title
from cite_audit.resolve.judge.signs.control_answer import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.signs.folder_listing import find_other_folder
from cite_audit.urls import canonical_key
from cite_audit.urls.parts import path_and_query

NAME = "wrong page"
_MIN_SLUG_WORDS = 3  # words; asked for fewer, one live link in ten would cost a second request
_SLUG_WORD = compile_lazily(r"[^\W\d_]{4,}")
_NUMBER = compile_lazily(r"\d{2,}")


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """The same page under an invented address, where a title does not have one word of the address."""
    if not _is_suspect(look):
        return None
    observation = "the title and headings have no word of the address"
    if folder := find_other_folder(look.page, look.probe.url):
        observation = f"the page lists a folder of its server: {folder[:100]}"
    if evidence.control is None:
        return make_assessment(
            Reason.SOFT_404, observation, detail="one-for-all", wants=(Want.CONTROL,), confidence=0.5
        )
    if compare_with_control(look, evidence.control) is not ControlAnswer.SAME:
        return None
    proof = "an invented address gets the same page"
    if offers_login(look.page):
        return make_assessment(Reason.LOGIN_REQUIRED, observation, proof, detail="login-form")
    if is_drawn_by_script(look.page):
        return make_assessment(Reason.JS_SHELL, observation, proof, wants=(Want.BROWSER,))
    return make_assessment(
        Reason.SOFT_404, observation, proof, detail="one-for-all", wants=(Want.BROWSER,), confidence=0.7
    )


def _is_suspect(look: Look) -> bool:
    page, url = look.page, look.probe.url
    if not look.shows_text or not page.is_html or look.status != 200:
        return False
    if look.redirect_rank not in (RedirectRank.NONE, RedirectRank.SAME) or not is_document_url(url):
        return False
    if _declares_address(page):
        return False
    return _is_numbered_home(url) or bool(find_other_folder(page, url)) or _is_unnamed(page, url)


def _declares_address(page: WebPage) -> bool:
    """Whether a page says that it is the page of this very address."""
    return bool(page.canonical_url) and canonical_key(page.canonical_url) == canonical_key(page.url)


def _is_numbered_home(url: str) -> bool:
    """Whether the script of the front page shows a document by its number alone (`index.php?id=5028`)."""
    if not _NUMBER.search(path_and_query(url)[1]):
        return False
    return is_home_url(urlsplit(url)._replace(query="", fragment="").geturl())


def _is_unnamed(page: WebPage, url: str) -> bool:
    """Whether the last part of an address has several words, and title and headings none of the address."""
    slug = unquote(path_and_query(url)[0].rstrip("/").rpartition("/")[2])
    if len(_SLUG_WORD.findall(slug)) < _MIN_SLUG_WORDS or not page.headings:
        return False
    second_headings = " ".join(node.text() or "" for node in page.find_nodes("h2", 5, "h2"))
    return not has_word_in_title(url, f"{' '.join(page.headings)} {second_headings}")
