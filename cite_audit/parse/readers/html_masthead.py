"""What a page's metadata say of it: Open Graph, Dublin Core, Highwire `citation_*`, JSON-LD, plain `meta` names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cite_audit.parse.readers.base import Masthead
from cite_audit.parse.readers.html_tree import Tree, names

# The first that is present counts.
TITLES = ("citation_title", "og:title", "dc.title", "dcterms.title", "twitter:title", "title")
AUTHORS = (
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
)
DATES = (
    "article:published_time",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "date",
    "pubdate",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.created",
)
PUBLISHERS = ("citation_publisher", "dc.publisher", "dcterms.publisher", "og:site_name", "application-name")
ARTICLE_TYPES = names("article newsarticle report scholarlyarticle blogposting analysisnewsarticle webpage")
TIME_WORDS = names("published entry-date datepublished pubdate dt-published")
LONGEST_DATELINE = 120  # characters of a line that is no more than a date and a name or two
MOST_JSON = 400_000  # characters of one JSON-LD block


def masthead_of(tree: Tree, base: str) -> Masthead:
    """The masthead that a page declares; `base` is the page's own address, if it gives one."""
    metas, title, heading, language, blocks = gather(tree)
    described = [article for block in blocks for article in articles(block)]
    linked = min(described, key=is_page, default={})
    declared = [name for key in AUTHORS for value in metas.get(key, ()) for name in value.split(";")]
    authors = [name.strip() for name in declared if name.strip() and "://" not in name]
    first = {key: (metas.get(key) or [""])[0] for key in (*TITLES, *DATES, *PUBLISHERS)}
    times = {told[:10] for told in metas.get("time", ())}
    publisher = linked.get("publisher")
    named = publisher if isinstance(publisher, dict) else {}
    places = (linked.get("url"), page_of(linked.get("mainEntityOfPage")), named.get("url"))
    site = next((host for place in places if (host := host_of(text_of(place)))), "") or text_of(named.get("name"))
    return Masthead(
        title=next((first[key] for key in TITLES if first[key]), "")
        or text_of(linked.get("headline"))
        or heading
        or title,
        authors=tuple(dict.fromkeys(authors or author_names(linked.get("author")))),
        published=next((first[key] for key in DATES if first[key]), "")
        or text_of(linked.get("datePublished"))
        or (times.pop() if len(times) == 1 else ""),
        publisher=host_of(base) or next((first[key] for key in PUBLISHERS if first[key]), "") or site,
        language=language,
    )


def gather(tree: Tree) -> tuple[dict[str, list[str]], str, str, str, list[str]]:
    """The page's `meta` values by name, its title, its first heading, its language and its JSON-LD blocks."""
    metas: dict[str, list[str]] = {}
    title = heading = language = ""
    blocks: list[str] = []
    for node in tree.nodes:
        if node.tag == "meta":
            attributes = node.attributes(tree.source)
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            content = " ".join(attributes.get("content", "").split())[:1000]
            if name and content:
                metas.setdefault(name.lower(), []).append(content)
        elif node.tag == "title" and not title:
            title = tree.plain(node, 300)
        elif node.tag == "time":
            told = node.attributes(tree.source)
            words = {*told.get("class", "").lower().split(), told.get("itemprop", "").lower(), *told}
            line = tree.plain(node.parent, LONGEST_DATELINE) if node.parent else ""
            if told.get("datetime") and (
                words & TIME_WORDS or (len(line) < LONGEST_DATELINE and "updated" not in words)
            ):
                metas.setdefault("time", []).append(told["datetime"])
        elif node.tag == "h1" and not heading:
            heading = tree.plain(node, 300)
        elif node.tag == "html":
            attributes = node.attributes(tree.source)
            language = attributes.get("lang") or attributes.get("xml:lang") or ""
        elif node.tag == "script" and "ld+json" in node.attributes(tree.source).get("type", ""):
            blocks.append(tree.source[node.inner : min(node.end, node.inner + MOST_JSON)])
    return metas, title, heading, language, blocks


def articles(block: str) -> Iterator[dict[str, Any]]:
    """The articles that a JSON-LD block describes."""
    try:
        found = json.loads(re.sub(r"</script.*", "", block, flags=re.IGNORECASE | re.DOTALL))
    except (ValueError, RecursionError):
        return
    queue = found if isinstance(found, list) else [found]
    for item in queue[:100]:
        if not isinstance(item, dict):
            continue
        graph = item.get("@graph")
        for one in [item, *(graph[:100] if isinstance(graph, list) else [])]:
            kinds = one.get("@type") if isinstance(one, dict) else None
            if ARTICLE_TYPES.intersection(
                str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield one


def is_page(article: dict[str, Any]) -> bool:
    """Whether JSON-LD describes the page that holds an article: the article itself counts before it."""
    return text_of(article.get("@type")).lower() == "webpage"


def page_of(value: Any) -> Any:
    """The address in a JSON-LD `mainEntityOfPage`: a text, or an object that has it as its `@id`."""
    return value.get("@id") if isinstance(value, dict) else value


def author_names(value: Any) -> list[str]:
    """The names in a JSON-LD `author`: a text, an object or a list of them."""
    found = value if isinstance(value, list) else [value]
    return [name for name in (text_of(one.get("name") if isinstance(one, dict) else one) for one in found[:50]) if name]


def text_of(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def host_of(address: str) -> str:
    """The host of an address, without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
