"""The place in a page that a link's fragment names: `#name`, or a text fragment `#:~:text=`."""

from __future__ import annotations

import re
from urllib.parse import unquote

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.html_page import WebPage, WholePage
from cite_audit.resolve.judge.page.text import collapse_spaces, fold_text

# Names with `!`, `/`, `=` or a line number are for the page's own script, and `#top` is everywhere.
_SCRIPT_NAME = compile_lazily(r"[!/=?&]|^L\d|^top$|^$|^xtor|^ixzz|^sthash|^\.|^google_vignette$|^goog_", re.I)
_USER_PREFIX = "user-content-"  # before the names in a text that GitHub and Gitea draw; their scripts know
_TEXT_DIRECTIVE = compile_lazily(r"(?:^|&)text=([^&]*)")


def find_missing_text(page: WholePage, fragment: str) -> str:
    """The first text of a text fragment that the page does not hold; empty where it holds all."""
    directive = fragment.partition(":~:")[2]
    for text_fragment in _TEXT_DIRECTIVE.findall(directive):
        if not _has_text(page, text_fragment):
            return collapse_spaces(unquote(text_fragment)) or text_fragment
    return ""


def find_missing_anchor(page: WholePage, fragment: str) -> str:
    """The name of a fragment that no element of the page has; empty where one has, or where a script decides."""
    name = fragment.partition(":~:")[0]
    if not name or _SCRIPT_NAME.search(name):
        return ""
    has_place = any(map(page.has_anchor, (unquote(name), name, _USER_PREFIX + unquote(name).lower())))
    return "" if has_place else unquote(name)


def _has_text(page: WebPage, text_fragment: str) -> bool:
    parts = [
        unquote(part)
        for part in text_fragment.split(",")
        if part and not part.endswith("-") and not part.startswith("-")
    ]
    return all(fold_text(part) in page.folded_text for part in parts)
