"""The answer for one citation: what of its sentence stands on the page, and whether that says anything.

A missing fact is usually harmless (a quarter of them are missing on right pages), so it is shown and never counted. One
case is told: none of at least three telling facts is found, on a page that speaks of other matters of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Fact, FactAnswer, FactKind, FoundFact, PageFacts
from cite_audit.resolve.judge.claims.fact_match import can_compare, find_fact
from cite_audit.resolve.judge.claims.page_index import PageIndex, Span

TELLING_SHARE = 0.35  # of the run's other pages in the language; a fact that more of them mention tells nothing
MIN_TELLING = 3  # telling facts of which none is found
MIN_FIRM = 2  # of them that no page mentions by chance
MIN_OTHERS = 4  # pages in that language without which nothing is telling
MIN_WORDS, MIN_HAN = 60, 150  # of a page, below which it is too short to say no
MIN_NAMES = 2  # of the whole report on the page; a wall mentions none
_SNIPPET = 70  # characters on both sides of a fact
_GARBLED = 0.02  # share of replacement characters
Key = tuple[object, ...]


@frozen_record
class PageMatch:
    """What stands on one page: of the facts cited to it `found` with snippets and `comparable`; of all, `mentioned`.

    `problem`: why the page says nothing of facts that it lacks. `has_all`: all facts of the run were looked for.
    """

    language: str
    found: dict[Key, FoundFact]
    comparable: frozenset[Key]
    mentioned: frozenset[Key]
    problem: str = ""
    has_all: bool = True

    def merge(self, other: PageMatch) -> PageMatch:
        """This page with what stands on another form of it: its archived copy."""
        problem = self.problem and other.problem
        comparable, mentioned = self.comparable | other.comparable, self.mentioned | other.mentioned
        return PageMatch(self.language, other.found | self.found, comparable, mentioned, problem, self.has_all)


def match_page(
    page: PageIndex, facts: Sequence[Fact], language: str, all_facts: Iterable[Fact], has_all: bool = True
) -> PageMatch:
    """Look on a page for the facts cited to it, and for those of the whole run; `language` is that of the sentences."""
    found: dict[Key, FoundFact] = {}
    for fact in facts:
        if (span := find_fact(fact, page)) is not None:
            found[fact.key] = cut_snippet(fact, page, span)
    mentioned = {*found}
    names = {key for key in found if key[0] in (FactKind.NAME, FactKind.ACRONYM)}
    for fact in all_facts:
        if fact.key not in mentioned and find_fact(fact, page) is not None:
            mentioned.add(fact.key)
            if fact.kind in (FactKind.NAME, FactKind.ACRONYM):
                names.add(fact.key)
    comparable = frozenset(fact.key for fact in facts if can_compare(fact, page, language))
    return PageMatch(page.language, found, comparable, frozenset(mentioned), find_problem(page, len(names)), has_all)


def cut_snippet(fact: Fact, page: PageIndex, span: Span) -> FoundFact:
    """A fact with the text round it; none where it is the page's own day."""
    start, end = span
    if start == end:
        return FoundFact(fact, "the day of the page")
    first, last = max(start - _SNIPPET, 0), min(end + _SNIPPET, len(page.text))
    while first and not page.text[first - 1].isspace() and first < start and start - first > _SNIPPET // 2:
        first += 1
    before, shown, behind = (
        " ".join(text.split()) for text in (page.text[first:start], page.text[start:end], page.text[end:last])
    )
    before = before + " " if before and page.text[start - 1].isspace() else before
    behind = " " + behind if behind and page.text[end].isspace() else behind
    return FoundFact(fact, before + shown + behind, len(before), len(before) + len(shown))


def find_problem(page: PageIndex, names: int) -> str:
    """Why a page says nothing of facts that it lacks; the empty string where it does."""
    if page.text.count("\ufffd") > _GARBLED * len(page.text):
        return "the characters of the page are garbled"
    if not page.language:
        return "the page has hardly any text"
    is_han = page.language in ("zh", "ja")
    if len(page.text) < MIN_HAN if is_han else len(page.words) < MIN_WORDS:
        return "the page is too short"
    if names < MIN_NAMES:
        return "the page mentions fewer than two names of the whole report, so that it may be a wall"
    return ""


def is_telling(key: Key, others: Sequence[PageMatch]) -> bool:
    """Whether few enough of the run's other pages, all in the language of the page, mention a fact."""
    if len(others) < MIN_OTHERS:
        return False
    return sum(key in other.mentioned for other in others) < TELLING_SHARE * len(others)


def answer_for(facts: Sequence[Fact], page: PageMatch, others: Sequence[PageMatch]) -> PageFacts:
    """The answer for a sentence with these facts and its page; `others` as in `is_telling`."""
    found = tuple(page.found[fact.key] for fact in facts if fact.key in page.found)
    missing = tuple(fact for fact in facts if fact.key not in page.found)
    telling = {fact.key for fact in facts if is_telling(fact.key, others)}
    is_mentioned = any(item.fact.key in telling and not item.fact.is_weak for item in found)
    absent = [fact for fact in missing if fact.key in telling and fact.key in page.comparable]
    firm = [fact for fact in absent if not fact.is_weak]
    has_words = any(not fact.values for fact in firm)  # numbers alone are often converted
    if not is_mentioned and not page.problem and len(absent) >= MIN_TELLING and len(firm) >= MIN_FIRM and has_words:
        return PageFacts(answer=FactAnswer.NONE, found=found, missing=missing, telling=len(absent))
    if found:
        return PageFacts(answer=FactAnswer.MENTIONS, found=found, missing=missing, telling=len(absent))
    reason = page.problem or "the sentence has too few names and numbers that tell its page from others"
    return PageFacts(answer=FactAnswer.CANNOT_TELL, missing=missing, reason=reason, telling=len(absent))
