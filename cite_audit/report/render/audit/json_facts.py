"""What of a sentence stands on its page, as JSON."""

from __future__ import annotations

from typing import Any

from cite_audit.model import PageFacts


def encode_facts(facts: PageFacts | None) -> dict[str, Any] | None:
    """Answer, found facts with the text round them, missing ones; None where nothing was looked for."""
    if facts is None:
        return None
    return {
        "answer": facts.answer,
        "reason": facts.reason or None,
        "found": [
            {"text": found.fact.text, "kind": found.fact.kind, "snippet": found.snippet} for found in facts.found
        ],
        "missing": [{"text": fact.text, "kind": fact.kind, "snippet": None} for fact in facts.missing],
    }
