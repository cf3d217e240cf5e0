"""Numbers with their nouns, as sentences of the report and of its renderers say them."""

from __future__ import annotations


def format_count(number: int, noun: str) -> str:
    """`1 link`, `2 links`, `1,024 citations`."""
    plural = noun[:-1] + "ies" if noun.endswith("ry") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"
