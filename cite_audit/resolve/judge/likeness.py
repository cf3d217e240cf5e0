"""How alike two texts are, and whether an address keeps the words of another."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from cite_audit.resolve.judge.tables import rows

_WORD = re.compile(r"\w+")
_CAP = 4000  # words compared; more adds nothing


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, at most 4,000; Chinese and Japanese characters one by one."""
    found: list[str] = []
    for word in _WORD.findall(text.casefold())[:_CAP]:
        if "\u3040" <= word[0] <= "\u9fff":
            found.extend(word)
        else:
            found.append(word)
    return found


def shared(one: str, other: str, *, without: str = "") -> float:
    """The Jaccard likeness (0-1) of two texts by runs of three words; words of `without` (an address) do not count."""
    ignored = set(_WORD.findall(unquote(without).casefold()))
    first, second = (
        [word for word in tokens(text) if word not in ignored and not word.isdigit()] for text in (one, other)
    )
    if len(first) < 3 or len(second) < 3:
        return float(first == second)
    a = set(zip(first, first[1:], first[2:], strict=False))
    b = set(zip(second, second[1:], second[2:], strict=False))
    return len(a & b) / len(a | b)


def held(part: str, whole: str) -> float:
    """How much (0-1) of a text's runs of three words another text holds."""
    runs, others = ({*zip(words, words[1:], words[2:], strict=False)} for words in map(tokens, (part, whole)))
    return len(runs & others) / max(len(runs), 1)


def cosine(one: str, other: str) -> float:
    """The cosine (0-1) of the word counts of two texts, without the commonest words of fifteen languages.

    OTMT's measure: words weigh as they do in a collection of these two texts.
    """
    stop = _stopwords()
    a, b = (Counter(w for w in tokens(text) if w not in stop and (len(w) > 2 or w > "\u3040")) for text in (one, other))
    if not a or not b:
        return 0.0
    alone = 1 + math.log(1.5)  # the weight of a word that one of two texts has; a word of both weighs 1
    dot = sum(count * b[word] for word, count in a.items() if word in b)
    sizes = [
        math.sqrt(sum((n if word in theirs else n * alone) ** 2 for word, n in ours.items()))
        for ours, theirs in ((a, b), (b, a))
    ]
    return dot / (sizes[0] * sizes[1])


@lru_cache(maxsize=1)
def _stopwords() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("stopwords"))


def address_words(url: str) -> set[str]:
    """The words (three letters and more) and numbers (three digits and more) of an address's path and query."""
    parts = urlsplit(url)
    text = unquote(f"{parts.path} {parts.query}").casefold()
    return {word for word in re.split(r"[\W_]+", text) if len(word) > 2} - _common()


# Words that every other address has.
@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("common-words"))


_PLAIN = str.maketrans("абвгдеёзийклмнопрстуфыэіїєґў", "abvgdeeziiklmnoprstufyeiiegu")
_DOUBLE = str.maketrans(
    {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)


def _latin(word: str) -> str:
    return word.translate(_PLAIN).translate(_DOUBLE)


def names(url: str, title: str) -> bool:
    """Whether a word of an address, Latin letters for Cyrillic allowed, begins like a word of a title."""
    starts = {word[:4] for word in address_words(url) if len(word) >= 4 and not word.isdigit()}
    said = {form[:4] for word in tokens(title) for form in (word, _latin(word)) if len(word) >= 4}
    return bool(starts & said)


def covers(title: str, sentences: tuple[str, ...]) -> bool:
    """Whether a sentence names a title: at least three of its longer words, and four fifths of them."""
    wanted = {word for word in tokens(title) if len(word) > 3}
    if len(wanted) < 3:
        return False
    return any(len(wanted & set(tokens(sentence))) >= max(3, 0.8 * len(wanted)) for sentence in sentences)
