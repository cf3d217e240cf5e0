"""What a page needs to be shown: its style sheets, images and scripts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.urls import joined

MOST = 200  # of one page
_CSS = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)|@import\s+[\"']([^\"']+)[\"']", re.I)
# selector → attribute
_NODES = (
    ("link[rel~=stylesheet][href]", "href"),
    ("link[rel~=icon][href]", "href"),
    ("img[src]", "src"),
    ("script[src]", "src"),
    ("video[poster]", "poster"),
    ("input[type=image][src]", "src"),
)


def requisites(url: str, body: bytes, mimetype: str) -> list[str]:
    """The addresses a page or a style sheet names, http(s) only, each once, at most MOST."""
    if "html" in mimetype:
        found = _of_page(url, body)
    elif "css" in mimetype:
        found = _of_style(url, body.decode("utf-8", "replace"))
    else:
        return []
    plain = (address.partition("#")[0] for address in found)
    return list(dict.fromkeys(one for one in plain if one.startswith(("http://", "https://")) and one != url))[:MOST]


def _of_page(url: str, body: bytes) -> Iterator[str]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(body)
    base = tree.css_first("base[href]")
    root = joined(url, (base.attributes.get("href") if base else "") or "") or url
    for selector, attribute in _NODES:
        for node in tree.css(selector):
            yield joined(root, node.attributes.get(attribute) or "")
    for node in tree.css("img[srcset], source[srcset]"):
        for part in (node.attributes.get("srcset") or "").split(","):
            yield joined(root, part.split()[0] if part.split() else "")
    for node in tree.css("style"):
        yield from _of_style(root, node.text())


def _of_style(url: str, text: str) -> Iterator[str]:
    for match in _CSS.finditer(text):
        yield joined(url, (match[1] or match[2]).strip())
