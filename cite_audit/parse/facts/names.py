"""Names and acronyms of a sentence, by its capitals and by what the whole report shows of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cite_audit.model import Fact, FactKind
from cite_audit.prose.letter_forms import fold_characters, read_rows

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’ʼ`´-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s*|[\n•])[\"'“”‘’«»„(\[*_\s–—-]*$")
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "do",
        "dos",
        "du",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "af",
        "av",
        "bin",
        "ibn",
        "ben",
        "bint",
        "al",
        "el",
        "la",
        "le",
        "y",
        "of",
        "the",
    ]
)
_POSSESSIVE = re.compile(r"['’ʼ`´]s?$")
_GAP = re.compile(r"[ \u00a0]{1,2}|\.[ \u00a0]|-")
MAX_WORDS = 9


@lru_cache(maxsize=1)
def _load_common() -> frozenset[str]:
    return frozenset(word for row in read_rows(__package__ or "", "common-capitals") for word in row["words"].split())


@lru_cache(maxsize=1)
def _load_calendar() -> frozenset[str]:
    rows = read_rows(__package__ or "", "common-capitals")
    return frozenset(word for row in rows if row["kind"] in ("begin", "calendar") for word in row["words"].split())


class WordForms:
    """How a report writes its words: those with a small letter somewhere, those with a capital inside sentences."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.small: set[str] = set()
        self.capital: set[str] = set()
        for sentence in sentences:
            for match in _WORD.finditer(sentence):
                word = match[0]
                if word[0].islower():
                    self.small.update(fold_characters(word).split("-"))
                elif not _SENTENCE_START.search(sentence, max(match.start() - 12, 0), match.start()):
                    self.capital.add(fold_characters(_POSSESSIVE.sub("", word)))

    def is_common(self, word: str) -> bool:
        """Whether a folded word is no name of its own."""
        return word in _load_common() or word in self.small


def find_names(sentence: str, forms: WordForms, *, has_noun_capitals: bool = False) -> list[Fact]:
    """The names of a sentence; `has_noun_capitals`: its language (German) writes all nouns with a capital."""
    built = (_build_name(sentence, run, forms, has_noun_capitals) for run in _capital_runs(sentence, forms))
    return [name for name in built if name is not None]


def _capital_runs(sentence: str, forms: WordForms) -> Iterator[list[re.Match[str]]]:
    """Words with capitals that stand together, particles between them included."""
    run: list[re.Match[str]] = []
    pending: list[re.Match[str]] = []
    for match in _WORD.finditer(sentence):
        before = pending or run
        is_joined = bool(before) and bool(_GAP.fullmatch(sentence, before[-1].end(), match.start()))
        if run and is_joined and match[0] in _PARTICLES and len(pending) < 2:
            pending.append(match)
            continue
        if _is_capital(sentence, match, forms):
            if (run and not (is_joined and len(run) < MAX_WORDS)) or (run and _POSSESSIVE.search(run[-1][0])):
                yield run
                run = []
            run, pending = [*run, *(pending if run else []), match], []
        elif run:
            yield run
            run, pending = [], []
    if run:
        yield run


def _is_capital(sentence: str, match: re.Match[str], forms: WordForms) -> bool:
    word = match[0]
    if not word[0].isupper():
        return False
    if not _SENTENCE_START.search(sentence, max(match.start() - 12, 0), match.start()):
        return True
    folded = fold_characters(_POSSESSIVE.sub("", word))
    return (
        word[1:].isupper() or folded in forms.capital or (folded not in _load_calendar() and folded not in forms.small)
    )


def _build_name(sentence: str, run: list[re.Match[str]], forms: WordForms, has_noun_capitals: bool) -> Fact | None:
    calendar = _load_calendar()
    while run and fold_characters(run[0][0]) in calendar:
        run = run[1:]
    while run and fold_characters(run[-1][0]) in calendar:
        run = run[:-1]
    if not run:
        return None
    words = tuple(
        part
        for match in run
        for part in fold_characters(_POSSESSIVE.sub("", match[0])).replace(".", "").replace("-", " ").split()
    )
    strong = tuple(word for word in words if len(word) > 1 and word not in _PARTICLES and not forms.is_common(word))
    end = run[-1].end() - (len(match[0]) if (match := _POSSESSIVE.search(run[-1][0])) else 0)
    text = sentence[run[0].start() : end]
    is_acronym = len(run) == 1 and len(text) > 1 and sum(map(str.isupper, text)) * 2 > len(text) and len(text) <= 8
    if has_noun_capitals and len(run) == 1 and not is_acronym and not strong:
        return None
    if len(words) == 1 and (not strong or len(words[0]) < 2) and not is_acronym and _is_title(words[0]):
        return None
    kind = FactKind.ACRONYM if is_acronym else FactKind.NAME
    return Fact(kind, text, run[0].start(), end, words=words, strong=strong)


def _is_title(word: str) -> bool:
    return word in _load_common()
