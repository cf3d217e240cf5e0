"""HTML: foreign text as text or attribute value, and the only way to write a link."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line


def escape_html(text: str) -> str:
    """Remote text as HTML text or attribute value."""
    return escape(sanitize_line(text))


def escape_address(url: str) -> str:
    """An address as attribute value; characters that nobody sees are percent-encoded, so that it stays the same."""
    return escape(encode_hidden(url))


def encode_attribute(value: Mapping[str, object]) -> str:
    """A value as JSON in an attribute, for script to read back exactly: nothing is cleaned away, all is ASCII."""
    return escape(json.dumps(value, ensure_ascii=True))


def render_link(url: str, text: str = "") -> str:
    """A link for an address of the web; anything else stays text."""
    link_text = escape_html(text or url)
    if not re.match(r"https?://[^\s/]", sanitize_line(url), re.I):
        return f'<bdi class="url">{escape_html(url)}</bdi>'
    return f'<a class="url" href="{escape_html(url)}" rel="noopener noreferrer nofollow"><bdi>{link_text}</bdi></a>'
