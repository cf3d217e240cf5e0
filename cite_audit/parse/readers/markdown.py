"""Markdown: the input is the text; front matter, code and reference definitions are told by its structure."""

from __future__ import annotations

import re

from cite_audit.parse.readers.base import Document, Href, Masthead
from cite_audit.parse.readers.fetched import fetched
from cite_audit.parse.readers.lines import line_starts
from cite_audit.parse.readers.text import decode

NAME = "markdown"
SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd")

_FRONT = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1|\.\.\.)[ \t]*$", re.S | re.M)
_FIELD = re.compile(r"^([A-Za-z_-]+)[ \t]*[:=][ \t]*(.*)$", re.M)
_BLOCK = re.compile(r"[>|][+-]?")  # YAML 1.2.2 §8.1: the text stands on the indented lines below
_INDENTED = re.compile(r"(?:\r?\n(?:[ \t]+\S.*|[ \t]*(?=\r?\n)))*")
_ITEM = re.compile(r"^[ \t]+-[ \t]*(?:name:[ \t]*)?(.+)$|^-[ \t]*(?:name:[ \t]*)?(.+)$", re.M)
_FENCE = re.compile(r"^(?P<fence> {0,3}(?:`{3,}|~{3,})).*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)", re.S | re.M)
_MARK = re.compile(r"hxxps?|\[(?:\.|:|dot|://)\]", re.I)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)([^\]\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?[ \t]*$", re.M)
_REFERENCE = re.compile(r"(?<![!\]])\[([^\[\]\n]{1,300})\](?:\[([^\[\]\n]{0,200})\])?(?![:(])")


def matches(head: bytes) -> bool:
    """Markdown cannot be told from text by its first bytes; its suffix tells."""
    return False


def read(data: bytes, path: str) -> Document:
    """The file as text, with front matter as masthead, code and comments as furniture, reference links as hrefs."""
    text, encoding = decode(data, path)
    front = _FRONT.match(text)
    said, end = fetched(text)
    furniture = [(front.start(), front.end())] if front else [(0, end)] if end else []
    if "```" in text or "~~~" in text:
        furniture += [match.span() for match in _FENCE.finditer(text) if not _indicators(match[0])]
    furniture += _comments(text)
    hrefs, definitions = _references(text)
    furniture += definitions
    return Document(
        text,
        NAME,
        hrefs=hrefs,
        furniture=_apart(furniture),
        input_lines=line_starts(text),
        masthead=_masthead(front[2]) if front else said,
        encoding=encoding,
    )


def _indicators(fenced: str) -> bool:
    """Whether a fence holds a list of defanged addresses, one a line, as reports on attacks print them."""
    lines = [line.strip() for line in fenced.split("\n")[1:] if line.strip(" \t\r`~")]
    return bool(lines) and not any(" " in line for line in lines) and 2 * sum(map(_defanged, lines)) >= len(lines)


def _defanged(line: str) -> bool:
    return _MARK.search(line) is not None


def _comments(text: str) -> list[tuple[int, int]]:
    out = []
    start = text.find("<!--")
    while start >= 0 and (end := text.find("-->", start)) >= 0:
        out.append((start, end + 3))
        start = text.find("<!--", end)
    return out


def _references(text: str) -> tuple[tuple[Href, ...], list[tuple[int, int]]]:
    """Links like `[text][name]` and `[name]`, and the definitions that they use; bare numbers are left to the notes."""
    if "]:" not in text:
        return (), []
    defined = {match[1].lower(): match for match in reversed(list(_DEFINITION.finditer(text)))}
    used: set[str] = set()
    found = []
    closed: list[tuple[int, int]] = []
    links = list(_REFERENCE.finditer(text)) if defined else []
    marked = {number for match in links if match[1].isdigit() for number in (match[1], match[2])}  # `[1]`, `[1][2]`
    for match in links:
        name = (match[2] or match[1]).lower()
        if name in defined and not match[1].isdigit() and name not in marked:
            used.add(name)
            closed += [(match.end(1) + 1, match.end())] if name.isdigit() else []  # no marker
            found.append(Href(match.start(1), match.end(1), defined[name][2]))
    return tuple(found), [*closed, *(defined[name].span() for name in used)]


def _apart(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not out or span[0] >= out[-1][1]:
            out.append(span)
    return tuple(out)


def _masthead(front: str) -> Masthead:
    fields = {match[1].lower(): (match[2].strip(), match.end()) for match in _FIELD.finditer(front)}

    def said(*names: str) -> str:
        value, end = next((fields[name] for name in names if name in fields), ("", 0))
        if _BLOCK.fullmatch(value):
            below = _INDENTED.match(front, end)
            value = " ".join((below[0] if below else "").split())
        quoted = value[:1] == value[-1:] == "'" and len(value) > 1
        return value[1:-1].replace("''", "'").strip() if quoted else value.strip("\"' ")

    authors = said("author", "authors", "by")
    if authors.startswith("["):
        names = [part.strip(" \"'") for part in authors.strip("[]").split(",")]
    elif authors:
        names = [part.strip(" \"'") for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", authors)]
    else:
        start = next((fields[name][1] for name in ("author", "authors") if name in fields), None)
        names = _listed(front[start:]) if start is not None else []
    return Masthead(
        said("title"),
        tuple(n for n in names if n),
        said("date", "published"),
        said("publisher", "site"),
        said("lang", "language"),
    )


def _listed(after: str) -> list[str]:
    names = []
    for line in after.lstrip("\n").split("\n"):
        match = _ITEM.match(line)
        if match is None:
            break
        names.append((match[1] or match[2]).strip(" \"'"))
    return names
