"""Marks: what a page, its headers and its way here show, matched against the tables of signatures.

A mark names where it is looked for by a regular expression (`header:NAME`, `cookie`, `title`: title or first heading,
`text`, `code`: the source, `landing`: the address a redirect led to) or by strings between “ | ” (`source`), and what
must hold besides, so that an article *about* the thing never matches:

alone        nothing; the mark is never on a live page
thin         a page of less than 250 words that is not marked up as an article of several sentences,
             nor tells something in two paragraphs that are not for visitors
tiny         less than 60 words
tiny-refused the same, under a status of success or of refusal
tiny-words   the same, and an HTML page
accepted     the same, under a status of success
teaser       less than 300 words
refused      a status of 400 or above, and thin
refused-bare a status of 401 or 403, and less than 60 words
moved        a redirect led there
other-host   a redirect led there from another host
moved-thin   the same, and a page of less than 250 words
moved-host   a redirect led there from another owner's host
moved-alone  the same
tiny-alone   a body of less than 1,500 bytes
mark         one of at least two different marks on a page of less than 400 words
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cite_audit.model import Probe, RuleObservation
from cite_audit.resolve.judge.page.error_phrases import has_notice_word
from cite_audit.resolve.judge.page.html_page import WebPage, collapse_spaces, count_words
from cite_audit.resolve.judge.page.prefilter import may_match, required_literals
from cite_audit.resolve.judge.page.quoted_text import has_own_statement
from cite_audit.resolve.judge.redirects import is_same_owner
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls import canonical_key, url_host

THIN_WORDS, TINY_WORDS, TEASER_WORDS, SPARSE_WORDS = 250, 60, 300, 400
_PARAGRAPH_WORDS = 20  # words
_MAX_SEARCHED = 20_000  # characters; a guard's page is shorter, and a longer one is not a guard's


_LOOK_PLACES = frozenset(("header", "cookie", "landing"))
_REDIRECT_CONDITIONS = frozenset(("moved", "moved-thin", "other-host", "moved-host", "moved-alone"))


@dataclass(frozen=True, slots=True)
class Signature:
    """One row of a table of signatures: `pattern` is searched, or one of `strings` is found in the source."""

    rule: str
    reason: str
    where: str
    pattern: re.Pattern[str]
    strings: tuple[str, ...]
    needs: str
    says: str
    source: str
    literals: tuple[str, ...] = ()

    def observe(self, place: str = "") -> RuleObservation:
        """The evidence that a page of which it holds gives."""
        return RuleObservation(f"{self.says}: {place}" if place else self.says, f"rule {self.rule}; {self.source}")


@dataclass(frozen=True, slots=True)
class _SignatureGroup:
    """Marks of a table that one condition goes before and one header, if any, is read for; `number` is its own."""

    number: int
    header: str
    needs: str
    depends_on_look: bool  # else the marks follow from the text alone
    signatures: tuple[tuple[int, str, Signature], ...]  # each behind its row's number and the kind of its place


@lru_cache(maxsize=8)
def _group_signatures(table_name: str) -> tuple[_SignatureGroup, ...]:
    grouped: dict[tuple[str, str, bool], list[tuple[int, str, Signature]]] = {}
    for row, signature in enumerate(load_signatures(table_name)):
        kind, _, header = signature.where.partition(":")
        header = "set-cookie" if kind == "cookie" else header
        grouped.setdefault((header, signature.needs, kind in _LOOK_PLACES), []).append((row, kind, signature))
    return tuple(
        _SignatureGroup(number, *group_key, tuple(signatures))
        for number, (group_key, signatures) in enumerate(grouped.items())
    )


@lru_cache(maxsize=8)
def load_signatures(table_name: str) -> tuple[Signature, ...]:
    """The marks of a table, in its order."""
    return tuple(
        Signature(
            row["rule"],
            row.get("reason", ""),
            row["where"],
            re.compile("" if row["where"] == "source" else _allow_curly_apostrophe(row), re.I | re.S),
            tuple(row["pattern"].lower().split(" | ")) if row["where"] == "source" else (),
            row["needs"],
            row["says"],
            row["source"],
            required_literals(_allow_curly_apostrophe(row)) if row["where"] in ("text", "code") else (),
        )
        for row in read_table(table_name)
    )


def _allow_curly_apostrophe(row: dict[str, str]) -> str:
    """A pattern for what visitors read, where an apostrophe may be a typographer's."""
    pattern = row["pattern"]
    return pattern.replace("'", "['’]") if row["where"] in ("text", "title") else pattern


def find_signatures(table_name: str, probe: Probe, page: WebPage) -> list[Signature]:
    """The marks of a table that a look shows and whose conditions hold, in the order of the table."""
    sent_headers = {"", *(header for header, _ in probe.headers)}
    condition_results: dict[str, bool] = {}
    matches: list[tuple[int, Signature]] = []
    for group in _group_signatures(table_name):
        if group.header not in sent_headers:
            continue
        if group.needs not in condition_results:
            condition_results[group.needs] = _condition_holds(group.needs, probe, page)
        if condition_results[group.needs]:
            # What follows from the text alone is kept with the text.
            cache = {} if group.depends_on_look else page.shared_facts
            cache_key = table_name, group.number
            if cache_key not in cache:
                cache[cache_key] = [
                    (row, signature)
                    for row, kind, signature in group.signatures
                    if _signature_matches(signature, kind, group, probe, page)
                ]
            matches += cache[cache_key]
    if any(signature.needs == "thin" for _, signature in matches) and _is_news_report(page):
        matches = [pair for pair in matches if pair[1].needs != "thin"]
    return [signature for _, signature in sorted(matches, key=lambda pair: pair[0])] if matches else []


def _condition_holds(condition: str, probe: Probe, page: WebPage) -> bool:
    if condition in _REDIRECT_CONDITIONS and not probe.hops:
        return False
    match condition:
        case "alone":
            return True
        case "thin":
            return page.word_count < THIN_WORDS and not _is_short_article(page)
        case "tiny":
            return page.word_count < TINY_WORDS
        case "tiny-words":
            return page.is_html and page.word_count < TINY_WORDS
        case "tiny-refused":
            return page.word_count < TINY_WORDS and ((probe.status or 0) < 300 or probe.status in (401, 403, 429, 503))
        case "accepted":
            return (probe.status or 0) < 300 and page.word_count < TINY_WORDS
        case "teaser":
            return page.word_count < TEASER_WORDS
        case "refused":
            return (probe.status or 0) >= 400 and page.word_count < THIN_WORDS
        case "refused-bare":
            return probe.status in (401, 403) and page.word_count < TINY_WORDS
        case "moved":
            return canonical_key(probe.url) != canonical_key(page.url)
        case "moved-thin":
            return canonical_key(probe.url) != canonical_key(page.url) and page.word_count < THIN_WORDS
        case "other-host":
            return url_host(probe.url) != url_host(page.url)
        case "moved-host" | "moved-alone":
            return not is_same_owner(url_host(probe.url), url_host(page.url))
        case "tiny-alone":
            return len(probe.body) < 1500
        case "mark":
            return page.word_count < SPARSE_WORDS
    raise ValueError(condition)


def _is_short_article(page: WebPage) -> bool:
    """Whether a page is an article, though a short one: its player or its forms may say what they like."""
    return page.is_article and page.main_word_count >= TINY_WORDS


def _is_news_report(page: WebPage) -> bool:
    """Whether paragraphs under a heading tell something at length, and nothing to visitors, as every guard does."""
    texts = (
        [collapse_spaces(node.text(separator=" ")) for node in page.tree.css("p")[:15]] if any(page.h1_texts) else []
    )
    return sum(count_words(text) >= _PARAGRAPH_WORDS and not has_notice_word(text) for text in texts) >= 2


def _signature_matches(signature: Signature, kind: str, group: _SignatureGroup, probe: Probe, page: WebPage) -> bool:
    match kind:
        case "header" | "cookie":
            return any(signature.pattern.search(value) for name, value in probe.headers if name == group.header)
        case "title":
            return any(signature.pattern.search(text) for text in page.headings)
        case "text":
            if not may_match(signature.literals, page.lower_text[:_MAX_SEARCHED]):
                return False
            # Other articles beside a short one may be for subscribers only.
            main_only = signature.needs == "teaser" and "paywall" not in page.lower_source
            return has_own_statement(
                page, (page.main_text if main_only else page.visible_text)[:_MAX_SEARCHED], signature.pattern
            )
        case "source":
            return may_match(signature.strings, page.lower_source)
        case "code":
            if not may_match(signature.literals, page.lower_source[: _MAX_SEARCHED + 1]):
                return False
            return signature.pattern.search(page.source[:_MAX_SEARCHED]) is not None
        case "landing":
            return signature.pattern.search(page.url) is not None
    raise ValueError(signature.where)
