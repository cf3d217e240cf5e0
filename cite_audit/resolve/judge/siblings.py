"""Invented addresses beside a link: what a site answers to them tells a soft 404 from a page (Bar-Yossef 2004)."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from cite_audit.model import Probe
from cite_audit.resolve.judge.likeness import shared
from cite_audit.resolve.judge.page import Page
from cite_audit.urls import key

_EXTENSION = re.compile(r"\.(?:html?|php\d?|aspx?|jspx?|shtml|pdf|docx?|xlsx?|jpe?g|png|gif|webp|do|cgi)$", re.I)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALIKE = 0.9  # of runs of three words, the requested address left out


class Answer(StrEnum):
    """What the invented address got."""

    HONEST = "honest"  # 404 or 410
    SAME = "same"  # what the link itself got
    OTHER = "other"  # another page
    NONE = "none"  # nothing that tells


def sibling(url: str, token: str) -> str:
    """An address of the same shape that cannot exist; the same for all links of a folder, so that one look serves all.

    Keeps the folder, the extension, and that a name is all digits; without a name in the path the last query value is
    invented.
    """
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    if not re.search(r"\w", name) or (parts.query and _EXTENSION.search(name)):
        names, _, value = parts.query.rpartition("=")
        if names:
            return urlunsplit((parts.scheme, parts.netloc, parts.path, f"{names}={_invent(value, token)}", ""))
    extension = match[0] if (match := _EXTENSION.search(name)) else ""
    invented = _invent(name.removesuffix(extension), token)
    slash = "/" if parts.path.endswith("/") and name else ""
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{invented}{extension}{slash}", "", ""))


def _invent(name: str, token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    if name.isdigit():
        return "9" + "".join(str(byte % 10) for byte in digest[:10])
    return token + "".join(_LETTERS[byte % 26] for byte in digest[: 25 - len(token)])


def compare(page: Page, probe: Probe, other: Probe | None) -> Answer:
    """How the answer to an invented address relates to a page."""
    if other is None or other.status is None:
        return Answer.NONE
    if other.status in (404, 410):
        return Answer.HONEST
    if other.status >= 400:
        return Answer.NONE
    theirs = Page(other)
    if probe.final_url and key(probe.final_url) != key(probe.url) and key(theirs.url) == key(page.url):
        return Answer.SAME
    if not page.textual:
        return Answer.SAME if other.body == probe.body else Answer.OTHER
    if page.title and page.title == theirs.title and page.main == theirs.main:
        return Answer.SAME
    alike = shared(page.main, theirs.main, without=f"{probe.url} {other.url}")
    return Answer.SAME if alike >= ALIKE else Answer.OTHER


def likeness(page: Page, probe: Probe, other: Probe) -> float:
    """How alike (0-1) a page and the answer to an invented address are, whatever their statuses."""
    return shared(page.main, Page(other).main, without=f"{probe.url} {other.url}")
