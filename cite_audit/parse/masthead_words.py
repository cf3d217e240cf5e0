"""The words of mastheads by language, from `data/masthead.csv`: who would argue about one changes the table.

Kinds of words there: `byline` (names follow), `label` (names follow a colon, or stand on the next lines), `title` (so
does the title), `document` (a kind of report, which is no title), `dated` (the date of
publication follows), `beside` (says nothing beside a date), `degree` and `rank` (beside a name, no part of it),
`organisation` (words that people's names do not hold), `place` (words in capitals that are no name).
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.package_data import find_package_folder
from cite_audit.parse.dates import remove_dates

__all__ = [
    "TIME_OF_DAY",
    "has_only_names",
    "is_document_kind",
    "is_word_of",
    "opens_with",
    "read_byline",
    "read_title_label",
    "split_names",
]

TIME_OF_DAY = compile_lazily(
    r",?\s*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?|,?\s*\d{1,2}\s*[ap]\.?m\.?\s*(?:[A-Z]{2,3})?", re.I
)
_UPPER = "".join(character for character in map(chr, range(0x530)) if character.isupper())
_NAME = rf"[{_UPPER}][\w’'-]*\.?"
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|la|le|von|van|der|den|ten|zu|zur|al|bin|ibn|ben|y)"
_FULL_NAME = rf"{_NAME}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_NAME}){{1,3}}"
_NAMES_ONLY = compile_lazily(
    rf"(?:{_FULL_NAME}(?:\Z|(?:[,;]\s*(?:(?:and|und|et|e|и|та)\s+)?|\s+(?:and|und|et|e|y|i|и|та)\s+|\s*&\s*)(?!\Z)))+"
)
_SEPARATOR = compile_lazily(
    r"\s*(?:,|;|、|，|；|\band\b|&|\bи\b|\bта\b|\bund\b|\bet\b|\boch\b|\boraz\b|\bés\b|\bwith\b)\s*"
)
# “and” of Arabic and Hebrew is one letter before the next word; names begin with it too
_VAV_NAMES = r"וייס|ויינ\w*|ויקט|ויקי|וולף|ורד|ורה|ולדימיר|ולרי|ויויאן|ויצמן"
_WAW_NAMES = "وليد|وائل|وسام|وسيم|وجدي|وفاء|وداد|ورد|وهيب|وجيه|وديع|وحيد|واصف|وضاح|وفيق|وهب|والي"
_SHORT_CONJUNCTION = compile_lazily(
    r"\s+(?:y|e|i|a|ve|en|og|ja|și|şi|και|ir|un|dan|và|و)\s+"
    rf"|\s+و(?=[\u0621-\u064a]{{2}})(?!(?:{'|'.join(name[1:] for name in _WAW_NAMES.split('|'))})\b)"
    rf"|\s+ו(?=[\u05d0-\u05ea]{{2}})(?!(?:{'|'.join(name[1:] for name in _VAV_NAMES.split('|'))})\b)"
)
_SECOND_LANGUAGE = r"(?:\s*/\s*[^:：\n]{3,60}?)?"  # “verfasst von / submitted by”
_NO_NAME = compile_lazily(
    r".*(?:\w[’']s\b|\d{3})|(?:the|a|an|on|how|why|what|in|for)\b", re.I
)  # “FinFisher’s Global Reach”
_FIRST_WORD = compile_lazily(r"\w.*", re.S)
_MAX_NAME_WORDS = 6
_MAX_SMALL_WORDS = 5  # in a row, between names: “de la … and”, or a date in words
_MAX_NAMES_LENGTH = 400  # characters of a byline
_REPORTERS = compile_lazily(
    r"(?:(?:本[報报])?[記记]者\s?(?P<behind>[\u4e00-\u9fff]{2,4}(?:[、\s][\u4e00-\u9fff]{2,4}){0,4})(?:\s?[/／|｜].*)?"
    r"|(?P<before>[가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4}){0,4}) (?:선임|인턴|전문)?기자)$"
)
_CASELESS_SEPARATOR = r"[:：/／|｜・]"


@lru_cache(maxsize=1)
def _read_table() -> dict[str, tuple[str, ...]]:
    """The words of each kind, the longer first."""
    table = (find_package_folder("cite_audit.parse") / "data" / "masthead.csv").read_text(encoding="utf-8")
    words: dict[str, dict[str, None]] = {}
    for row in csv.DictReader(table.splitlines()):
        words.setdefault(row["kind"], {}).update(dict.fromkeys(row["words"].split("|")))
    return {kind: tuple(sorted(of_kind, key=len, reverse=True)) for kind, of_kind in words.items()}


@lru_cache(maxsize=8)
def _compile_words(pattern: str, kind: str) -> re.Pattern[str]:
    """A pattern whose `%s` are the words of a kind, case ignored."""
    return re.compile(pattern % "|".join(map(re.escape, _read_table()[kind])), re.I)


def _fold_case(text: str) -> str:
    """A text with one form of each letter, at least where a pattern that ignores case sees one."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


@lru_cache(maxsize=8)
def _read_folded(kind: str) -> tuple[str, ...]:
    return tuple(map(_fold_case, _read_table()[kind]))


def _match_opening(pattern: str, kind: str, line: str) -> re.Match[str] | None:
    """A match of the pattern, `%s` being words of a kind that open a line, case ignored; others need no pattern."""
    if not _find_opening(line).startswith(_read_folded(kind)):
        return None
    return _compile_words(pattern, kind).match(line)


@lru_cache(maxsize=64)  # a line of a masthead is asked for words of several kinds
def _find_opening(line: str) -> str:
    """A folded line from its first word on; empty without one."""
    opening = _FIRST_WORD.search(_fold_case(line))
    return opening[0] if opening else ""


def opens_with(line: str, kind: str) -> bool:
    """Whether a line begins with a word of a kind, whole."""
    return _match_opening(r"\W*(?:%s)(?!\w)", kind, line) is not None


def is_word_of(word: str, kind: str) -> bool:
    """Whether a word is one of a kind, case ignored."""
    return word.lower() in _read_table()[kind]


def is_document_kind(line: str) -> bool:
    """Whether a line says only what kind of document it is, in one language or in two: “MASTERARBEIT / THESIS”."""
    kinds = _read_table()["document"]
    return any(part.strip(" .:*_#").casefold() in kinds for part in line.split("/")) and len(line) < 80


def split_names(text: str) -> list[str]:
    """The names of an author line, in order, without titles and degrees."""
    cleaned = remove_dates(re.sub(r"[*_]|\(.*?\)", "", TIME_OF_DAY.sub("", text)))
    names = []
    for part in _SEPARATOR.split(cleaned) if not _has_only_east_asian_names(cleaned) else cleaned.split():
        pieces = _SHORT_CONJUNCTION.split(part)
        for piece in pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]:
            name = _strip_degrees(piece.strip(" .,|"))
            if name and re.match(r"[^\W\d_]", name) and not _is_degree(name):
                names.append(name)
    return names


def _is_degree(word: str) -> bool:
    is_written_as_one = sum(character.isupper() for character in word) > 1 or word.endswith(".")
    return is_written_as_one and word.casefold().removesuffix(".") in _read_degrees()


@lru_cache(maxsize=1)
def _read_degrees() -> frozenset[str]:
    return frozenset(degree.removesuffix(".") for degree in _read_table()["degree"])


def _strip_degrees(name: str) -> str:
    words = name.split()
    while len(words) > 2 and _is_degree(words[-1]):
        words.pop()
    while len(words) > 2 and _is_degree(words[0]):
        words.pop(0)
    return " ".join(words).strip(" ,")


def has_only_names(line: str) -> bool:
    """Whether a line is two or more words in capitals that may be a name, or several such names."""
    if "\t" in line or _has_run_of_small_words(line) or is_document_kind(line):
        return False
    names = split_names(line)
    bare = ", ".join(names)
    return bool(names) and _NAMES_ONLY.fullmatch(bare) is not None and not any(map(_is_no_name, names))


def _has_run_of_small_words(line: str) -> bool:
    """Whether a line is prose by more words in a row without a capital than names or a date hold."""
    if "(" in line:
        return False  # what a name's bracket holds is no part of the name
    run = 0
    for word in line.split():
        run = run + 1 if word.islower() else 0
        if run > _MAX_SMALL_WORDS:
            return True
    return False


def is_east_asian_name(line: str) -> bool:
    """Whether a line is an East Asian surname and one to three signs more: `李明`, `김민수`, `佐藤健一`."""
    if not 2 <= len(line) <= 6 or not all("\u3005" <= character <= "\ud7a3" for character in line):
        return False
    return any(line.startswith(name) and 1 <= len(line) - len(name) <= 3 for name in _read_table()["surname"])


def _has_only_east_asian_names(text: str) -> bool:
    """Whether a text is several such names, spaces between them: `王小明 李大力`."""
    pieces = text.split()
    return len(pieces) > 1 and all(map(is_east_asian_name, pieces))


def _read_reporters(line: str) -> list[str]:
    """The names of `記者王小明／台北報導` or `홍길동 기자`."""
    match = _REPORTERS.match(line) if "者" in line or "기자" in line else None
    names = re.split(r"[、,，\s]+", match["before"] or match["behind"]) if match else []
    return names if all(map(is_east_asian_name, names)) else []


def _is_no_name(name: str) -> bool:
    words = _compile_words(r"\b(?:%s)\b", "organisation").search(name)
    return bool(words or _NO_NAME.match(name)) or name.casefold() in _read_table()["place"]


def read_byline(line: str) -> list[str] | None:
    """The names of a line such as “By Ann Lee” or “Автор: Іван Петренко”; none where they follow; None without one."""
    if len(line) > _MAX_NAMES_LENGTH:
        return None
    line = line.strip("*_ \t")
    label = rf"\W*(?:%s){_SECOND_LANGUAGE}\s*(?:{_CASELESS_SEPARATOR}\s*(?P<names>.*)|$)"
    if match := _match_opening(label, "label", line):
        return _keep_people(split_names(match["names"] or ""))
    if match := _match_opening(r"\W*(?:%s)(?:\s*[:：]\s*|\s+)(?P<names>\S.*)", "byline", line):
        return _keep_people(split_names(match["names"])) or None
    return _read_reporters(line) or _read_ranked_name(line)


def _keep_people(names: list[str]) -> list[str]:
    """The names that may be people's, or the one body that signs; none where one of them cannot be a name."""
    places = _read_table()["place"]
    if any(name[0].islower() or len(name.split()) > _MAX_NAME_WORDS or name.casefold() in places for name in names):
        return []
    return [name for name in names if not _is_no_name(name)] or names


def _read_ranked_name(line: str) -> list[str] | None:
    """“Colonel Ann Lee, U.S. Army, Retired”: the name."""
    match = _match_opening(rf"(?:%s)\s+(?P<name>(?-i:{_FULL_NAME}))(?:,.*)?$", "rank", line)
    return [_strip_degrees(match["name"])] if match else None


def read_title_label(line: str) -> str | None:
    """The title that a line such as “Тема: «…»” names; empty where it follows; None without such a label."""
    match = _match_opening(rf"\W*(?:%s){_SECOND_LANGUAGE}\s*(?:[:：]\s*(?P<title>.*)|$)", "title", line)
    return (match["title"] or "").strip() if match else None
