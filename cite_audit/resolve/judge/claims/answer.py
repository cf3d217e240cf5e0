"""The answer for one citation: what of its sentence stands on the page, and whether that says anything.

A missing fact is usually harmless (a quarter of them are missing on right pages), so it is shown and never counted. One
case is told: none of at least three telling facts is found, on a page that speaks of other matters of the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cite_audit.model import Fact, FactAnswer, FactKind, FoundFact, PageFacts
from cite_audit.resolve.judge.claims.matching import can_compare, find_fact
from cite_audit.resolve.judge.claims.page_index import PageIndex, Span

TELLING_SHARE = 0.35  # of the run's other pages in the language; a fact that more of them mention tells nothing
MIN_TELLING = 3
MIN_FIRM = 2  # of them that no page mentions by chance
MIN_OTHERS = 4  # pages in that language without which nothing is telling
MIN_WORDS, MIN_HAN = 60, 150  # of a page, below which it is too short to say no
MIN_NAMES = 2  # of the whole report on the page; a wall mentions none
_SNIPPET = 70  # characters on both sides of a fact
_GARBLED = 0.02  # share of replacement characters


@dataclass(frozen=True, slots=True)
class PageMatch:
    """What of all facts of a run stands on one page, by the facts' keys; `problem`: why the page says nothing of them."""

    language: str
    found: dict[tuple[object, ...], Span]
    comparable: frozenset[tuple[object, ...]]
    problem: str = ""


def match_page(page: PageIndex, facts: Iterable[tuple[Fact, str]]) -> PageMatch:
    """Look for all facts of a run, each with the language of its sentence, on one page."""
    found: dict[tuple[object, ...], Span] = {}
    comparable = set()
    names = 0
    for fact, language in facts:
        if (span := find_fact(fact, page, language)) is not None:
            found[fact.key] = span
            names += fact.kind in (FactKind.NAME, FactKind.ACRONYM)
        if can_compare(fact, page, language):
            comparable.add(fact.key)
    return PageMatch(page.language, found, frozenset(comparable), find_problem(page, names))


def find_problem(page: PageIndex, names: int) -> str:
    """Why a page says nothing of facts that it lacks; the empty string where it does."""
    if page.text.count("\ufffd") > _GARBLED * len(page.text):
        return "the page's characters are garbled"
    if not page.language:
        return "the page has hardly any text"
    is_han = page.language in ("zh", "ja")
    if len(page.text) < MIN_HAN if is_han else len(page.words) < MIN_WORDS:
        return "the page is too short"
    if names < MIN_NAMES:
        return "the page mentions fewer than two names of the whole report: perhaps it is a wall"
    return ""


def is_telling(fact: Fact, others: Sequence[PageMatch]) -> bool:
    """Whether few enough of the run's other pages, all in the language of the page, mention a fact."""
    if len(others) < MIN_OTHERS:
        return False
    return sum(fact.key in other.found for other in others) < TELLING_SHARE * len(others)


def answer_for(
    facts: Sequence[Fact], page: PageMatch, others: Sequence[PageMatch], cut_snippet: Callable[[Fact, Span], FoundFact]
) -> PageFacts:
    """The answer for a sentence with these facts and its page; `others` as in `is_telling`."""
    found = tuple(cut_snippet(fact, page.found[fact.key]) for fact in facts if fact.key in page.found)
    missing = tuple(fact for fact in facts if fact.key not in page.found)
    telling = {fact.key for fact in facts if is_telling(fact, others)}
    is_mentioned = any(found_fact.fact.key in telling and not found_fact.fact.is_weak for found_fact in found)
    absent = [fact for fact in missing if fact.key in telling and fact.key in page.comparable]
    firm = [fact for fact in absent if not fact.is_weak]
    reason = page.problem if not found else ""
    if not is_mentioned and not page.problem and len(absent) >= MIN_TELLING and len(firm) >= MIN_FIRM:
        if any(not fact.values for fact in firm):  # numbers alone are often converted
            return PageFacts(answer=FactAnswer.NONE, found=found, missing=missing, telling=len(absent))
    if found:
        return PageFacts(answer=FactAnswer.MENTIONS, found=found, missing=missing, telling=len(absent))
    reason = reason or "too few telling facts in the sentence"
    return PageFacts(answer=FactAnswer.CANNOT_TELL, missing=missing, reason=reason, telling=len(absent))
