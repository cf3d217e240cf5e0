"""Invented addresses beside a link: what a site answers to them tells a soft 404 from a page (Bar-Yossef 2004)."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from cite_audit.model import Probe
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.similarity import shingle_similarity
from cite_audit.urls import canonical_key

_EXTENSION = re.compile(r"\.(?:html?|php\d?|aspx?|jspx?|shtml|pdf|docx?|xlsx?|jpe?g|png|gif|webp|do|cgi)$", re.I)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
MIN_SIMILARITY = 0.9  # of runs of three words, the requested address left out


class ControlAnswer(StrEnum):
    """What the invented address got."""

    HONEST = "honest"  # 404 or 410
    SAME = "same"  # what the link itself got
    OTHER = "other"  # another page
    NONE = "none"  # nothing that tells


def make_control_url(url: str, token: str) -> str:
    """An address of the same shape that cannot exist; the same for all links of a folder, so that one look serves all.

    Keeps the folder, the extension, and that a name is all digits; without a name in the path the last query value is
    invented.
    """
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    if not re.search(r"\w", name) or (parts.query and _EXTENSION.search(name)):
        names, _, value = parts.query.rpartition("=")
        if names:
            return urlunsplit((parts.scheme, parts.netloc, parts.path, f"{names}={_invent_name(value, token)}", ""))
    extension = match[0] if (match := _EXTENSION.search(name)) else ""
    invented = _invent_name(name.removesuffix(extension), token)
    slash = "/" if parts.path.endswith("/") and name else ""
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{invented}{extension}{slash}", "", ""))


def _invent_name(name: str, token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    if name.isdigit():
        return "9" + "".join(str(byte % 10) for byte in digest[:10])
    return token + "".join(_LETTERS[byte % 26] for byte in digest[: 25 - len(token)])


def compare_with_control(page: WebPage, probe: Probe, control: Probe | None) -> ControlAnswer:
    """How the answer to an invented address relates to a page."""
    if control is None or control.status is None:
        return ControlAnswer.NONE
    if control.status in (404, 410):
        return ControlAnswer.HONEST
    if control.status >= 400:
        return ControlAnswer.NONE
    control_page = WebPage(control)
    if (
        probe.final_url
        and canonical_key(probe.final_url) != canonical_key(probe.url)
        and canonical_key(control_page.url) == canonical_key(page.url)
    ):
        return ControlAnswer.SAME
    if not page.is_textual:
        return ControlAnswer.SAME if control.body == probe.body else ControlAnswer.OTHER
    if page.title and page.title == control_page.title and page.main_text == control_page.main_text:
        return ControlAnswer.SAME
    similarity = shingle_similarity(page.main_text, control_page.main_text, without=f"{probe.url} {control.url}")
    return ControlAnswer.SAME if similarity >= MIN_SIMILARITY else ControlAnswer.OTHER


def control_similarity(page: WebPage, probe: Probe, control: Probe) -> float:
    """How alike (0-1) a page and the answer to an invented address are, whatever their statuses."""
    return shingle_similarity(page.main_text, WebPage(control).main_text, without=f"{probe.url} {control.url}")
