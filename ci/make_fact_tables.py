"""Writes the generated tables that the facts of a sentence are matched with: `python ci/make_fact_tables.py`.

Names of countries, languages and cities and of months come from the Unicode CLDR by babel, number words from
num2words, readings of Chinese characters from pypinyin; all are needed here only, not where the program runs.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import babel
import num2words  # type: ignore[import-untyped]
import pypinyin
from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "ru", "uk", "ar", "fa", "he", "zh")
ROOT = Path(__file__).parent.parent / "cite_audit"
MONTH_LOCALES = {**{language: (language,) for language in LANGUAGES}, "ar": ("ar", "ar_LB", "ar_DZ", "ar_MA", "ar_MR")}
SOLAR_HIJRI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
NO_COUNTRIES = {"EZ", "QO", "XA", "XB", "ZZ"}
CONTINENTS = {"002", "003", "005", "009", "019", "142", "145", "150", "151", "154", "155", "419"}
OTHER_WORDS = {"cent", "once"}  # numbers that are common words of other languages
NO_CITIES = {"Etc/Unknown", "Etc/UTC"}


def write_table(path: Path, source: str, header: tuple[str, ...], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}; made by ci/make_fact_tables.py on {datetime.now(UTC):%Y-%m-%d}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def list_names() -> list[list[str]]:
    """Territories, languages and cities of the time zones: id, then the name in each language."""
    locales = {language: Locale(language) for language in LANGUAGES}
    english = locales["en"]
    rows: list[list[str]] = []
    for kind, table in (("country", "territories"), ("language", "languages")):
        rows += [
            [f"{kind} {code}", *(getattr(locale, table).get(code, "") for locale in locales.values())]
            for code in map(str, getattr(english, table))
            if (len(code) == 2 and code not in NO_COUNTRIES) or code in CONTINENTS
        ]
    for zone in sorted(set().union(*(locale.time_zones for locale in locales.values()))):
        names = [locale.time_zones.get(zone, {}).get("city", "") for locale in locales.values()]
        if zone not in NO_CITIES and sum(map(bool, names)) > 3:
            names[0] = names[0] or zone.rpartition("/")[2].replace("_", " ")
            rows.append([f"city {zone}", *names])
    return rows


def list_months() -> list[list[str]]:
    rows = []
    for language, names in MONTH_LOCALES.items():
        for month in range(1, 13):
            words: set[str] = set()
            for name in names:
                months = Locale.parse(name).months
                for context in ("format", "stand-alone"):
                    for width in ("abbreviated", "wide"):
                        words.add(months[context][width].get(month, "").rstrip(".").casefold())
            if language != "zh":
                rows += [[language, str(month), form] for form in sorted(words - {""})]
    rows += [["fa", f"solar {number}", name] for number, name in enumerate(SOLAR_HIJRI, 1)]
    return sorted(rows, key=lambda row: (row[0], (row[1].isdigit() and int(row[1])) or 99, row[2]))


def list_numbers() -> list[list[str]]:
    values = [*range(21), *range(30, 100, 10), 100, *range(200, 1000, 100)]
    rows = []
    for language in LANGUAGES:
        if language == "zh":
            continue
        for value in values:
            word = num2words.num2words(value, lang=language).casefold()
            if " " not in word and "-" not in word and word not in OTHER_WORDS:
                rows.append([language, str(value), word])
    return rows


def list_syllables() -> list[list[str]]:
    """The characters that spell foreign names (han-spelling.txt, by hand) with their readings."""
    characters = (ROOT / "resolve/judge/claims/data/han-spelling.txt").read_text(encoding="utf-8").strip()
    readings = {"什": "shi", "车": "che", "莎": "sha", "茜": "xi", "贾": "jia", "卜": "bu", "曾": "zeng", "可": "ke"}
    return [
        [character, readings.get(character) or pypinyin.lazy_pinyin(character)[0]]
        for character in sorted(set(characters))
    ]


def main() -> None:
    versions = f"Unicode CLDR by babel {babel.__version__}"
    header = ("id", *LANGUAGES)
    write_table(ROOT / "resolve/judge/claims/data/cldr-names.csv", versions, header, list_names())
    write_table(ROOT / "prose/data/month-names.csv", versions, ("language", "month", "name"), list_months())
    han_source = f"readings by pypinyin {pypinyin.__version__}"
    table = ROOT / "resolve/judge/claims/data/han-syllables.csv"
    write_table(table, han_source, ("character", "reading"), list_syllables())
    number_source = "num2words (LGPL, used here only)"
    table = ROOT / "prose/data/number-words.csv"
    write_table(table, number_source, ("language", "value", "word"), list_numbers())


if __name__ == "__main__":
    main()
