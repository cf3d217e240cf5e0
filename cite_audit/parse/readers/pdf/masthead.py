"""Title and authors of a PDF: what is printed confirms, or replaces, what the file's properties say.

The dates in the properties are of the file, not of the report: they are not taken.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

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
KINDS_OF_REPORT = frozenset(  # in large type above a title
    ("technical report", "research brief", "threat advisory", "white paper", "whitepaper", "special report", "report")
    + ("working paper", "policy brief", "briefing paper", "discussion paper", "contents", "table of contents")
)


def read_masthead(properties: dict[str, str], pages: list[list[PdfLine]]) -> Metadata:
    """The title and the authors; empty where neither the properties nor the type tell."""
    printed_words = {word for lines in pages[:2] for line in lines for word in split_words(line.text())}
    title = read_property(properties, "Title")
    if title.lower().startswith(GENERIC_TITLES) or FILE_NAME.fullmatch(title) or not is_printed(title, printed_words):
        title = ""
    authors = split_authors(read_property(properties, "Author"), printed_words)
    return Metadata(title=title or find_largest_text(pages), authors=authors)


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


def find_largest_text(pages: list[list[PdfLine]]) -> str:
    """The lines of the largest type on the first page, if it is larger than the text's."""
    sizes = count_sizes(pages)
    usual_size = sizes.most_common(1)[0][0] if sizes else 0.0
    lines = sorted(pages[0] if pages else [], key=lambda line: -line.y)
    groups: list[list[PdfLine]] = [[line] for line in lines[:1]]
    for previous_line, line in pairwise(lines):
        if abs(line.size - previous_line.size) < 0.1 and previous_line.y - line.y < 2 * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    best: tuple[float, str] = (TITLE_RATIO * usual_size, "")
    for group in groups:
        text = " ".join(line.text() for line in group)
        if group[0].size > best[0] and len(group) <= MAX_TITLE_LINES and text.casefold() not in KINDS_OF_REPORT:
            best = group[0].size, text
    return best[1][:MAX_PROPERTY_LENGTH]
