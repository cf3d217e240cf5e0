"""What a break in a printed address looks like: in its host, at a frame, at a line end."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.access_date import ACCESS_WORDS
from cite_audit.parse.boilerplate import PAGE_FOOT
from cite_audit.parse.links import dialects as d
from cite_audit.parse.links.url_end import NATIVE_STOPS

DOT_WORD = r"(?:dot|DOT|Dot|точка)"
LINE_BREAK = compile_lazily(r"(?P<mark>[.?:!]?)[ \t\u00a0]*\\?(?P<lines>(?:\r?\n[ \t\u00a0>]*){1,2})(?=\S)")
# a page ends within an address: its number stands between blank lines
PAGE_END = compile_lazily(
    r"(?P<mark>)(?P<lines>[ \t]*(?:\r?\n[ \t]*){2}"
    rf"(?:[-–—]?[ \t]?\d{{1,4}}[ \t]?[-–—]?|{PAGE_FOOT})[ \t]*(?:\r?\n[ \t\f]*){{2}})(?=\S)"
)
SPACE_BREAK = compile_lazily(
    r"[ \t\u00a0]{1,3}(?=[\w%][\w%./-]*[;,>\])])"
)  # a line end that was turned into a space in one long line
BREAK_STARTS = " \t\u00a0\r\n\\.?:!"  # of the three
_FOLIO = (
    r"(?<=\n)(?:[-–—][ \t]?)?(?:(?i:page)[ \t])?\d{1,4}(?:[ \t]of[ \t]\d{1,4}|[ \t]?[-–—])?[ \t]*(?:\r?\n[ \t\f]*){1,4}"
)
DOT_BREAK = compile_lazily(
    rf"\.?[ \t\u00a0]*+(?:{DOT_WORD}|\(\.\)|\[\.\]|\(\(\.\)\))?[>\])]*+[ \t\u00a0]*+"
    rf"(?:\r?\n[ \t\u00a0\f>]*+){{0,4}}(?:{_FOLIO})?"
    rf"(?:(?<=[>\]\s]){DOT_WORD}[ \t\u00a0]+)?(?=[\w\[<])"
)
_DOT_MARK = d.build_alternation(d.DOTS, (d.ANYWHERE, d.ADDRESS))
_LINE_END = r"[ \t\u00a0]*+\r?\n[ \t\u00a0\f>]*+"
_LINE_GAP = rf"(?:{_LINE_END}){{1,5}}(?:{_FOLIO})?"
_NEXT_DOT_WORD = rf"{DOT_WORD}[ \t\u00a0]+(?=[a-z]{{2,4}}(?:\.[a-z]{{2,3}})?/\w)"
CUT_DOT = compile_lazily(
    rf"(?:[ \t\u00a0]*(?:{_DOT_MARK})|{_LINE_GAP}(?:{_DOT_MARK})(?:{_LINE_END})?|{_LINE_GAP}{_NEXT_DOT_WORD}|\.)(?=\w)"
)
NEXT_MARK = compile_lazily(
    rf"{_LINE_GAP}(?:(?=[\[({{<\\])(?:{_DOT_MARK})(?:{_LINE_END})?|{_NEXT_DOT_WORD})(?=\w)"
)  # it begins the next line
SPOKEN_LABELS = compile_lazily(rf"(?:[ \t\u00a0]+{DOT_WORD}[ \t\u00a0]+[\w-]+(?:\.[\w-]+){{0,3}}){{1,4}}+(?:/\S*)?")
MARKED_LABELS = compile_lazily(r"(?:(?:\[\.\]|\[dot\])[\w-]+){1,4}+(?:[/:?][^\s<>\"]{0,2000})?")
BRACKETED_DOT = compile_lazily(r"\[(?:\.|dot)\]")
SPOKEN_DOT_AFTER = compile_lazily(rf"[ \t\u00a0]{{1,3}}{DOT_WORD}[ \t\u00a0]{{1,3}}\w")
CUT_REST = compile_lazily(
    r"(?:\d+|(?=[A-Za-z]{0,20}\d)[A-Za-z\d]+)(?!\w|\.\w)|(?:[\w%-]|\\_)*[/_=%-](?:[\w/%.=-]|\\_)+"
)
SCHEME_BEFORE = compile_lazily(
    r"(?P<scheme>(?i:h(?:tt|xx)ps?))(?::|[\[({]:[\])}]|(?=//[ \t]*\r?\n))//(?:[ \t]*\r?\n[ \t]*)?(?:www\.)?\Z"
)
SCHEME_END = compile_lazily(r"(?<=/)h(?:tt|xx)ps?://\Z", re.I)
WWW_BEFORE = compile_lazily(r"(?<![\w.])(?i:www)\.(?:[ \t\u00a0]|[ \t]?\r?\n|[\w-]{1,30}-[ \t]?\r?\n)\Z")
LOST_DOT = compile_lazily(
    r"[ \t\u00a0](?=[a-z]{2,10}(?:\.[a-z]{2,3})?/)|\.[ \t\u00a0]{1,2}(?!dot\b)(?=[\w-]+(?:\.[\w-]+)*(?:/|[\s;,]))"
)
CUT_LABEL = compile_lazily(
    r"(?:(?P<dot>\.)(?:[ \t\u00a0]*\r?\n)?)?[ \t\u00a0]*\r?\n[ \t\u00a0]*(?P<led>\.)?"
    r"(?=[a-z0-9-]+(?P<more>(?:\.[a-z0-9-]+)*)(?:/|[\s;,]|\Z))"
)
# `…dot com.⏎ua/2026/1`: a host that could stand alone, and goes on to a longer public suffix
CUT_SUFFIX = compile_lazily(r"(?:\.(?:[ \t\u00a0]|\r?\n)|\r?\n\.)[ \t\u00a0]*(?=(?P<country>[a-z]{2})/\w)")
# `news.bbc.⏎co.uk/2`, `www1.folha.uol. com.br/x`
CUT_LONG_SUFFIX = compile_lazily(
    r"(?:\.[ \t\u00a0]{0,2}(?:\r?\n[ \t\u00a0]*)?|[ \t]*\r?\n[ \t\u00a0]*\.)"
    r"(?=(?P<suffix>[a-z]{2,4}\.[a-z]{2})/\w)"
)
CUT_HYPHEN = compile_lazily(
    r"-[ \t\u00a0]*\r?\n[ \t\u00a0]*(?=[a-z0-9][a-z0-9-]*(?:(?:\.|\[\.\]|\[dot\])[a-z0-9-]+)+(?:/|[\s;,)>]|\Z))"
)
TOKEN = compile_lazily(rf"(?:[^\s<>\"“”\[\]《「『【〔（{NATIVE_STOPS}]|\[\w*\](?==))+")  # `[key]=`: PHP's arrays
NEW_ITEM = compile_lazily(
    r"[a-z][a-z+.-]{1,9}:(?!\w)|(?:doi|urn|isbn|issn|pmid|arxiv|mailto):"
    r"|hxxps?|www\.|\[?\d{1,3}[\]).][ \t]|\[?[ivxl]+[\]).]\s|<sup|\[\^|[¹²³⁰-⁹]+"
    r"|[*•#|–—-]\s|pp?\.\s|pgs?\.?\s|\(\d{1,4}(?:[./-]\d{1,4}){2}\)",
    re.I,
)
PATHLIKE = compile_lazily(r"[a-zа-я0-9%_(-](?=\S*(?:[-_/=%&]|\d|\.[a-z]{2,5}\b))")
# no words of a language: `view/a-b-7/`, `report_7-11`, `0001202601150012`, `7.shtml`
PATH_SHAPE = compile_lazily(
    r"(?=\S*[-_=%\d])[\w%.-]{2,}/[\w%?=.-]{2,}|[\w-]+_[\w(-]+|[A-Za-z]*\d{9,}(?!\w)|[a-zA-Z][\w-]*-\d{3,}"
    rf"|(?=\S*\d)\w+(?:-\w+){{3,}}|[\w-]+\.{d.FILE_SUFFIX}\b"
)
NUMBERED_PATH = compile_lazily(r"[A-Z][\w-]*/\S*\d")  # `Words-in-a-path/!12345/`
FILE_END = compile_lazily(rf"\.{d.FILE_SUFFIX}\Z")
SLASHED_DATE = compile_lazily(r"\d{1,4}/\d{1,2}(?:/\d{1,4})?\Z")
AFTER_BRACKET = compile_lazily(r"\(?[A-Z]\w*_\w|\([A-Z]{2,}\)\Z")  # underscores that a converter took for emphasis
IN_BRACKETS = compile_lazily(r"\([A-Z]{2,}\)\Z")
FILE_NAME = compile_lazily(rf"[A-Z][\w%-]*\.(?i:{d.FILE_SUFFIX})\Z")
SEPARATOR = compile_lazily(
    r"[;,.)>\]?]*(?:\s*;|[ \t\u00a0]*(?:\r?\n|\Z)|[;>\])]|[ \t\u00a0]\[[A-Za-z]"
    rf"|[ \t\u00a0][(\[（](?:(?i:{ACCESS_WORDS})(?![a-z])|\d{{1,4}}[./-]\d)|,\s+[<(\[]?h..ps?:)"
)
LEADING_MARK = compile_lazily(
    r"[./?=&%_](?=[^\W_])|!(?=\d{5})|-(?=[^\W_][\w%-]*[\d./_])"
)  # what no line of prose begins with
SLUG = compile_lazily(r"/(?:[^\W\d_]+-){2,}[^\W\d_]+\Z")  # `/words-with-hyphens` …
CUT_KEY = compile_lazily(r"[?&][A-Za-z_]+\Z")  # a query that ends within a key …
QUERY_VALUE = compile_lazily(r"[a-z_]{1,20}=\w")  # … and the rest of it
SOFT_BREAK = "=\n"  # a soft line break of quoted-printable mail
SLUG_REST = compile_lazily(r"(?:-[a-zа-я]{2,})+\Z")  # … and `-between-them`
MAX_REST_LENGTH = 4000  # characters: nothing longer is the rest of an address
MIN_WRAPPED_LENGTH = 55  # characters: a shorter line was ended on purpose …
MIN_COLUMN_LINES = 10
MIN_WRAPPED_SHARE = 0.7  # … unless lines are shorter in this text: of the length that one line in ten exceeds
ARCHIVE_PREFIX = compile_lazily(
    r"/(?:web|wayback)/\d{4,14}[a-z_*]{0,4}/\Z|//web\.archive\.org/web/\Z|//archive\.(?:today|is|ph|li|md|vn|fo)/(?:\d{4,14}|newest|o/\w{5})/\Z"
)
ARCHIVE_TIME = compile_lazily(r"\d{14}[a-z_*]{0,4}/")
JOINING_MARKS = "-_/=&%"


def continues_url(url_start: str, next_line: str) -> bool:
    """Whether the next line begins as no line of prose does, and so may continue the address."""
    if LEADING_MARK.match(next_line) or (SLUG_REST.match(next_line) and SLUG.search(url_start)):
        return True
    return bool(QUERY_VALUE.match(next_line) and CUT_KEY.search(url_start))
