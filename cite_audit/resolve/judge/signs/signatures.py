"""Signatures: what a page, its headers and its redirects show, matched against `walls.csv`, `gates.csv`, `parked.csv`.

A signature names its place, by a regular expression or by strings between “ | ” (`source`), and a condition, so that
an article *about* the thing never matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.model import RuleObservation
from cite_audit.resolve.judge.address.redirects import is_same_owner
from cite_audit.resolve.judge.look import Look
from cite_audit.resolve.judge.page.error_phrases import has_notice_word
from cite_audit.resolve.judge.page.html_page import WebPage
from cite_audit.resolve.judge.page.prefilter import holds_any, may_match, required_literals
from cite_audit.resolve.judge.page.quoted_text import has_own_statement
from cite_audit.resolve.judge.page.text import count_words
from cite_audit.resolve.judge.page.visible_text import read_text
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls import canonical_key, url_host

THIN_WORDS, TINY_WORDS, TEASER_WORDS, SPARSE_WORDS = 250, 60, 300, 400
_SMALL_BODY = 1500  # bytes
_PARAGRAPH_WORDS = 20  # words
_MAX_SEARCHED = 20_000  # characters; a bot wall's page is shorter


class SignaturePlace(StrEnum):
    """Where a signature is looked for: the column `where`, without the header's name."""

    HEADER = "header"  # header:NAME
    COOKIE = "cookie"
    TITLE = "title"  # the title or the first heading
    TEXT = "text"
    SOURCE = "source"  # one of several strings in the source
    CODE = "code"  # an expression in the source
    LANDING = "landing"  # the address a redirect led to


class SignatureTable(StrEnum):
    """The tables of signatures, by their files."""

    WALLS = "walls"
    GATES = "gates"
    PARKED = "parked"


class Condition(StrEnum):
    """What must hold besides: the column `needs`."""

    ALONE = "alone"  # nothing: the signature is never on a live page
    THIN = "thin"  # less than 250 words, no article of several sentences, no two paragraphs that tell something
    TINY = "tiny"  # less than 60 words
    TINY_REFUSED = "tiny-refused"  # the same, under a status of success or of refusal
    TINY_WORDS = "tiny-words"  # the same, and an HTML page
    ACCEPTED = "accepted"  # the same, under a status of success
    TEASER = "teaser"  # less than 300 words
    REFUSED = "refused"  # a status of 400 or above, and less than 250 words
    REFUSED_BARE = "refused-bare"  # a status of 401 or 403, and less than 60 words
    MOVED = "moved"  # a redirect led there
    OTHER_HOST = "other-host"  # a redirect led there from another host
    MOVED_THIN = "moved-thin"  # a redirect led there, to a page of less than 250 words
    MOVED_HOST = "moved-host"  # a redirect led there from another owner's host
    MOVED_ALONE = "moved-alone"  # the same, and the signature needs no second one
    TINY_ALONE = "tiny-alone"  # a body of less than 1,500 bytes, and the signature needs no second one
    MARK = "mark"  # a page of less than 400 words; one of at least two different signatures


# These follow from the text alone.
_TEXT_CONDITIONS = frozenset((Condition.THIN, Condition.TINY, Condition.TINY_WORDS, Condition.TEASER, Condition.MARK))
_LOOK_PLACES = frozenset((SignaturePlace.HEADER, SignaturePlace.COOKIE, SignaturePlace.LANDING))


@frozen_record(kw_only=True)
class Signature:
    """One row of a table: `pattern` is searched, or one of `strings` is found in the source."""

    rule: str
    reason: str
    place: SignaturePlace
    header: str  # whose value is searched, for headers and cookies
    pattern: re.Pattern[str]
    strings: tuple[str, ...]
    condition: Condition
    says: str
    source: str
    literals: tuple[str, ...] = ()

    def observe(self, place: str = "") -> RuleObservation:
        """The observation that a look shows the signature, with the place where it was found, if that is given."""
        return RuleObservation(f"{self.says}: {place}" if place else self.says, f"rule {self.rule}; {self.source}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _SignatureGroup:
    """Signatures of a table with one condition and one header, if any, to read."""

    condition: Condition
    depends_on_look: bool  # else the signatures follow from the text alone
    rows: tuple[tuple[int, Signature], ...]  # each with its row's number


@lru_cache(maxsize=8)
def _group_signatures(table: SignatureTable) -> dict[str, list[_SignatureGroup]]:
    """The groups of a table by the header that they read; those of the empty name read none."""
    grouped: dict[tuple[str, Condition, bool], list[tuple[int, Signature]]] = {}
    for row, signature in enumerate(load_signatures(table)):
        group_key = signature.header, signature.condition, signature.place in _LOOK_PLACES
        grouped.setdefault(group_key, []).append((row, signature))
    groups: dict[str, list[_SignatureGroup]] = {}
    for (header, condition, on_look), rows in grouped.items():
        group = _SignatureGroup(condition=condition, depends_on_look=on_look, rows=tuple(rows))
        groups.setdefault(header, []).append(group)
    return groups


@lru_cache(maxsize=8)
def load_signatures(table: SignatureTable) -> tuple[Signature, ...]:
    """The signatures of a table, in its order. Raises ValueError for an unknown place or condition."""
    return tuple(_parse_signature(row) for row in read_table(table))


def _parse_signature(row: dict[str, str]) -> Signature:
    kind, _, header = row["where"].partition(":")
    place = SignaturePlace(kind)
    has_strings = place is SignaturePlace.SOURCE
    is_read = place in (SignaturePlace.TEXT, SignaturePlace.TITLE)
    pattern = row["pattern"].replace("'", "['’]") if is_read else row["pattern"]  # as typographers set it
    return Signature(
        rule=row["rule"],
        reason=row.get("reason", ""),
        place=place,
        header="set-cookie" if place is SignaturePlace.COOKIE else header,
        pattern=re.compile("" if has_strings else pattern, re.I | re.S),
        strings=tuple(row["pattern"].lower().split(" | ")) if has_strings else (),
        condition=Condition(row["needs"]),
        says=row["says"],
        source=row["source"],
        literals=required_literals(pattern) if place in (SignaturePlace.TEXT, SignaturePlace.CODE) else (),
    )


def find_signatures(table: SignatureTable, look: Look) -> list[Signature]:
    """The signatures of a table that a look shows and whose conditions hold, in the order of the table."""
    return look.remember(table, lambda: _match_table(table, look))


def _match_table(table: SignatureTable, look: Look) -> list[Signature]:
    groups = _group_signatures(table)
    # What follows from the text alone is kept with the text; None: not looked for yet.
    in_text: dict[_SignatureGroup, list[tuple[int, Signature]] | None]
    in_text = look.page.shared_facts.setdefault(table, dict.fromkeys(groups[""]))
    in_headers = [group for name in groups.keys() & {name for name, _ in look.probe.headers} for group in groups[name]]
    holds: dict[Condition, bool] = look.remember(Condition, dict)
    matches: list[tuple[int, Signature]] = []
    for group in (*in_text, *in_headers):
        if group.condition not in holds:
            holds[group.condition] = _CONDITION_TESTS[group.condition](look)
        if not holds[group.condition]:
            if group.condition in _TEXT_CONDITIONS:
                in_text.pop(group, None)  # it holds for no look at this text
            continue
        found = in_text.get(group)
        if found is None:
            found = [pair for pair in group.rows if _PLACE_TESTS[pair[1].place](pair[1], look)]
            if found and not group.depends_on_look:
                in_text[group] = found
            elif not group.depends_on_look:
                in_text.pop(group, None)
        matches += found
    if any(signature.condition is Condition.THIN for _, signature in matches) and _is_news_report(look.page):
        matches = [pair for pair in matches if pair[1].condition is not Condition.THIN]
    return [signature for _, signature in sorted(matches, key=lambda pair: pair[0])] if matches else []


def _has_moved(look: Look) -> bool:
    return bool(look.probe.hops) and canonical_key(look.probe.url) != canonical_key(look.page.url)


def _has_other_owner(look: Look) -> bool:
    return bool(look.probe.hops) and not is_same_owner(url_host(look.probe.url), url_host(look.page.url))


_CONDITION_TESTS: dict[Condition, Callable[[Look], bool]] = {
    Condition.ALONE: lambda look: True,
    Condition.THIN: lambda look: not look.page.has_words(THIN_WORDS) and not _is_short_article(look.page),
    Condition.TINY: lambda look: not look.page.has_words(TINY_WORDS),
    Condition.TINY_WORDS: lambda look: look.page.is_html and not look.page.has_words(TINY_WORDS),
    Condition.TINY_REFUSED: lambda look: (
        (look.status < 300 or look.status in (401, 403, 429, 503)) and not look.page.has_words(TINY_WORDS)
    ),
    Condition.ACCEPTED: lambda look: look.status < 300 and not look.page.has_words(TINY_WORDS),
    Condition.TEASER: lambda look: not look.page.has_words(TEASER_WORDS),
    Condition.REFUSED: lambda look: look.status >= 400 and not look.page.has_words(THIN_WORDS),
    Condition.REFUSED_BARE: lambda look: look.status in (401, 403) and not look.page.has_words(TINY_WORDS),
    Condition.MOVED: _has_moved,
    Condition.MOVED_THIN: lambda look: _has_moved(look) and not look.page.has_words(THIN_WORDS),
    Condition.OTHER_HOST: lambda look: bool(look.probe.hops) and url_host(look.probe.url) != url_host(look.page.url),
    Condition.MOVED_HOST: _has_other_owner,
    Condition.MOVED_ALONE: _has_other_owner,
    Condition.TINY_ALONE: lambda look: len(look.probe.body) < _SMALL_BODY,
    Condition.MARK: lambda look: not look.page.has_words(SPARSE_WORDS),
}


def _is_short_article(page: WebPage) -> bool:
    """Whether a page is an article, though a short one: its player or its forms may say what they like."""
    return page.is_article and page.main_word_count >= TINY_WORDS


def _is_news_report(page: WebPage) -> bool:
    """Whether two paragraphs under a heading are long and do not address the visitor, as every bot wall does."""
    texts = [read_text(node) for node in page.tree.css("p")[:15]] if any(page.h1_texts) else []
    return sum(count_words(text) >= _PARAGRAPH_WORDS and not has_notice_word(text) for text in texts) >= 2


def _is_in_headers(signature: Signature, look: Look) -> bool:
    return any(signature.pattern.search(value) for name, value in look.probe.headers if name == signature.header)


def _is_in_text(signature: Signature, look: Look) -> bool:
    page = look.page
    if not may_match(signature.literals, page.lower_text[:_MAX_SEARCHED]):
        return False
    # Other articles beside a short one may be for subscribers only.
    main_only = signature.condition is Condition.TEASER and "paywall" not in page.lower_source
    return has_own_statement(
        page, (page.main_text if main_only else page.visible_text)[:_MAX_SEARCHED], signature.pattern
    )


def _is_in_source(signature: Signature, look: Look) -> bool:
    return holds_any(signature.strings, look.page.lower_source, look.page.source_pieces)


def _is_in_code(signature: Signature, look: Look) -> bool:
    if not may_match(signature.literals, look.page.lower_source[: _MAX_SEARCHED + 1]):
        return False
    return signature.pattern.search(look.page.decoded[:_MAX_SEARCHED]) is not None


_PLACE_TESTS: dict[SignaturePlace, Callable[[Signature, Look], bool]] = {
    SignaturePlace.HEADER: _is_in_headers,
    SignaturePlace.COOKIE: _is_in_headers,
    SignaturePlace.TITLE: lambda signature, look: any(signature.pattern.search(text) for text in look.page.headings),
    SignaturePlace.TEXT: _is_in_text,
    SignaturePlace.SOURCE: _is_in_source,
    SignaturePlace.CODE: _is_in_code,
    SignaturePlace.LANDING: lambda signature, look: signature.pattern.search(look.page.url) is not None,
}
