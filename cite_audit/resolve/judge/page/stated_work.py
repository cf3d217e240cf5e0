"""What a page, or the record of a registry, says of the work that it is: titles, authors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from cite_audit.foreign_json import parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.text import sanitize_page_text
from cite_audit.resolve.judge.page.visible_text import read_text

_TITLE_NAMES = ("og:title", "twitter:title", "citation_title", "dc.title", "DC.title")
_AUTHOR_NAMES = ("author", "citation_author", "article:author", "dc.creator", "DC.creator", "parsely-author")
_RECORD_TITLES = ("title", "subtitle", "original-title", "short-title")
_BYLINES = "[rel=author], [itemprop=author], [class*=byline], [class*=author-name]"
_MAX_NODES = 2000  # of JSON-LD that are read
_MAX_NAME = 80  # characters


@frozen_record
class StatedWork:
    """The titles that it goes by, the first one to show; names of authors; `text`: what else it says, for its words.

    `language`: two letters, as declared; empty where it is not.
    """

    titles: tuple[str, ...]
    authors: tuple[str, ...] = ()
    text: str = ""
    language: str = ""


def read_page_work(page: WebPage) -> StatedWork:
    """The work that a page shows."""
    described = list(_walk_linked_data(page))
    titles = [*page.h1_texts, *map(page.meta_content, _TITLE_NAMES), page.title]
    titles += [str(node[key]) for node in described for key in ("headline", "alternativeHeadline") if node.get(key)]
    authors = [page.meta_content(name) for name in _AUTHOR_NAMES]
    authors += [name for node in described for name in _author_names(node.get("author"))]
    authors += [read_text(node) for node in page.tree.css(_BYLINES)[:5]]
    description = f"{page.meta_content('og:description')} {page.meta_content('description')}"
    return StatedWork(
        _clean(titles),
        tuple(name for name in _clean(authors) if len(name) <= _MAX_NAME and "://" not in name),
        f"{page.visible_text} {description}",
        page.language,
    )


def _clean(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in texts if (text := sanitize_page_text(each)[:500])))


def _walk_linked_data(page: WebPage) -> Iterator[dict[str, object]]:
    """The objects of a page's JSON-LD that describe a work; what cannot be read is passed over."""
    if "ld+json" not in page.source:
        return
    for script in page.tree.css('script[type*="ld+json"]')[:10]:
        try:
            waiting: list[object] = [parse_foreign_json(script.text() or "null")]
        except ValueError:
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            node = waiting.pop()
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]
                if "headline" in node or re.search(r"Article|Report|Posting", json.dumps(node.get("@type", ""))):
                    yield node


def _author_names(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str):
            yield name


def read_registry_record(text: str) -> StatedWork | None:
    """The work that a registry's record describes (CSL-JSON); None of any other text."""
    try:
        record = parse_foreign_json(text)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    titles = [
        text for key in ("title", "subtitle", "original-title", "short-title") for text in _texts(record.get(key))
    ]
    listed = record.get("author")
    authors = [
        f"{each.get('given') or ''} {each.get('family') or each.get('literal') or each.get('name') or ''}"
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    ]
    if not titles:
        return None
    other = [text for key in ("container-title", "publisher", "abstract") for text in _texts(record.get(key))]
    return StatedWork(_clean([*titles, " ".join(titles)]), _clean(authors), " ".join(other))


def _texts(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]
