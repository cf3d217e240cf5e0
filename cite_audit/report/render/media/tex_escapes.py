"""BibTeX: foreign text that neither runs a TeX command nor ends its field."""

from __future__ import annotations

import re
from urllib.parse import quote

from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line


def escape_tex(text: str) -> str:
    """Text as TeX prints it literally."""
    return re.sub(r"([&%$#_{}])", r"\\\1", sanitize_line(text).replace("\\", r"\textbackslash "))


def escape_tex_address(url: str) -> str:
    """An address for `url` and `\\url{…}`, which are verbatim but for braces and backslashes: percent-encoded."""
    return re.sub(r"[{}\\]", lambda match: quote(match[0]), encode_hidden(url))
