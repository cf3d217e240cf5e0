"""Addresses printed without a scheme: looked at as a browser's address bar does, reported as they were cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import CitedLink, Verdict

_HOST_FIRST = compile_lazily(r"[^\s/:?#@]+\.[^\s/:?#@]+(?::\d+)?(?:[/?#]|$)")


def with_scheme(url: str) -> str:
    """The address to look at: `https://` is put before one that begins with its host; others stay."""
    return f"https://{url}" if _HOST_FIRST.match(url) else url


def links_to_check(links: Sequence[CitedLink]) -> list[CitedLink]:
    """The links with a scheme; two spellings of one address become one."""
    link_by_url: dict[str, CitedLink] = {}
    for link in links:
        url = with_scheme(link.url)
        if url not in link_by_url or url == link.url:
            facts = (*link_by_url[url].facts, *link.facts) if url in link_by_url else link.facts
            is_same = url == link.url and facts is link.facts
            link_by_url[url] = link if is_same else replace(link, url=url, facts=facts)
        elif link.facts:
            link_by_url[url] = replace(link_by_url[url], facts=(*link_by_url[url].facts, *link.facts))
    return list(link_by_url.values())


def verdicts_as_cited(links: Sequence[CitedLink], verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts under the addresses that were cited."""
    cited_verdicts = {}
    for link in links:
        verdict = verdicts[with_scheme(link.url)]
        cited_verdicts[link.url] = verdict if verdict.url == link.url else replace(verdict, url=link.url)
    return cited_verdicts
