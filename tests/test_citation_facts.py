"""The facts of sentences as a step of an audit."""

from __future__ import annotations

import pytest

from cite_audit.citation_facts import SentenceFacts
from cite_audit.parse import read_report


@pytest.mark.parametrize(("links", "has_facts"), [(1000, True), (1001, False)])
def test_a_run_of_more_than_a_thousand_links_is_not_searched(links: int, has_facts: bool) -> None:
    body = "".join(f"On 4 May Lozova lost 91 houses.[{number}]\n\n" for number in range(1, links + 1))
    notes = "".join(f"[{number}] https://site.example.org/{number}\n\n" for number in range(1, links + 1))
    reports = SentenceFacts().attach_facts((read_report("r.txt", (body + notes).encode()),))
    assert len(reports[0].citations) == links
    assert any(citation.facts for citation in reports[0].citations) is has_facts
