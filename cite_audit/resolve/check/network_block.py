"""Blocks by the network that this program runs in: links of several owners that end on the same page in one run."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cite_audit.model import Health, Reason, Verdict
from cite_audit.resolve.judge.address.redirects import RedirectRank, is_same_owner, is_short_link
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.similarity import has_word_in_title
from cite_audit.urls import registrable_domain, url_host

MIN_OWNERS = 3  # owners whose links end on one page; two may have merged
_MAX_WORDS = 400  # words; a longer text is a document that several owners publish
_UNEXPLAINED = ("", "home-instead", "one-for-all", "redirect-to-home", "redirect-to-section")  # no words of an error
_OWN_REASONS = (
    Reason.PARKED,
    Reason.HIJACKED,
    Reason.NOT_FOUND,
    Reason.GONE,
)  # pages that many owners share, or errors


@dataclass(slots=True)
class NetworkBlocks:
    """Collects where links end, and tells which of these ends is the network's own block page."""

    owners: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ends: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by link

    def record_evidence(self, verdict: Verdict, evidence: Evidence) -> None:
        """Record where the looks at a link ended, by the address of the foreign page and by its text."""
        if verdict.reason in _OWN_REASONS or (verdict.health is Health.UNKNOWN and verdict.detail != "one-for-all"):
            return
        page_looks = evidence.latest_page_looks()
        owner = registrable_domain(url_host(verdict.url))
        if owner[-1:].isdigit() or ":" in owner:  # an address of the network layer names no owner
            return
        if not page_looks or is_short_link(verdict.url) or verdict.detail not in _UNEXPLAINED + tuple(RedirectRank):
            return
        ends = _find_ends(page_looks[-1])
        for end in ends:
            self.owners[end].add(owner)
        self.ends[verdict.url] = ends

    def withdraw_verdicts(self, verdicts: Mapping[str, Verdict]) -> tuple[dict[str, Verdict], str]:
        """The verdicts that do not stand, as unknown, and the one remark about them; empty without a block."""
        blocked = {url: end for url, ends in self.ends.items() for end in ends if len(self.owners[end]) >= MIN_OWNERS}
        withdrawn = {url: _withdraw(verdicts[url]) for url in blocked if url in verdicts}
        if not withdrawn:
            return {}, ""
        owner_count = len({registrable_domain(url_host(url)) for url in withdrawn})
        return withdrawn, (
            f"{len(withdrawn)} links of {owner_count} owners end on the same page: this network seems to block them, "
            "and says nothing of the links"
        )


def _find_ends(look: Look) -> tuple[str, ...]:
    """The foreign address that the redirects led to, and the text of a short page without the names of its site."""
    page, cited_host = look.page, url_host(look.probe.url)
    ends = []
    if look.probe.hops and not is_same_owner(cited_host, page.hostname):
        ends.append("address " + page.url.partition("?")[0].partition("#")[0])
    is_short = look.shows_text and page.is_html and page.has_words(1) and not page.has_words(_MAX_WORDS)
    if is_short and not _is_named(look):
        text = f"{page.title}\n{page.visible_text}".casefold()
        for name in (look.probe.url.casefold(), cited_host, registrable_domain(cited_host)):
            text = text.replace(name, "")
        ends.append("text " + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
    return tuple(ends)


def _is_named(look: Look) -> bool:
    return has_word_in_title(look.probe.url, " ".join(look.page.headings))


def _withdraw(verdict: Verdict) -> Verdict:
    observation = "links of other owners end on the same page in this run: the network here seems to block them"
    return replace(
        verdict,
        health=Health.UNKNOWN,
        reason=Reason.GEO_BLOCKED,
        detail="network-block",
        confidence=0.6,
        moved_to="",
        evidence=(*verdict.evidence, observation),
    )
