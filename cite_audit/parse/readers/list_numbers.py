"""Numbers as word processors print them: notes' labels and list items, by format."""

from __future__ import annotations

ROMAN_VALUES = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
CHICAGO_SYMBOLS = "*†‡§"
# Names of number formats in OOXML (ECMA-376-1 §17.18.59) and in ODF (§19.500, the sample character).
NUMBER_FORMATS = {
    "decimal": "1",
    "lowerRoman": "i",
    "upperRoman": "I",
    "lowerLetter": "a",
    "upperLetter": "A",
    "chicago": "*",
    "bullet": "•",
    "none": "",
}


def format_label(number: int, sample: str) -> str:
    """`number` in the format whose first number is `sample`: 1, i, I, a, A, * or • (which never counts)."""
    if number < 1 or number > 9999 or sample not in ("i", "I", "a", "A", "*", "•", ""):
        return str(number)
    if sample in ("i", "I"):
        text = format_roman(number)
    elif sample in ("a", "A"):
        text = chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26)
    elif sample == "*":
        text = CHICAGO_SYMBOLS[(number - 1) % 4] * (1 + (number - 1) // 4)
    else:
        return sample
    return text.upper() if sample in ("I", "A") else text


def format_roman(number: int) -> str:
    """Lower-case roman numerals."""
    text = ""
    for value, letters in ROMAN_VALUES:
        count, number = divmod(number, value)
        text += letters * count
    return text
