"""A page's metadata: Open Graph, Dublin Core, Highwire `citation_*`, JSON-LD, plain `meta` names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cite_audit.foreign_json import parse_foreign_json
from cite_audit.parse.dates import find_date
from cite_audit.parse.readers.base import Metadata
from cite_audit.parse.readers.html.tree import HtmlTree, name_set
from cite_audit.parse.readers.link_targets import site_host

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
ARTICLE_TYPES = name_set("article newsarticle report scholarlyarticle blogposting analysisnewsarticle webpage")
TIME_WORDS = name_set("published entry-date datepublished pubdate dt-published")
DATE_CLASSES = name_set("date post-date entry-date article-date pub-date publish-date pubdate dateline")
MAX_DATELINE_LENGTH = 120  # characters of a line that is no more than a date and a name or two
MAX_JSON_LENGTH = 400_000  # characters of one JSON-LD block


def read_page_metadata(tree: HtmlTree, base: str) -> Metadata:
    """The metadata that a page declares; `base_url` is the page's own address, if it gives one."""
    metas, title, heading, language, blocks = collect_metadata(tree)
    json_ld_articles = [article for block in blocks for article in parse_json_ld_articles(block)]
    main_article = min(json_ld_articles, key=is_web_page, default={})
    declared_names = [name for key in AUTHORS for value in metas.get(key, ()) for name in value.split(";")]
    authors = [name.strip() for name in declared_names if name.strip() and "://" not in name]
    first_values = {key: (metas.get(key) or [""])[0] for key in (*TITLES, *DATES, *PUBLISHERS)}
    dates = {timestamp[:10] for timestamp in metas.get("time", ())}
    publisher = main_article.get("publisher")
    organisation = publisher if isinstance(publisher, dict) else {}
    candidates = (
        main_article.get("url"),
        main_entity_address(main_article.get("mainEntityOfPage")),
        organisation.get("url"),
    )
    site = next((host for candidate in candidates if (host := site_host(string_value(candidate)))), "") or string_value(
        organisation.get("name")
    )
    return Metadata(
        title=next((first_values[key] for key in TITLES if first_values[key]), "")
        or string_value(main_article.get("headline"))
        or heading
        or title,
        authors=tuple(dict.fromkeys(authors or author_names(main_article.get("author")))),
        published=next((first_values[key] for key in DATES if first_values[key]), "")
        or string_value(main_article.get("datePublished"))
        or (dates.pop() if len(dates) == 1 else "")
        or next(iter(metas.get("dateline", ())), ""),
        publisher=site_host(base) or next((first_values[key] for key in PUBLISHERS if first_values[key]), "") or site,
        language=language,
    )


def collect_metadata(tree: HtmlTree) -> tuple[dict[str, list[str]], str, str, str, list[str]]:
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
            title = tree.plain_text(node, 300)
        elif node.tag == "time":
            time_attributes = node.attributes(tree.source)
            time_words = {
                *time_attributes.get("class", "").lower().split(),
                time_attributes.get("itemprop", "").lower(),
                *time_attributes,
            }
            dateline = tree.plain_text(node.parent, MAX_DATELINE_LENGTH) if node.parent else ""
            if time_attributes.get("datetime") and (
                time_words & TIME_WORDS or (len(dateline) < MAX_DATELINE_LENGTH and "updated" not in time_words)
            ):
                metas.setdefault("time", []).append(time_attributes["datetime"])
        elif node.tag == "h1" and not heading:
            heading = tree.plain_text(node, 300).rstrip(" ¶🔗")
        elif node.tag == "html":
            attributes = node.attributes(tree.source)
            language = attributes.get("lang") or attributes.get("xml:lang") or ""
        elif node.tag in ("p", "span", "div", "li") and not metas.get("dateline"):
            is_dateline = DATE_CLASSES.intersection(node.attributes(tree.source).get("class", "").lower().split())
            text = tree.plain_text(node, MAX_DATELINE_LENGTH) if is_dateline else ""
            metas.setdefault("dateline", []).extend([text] if find_date(text) else [])
        elif node.tag == "script" and node.parent is not None and node.parent.tag == "d-front-matter":
            add_distill_metadata(metas, tree.source[node.inner : min(node.end, node.inner + MAX_JSON_LENGTH)])
        elif node.tag == "script" and "ld+json" in node.attributes(tree.source).get("type", ""):
            blocks.append(tree.source[node.inner : min(node.end, node.inner + MAX_JSON_LENGTH)])
    return metas, title, heading, language, blocks


def add_distill_metadata(metas: dict[str, list[str]], block: str) -> None:
    """Title, authors and date that an article in Distill's form declares."""
    try:
        declared = parse_foreign_json(re.sub(r"</script.*", "", block, flags=re.IGNORECASE | re.DOTALL))
    except ValueError:
        return
    if not isinstance(declared, dict):
        return
    people = declared.get("authors")
    names = [
        person.get("author") for person in (people if isinstance(people, list) else [])[:50] if isinstance(person, dict)
    ]
    for key, values in (("title", [declared.get("title")]), ("author", names), ("date", [declared.get("published")])):
        metas.setdefault(key, []).extend(value for value in map(string_value, values) if value)


def parse_json_ld_articles(block: str) -> Iterator[dict[str, Any]]:
    """The articles that a JSON-LD block describes."""
    try:
        parsed = parse_foreign_json(re.sub(r"</script.*", "", block, flags=re.IGNORECASE | re.DOTALL))
    except ValueError:
        return
    queue = parsed if isinstance(parsed, list) else [parsed]
    for item in queue[:100]:
        if not isinstance(item, dict):
            continue
        graph = item.get("@graph")
        for entry in [item, *(graph[:100] if isinstance(graph, list) else [])]:
            kinds = entry.get("@type") if isinstance(entry, dict) else None
            if ARTICLE_TYPES.intersection(
                str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield entry


def is_web_page(article: dict[str, Any]) -> bool:
    """Whether JSON-LD describes the page that holds an article: the article itself counts before it."""
    return string_value(article.get("@type")).lower() == "webpage"


def main_entity_address(value: Any) -> Any:
    """The address in a JSON-LD `mainEntityOfPage`: a text, or an object that has it as its `@id`."""
    return value.get("@id") if isinstance(value, dict) else value


def author_names(value: Any) -> list[str]:
    """The names in a JSON-LD `author`: a text, an object or a list of them."""
    authors = value if isinstance(value, list) else [value]
    return [
        name
        for name in (
            string_value(author.get("name") if isinstance(author, dict) else author) for author in authors[:50]
        )
        if name
    ]


def string_value(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""
