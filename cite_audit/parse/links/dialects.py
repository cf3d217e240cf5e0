"""The table of defang dialects: how people break a link so that nobody clicks it by accident.

Each row is one dialect: the style's name, a pattern, an example, how sure it is, and where it is allowed.
The order counts: the first row that matches names the style.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY
from enum import StrEnum
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import PLAIN_STYLE


class DialectPlace(StrEnum):
    """Where a mark is taken for a defanged one."""

    ANYWHERE = "anywhere"  # between two labels
    ADDRESS = "address"  # in a run that began with a scheme or `www`, or that has a path and a public suffix
    SCHEME = "scheme"  # after a scheme


ANYWHERE, ADDRESS, SCHEME = DialectPlace
SPOKEN_DOT = " dot "
LOST_LETTERS = "lost-letters"  # `ttps://`: a misprint, repaired as such


@frozen_record
class Dialect:
    """One way of writing a mark. `means` is what the mark stands for."""

    name: str
    pattern: str
    example: str
    confidence: float
    _: KW_ONLY
    where: DialectPlace = ANYWHERE
    means: str = "."


_DOT_WORD = r"(?:dot|DOT|Dot|d0t|punto|punkt|PUNKT|PUNTO|точка|ТОЧКА|крапка|кропка)"
# words of other languages that are marks between brackets alone
BRACKETED_WORD = (
    rf"(?:{_DOT_WORD}|(?i:nokta|point|ponto|period|punct|kropka|te[čc]ka|to[čc]ka|bodka|piste|pont|punkts|taškas|pikë"
    r"|titik|chấm|пункт|тчк|тачка|τελεία|נקודה|نقطة|نقطه|ドット|ピリオド|点|點|닷|점))"
)
_SPACE = r"[ \t\u00a0\u2002-\u200a\u202f]"
_ENGLISH_DOT = r"(?:dot|DOT|Dot)"
_GAP = rf"{_SPACE}{{0,3}}"
_WIDE = rf"(?:{_SPACE}{{1,4}}(?:\r?\n)?{_SPACE}{{0,4}}|\r?\n{_SPACE}{{0,4}})"


def _bracket_mark(opener: str, mark: str, closer: str, times: str = "") -> str:
    """A mark between brackets, each perhaps escaped by backslashes, perhaps with spaces round it."""
    return rf"{_GAP}(?:\\{{0,3}}{opener}){times}[ \n]?{mark}[ \n]?(?:\\{{0,3}}{closer}){times}{_GAP}"


_DOT = r"\\{0,3}[.．。]"
_ANY_DOT = rf"(?:{_DOT}|{BRACKETED_WORD})"

DOTS: tuple[Dialect, ...] = (
    Dialect("((.))", _bracket_mark(r"\(", _DOT, r"\)", "{2}"), "https://tass((.))ru/x", 0.99),
    Dialect("[[.]]", _bracket_mark(r"\[", _DOT, r"\]", "{2}"), "https://tass[[.]]ru/x", 0.97),
    Dialect("(.)", _bracket_mark(r"\(", _DOT, r"\)"), "https://meduza(.)io/x", 0.99),
    Dialect("[.]", _bracket_mark(r"[\[［]", _DOT, r"[\]］]"), "tass[.]ru", 0.99),
    Dialect("{.}", _bracket_mark(r"\{", _DOT, r"\}"), "secure{.}x{.}com", 0.97),
    Dialect("<.>", _bracket_mark("<", _DOT, ">"), "1<.>1<.>1<.>1", 0.9),
    Dialect("((dot))", _bracket_mark(r"\(", BRACKETED_WORD, r"\)", "{2}"), "tass((dot))ru", 0.97),
    Dialect("(dot)", _bracket_mark(r"\(", BRACKETED_WORD, r"\)"), "sites(dot)example(dot)com", 0.98),
    Dialect("[dot]", _bracket_mark(r"\[", BRACKETED_WORD, r"\]"), "sites[dot]example[dot]com", 0.99),
    Dialect("{dot}", _bracket_mark(r"\{", BRACKETED_WORD, r"\}"), "foo{dot}com", 0.97),
    Dialect("<dot>", _bracket_mark("<", _DOT_WORD, ">"), "foo<dot>com", 0.9),
    Dialect("[(.)]", _bracket_mark(r"[\[({<]", _ANY_DOT, r"[\])}>]", "{2}"), "tass{[.]}ru", 0.9),
    Dialect("【.】", _bracket_mark("[【（［｛〔]", _ANY_DOT, "[】）］｝〕]"), "tass【.】ru", 0.95),
    Dialect("].[", r"\]\.[\[\]]|\[\.\[", "www].[example].[com", 0.85),
    Dialect("}.{", r"\}\.[{}]|\{\.\{", "foo}.{com", 0.85),
    Dialect("dot)", r"(?:(?<=DOT)|(?<=punto)|(?<=punkt))[)\]}](?=\w)", "fooDOT)com", 0.7),
    Dialect("^.", r"\^\.", "www^.example^.com", 0.85),
    Dialect("\\.", r"\\{1,4}\.", "www\\.example\\.com", 0.9),
    Dialect("。", r"[。．｡․﹒]", "evil。com", 0.9),
    Dialect(
        " dot.",
        rf"{_SPACE}{{1,4}}{_ENGLISH_DOT}(?: ?\. ?| {_ENGLISH_DOT} )(?=\w)|\. ?{_ENGLISH_DOT} {{1,4}}(?=\w)",
        "t dot.me/x",
        0.8,
        where=ADDRESS,
    ),
    Dialect(
        SPOKEN_DOT,
        rf"{_WIDE}{_DOT_WORD}(?!(?<=[oO]) de\b)(?:{_WIDE}|[ \t]*\r?\n)",  # no “punto de vista”
        "https://www.mid dot ru/x",
        0.97,
        where=ADDRESS,
    ),
    Dialect("%20dot%20", r"%20(?:dot|DOT)%20", "https://www.mid%20dot%20ru/x", 0.97),
    Dialect("&#46;", r"&(?:#0?46|#x2[eE]|period);", "https://tass&#46;ru/x", 0.95),
    Dialect(
        " dotru",
        rf"{_SPACE}{{1,2}}dot(?=[a-z]{{2,4}}(?:/\w|\Z))",
        "https://www.mfa.gov dottr/x",
        0.7,
        where=SCHEME,
    ),
    Dialect("**.**", r"\*\*\\{0,3}\[?\\{0,3}\.\\{0,3}\]?\*\*(?=\w)", "https://tass**[.]**ru/x", 0.8, where=SCHEME),
    Dialect(" .", r" {1,2}\. ?(?=[a-z]{2,24}\b)", "http://example .com/x", 0.7, where=SCHEME),
    Dialect("[,]", r"\[,\](?=\w)", "http://example[,]com/x", 0.8, where=SCHEME),
    Dialect("[.", r"\[(?:\.|dot)(?=\w)|\(\.(?=\w)", "http://example[.com/x", 0.6, where=SCHEME),
    Dialect("·", r"[·•∙‧](?=\w)", "https://tass·ru/x", 0.85, where=SCHEME),
    Dialect(".]", r"\.\](?=\w)", "http://example.]com/x", 0.6, where=SCHEME),
)

SCHEMES: tuple[Dialect, ...] = (
    Dialect(PLAIN_STYLE, r"https?", "https://tass.ru", 1.0, means="http"),
    Dialect("hxxp", r"h[x×]{2}ps?", "hXXps://tass.ru", 0.99, means="http"),
    Dialect("hxxp", r"h[x×]{3,4}ps?|hxxs", "hxxxps://tass.ru", 0.85, means="http"),
    Dialect(PLAIN_STYLE, r"(?<![^\W_])http s", "http s://tass.ru", 0.9, means="http"),
    Dialect("hxxp", r"(?<![^\W_])hxxp s", "hxxp s://tass.ru", 0.85, means="http"),
    Dialect("http(s)", r"h(?:tt|xx)p[\[({]s[\])}]", "http[s]://tass.ru", 0.85, means="http"),
    Dialect("h**p", r"h(?:\*\*|__|##|--|tx|xt|zz|zzz)ps?", "h__p://tass.ru", 0.9, means="http"),
    Dialect("h**p", r"htxps?|hxtps?", "hxtp://tass.ru", 0.85, means="http"),
    Dialect("h[tt]p", r"h(?:\[tt\]|\(tt\)|\{tt\}|\[xx\])ps?", "h[tt]p://tass.ru", 0.9, means="http"),
    Dialect("[http]", r"[\[(]h(?:tt|xx)ps?[\])]|h(?:tt|xx)ps?[\])]", "[https]://tass.ru", 0.85, means="http"),
    Dialect("xxxx", r"(?<![a-z0-9])x{4}s?|(?<![a-z0-9])x{5}", "xxxxs://tass.ru", 0.8, means="http"),
    Dialect("meow", r"(?<![a-z0-9])meow", "meow://tass.ru", 0.7, means="http"),
    Dialect(
        LOST_LETTERS,
        r"(?<![a-z0-9])(?:t{0,2}tps?|ps|htps?|htttps?|hhttps?|httpss)",
        "ttps://tass.ru",
        0.9,
        means="http",
    ),
    Dialect(PLAIN_STYLE, r"(?<![a-z0-9])s?f[tx]ps?", "ftp://alpha.example.org", 0.95, means="ftp"),
    Dialect(PLAIN_STYLE, r"(?<![a-z0-9])(?:udp|tcp)", "udp://example.com", 0.5, means="other"),
)

SEPARATORS: tuple[Dialect, ...] = (
    Dialect(PLAIN_STYLE, r":{1,2}/{2,4}", "https://tass.ru", 1.0, means="://"),
    Dialect(PLAIN_STYLE, r": //", "https: //tass.ru", 0.9, means="://"),
    Dialect(PLAIN_STYLE, r":/?[ \t]*\r?\n[ \t]*/?/(?=\w)", "https:\n//tass.ru", 0.9, where=SCHEME, means="://"),
    Dialect("[://]", r"[\[({]:// ?[\])}]", "hxxps[://]tass.ru", 0.95, means="://"),
    Dialect(
        "[:]//",
        r"\\{0,3}[\[({]:\\{0,3}[\])}](?:[\[({]{1,2}/{2}[\])}]{1,2}|/{2,3}|(?:[\[({]/[\])}]){2})",
        "hxxps[:]//tass.ru",
        0.95,
        means="://",
    ),
    Dialect(":[//]", r":[\[({]{1,2}//[\])}]{1,2}|:(?:[\[({]/[\])}]){2}", "https:[//]tass.ru", 0.9, means="://"),
    Dialect(
        "&#58;//",
        r"(?:&(?:#0?58|#x3[aA]|colon);|:(?=&))(?://|(?:&(?:#0?47|#x2[fF]|sol);){2})",
        "https&#58;//tass.ru",
        0.95,
        means="://",
    ),
    Dialect("://", r"：//|:／／|：／／|[:：]\\/\\?/|\\{1,3}://", "https：//tass.ru", 0.9, means="://"),
    Dialect(":__", r":__|__|:\\{2,4}", "http:__tass.ru", 0.8, where=SCHEME, means="://"),
    Dialect("//", r"//", "https//tass.ru", 0.9, where=SCHEME, means="://"),
    Dialect(";//", r"[;.,]//", "https;//tass.ru", 0.85, where=SCHEME, means="://"),
    Dialect(":/", r":/(?=[\w\[])", "https:/tass.ru", 0.8, where=SCHEME, means="://"),
)

ENTITY_MARKS = (":&", "&#58", "&#058", "&#x3", "&colon")  # one of them stands in every separator of entities

# What defanging does to the part after the host; undone only where host or scheme was defanged as well.
PATH_MARKS: tuple[Dialect, ...] = (
    Dialect("[.]", r"\(\(\.\)\)|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[DOT\]|\(DOT\)", "mod[.]gov[.]in_x", 0.95),
    Dialect("[/]", r"\[/\]?|\(/\)|\{/\}", "example[.]com[/]path", 0.95, means="/"),
    Dialect("[:]", r"\[:\]|\{:\}", "1.2.3[.]4[:]8080", 0.95, means=":"),
    Dialect("hxxp", r"(?i:hxxp)(?=s?\[?:)", "evil[.]com/r?u=hxxp://x[.]com", 0.95, means="http"),
)

FILE_SUFFIX = r"(?:pdf|html?|shtml|xhtml|php\d?|aspx?|jsp|docx?|xlsx?|pptx?|jpe?g|png|gif|mp[34]|zip|txt|xml|csv|amp)"
DOT_SUFFIX = compile_lazily(rf"[ \t\u00a0]{{1,3}}(?:dot|DOT)[ \t\u00a0]{{1,3}}({FILE_SUFFIX})\b")

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # no part of one: RFC 3987 §4.1
INVISIBLE = "\u200b\u2060\ufeff\u00ad" + BIDI  # anywhere in an address
INVISIBLE_IN_HOST = INVISIBLE + "\u200c\u200d"


@lru_cache(maxsize=8)
def build_alternation(rows: tuple[Dialect, ...], places: tuple[DialectPlace, ...], prefix: str = "") -> str:
    """The rows allowed at `places` as one pattern; with a prefix each row is a group `prefix<index>`."""
    parts = []
    for index, row in enumerate(rows):
        if row.where in places:
            parts.append(f"(?P<{prefix}{index}>{row.pattern})" if prefix else f"(?:{row.pattern})")
    return "|".join(parts)


def matched_dialect(match: re.Match[str], rows: tuple[Dialect, ...]) -> Dialect:
    """The row of `rows` whose group in `build_alternation`, a letter and its index, took part in the match."""
    return rows[int(str(match.lastgroup)[1:])]
