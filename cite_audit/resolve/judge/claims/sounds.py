"""Names by sound: a name in Latin letters and its spelling in another script, compared letter by letter.

`letters.csv` says for each letter of a script which sounds it may stand for; Chinese characters stand for the sounds of
their readings (`han-syllables.csv`). Words whose consonants are of the same classes are candidates (`sound_keys`); two
spellings are the same name when their letters align at little cost (`sounds_like`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.letter_forms import read_rows

_PACKAGE = __package__ or ""
_SIGNS = "pbfvwmntdszkgxhlrjSZCGTaeiou~"
_BITS = {sign: 1 << place for place, sign in enumerate(_SIGNS)}
_VOWELS = sum(_BITS[sign] for sign in "aeiou")
SILENT, R_SOUND = _BITS["~"], _BITS["r"]
_WEAK = sum(_BITS[sign] for sign in "hjw")
_CLASSES = {**dict.fromkeys("pbfv", "P"), **dict.fromkeys("tdT", "T"), **dict.fromkeys("szSZCG", "S"),
            **dict.fromkeys("kgx", "K"), "m": "M", "n": "N", "l": "L", "r": "R"}  # fmt: skip
_CLASS_BITS = {name: sum(_BITS[sign] for sign, its in _CLASSES.items() if its == name) for name in "PTSKMNLR"}
_MAX_KEYS = 32
KEY_LENGTH = 3  # consonants by which candidates are chosen
_ABJAD = compile_lazily("[\u0590-\u06ff]")
_DOUBLE = compile_lazily(r"([^\W\d_])\1+")
Units = tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]  # masks of sounds, and classes of consonants, by unit


@lru_cache(maxsize=1)
def _load_letters() -> tuple[dict[str, tuple[int, tuple[str, ...]]], re.Pattern[str]]:
    letters: dict[str, tuple[int, tuple[str, ...]]] = {}
    for row in read_rows(_PACKAGE, "letters"):
        usual, _, rare = row["sounds"].partition("|")
        mask = sum(_BITS[sign] for sign in {*usual, *rare})
        usual = usual if row["script"] == "latin" else usual[:1]
        letters[row["letters"]] = mask, tuple(dict.fromkeys(_CLASSES.get(sign, "") for sign in usual))
    pattern = re.compile("|".join(map(re.escape, sorted(letters, key=lambda spelled: -len(spelled)))))
    return letters, pattern


@lru_cache(maxsize=8192)
def split_sounds(word: str) -> Units:
    """The units of a folded word of an alphabet: what each may sound like."""
    letters, pattern = _load_letters()
    word = _DOUBLE.sub(r"\1", word)
    if "x" in word[1:]:
        word = word[0] + word[1:].replace("x", "ks")
    word = word.replace("ξ", "κσ")
    units = [letters[part] for part in pattern.findall(word)]
    return tuple(mask for mask, _ in units), tuple(classes for _, classes in units)


@lru_cache(maxsize=8192)
def sound_keys(word: str, for_han: bool = False) -> frozenset[str]:
    """The consonant classes that a name in Latin letters may begin with in another script, at most three of them.

    `for_han`: all of them, as Chinese spells them: r and l are one, an r before a consonant is left out.
    """
    if for_han:
        word = re.sub("ng(?![aeiou])", "n", word)
    _, classes = split_sounds(word)
    if for_han:
        classes = tuple(_classes_for_han(unit) for unit in classes)
    strong = [unit for unit in classes if unit != ("",)]
    keys: set[str] = set()
    for spelled in product(*strong[: 9 if for_han else KEY_LENGTH + 2]):
        joined = "".join(spelled)
        keys.add(joined if for_han else joined[:KEY_LENGTH])
        if len(keys) >= _MAX_KEYS * (3 if for_han else 1):
            break
    return frozenset(keys - {""})


def _classes_for_han(unit: tuple[str, ...]) -> tuple[str, ...]:
    if unit == ("R",):
        return ("L", "")
    if unit == ("M",):
        return ("M", "N")
    return unit


@lru_cache(maxsize=8192)
def word_key(word: str) -> str:
    """The consonant classes that a word of another script begins with."""
    _, classes = split_sounds(word)
    return "".join(unit[0] for unit in classes)


@lru_cache(maxsize=1)
def load_han() -> dict[str, tuple[str, tuple[int, ...]]]:
    """The characters that spell foreign names: consonant classes, and masks of sounds, of each."""
    return {row["character"]: _read_syllable(row["reading"]) for row in read_rows(_PACKAGE, "han-syllables")}


_INITIALS = {
    "zh": ("S", "ZGSz"), "ch": ("S", "CSG"), "sh": ("S", "SCs"), "b": ("P", "bpv"), "p": ("P", "pb"), "m": ("M", "m"),
    "f": ("P", "fv"), "d": ("T", "dtT"), "t": ("T", "tdT"), "n": ("N", "n"), "l": ("L", "lr"), "g": ("K", "gk"),
    "k": ("K", "kgx"), "h": ("K", "hxg"), "j": ("S", "GZjCkg"), "q": ("S", "CGkS"), "x": ("S", "SshxkC"),
    "r": ("S", "ZrG"), "z": ("S", "zsCd"), "c": ("S", "sCz"), "s": ("S", "szTS"), "w": ("", "wvu"), "y": ("", "ij"),
}  # fmt: skip
_INITIAL = compile_lazily("zh|ch|sh|[bpmfdtnlgkhjqxrzcswy]")


def _read_syllable(reading: str) -> tuple[str, tuple[int, ...]]:
    match = _INITIAL.match(reading)
    name, sounds = _INITIALS[match[0]] if match else ("", "")
    if reading == "er":
        return "L", (_BITS["r"] | _BITS["l"] | _VOWELS,)
    final = reading[match.end() :] if match else reading
    masks = [sum(_BITS[sign] for sign in sounds)] if sounds else []
    vowels = sum(_BITS[sign] for sign in {*final} & {*"aeiou"}) | (_BITS["u"] if "ü" in final else 0)
    masks.append(vowels | SILENT)
    if final.endswith(("n", "ng")):
        return name + "N", (*masks, _BITS["n"] | _BITS["m"])
    return name, tuple(masks)


@lru_cache(maxsize=16384)
def sounds_like(name: str, word: str, limit: float = 1.0) -> bool:
    """Whether a folded word spells a folded name in Latin letters; `limit`: see `is_aligned`."""
    return is_aligned(split_sounds(name)[0], split_sounds(word)[0], limit, bool(_ABJAD.match(word)))


def is_aligned(name: tuple[int, ...], word: tuple[int, ...], limit: float = 1.0, is_abjad: bool = False) -> bool:
    """Whether two rows of sounds align at a cost that a change of script explains; a smaller `limit` allows less.

    `is_abjad`: the word may leave out vowels.
    """
    if len(name) < 2 or not word or abs(len(name) - len(word)) > 3 + len(name) // 2:
        return False
    if not name[0] & word[0] & ~SILENT and (_is_firm(name[0]) or _is_firm(word[0])):
        return False
    if is_abjad and bool(name[-1] & _VOWELS and not name[-1] & SILENT) > bool(word[-1] & _VOWELS):
        return False  # a vowel at the end is written
    limit *= min(0.1 * len(name) + 0.06, 0.8)
    row = [0.0]
    for unit in word:
        row.append(row[-1] + _cost_alone(unit, False))
    for ours in name:
        alone = _cost_alone(ours, is_abjad)
        following = [row[0] + alone]
        for place, theirs in enumerate(word):
            following.append(
                min(
                    row[place] + _cost_pair(ours, theirs),
                    row[place + 1] + alone,
                    following[place] + _cost_alone(theirs, False),
                )
            )
        row = following
        if min(row) > limit:
            return False
    return row[-1] <= limit


def _is_firm(unit: int) -> bool:
    """Whether a unit is a consonant that no spelling leaves out."""
    return not unit & (_VOWELS | SILENT | _WEAK)


@lru_cache(maxsize=4096)
def _cost_alone(unit: int, is_abjad: bool) -> float:
    """What it costs that only one of the spellings has a unit."""
    if unit & SILENT:
        return 0.08 if is_abjad else 0.1
    if unit & _VOWELS:
        return 0.08 if is_abjad else 0.2
    return 0.5 if unit & _WEAK else 1.0


@lru_cache(maxsize=16384)
def _cost_pair(ours: int, theirs: int) -> float:
    if ours & theirs & ~SILENT:
        return 0.0
    if ours & _VOWELS and theirs & _VOWELS:
        return 0.2
    alike = any(ours & bits and theirs & bits for bits in _CLASS_BITS.values())
    return 0.4 if alike else 1.1
