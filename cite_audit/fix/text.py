"""Where a wish changes plain text or Markdown: the address itself, its frame, and its shown half."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cite_audit.fix.edits import Edit
from cite_audit.fix.wishes import Wish
from cite_audit.model import Citation
from cite_audit.parse.refang import refang
from cite_audit.urls import key

__all__ = ["place"]

_ESCAPED = re.compile(r"\\+([!-/:-@\[-`{-~])")
_TITLE = re.compile(r"""\s*(?:"[^"\n]*"|'[^'\n]*')?\s*\)""")


def place(text: str, wish: Wish, beside: str, markdown: bool, behind: Citation) -> list[Edit] | None:
    """The edits that make one wish true, a copy behind `behind`; None where the link is not where it was read."""
    start = wish.citation.location.offset
    end = start + len(wish.citation.link.raw)
    if text[start:end] != wish.citation.link.raw:
        return None
    edits: list[Edit] = []
    if wish.replaces:
        edits += _replacement(text, start, end, wish)
    if wish.memento:
        edits.append(_copy(text, behind, wish, beside, markdown))
    return edits


def _replacement(text: str, start: int, end: int, wish: Wish) -> Sequence[Edit]:
    spelled = wish.spelled
    if _framed(text, start):
        return [Edit(start, end, _as_target(spelled)), *_shown(text, start, wish)]
    if text[start - 1 : start] == "<" and text[end : end + 1] != ">":
        spelled += ">"  # the frame's end was inside what was printed apart
    return [Edit(start, end, spelled)]


def _framed(text: str, start: int) -> bool:
    """Whether the address is the target of a Markdown link, which reports saved as plain text have too."""
    return text[start - 2 : start] == "]("


def _as_target(spelled: str) -> str:
    """An address as a Markdown target: parentheses stay where they are balanced, as those of `((.))` are."""
    depth = 0
    for character in spelled:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    return spelled if depth == 0 else spelled.replace("(", "%28").replace(")", "%29")


def _shown(text: str, start: int, wish: Wish) -> list[Edit]:
    """The shown half of a Markdown link, when it prints the same address."""
    opening = text.rfind("[", max(0, start - 4000), start - 2)
    shown = text[opening + 1 : start - 2]
    if opening < 0 or "\n\n" in shown:
        return []
    address = refang(_ESCAPED.sub(r"\1", shown)).strip()
    if key(address) != key(wish.citation.link.url):
        return []
    return [Edit(opening + 1, start - 2, re.sub(r"([\[\]_*`])", r"\\\1", wish.spelled))]


def _copy(text: str, behind: Citation, wish: Wish, beside: str, markdown: bool) -> Edit:
    """Puts the archived copy behind a link and its frame."""
    start = behind.location.offset
    at = start + len(behind.link.raw)
    if text[at : at + 1] == ">":
        at += 1
    elif _framed(text, start) and (closing := _TITLE.match(text, at)):
        at = closing.end()
    day = f"{wish.captured:%Y-%m-%d}" if wish.captured else ""
    markdown = markdown or _framed(text, start)
    if markdown and beside == "robust":
        return Edit(at, at, f" ([archived {day}]({_as_target(wish.memento)}))")
    shown = f"<{wish.memento}>" if markdown else wish.memento
    return Edit(at, at, f"; archived {day}: {shown}" if beside == "note" else f" (archived {day}: {shown})")
