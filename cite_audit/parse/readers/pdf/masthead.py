"""Title and authors of a PDF: what is printed confirms, or replaces, what the file's properties say.

The dates in the properties are of the file, not of the report: they are not taken.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from cite_audit.parse.front_matter import read_front_matter
from cite_audit.parse.masthead_words import has_only_names, is_document_kind, read_byline
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
MAX_HEAD_LINES = 12  # of a page, among which a title in the usual type may stand
MAX_LEADING = 2.2  # times the size: lines of one title are no further apart
LETTERHEAD_RATIO = 0.7  # of the size: the baselines beside it are nearer than a line's
SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]\s")  # of a heading within the text
NOTE_SIGNS = "*∗†‡§¶ "  # behind a title or a name they lead to a note
SIGN_BESIDE_NAME = re.compile(r"[ ,]*[*∗†‡§¶]+[ ,]*")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def read_masthead(properties: dict[str, str], pages: list[list[PdfLine]], gaps: list[int]) -> Metadata:
    """The title and the authors; empty where neither the properties nor the type tell.

    `gaps`: the characters of the first page before which a wide gap stands, as between the authors in LaTeX.
    """
    printed_words = {word for lines in pages[:2] for line in lines for word in split_words(line.text())}
    title = read_property(properties, "Title")
    if title.lower().startswith(GENERIC_TITLES) or FILE_NAME.fullmatch(title) or not is_printed(title, printed_words):
        title = ""
    authors = split_authors(read_property(properties, "Author"), printed_words)
    first_page = sorted(pages[0] if pages else [], key=lambda line: -line.y)
    letterhead = find_letterhead(first_page, usual_size(pages))
    if split_words(title) in [split_words(line.text()) for line in letterhead]:
        title = ""
    lines = [line for line in first_page if line not in letterhead]
    searches = (find_title_over_byline(lines), find_titles(lines, usual_size(pages)))
    found = [(title, first_page)] if title else next(filter(None, searches if letterhead else searches[::-1]), [])
    for printed, following in found:
        candidate = printed.rstrip(NOTE_SIGNS)
        bylines = read_bylines(candidate, following, gaps)
        if split_words(candidate) in [split_words(name) for name in bylines]:
            continue  # the largest type may be the author's
        return Metadata(title=candidate, authors=authors or bylines)
    return Metadata(title=title, authors=authors)


def read_bylines(title: str, lines: list[PdfLine], gaps: list[int]) -> tuple[str, ...]:
    """The authors named below a title, by the rules for all formats: in the first lines of one size that name any.

    Kinds of report are no names.
    """
    title_words = set(split_words(title))
    below = [line for line in lines if not title_words.issuperset(split_words(line.text()))][:MAX_BYLINE_LINES]
    names: list[str] = []
    size, is_row = 0.0, False
    for index, line in enumerate(below):
        columns = [SIGN_BESIDE_NAME.sub(", ", column).strip(", ") for column in line.columns(gaps)]
        text = (", " if all(map(has_only_names, columns)) else " ").join(columns)
        is_no_name = is_document_kind(text)
        same_column = [other for other in below[index + 1 : index + 3] if abs(other.left - line.left) < line.size]
        following = same_column[0].text() if same_column and not same_column[0].starts_paragraph else ""
        head = f"{title}\n{text}" if " " in following else f"{title}\n{text}\n{following}"
        line_names = [] if is_no_name else read_front_matter(head).authors
        is_other = abs(line.size - size) > 0.1 or is_row or is_below_name(line, below[:index])
        if names and (not line_names or is_other):
            break
        is_row = len(columns) > 1  # below names side by side stand their houses
        names.extend(line_names)
        size = line.size
    return tuple(names)


def is_below_name(line: PdfLine, above: list[PdfLine]) -> bool:
    """Whether a line stands in a column below one of several names side by side: where that author works."""
    first_row = [other for other in above if abs(other.y - above[0].y) < 1]
    return len(first_row) > 1 and any(
        line.left < other.right and other.left < line.right and other.y - line.y < MAX_LEADING * line.size
        for other in first_row
    )


def find_letterhead(lines: list[PdfLine], text_size: float) -> list[PdfLine]:
    """The lines in large type of a first page that have smaller ones at their side: a name beside a date."""
    return [
        line
        for above, line, below in zip(lines, lines[1:], lines[2:], strict=False)
        if line.size > TITLE_RATIO * text_size
        and 1 < above.y - line.y < LETTERHEAD_RATIO * line.size
        and 1 < line.y - below.y < LETTERHEAD_RATIO * line.size
    ]


def find_title_over_byline(lines: list[PdfLine]) -> list[tuple[str, list[PdfLine]]]:
    """The paragraph in the usual size that stands over the first names of a page: some set titles in bold type only."""
    for index, line in enumerate(lines[:MAX_HEAD_LINES]):
        if index == 0 or not (read_byline(line.text()) or has_only_names(line.text())):
            continue
        start = index
        while (
            start and lines[start - 1].y - lines[start].y < MAX_LEADING * line.size and index - start < MAX_TITLE_LINES
        ):
            start -= 1
        title = " ".join(above.text() for above in lines[start:index])
        is_title = len(split_words(title)) > 1 and not title.endswith(".") and not is_document_kind(title)
        return [(title, lines[index:])] if is_title else []
    return []


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
        is_kind = is_document_kind(previous_line.text()) or is_document_kind(line.text())
        if abs(line.size - previous_line.size) < 0.1 and previous_line.y - line.y < 2 * line.size and not is_kind:
            groups[-1].append(line)
        else:
            groups.append([line])
    titles: list[tuple[float, bool, str, list[PdfLine]]] = []
    for group in groups:
        text = " ".join(line.text() for line in group)[:MAX_PROPERTY_LENGTH]
        is_large = group[0].size > TITLE_RATIO * text_size and len(group) <= MAX_TITLE_LINES
        if is_large and not is_document_kind(text) and len(split_words(text)) > 1 and not SECTION_NUMBER.match(text):
            has_year = YEAR.search(text) is not None
            titles.append((-round(group[0].size, 1), has_year, text, [line for line in lines if line.y < group[-1].y]))
    titles.sort(key=lambda title: title[:2])
    return [(text, following) for _, _, text, following in titles]
