"""Markdown: the input is the text; front matter, code and reference definitions are recognised by their syntax."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, Editor, FormatFacts, Href, Metadata
from cite_audit.parse.readers.fetcher_header import read_fetcher_header
from cite_audit.parse.readers.line_index import line_starts
from cite_audit.parse.readers.markdown_notes import find_markdown_notes
from cite_audit.parse.readers.text import decode_text

FORMAT = FormatFacts(
    name="markdown",
    suffixes=(".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"),
    is_textual=True,
    has_comments=True,
    has_lines=True,
    editor=Editor.MARKDOWN,
)

_FRONT_MATTER = compile_lazily(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1|\.\.\.)[ \t]*$", re.S | re.M)
_FIELD = compile_lazily(r"^([A-Za-z_-]+)[ \t]*[:=][ \t]*(.*)$", re.M)
_BLOCK_SCALAR = compile_lazily(r"[>|][+-]?")  # YAML 1.2.2 §8.1: the text stands on the indented lines below
_INDENTED = compile_lazily(r"(?:\r?\n(?:[ \t]+\S.*|[ \t]*(?=\r?\n)))*")
_LIST_ITEM = compile_lazily(r"-[ \t]*(.+)")
_NAME_FIELD = compile_lazily(r"(?:-[ \t]*)?name:[ \t]*(.+)")
_KEY = compile_lazily(r"-[ \t]*\w+:(?:[ \t]|$)")
_FENCE = compile_lazily(r"^(?P<fence> {0,3}(?:`{3,}|~{3,})).*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)", re.S | re.M)
# A note shown as an example: in a code span, or indented as code below a blank line.
_INDENTED_NOTE = compile_lazily(r"\n(?: {4,}|\t)\[\^")
_NOTE_IN_CODE = compile_lazily(r"(?<!`)`[^`\n]*\[\^[^`\n]*`(?!`)|(?<=\n)[ \t]*\r?\n(?: {4,}|\t)\[\^[^\]\n]+\]:[^\n]*")
# Hugo's shortcodes, Jekyll's tags and Obsidian's comments; none is printed.
_SITE_SYNTAX = compile_lazily(r"\{\{[<%][^{}\n]{0,1000}[>%]\}\}|\{%[^{}\n]{0,1000}%\}|%%[^%]{0,5000}%%")
_DEFANG_SIGN = compile_lazily(r"hxxps?|\[(?:\.|:|dot|://)\]", re.I)
_DEFINITION = compile_lazily(
    r"^ {0,3}\[(?!\^)([^\]\n]{1,200})\]:[ \t]*(?:<([^<>\n]{1,1000})>|(\S+?))(?:[ \t]+[\"'(].*)?[ \t]*$", re.M
)
_NEXT_DEFINITION = compile_lazily(r"\n {0,3}\[(?!\^)[^\]\n]{1,200}\]:")  # `re` finds `\n` far sooner than `^`
_REFERENCE = compile_lazily(r"(?<![!\]])\[([^\[\]\n]{1,300})\](?:\[([^\[\]\n]{0,200})\])?(?![:(])")


def matches(head: bytes) -> bool:
    """Never by content: the first bytes do not distinguish Markdown from text; the suffix does."""
    return False


def read(data: bytes, path: str) -> Document:
    """The file as text, with front matter as metadata, code and comments as boilerplate, reference links as hrefs."""
    text, encoding = decode_text(data, path)
    front_matter = _FRONT_MATTER.match(text)
    fetched_metadata, header_end = read_fetcher_header(text)
    boilerplate = (
        [(front_matter.start(), front_matter.end())] if front_matter else [(0, header_end)] if header_end else []
    )
    if "```" in text or "~~~" in text:
        boilerplate += [match.span() for match in _FENCE.finditer(text) if not _is_indicator_list(match[0])]
    if "[^" in text and ("`" in text or _INDENTED_NOTE.search(text)):
        boilerplate += [match.span() for match in _NOTE_IN_CODE.finditer(text)]
    boilerplate += (
        [match.span() for match in _SITE_SYNTAX.finditer(text)]
        if any(sign in text for sign in ("{{", "{%", "%%"))
        else []
    )
    boilerplate += _find_html_comments(text)
    hrefs, definitions = _find_reference_links(text)
    markers, notes = find_markdown_notes(text)
    boilerplate += definitions
    return Document(
        text,
        FORMAT.name,
        hrefs=hrefs,
        markers=tuple(markers),
        notes=tuple(notes),
        boilerplate=_drop_overlapping_spans(boilerplate),
        input_lines=line_starts(text),
        metadata=_parse_front_matter(front_matter[2]) if front_matter else fetched_metadata,
        encoding=encoding,
    )


def _is_indicator_list(fenced_text: str) -> bool:
    """Whether a fence holds a list of defanged addresses, one a line, as reports on attacks print them."""
    lines = [line.strip() for line in fenced_text.split("\n")[1:] if line.strip(" \t\r`~")]
    return (
        bool(lines) and not any(" " in line for line in lines) and 2 * sum(map(_is_defanged_line, lines)) >= len(lines)
    )


def _is_defanged_line(line: str) -> bool:
    return _DEFANG_SIGN.search(line) is not None


def _find_html_comments(text: str) -> list[tuple[int, int]]:
    spans = []
    start = text.find("<!--")
    while start >= 0 and (end := text.find("-->", start)) >= 0:
        spans.append((start, end + 3))
        start = text.find("<!--", end)
    return spans


def _find_reference_links(text: str) -> tuple[tuple[Href, ...], list[tuple[int, int]]]:
    """Links like `[text][name]` and `[name]`, and the definitions that they use; bare numbers are left to the notes."""
    if not (_NEXT_DEFINITION.search(text) or _DEFINITION.match(text)):
        return (), []
    definitions = {match[1].lower(): match for match in reversed(list(_DEFINITION.finditer(text)))}
    used_names: set[str] = set()
    hrefs = []
    label_spans: list[tuple[int, int]] = []
    links = list(_REFERENCE.finditer(text)) if definitions else []
    marker_numbers = {
        number for match in links if match[1].isdigit() for number in (match[1], match[2])
    }  # `[1]`, `[1][2]`
    for match in links:
        name = (match[2] or match[1]).lower()
        if name in definitions and not match[1].isdigit() and name not in marker_numbers:
            used_names.add(name)
            label_spans += [(match.end(1) + 1, match.end())] if name.isdigit() else []  # no marker
            hrefs.append(
                Href(match.start(1), match.end(1), (definitions[name][2] or definitions[name][3]).replace(" ", "%20"))
            )
    return tuple(hrefs), [*label_spans, *(definitions[name].span() for name in used_names)]


def _drop_overlapping_spans(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    separate_spans: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not separate_spans or span[0] >= separate_spans[-1][1]:
            separate_spans.append(span)
    return tuple(separate_spans)


def _parse_front_matter(front_matter: str) -> Metadata:
    fields = {match[1].lower(): (match[2].strip(), match.end()) for match in _FIELD.finditer(front_matter)}

    def first_field(*field_names: str) -> str:
        value, end = next((fields[name] for name in field_names if name in fields), ("", 0))
        is_block = _BLOCK_SCALAR.fullmatch(value)
        is_folded = value[:1] in ("'", '"') and (len(value) == 1 or value[-1] != value[0])
        if (is_block or is_folded) and (lines_below := _INDENTED.match(front_matter, end)):
            value = " ".join(("" if is_block else value, *lines_below[0].split())).strip()
        elif is_block:
            value = ""
        is_quoted = value[:1] == value[-1:] == "'" and len(value) > 1
        return value[1:-1].replace("''", "'").strip() if is_quoted else value.strip("\"' ")

    authors = first_field("author", "authors", "by")
    if authors.startswith("["):
        names = [part.strip(" \"'") for part in authors.strip("[]").split(",")]
    elif authors:
        names = [part.strip(" \"'") for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", authors)]
    else:
        start = next((fields[name][1] for name in ("author", "authors") if name in fields), None)
        names = _parse_name_list(front_matter[start:]) if start is not None else []
    return Metadata(
        first_field("title"),
        tuple(n for n in names if n),
        first_field("date", "published"),
        first_field("publisher", "site"),
        first_field("lang", "language"),
    )


def _parse_name_list(list_text: str) -> list[str]:
    """The names of a list, `- Ann Lee` or `- name: Ann Lee`; what else an entry says of a person is passed over."""
    names: list[str] = []
    indent: int | None = None
    for line in list_text.lstrip("\r\n").splitlines():
        stripped = line.lstrip(" \t")
        depth = len(line) - len(stripped)
        if indent is None and stripped.startswith("-"):
            indent = depth
        if indent is None or depth < indent or (depth == indent and not stripped.startswith("-")):
            break
        entry = _NAME_FIELD.match(stripped) if depth > indent or _KEY.match(stripped) else _LIST_ITEM.match(stripped)
        if entry:
            names.append(entry[1].strip(" \"'"))
    return names
