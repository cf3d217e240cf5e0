"""What of a sentence stands on its page, in one line for people."""

from __future__ import annotations

from cite_audit.model import FactAnswer, PageFacts


def describe_answer(answer: PageFacts) -> str:
    """`the page mentions 4 of 5 names and numbers of the sentence`, or why nothing can be told."""
    total = len(answer.found) + len(answer.missing)
    if answer.answer is FactAnswer.CANNOT_TELL:
        return f"cannot tell whether the page says it: {answer.reason}"
    if answer.answer is FactAnswer.NONE and not answer.found:
        return f"the page mentions none of the {total} names and numbers of the sentence. Please look."
    what = "names and numbers" if total > 1 else "name or number"
    asking = " Please look." if answer.answer is FactAnswer.NONE else ""
    return f"the page mentions {len(answer.found)} of {total} {what} of the sentence{asking and '.'}{asking}"


def list_missing(answer: PageFacts) -> str:
    """`not found by us: Valdai, 1972`; the empty string where all was found."""
    texts = ", ".join(fact.text for fact in answer.missing)
    return f"not found by us: {texts}" if texts else ""
