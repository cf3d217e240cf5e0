"""Folders that a server lists, by the titles that servers give such lists."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.html_page import WebPage

# Titles of Apache, nginx and lighttpd; Python and Tomcat; Jetty; IIS; Caddy.
_FOLDER_TITLE = compile_lazily(
    r"(?:index of\s|directory listing (?:for|of)\s\[?|directory:\s|\S+ - )?\s*(/[^\[\]]*)\]?$", re.I
)


def find_other_folder(page: WebPage, url: str) -> str:
    """The folder that a server lists under the address of another; a server behind another one has more segments."""
    match = _FOLDER_TITLE.match(page.title)
    if match is None:
        return ""
    folder, path = match[1].strip("/"), unquote(urlsplit(url).path).strip("/")
    is_same = bool(folder) and (path.endswith(folder) or folder.endswith(path))
    return "" if is_same else match[1]
