"""Addresses printed without a scheme are asked as a browser's address bar asks them, and told as they were cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cite_audit.model import Verdict, Wanted

_HOST_FIRST = re.compile(r"[^\s/:?#@]+\.[^\s/:?#@]+(?::\d+)?(?:[/?#]|$)")


def with_scheme(url: str) -> str:
    """The address to ask: `https://` is put before one that begins with its host; others stay."""
    return f"https://{url}" if _HOST_FIRST.match(url) else url


def to_ask(wanted: Sequence[Wanted]) -> list[Wanted]:
    """What to ask for these links; two spellings of one address are asked once."""
    asked: dict[str, Wanted] = {}
    for link in wanted:
        url = with_scheme(link.url)
        if url not in asked or url == link.url:
            asked[url] = link if url == link.url else replace(link, url=url)
    return list(asked.values())


def as_cited(wanted: Sequence[Wanted], verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts under the addresses that were cited."""
    told = {}
    for link in wanted:
        verdict = verdicts[with_scheme(link.url)]
        told[link.url] = verdict if verdict.url == link.url else replace(verdict, url=link.url)
    return told
