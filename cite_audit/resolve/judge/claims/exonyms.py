"""What a name is called in another language: CLDR's countries, languages and cities, and a table made by hand."""

from __future__ import annotations

from functools import lru_cache

from cite_audit.prose.letter_forms import fold_characters, read_rows, strip_widthless

_PACKAGE = __package__ or ""
LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "ru", "uk", "ar", "fa", "he", "zh")
Names = dict[str, tuple[str, ...]]  # by language, folded


@lru_cache(maxsize=1)
def _load_rows() -> tuple[dict[str, list[Names]], int]:
    """The rows that each folded name stands in, and the words of the longest name."""
    by_name: dict[str, list[Names]] = {}
    by_id: dict[str, Names] = {}
    for row in (*read_rows(_PACKAGE, "cldr-names"), *read_rows(_PACKAGE, "names-by-hand")):
        names: Names = {language: _split_names(row[language], language) for language in LANGUAGES}
        by_id[row.get("id", "")] = names
        rows = [names, *(by_id[other] for other in (row.get("same_as") or "").split("|") if other in by_id)]
        for language in LANGUAGES:
            for name in names[language]:
                by_name.setdefault(name.removeprefix("the "), []).extend(rows)
    return by_name, max(len(name.split()) for name in by_name)


def _split_names(cell: str, language: str) -> tuple[str, ...]:
    """The names of a cell, folded; a single Chinese character stands in too many words."""
    least = 2 if language == "zh" else 1
    return tuple(fold_characters(strip_widthless(name)) for name in cell.split("|") if len(name) >= least)


def find_exonyms(words: tuple[str, ...], language: str) -> list[str] | None:
    """What a name (folded words) is called in a language; None where no table knows the name."""
    by_name, _ = _load_rows()
    rows = by_name.get(" ".join(words)) or by_name.get("-".join(words))
    if not rows:
        return None
    return list(dict.fromkeys(name for names in rows for name in names.get(language, ())))
