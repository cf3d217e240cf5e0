"""What a page needs to be shown: its style sheets, images and scripts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.urls import join_url

MAX_REQUISITES = 200  # of one page
_CSS_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)|@import\s+[\"']([^\"']+)[\"']", re.I)
# selector → attribute
_REQUISITE_NODES = (
    ("link[rel~=stylesheet][href]", "href"),
    ("link[rel~=icon][href]", "href"),
    ("img[src]", "src"),
    ("script[src]", "src"),
    ("video[poster]", "poster"),
    ("input[type=image][src]", "src"),
)


def find_requisites(url: str, body: bytes, mimetype: str) -> list[str]:
    """The addresses a page or a style sheet names, http(s) only, each once, at most MOST."""
    if "html" in mimetype:
        addresses = _page_requisites(url, body)
    elif "css" in mimetype:
        addresses = _style_requisites(url, body.decode("utf-8", "replace"))
    else:
        return []
    bare_addresses = (address.partition("#")[0] for address in addresses)
    return list(
        dict.fromkeys(
            bare_address
            for bare_address in bare_addresses
            if bare_address.startswith(("http://", "https://")) and bare_address != url
        )
    )[:MAX_REQUISITES]


def _page_requisites(url: str, body: bytes) -> Iterator[str]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(body)
    base = tree.css_first("base[href]")
    root = join_url(url, (base.attributes.get("href") if base else "") or "") or url
    for selector, attribute in _REQUISITE_NODES:
        for node in tree.css(selector):
            yield join_url(root, node.attributes.get(attribute) or "")
    for node in tree.css("img[srcset], source[srcset]"):
        for part in (node.attributes.get("srcset") or "").split(","):
            yield join_url(root, part.split()[0] if part.split() else "")
    for node in tree.css("style"):
        yield from _style_requisites(root, node.text())


def _style_requisites(url: str, text: str) -> Iterator[str]:
    for match in _CSS_URL.finditer(text):
        yield join_url(url, (match[1] or match[2]).strip())
