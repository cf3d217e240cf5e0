"""Reads who published a report from what it says of itself.

Only an editorial promise counts, “X will continue monitoring … and providing updates”: newsrooms and institutes write
so of themselves, whereas “NATO will continue to monitor the situation” is news about somebody else. The name is kept as
printed; who it is, the registry knows.
"""

from __future__ import annotations

import re

_PROMISE = re.compile(r"\bwill continue (?:monitoring|to monitor|tracking|to track)\b[^.\n]{0,120}\bupdates?\b")
_NAME = re.compile(
    r"(?:^|[.!?*_]\s*)(?:The )?((?:[A-Z][\w&’'-]*)(?: (?:(?:of|for|the|and|on) ){0,2}[A-Z][\w&’'-]*){0,6}) $"
)
LONGEST = 90  # characters of a name with what stands before it


def publisher_named(text: str) -> str:
    """The name under which a text promises updates; empty where it promises none."""
    if "will continue" not in text:  # ten times quicker than the pattern to say so
        return ""
    for promise in _PROMISE.finditer(text):
        line = text.rfind("\n", 0, promise.start()) + 1
        before = text[max(line, promise.start() - LONGEST) : promise.start()]
        if named := _NAME.search(before):
            return named[1]
    return ""
