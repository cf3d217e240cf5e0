"""What words a link of a PDF covers: its box may take in a label, or end within an address."""

from __future__ import annotations

import re
from urllib.parse import unquote

from cite_audit.parse.readers.html.notes import BACK_ARROWS

RAISED_LABEL = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+[ \t\u00a0]*")
PRINTED_LABEL = re.compile(r"\[?\d{1,4}[\].)]?[ \t\u00a0]*(?=h..ps?:|www\.)", re.IGNORECASE)
MARKER_WORDS = re.compile(r"(?:\W*?[\[(]?([0-9]{1,4})[\])]?|[^\W⁰¹²³⁴⁵⁶⁷⁸⁹]?\W*?([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}))\W*")
PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
WORD_CHARACTERS = re.compile(r"[A-Za-z0-9\-/_=]{0,2}(?=\s|$)")
ENCODED_SPACES = re.compile(r"(?:%20|%0[DdAa]|%C2%A0|\s)+$", re.IGNORECASE)
GOES_ON = re.compile(r"[/?=&%#_~-]?[A-Za-z0-9]")
BREAK_CHARACTERS = ("/", "-", "_", "?", "=", "&", "%")
NEXT_LINE_GOES_ON = re.compile(
    r"\n(?!h..ps?:|www\.)(?=\S*(?:[/_=%]|-\S*-|\.[a-z]{2,5}\b))[A-Za-z0-9%~?=&_-]\S{3,}", re.IGNORECASE
)

MAX_STRAY_CHARACTERS = 3  # of an address: its last full stop, say
MAX_MISS = 300  # characters between a misplaced box and its address


def is_note_anchor(words: str, address: str) -> bool:
    """Whether a link is a marker's or a note's to the other of them: browsers print `#fn3` with the page's address."""
    _, has_fragment, fragment = address.partition("#")
    if not has_fragment:
        return False
    if BACK_ARROWS.fullmatch(words.strip()):
        return True
    match = MARKER_WORDS.fullmatch(words)
    if match is None:
        return False
    return (match[1] or match[2]).translate(PLAIN_DIGITS) in re.findall(r"\d+", fragment)


def skip_label(text: str, start: int, end: int) -> int:
    """Where the words of a link start after a note's label that its box took in."""
    label = RAISED_LABEL.match(text, start, end) or PRINTED_LABEL.match(text, start, end)
    return label.end() if label and label.end() < end else start


def cover_address(text: str, start: int, end: int, address: str) -> tuple[int, int]:
    """A link's words with the letters at their ends that its box left out: the address goes on with them, or a word."""
    shown = text[start:end]
    position = address.find(shown) if len(shown) > 3 else -1
    if position >= 0:
        following = position + len(shown)
        while end < len(text) and following < len(address) and text[end] == address[following]:
            end, following = end + 1, following + 1
        while start > 0 and position > 0 and text[start - 1] == address[position - 1]:
            start, position = start - 1, position - 1
    remainder = WORD_CHARACTERS.match(text, end)
    return start, remainder.end() if remainder else end


def trim_address(address: str) -> str:
    """A link's address without the spaces that a word processor took into it, and with one `#`: TeX doubles it."""
    return ENCODED_SPACES.sub("", address).replace("##", "#")


def is_cut_short(text: str, start: int, address: str) -> bool:
    """Whether a link's address is less than what is printed there: it was made from the first part of a broken one."""
    if not text.startswith(address, start):
        return False
    end = start + len(address)
    if GOES_ON.match(text, end):
        return True
    return address.endswith(BREAK_CHARACTERS) and NEXT_LINE_GOES_ON.match(text, end) is not None


def is_misplaced(text: str, start: int, end: int, address: str) -> bool:
    """Whether a link's box missed its address, which is printed beside it: XeTeX misplaces those of lines that run
    from right to left."""
    shown = "".join(text[start:end].split())
    plain = unquote(address)
    if plain in shown or (len(shown) > MAX_STRAY_CHARACTERS and (shown in plain or shown in address)):
        return False
    nearby = "".join(text[max(0, start - MAX_MISS) : end + MAX_MISS].split())
    return plain in nearby or address in nearby
