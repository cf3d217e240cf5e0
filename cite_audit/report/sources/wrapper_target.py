"""Where a short link or a short archive id leads, by what the run saw of it."""

from __future__ import annotations

from cite_audit.model import Verdict
from cite_audit.report.sources.neutrality import ACCOUNTLESS
from cite_audit.urls import canonical_key, join_url, unwrap_url, url_host

LEADING_KINDS = frozenset({"short link", "redirector", "resolver", "translator", "proxy"})  # they answer with the page
# where an archive's page names its original (archive.today, Perma.cc), and a video's page its channel (YouTube)
_ORIGINAL = ('link[rel="canonical"]', 'link[rel="bookmark"]', 'meta[property="og:url"]')
_CHANNEL = '[itemprop="author"] link[itemprop="url"]'


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
    if not probe.body:
        return ""
    from cite_audit.foreign_html import parse_foreign_html  # only audits have bodies

    tree = parse_foreign_html(probe.body)
    for selector in (_CHANNEL,) if kind == ACCOUNTLESS else _ORIGINAL:
        for node in tree.css(selector):
            address = node.attributes.get("href") or node.attributes.get("content") or ""
            target = join_url(probe.final_url or url, address)
            if kind == ACCOUNTLESS:
                return target
            inner = unwrap_url(target)
            if inner and canonical_key(inner.url) != canonical_key(url):
                return inner.url
    return ""
