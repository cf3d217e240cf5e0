"""Title and authors of a PDF: what is printed confirms, or replaces, what the file's properties say.

The dates in the properties are of the file, not of the report: they are not taken.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from cite_audit.parse.front_matter import read_front_matter
from cite_audit.parse.readers.base import Metadata
from cite_audit.parse.readers.pdf.lines import PdfLine, count_sizes

GENERIC_TITLES = ("microsoft word", "untitled", "powerpoint", "document1", "file://", "about:blank", "http")
FILE_NAME = re.compile(r"\S+\.\w{2,5}")
WORDS = re.compile(r"[^\W_]+")
NAME_SEPARATOR = re.compile(r"\s*;\s*|\s+(?:and|&)\s+")
MIN_PRINTED_SHARE = 0.6  # of the words of a title: printed on the first pages
TITLE_RATIO = 1.15  # times the usual size
MAX_TITLE_LINES = 4
MAX_PROPERTY_LENGTH = 500
MAX_BYLINE_LINES = 8  # below the title
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# printed in large type beside a title
KINDS_OF_REPORT = frozenset(
    (
        *("report", "technical report", "research report", "special report", "research brief", "policy brief"),
        *("working paper", "white paper", "whitepaper", "briefing paper", "discussion paper", "threat advisory"),
        *("contents", "table of contents"),
    )
)
NO_NAMES = re.compile(r".*(?:\w[’']s\b|\d{3})|(?:the|a|an|on|how|why|what)\b", re.IGNORECASE)


def read_masthead(properties: dict[str, str], pages: list[list[PdfLine]]) -> Metadata:
    """The title and the authors; empty where neither the properties nor the type tell."""
    printed_words = {word for lines in pages[:2] for line in lines for word in split_words(line.text())}
    title = read_property(properties, "Title")
    if title.lower().startswith(GENERIC_TITLES) or FILE_NAME.fullmatch(title) or not is_printed(title, printed_words):
        title = ""
    authors = split_authors(read_property(properties, "Author"), printed_words)
    first_page = sorted(pages[0] if pages else [], key=lambda line: -line.y)
    for candidate, following in [(title, first_page)] if title else find_titles(first_page, usual_size(pages)):
        bylines = read_bylines(candidate, following)
        if split_words(candidate) in [split_words(name) for name in bylines]:
            continue  # the largest type may be the author's
        return Metadata(title=candidate, authors=authors or bylines)
    return Metadata(title=title, authors=authors)


def read_bylines(title: str, lines: list[PdfLine]) -> tuple[str, ...]:
    """The authors named below a title, by the rules for all formats: in the first lines of one size that name any.

    Kinds of report and “A’s B” are no names.
    """
    title_words = set(split_words(title))
    below = [line for line in lines if not title_words.issuperset(split_words(line.text()))][:MAX_BYLINE_LINES]
    names: list[str] = []
    size = 0.0
    for line in below:
        text = line.text()
        is_no_name = text.casefold() in KINDS_OF_REPORT or NO_NAMES.match(text)
        line_names = [] if is_no_name else read_front_matter(f"{title}\n{text}").authors
        if names and (not line_names or abs(line.size - size) > 0.1):
            break
        names.extend(line_names)
        size = line.size
    return tuple(names)


def read_property(properties: dict[str, str], name: str) -> str:
    return " ".join(str(properties.get(name, "")).split())[:MAX_PROPERTY_LENGTH]


def split_words(text: str) -> list[str]:
    """The words in lower case without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return WORDS.findall("".join(c for c in plain if not unicodedata.combining(c)).casefold())


def is_printed(title: str, printed_words: set[str]) -> bool:
    """Whether most words of a title stand on the first pages; templates' titles do not."""
    words = split_words(title)
    return bool(words) and sum(word in printed_words for word in words) >= MIN_PRINTED_SHARE * len(words)


def split_authors(text: str, printed_words: set[str]) -> tuple[str, ...]:
    """The names of a property that are printed; none where it names whoever made the file."""
    names = [name for name in NAME_SEPARATOR.split(text) if name]
    if len(names) == 1 and all(len(split_words(part)) > 1 for part in names[0].split(", ")):
        names = names[0].split(", ")  # “Ann Lee, Bo Kim”, not “Lee, Ann”
    is_author = all(word in printed_words for name in names for word in split_words(name))
    return tuple(names) if is_author and all(len(split_words(name)) > 1 for name in names) else ()


def usual_size(pages: list[list[PdfLine]]) -> float:
    """The size that most characters have."""
    sizes = count_sizes(pages)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def find_titles(lines: list[PdfLine], text_size: float) -> list[tuple[str, list[PdfLine]]]:
    """What may be the title, with the lines below it: groups of lines in large type on a page, the largest first.

    Of groups of one size those without a year come first, which stand for a series or a date.
    """
    groups: list[list[PdfLine]] = [[line] for line in lines[:1]]
    for previous_line, line in pairwise(lines):
        is_kind = {previous_line.text().casefold(), line.text().casefold()} & KINDS_OF_REPORT
        if abs(line.size - previous_line.size) < 0.1 and previous_line.y - line.y < 2 * line.size and not is_kind:
            groups[-1].append(line)
        else:
            groups.append([line])
    titles: list[tuple[float, bool, str, list[PdfLine]]] = []
    for group in groups:
        text = " ".join(line.text() for line in group)[:MAX_PROPERTY_LENGTH]
        is_large = group[0].size > TITLE_RATIO * text_size and len(group) <= MAX_TITLE_LINES
        if is_large and text.casefold() not in KINDS_OF_REPORT and len(split_words(text)) > 1:
            has_year = YEAR.search(text) is not None
            titles.append((-round(group[0].size, 1), has_year, text, [line for line in lines if line.y < group[-1].y]))
    titles.sort(key=lambda title: title[:2])
    return [(text, following) for _, _, text, following in titles]
