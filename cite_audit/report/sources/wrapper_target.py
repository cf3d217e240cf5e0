"""Where a short link or a short archive id leads, by what the run saw of it."""

from __future__ import annotations

import re
from html import unescape

from cite_audit.model import Verdict
from cite_audit.report.sources.neutrality import ACCOUNTLESS
from cite_audit.urls import canonical_key, join_url, unwrap_url, url_host

MAX_READ = 600_000  # bytes of a page that are read
LEADING_KINDS = frozenset({"short link", "redirector", "resolver", "translator", "proxy"})  # they answer with the page
# an archive's page names its original in its canonical address (archive.today, Perma.cc) or its long form
_CANONICAL = re.compile(
    r"<(?:link|meta)\b(?=[^>]*(?:canonical|og:url|bookmark))[^>]*\b(?:href|content)\s*=\s*[\"']([^\"']+)", re.I
)
_CHANNEL = re.compile(r"<link\b(?=[^>]*itemprop\s*=\s*[\"']?url)[^>]*\bhref\s*=\s*[\"'](https?://www\.youtube\.com/@[^\"']+)", re.I)


def find_wrapper_target(url: str, kind: str, verdict: Verdict | None) -> str:
    """The page behind an address that tells no publisher, as the run saw it; empty where nobody saw it.

    `kind` is that of `Source.neutral`: a short link leads to its target, an archive's page and a video's page name
    their original and their channel.
    """
    if verdict is None or verdict.probe is None:
        return ""
    probe = verdict.probe
    if kind in LEADING_KINDS and probe.final_url and url_host(probe.final_url) != url_host(url):
        return probe.final_url
    html = probe.body[:MAX_READ].decode("utf-8", "replace")
    if kind == ACCOUNTLESS:
        channel = _CHANNEL.search(html)
        return unescape(channel[1]) if channel else ""
    for address in _CANONICAL.findall(html):
        target = join_url(probe.final_url or url, unescape(address))
        inner = unwrap_url(target)
        if inner and canonical_key(inner.url) != canonical_key(url):
            return inner.url
    return ""
