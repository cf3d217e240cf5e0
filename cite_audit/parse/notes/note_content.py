"""What a note says besides its links: lost slots, locators, the kind of note, and the note that ibid. means."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import NoteKind
from cite_audit.parse.links.found_link import FoundLink

_LINK_MASK = "\x00"
_PAGES = r"(?:pp?|pgs?|pages?|стр?|с)\.?[ \t\u00a0]?\d{1,4}(?:[ \t]?[–-][ \t]?\d{1,4})?|\d{1,4}[–-]\d{1,4}"
_LOCATOR = compile_lazily(
    rf"[ \t\u00a0]{{0,3}},?[ \t\u00a0]{{0,3}}({_PAGES})(?=[ \t\u00a0]*(?:[;.,)]|\r?\n|\Z))",
    re.I,
)
_LETTER = compile_lazily(r"[^\W\d_]")
_PUNCTUATION = compile_lazily(r"[\s.,:()\[\]<>*_\\]+")
_PROSE = compile_lazily(r"[^;\x00]+")
_EMPTY_SLOTS = compile_lazily(";{2,}")
_ON_REQUEST = compile_lazily(
    r"\b(?:(?:up)?on|by)\s+request\b|\bavailable\s+(?:from|by contacting)\s+the author|по запросу|за запитом", re.I
)
# Words for “the source of the note before”, by language; Latin ones are used in most.
_IBID_WORDS = (
    r"ib[ií]d(?:em)?|ibíd(?:em)?|idem",  # la es pt
    r"там же|там само|тамсама|там жа|тамо|пак там",  # ru uk be sr bg
    r"ebd|ebenda|ebda|a\. ?a\. ?o",  # de
    r"tamże|tamtéž|tamtiež|ibidem|uo|ugyanott|tamo|prav tam|ivi|ibi|ivi",  # pl cs sk hu hr sl it
    r"a\. ?g\. ?[ey]|aynı (?:eser|yer|kaynak)|a\.g\.m",  # tr
    r"samma(?: källa)?|samme(?: kilde| sted)?|sama(?: lähde)?|sst",  # sv da no fi
    r"ten pat|turpat|sealsamas|ό\.?π|στο ίδιο|ibidemque|aldaar|op het aangehaalde",  # lt lv et el nl
)
_IBID_SCRIPTS = (
    r"同上|同前|同註|同注|前掲|前揭|同书|同書|שם|המקור הקודם"
    r"|المصدر نفسه|المرجع نفسه|نفس المصدر|نفس المرجع|همان|위의 (?:책|글)|같은 (?:책|글)|상동"
)
_IBID = compile_lazily(
    rf"\W*+(?:(?:see|cf|vgl|voir|см)\.? )?(?:(?:{'|'.join(_IBID_WORDS)})\b|(?:{_IBID_SCRIPTS})"
    r"|id(?:\.(?=,?\s+(?:at|p)\b)|\W*$)|loc\.? ?cit\b)",
    re.I,
)
_NOTE_REFERENCE = (
    r"(?:foot|end)?(?:notes?|nn?\.|\(nn? |сноск\w*|прим\.|anm(?:\.|erkung)|fn\.|fußnote|przyp\.|注|註)"
    r"\s*\[?(\d{1,4})\]?"
)
_SEE_NOTE = compile_lazily(rf"(?:\b|(?=\()){_NOTE_REFERENCE}", re.I)
_SEE_ONLY = compile_lazily(
    r"\bsupra\b|\bop\.? ?cit\b|\bobra citada\b|\bo\.? ?c\.(?=,? ?p)"
    r"|\bsee (?:also )?(?:foot|end)?note|\b(?:foot|end)?note \d+ (?:above|supra)"
    r"|\(nn? \d{1,4}\)"
    r"|см\. (?:сноск|прим)|\bуказ\.? ?соч|\bцит\.? ?соч|\bвказ\.? ?праця"
    r"|\b(?:vgl|siehe|s)\.? (?:oben )?(?:anm|fn|fußnote)|\bvoir (?:la )?(?:supra )?note"
    r"|\b(?:див|гл)\. прим|\bzob\. przyp|\bdz\. ?cyt|\b前掲注|\b前揭注"
    r"|^\W*(?:foot|end)?note \d+\W*$",
    re.I,
)
# `_SEE_ONLY` is found in no text without one of these: a tenth of its time
_SEE_GATES = (
    *("supra", "cit", "c.", "note", "(n", "см", "указ", "вказ", "anm", "fn", "fußnote", "прим", "przyp", "cyt"),
    *("前掲注", "前揭注"),
)
_OP_CIT = compile_lazily(r"([A-ZА-ЯЁ][\w’'-]+)[^.;]{0,80}?,?\s*(?:op\.? ?cit|loc\.? ?cit|указ\.? ?соч)", re.I)
_LOST_LINK = compile_lazily(
    r"\|\s*[A-Z][\w .&’'-]{1,60}\W*$|\b(?:available|accessed|retrieved|online) (?:at|from|via)?:?\W*$|\burl:?\W*$"
    r"|\[?(?:link|url) (?:removed|missing|broken)",
    re.I,
)


def mask_links(text: str, start: int, end: int, links: list[FoundLink]) -> str:
    """A stretch of a note with each link (and its frame) as one character."""
    out, copied_to = [], start
    for link in links:
        if link.outer < copied_to or link.outer >= end:
            continue
        out += [text[copied_to : link.outer], _LINK_MASK]
        copied_to = max(link.outer_end, link.end, link.locator_end)
    out.append(text[copied_to:end])
    return "".join(out)


def count_lost_slots(residue: str, *, ends_with_semicolon: bool = False) -> int:
    """How many places between separators are empty; with `ends_with_semicolon` every note does, so the last is none.

    A leading `;` is one, `;;` between links one for each empty place, `;` at the end one, `;;` at the end one.
    """
    if ";" not in residue:
        return 0
    squeezed = _PROSE.sub("t", _PUNCTUATION.sub("", residue))
    lead = len(squeezed) - len(squeezed.lstrip(";"))
    body = squeezed.lstrip(";")
    tail = len(body) - len(body.rstrip(";"))
    inner = sum(len(run) - 1 for run in _EMPTY_SLOTS.findall(body, 0, len(body) - tail))
    if not body:
        return max(1, lead - 1)
    ending = max(0 if ends_with_semicolon else min(tail, 1), tail - 1)
    return lead + inner + (ending if _LINK_MASK in squeezed else 0)


def classify_note(residue: str, links: int, dropped: int) -> NoteKind:
    """What a note holds, by what it says besides its links; `dropped` counts links that could not be read."""
    if links:
        return NoteKind.LINKS
    prose = residue.replace(_LINK_MASK, "").strip(" \t\r\n\u00a0;,.:-–—*_\\")
    if dropped:
        return NoteKind.LOST_LINK
    if not prose:
        return NoteKind.LOST_LINK if ";" in residue else NoteKind.EMPTY
    if _ON_REQUEST.search(prose):
        return NoteKind.ON_REQUEST
    if _IBID.match(prose) or _names_other_note(prose):
        return NoteKind.REFERENCE
    return NoteKind.LOST_LINK if _LOST_LINK.search(residue.strip()) else NoteKind.PROSE


def is_ibid(text: str) -> bool:
    """Whether a note says that it means the note before."""
    return _IBID.match(text) is not None


def find_referred_note(text: str, number: int, earlier: dict[int, str]) -> int | None:
    """The number of the note that `ibid.`, `supra note 7` or `Smith, op. cit.` means; `earlier`: the notes before."""
    if not _LETTER.search(text):
        return None
    if _IBID.match(text):
        return max((n for n in earlier if n < number), default=None)
    if not _names_other_note(text):
        return None
    if author := _OP_CIT.search(text):
        matching = [n for n, note_text in earlier.items() if n < number and author[1] in note_text]
        if matching:
            return max(matching)
    note_match = _SEE_NOTE.search(text)
    return int(note_match[1]) if note_match and int(note_match[1]) != number else None


def _names_other_note(text: str) -> bool:
    lowered = text.lower()
    return any(map(lowered.__contains__, _SEE_GATES)) and _SEE_ONLY.search(text) is not None


def read_locator(text: str, end: int) -> tuple[str, int]:
    """The page named after an address (“p. 77”), and where it ends."""
    match = _LOCATOR.match(text, end)
    return (match[1], match.end()) if match else ("", end)
