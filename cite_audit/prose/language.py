"""The language of a text by its script and commonest words: enough to know whether two texts share it."""

from __future__ import annotations

from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.letter_forms import fold_characters, read_rows

_WORD = compile_lazily(r"[^\W\d_]+")
_SCRIPTS = (
    ("zh", compile_lazily("[\u3400-\u9fff]")),
    ("ja", compile_lazily("[\u3040-\u30ff]")),
    ("ko", compile_lazily("[\uac00-\ud7a3]")),
    ("he", compile_lazily("[\u0590-\u05ff]")),
    ("ar", compile_lazily("[\u0600-\u06ff]")),
    ("el", compile_lazily("[\u0370-\u03ff]")),
    ("ru", compile_lazily("[\u0400-\u04ff]")),
    ("latin", compile_lazily("[A-Za-z\u00c0-\u024f]")),
)
_HAN_WEIGHT = 3  # a Chinese character says as much as three letters
_PERSIAN = compile_lazily("[پچژگیک]")
_ARABIC_ONLY = compile_lazily("[ةيىك]")
_UKRAINIAN = compile_lazily("[іїєґ]")
_RUSSIAN_ONLY = compile_lazily("[ыэъё]")


@lru_cache(maxsize=1)
def _load_common_words() -> dict[str, str]:
    return {
        fold_characters(word): row["language"]
        for row in read_rows("cite_audit.prose", "common-words")
        for word in row["words"].split()
    }


def detect_language(text: str) -> str:
    """The code of the language that most of a text is in; the empty string where it has hardly any letters."""
    sample = text[:20_000]
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    counts["zh"] *= _HAN_WEIGHT
    script = max(counts, key=lambda name: counts[name])
    if counts[script] < 10:
        return ""
    if script == "zh" and counts["ja"] * 10 > counts["zh"]:
        return "ja"
    if script == "ar":
        return "fa" if len(_PERSIAN.findall(sample)) > len(_ARABIC_ONLY.findall(sample)) else "ar"
    if script == "ru":
        return "uk" if len(_UKRAINIAN.findall(sample)) > 2 * len(_RUSSIAN_ONLY.findall(sample)) else "ru"
    return _detect_latin(sample) if script == "latin" else script


def _detect_latin(sample: str) -> str:
    table, hits = _load_common_words(), dict[str, int]()
    for word in _WORD.findall(fold_characters(sample))[:1500]:
        if language := table.get(word):
            hits[language] = hits.get(language, 0) + 1
    return max(hits, key=lambda language: hits[language], default="")
