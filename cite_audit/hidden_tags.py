"""What only looks like a tag in HTML that others wrote: in comments, in scripts and in the attributes of a tag.

Whoever counts what is open must not take a `</font>` in a comment for an end tag: a page of 40 kB with 300 such
`<font>` takes a parser 700 MB. The source is followed as a tokenizer does (HTML §13.2.5); where a parser's tree decides
whether an element holds text alone, its start tags count and its end tags do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from cite_audit.foreign_attributes import ATTRIBUTE
from cite_audit.lazy_pattern import compile_lazily


def match_any_case(names: Iterable[str]) -> str:
    """An expression for names in any case, by their first letters: to ignore case takes twice as long."""
    spelled = ([f"[{letter}{letter.upper()}]" for letter in name] for name in sorted(names))
    groups = groupby(spelled, key=itemgetter(0))
    return "|".join(f"{first}(?:{'|'.join(''.join(letters[1:]) for letters in group)})" for first, group in groups)


_TEXT_ELEMENTS = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
_TREES = ("svg", "math", "select", "frameset")  # in which text elements are elements like others, or none
_CLEAN_ATTRIBUTE = r"""[\s/]*+[^\s/><="'][^\s/><=]*+(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|(?!["'])[^\s><]*+)|(?!\s*+=))"""
_CLEAN_TAG = (
    rf"</?(?!(?:{match_any_case((*_TEXT_ELEMENTS, *_TREES))})[\s/>])[a-zA-Z][^\s/><]*+(?:{_CLEAN_ATTRIBUTE})*+[\s/]*+>"
)
_COMMON_TAG = "</?(?:div|span|[abip]|li|t[dr]|ul)>"  # read twice as fast as others
_NOTHING_HIDDEN = compile_lazily(rf"(?:[^<]++|{_COMMON_TAG}|<(?![a-zA-Z/!?])|{_CLEAN_TAG})*+")
_COMMENT = compile_lazily(r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))")
_BOGUS_COMMENT = compile_lazily(r"<(?:[!?]|/(?![a-zA-Z]))[^>]*+>?")
_SCRIPT_MARK = compile_lazily(r"<!--|-->|</?[sS][cC][rR][iI][pP][tT](?=[\s/>])")
_TAG = compile_lazily(rf"<(/?)([a-zA-Z][^\s/>]*+)(?:{ATTRIBUTE})*+[\s/]*+>?")


def mask_hidden_tags(source: str) -> str:
    """The source, of the same length, with a blank or a letter for each `<` that looks like a tag's and is not.

    It counts as a tag's in a text element within an element of _TREES, unless it begins an end tag; and within the same
    elements it is taken for no tag's in a comment, whatever an older parser makes of `<![CDATA[`.
    """
    parts: list[str] = []
    trees: list[str] = []  # that are open
    start = 0
    while start < len(source):
        hidden = _end_of(_NOTHING_HIDDEN, source, start)
        parts.append(source[start:hidden])
        other = _COMMENT.match(source, hidden) or _BOGUS_COMMENT.match(source, hidden)
        tag = None if other else _TAG.match(source, hidden)
        if other:
            parts.append("<" + other[0][1:].replace("<", " "))
            start = other.end()
        elif tag:
            parts.append("<" + tag[0][1:].replace("<", "x"))  # a letter, since it may be one of its name
            start = tag.end()
            name = tag[2].lower()
            if name in _TREES:
                _follow_tree(trees, name, is_end=bool(tag[1]))
            elif name in _TEXT_ELEMENTS and not tag[1]:
                start = _find_text_end(source, start, name)
                text = source[tag.end() : start]
                parts.append(text.replace("</", "  ") if trees else text.replace("<", " "))
        else:
            break
    return "".join(parts)


def _follow_tree(trees: list[str], name: str, *, is_end: bool) -> None:
    if not is_end:
        trees.append(name)
    elif trees and trees[-1] == name:
        trees.pop()


def _find_text_end(source: str, start: int, name: str) -> int:
    """Where the end tag of a text element begins; the end of the source without one."""
    if name == "script":
        return _find_script_end(source, start)
    ending = re.compile(rf"</{match_any_case([name])}(?=[\s/>])").search(source, start)
    return ending.start() if ending and name != "plaintext" else len(source)


def _find_script_end(source: str, start: int) -> int:
    """Where the end tag of a script begins: between `<!--` and `-->` a script may hold another (§13.2.5.4 and on)."""
    is_escaped = is_nested = False
    while mark := _SCRIPT_MARK.search(source, start):
        if mark[0] == "<!--":
            is_escaped, start = True, mark.start() + 2  # `<!-->` ends at once
            continue
        if mark[0] == "-->":
            is_escaped = is_nested = False
        elif mark[0].startswith("</"):
            if not is_nested:
                return mark.start()
            is_nested = False
        else:
            is_nested = is_escaped
        start = mark.end()
    return len(source)


def _end_of(pattern: re.Pattern[str], source: str, start: int) -> int:
    match = pattern.match(source, start)
    return match.end() if match else start
