"""Control addresses: invented ones beside a link, whose answer tells a soft 404 from a page (Bar-Yossef 2004)."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit, urlunsplit

from cite_audit.lazy_pattern import compile_lazily

_EXTENSION = compile_lazily(r"\.(?:html?|php\d?|aspx?|jspx?|shtml|pdf|docx?|xlsx?|jpe?g|png|gif|webp|do|cgi)$", re.I)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


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
