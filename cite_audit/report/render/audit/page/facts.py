"""What of a sentence stands on its page, as HTML: its facts underlined, and the page's text round them."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Citation, Fact, FactAnswer, FoundFact
from cite_audit.report.render.fact_summary import describe_answer
from cite_audit.report.render.media.html import escape_html


def render_facts(citation: Citation) -> list[str]:
    """Nothing where the page was not searched, the sentence has no facts, or nothing can be told of them."""
    answer = citation.page_facts
    if answer is None or answer.answer is FactAnswer.CANNOT_TELL:
        return []
    rows = "".join(map(_render_found, answer.found))
    rows += "".join(f"<li>{escape_html(fact.text)}: not found by us</li>" for fact in answer.missing)
    return [
        f'<details class="facts"><summary>{escape_html(describe_answer(answer))}</summary>'
        f'<p><bdi>{"".join(_underline_facts(citation))}</bdi></p><ul class="plain">{rows}</ul></details>'
    ]


def _underline_facts(citation: Citation) -> Iterator[str]:
    """The sentence; facts that were found are underlined once, the others are dotted by the style of `s` in `u`."""
    answer, sentence, place = citation.page_facts, citation.sentence, 0
    missing: set[Fact] = set(answer.missing) if answer else set()
    for fact in sorted(citation.facts, key=lambda fact: (fact.start, -fact.end)):
        if fact.start < place:
            continue  # inside a quotation that is underlined as a whole
        yield _escape_part(sentence[place : fact.start])
        kind = "missing" if fact in missing else "found"
        yield f'<u class="{kind}">{escape_html(sentence[fact.start : fact.end])}</u>'
        place = fact.end
    yield _escape_part(sentence[place:])


def _render_found(found: FoundFact) -> str:
    snippet = found.snippet
    if found.start == found.end:
        return f"<li>{escape_html(found.fact.text)}: {escape_html(snippet)}</li>"
    marked = (
        f"{_escape_part(snippet[: found.start])}<mark>{escape_html(snippet[found.start : found.end])}</mark>"
        f"{_escape_part(snippet[found.end :])}"
    )
    return f'<li>{escape_html(found.fact.text)}: <bdi dir="auto">…{marked}…</bdi></li>'


def _escape_part(text: str) -> str:
    """A part of a sentence; the spaces at its ends, which `escape_html` drops, stay."""
    before, behind = " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))
    return f"{before}{escape_html(text)}{behind}"
