"""From the visual to the logical order of a line whose base direction is right to left (UAX #9, backwards).

Runs in the child process: nothing of the package is imported.
"""

from __future__ import annotations

import re
import unicodedata

RIGHT, LEFT, NUMBER, NEUTRAL = "R", "L", "N", "-"
KINDS = {"R": RIGHT, "AL": RIGHT, "L": LEFT, "EN": NUMBER, "AN": NUMBER}
CLOSERS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "<": ">"}
OPENERS = {closer: opener for opener, closer in CLOSERS.items()}
JOINED_MARKS = "-/_=&?%#~.:,;!"  # at the right end of words that go on in the next line
AFTER_CLOSER = " .,;:،؛؟!?)]}»"
DATE_FROM_LEFT = re.compile(r"\d{1,2}\s(?:19|20)\d\d\s[^\d\n]+")  # a line of its own whose day is drawn at the left
LAST_NUMBER = re.compile(r"(?P<gap>\s+)(?P<mark>[.)\]:-]?)(?P<bracket>[\[\]()]?)\d{1,4}[\])]?$")
MARK_AT_RIGHT = re.compile(r"(?<=\S)\s+(?:[,،;:؛!?؟]+|\.(?=\d))(?=[^\s/])")
WIDE_GAP = "\t"
# a label, or the day of a date that another number ends
RAISED_NUMBER = re.compile(r"\d{1,4}(?=\s)")
DECIMAL_ENDING = re.compile(r"\d[.,:/]$")
FIRST_NUMBER = re.compile(r"\s*(?:[\[\]]\d{1,4}[\[\]](?=\s+[^\s.,،؛;:!?؟])|\d{1,4}(?:[.)](?=\s)|(?=\t)|(?=\s\d)))\s*")

Span = tuple[int, int, bool]  # first character, the one after the last, whether they run from left to right


def kind_of(character: str) -> str:
    """What a character is to the order of its line."""
    return KINDS.get(unicodedata.bidirectional(character), NEUTRAL)


def ends_in_address(words: str) -> bool:
    last_word = words.rsplit(None, 1)[-1] if words.strip() else ""
    return "://" in last_word or "www." in last_word


def order_spans(line: str, raised: frozenset[int] = frozenset()) -> list[Span]:
    """A line's characters, given from left to right as drawn, as spans in the order in which they are read.

    Numbers and words of left-to-right scripts keep their order, all else is read from the right. `raised` are the
    places of raised figures. A tab stands for a wide gap.
    """
    if DATE_FROM_LEFT.fullmatch(line):
        return order_spans_from_left(line, raised)
    kinds = [kind_of(character) for character in line]
    spans: list[Span] = []
    position = len(line)
    while position > 0:
        last = position - 1
        if kinds[last] not in (LEFT, NUMBER):
            spans.append((last, position, False))
            position = last
            continue
        first = last
        for index in range(last, -1, -1):
            if kinds[index] == RIGHT:
                break
            if kinds[index] != NEUTRAL:
                first = index
        if LEFT in kinds[first:position]:
            rest = _take_rest_of_address(line, kinds, first, position, spans)
            spans += [*_split_words(line, kinds, first, position, raised), *rest]
        else:
            spans.extend(_split_numbers(line, kinds, first, position, raised))
        position = first
    return _join_ends(line, spans)


def _take_rest_of_address(line: str, kinds: list[str], first: int, end: int, spans: list[Span]) -> list[Span]:
    """The spans, taken off, of letters joined to the right of an address: it was set to run from left to right."""
    is_joined = end + 1 < len(line) and line[end] in "/=?#&%_-" and kinds[end + 1] == RIGHT
    if not is_joined or not ends_in_address(line[first:end]):
        return []
    rest: list[Span] = []
    while spans and not line[spans[-1][0] : spans[-1][1]].isspace() and (not rest or spans[-1][0] == rest[-1][1]):
        rest.append(spans.pop())
    return [rest[0], *reversed(rest[1:])]


def order_spans_from_left(line: str, raised: frozenset[int] = frozenset()) -> list[Span]:
    """As `order_spans`, where the line itself runs from left to right: it was set without its language's direction.

    Words of right-to-left scripts with the numbers among them are read from the right; the line's label is before them.
    """
    kinds = [kind_of(character) for character in line]
    for first, end in _group(raised):  # a marker behind its word: what is at its sides was set apart (WeasyPrint)
        is_behind = first > 0 and not line[first - 1].isspace() and not DECIMAL_ENDING.search(line, 0, first)
        if is_behind and line[end : end + 1] in ("", " ", WIDE_GAP):
            kinds[first:end] = LEFT * (end - first)
    label = FIRST_NUMBER.match(line) if 0 not in raised else RAISED_NUMBER.match(line)
    position = start = label.end() if label else 0  # `start`: up to where spans were made
    spans: list[Span] = [(0, position, True)] if position else []
    while position < len(line):
        first = position
        end = 0
        while position < len(line) and kinds[position] != LEFT:
            if kinds[position] != NEUTRAL:
                first, end = (first if end else position), position + 1
            position += 1
        if RIGHT in kinds[first:end]:
            if first > start and kinds[first] == NUMBER and line[first - 1] in "[]()":
                first -= 1
            spans.extend([(start, first, True)] if start < first else [])
            inner = order_spans(line[first:end], frozenset(place - first for place in raised if first <= place < end))
            spans.extend((first + low, first + high, flag) for low, high, flag in inner)
            start = end
        while position < len(line) and kinds[position] == LEFT:
            position += 1
    return [*spans, (start, len(line), True)] if start < len(line) else spans


def _group(places: frozenset[int]) -> list[tuple[int, int]]:
    """The places as (first, the one after the last) of each row without a gap."""
    groups: list[tuple[int, int]] = []
    for place in sorted(places):
        if groups and groups[-1][1] == place:
            groups[-1] = (groups[-1][0], place + 1)
        else:
            groups.append((place, place + 1))
    return groups


def _split_words(line: str, kinds: list[str], first: int, end: int, raised: frozenset[int]) -> list[Span]:
    """A span of words, cut where a mark stands before what is at its right, as none does that runs from the left."""
    spans: list[Span] = []
    for mark in reversed(list(MARK_AT_RIGHT.finditer(line, first, end))):
        spans.extend(_split_label(line, kinds, mark.end(), end, raised))
        spans.extend((index, index + 1, False) for index in range(mark.end() - 1, mark.start() - 1, -1))
        end = mark.start()
    return [*spans, *_split_label(line, kinds, first, end, raised)]


def _split_label(line: str, kinds: list[str], first: int, end: int, raised: frozenset[int]) -> list[Span]:
    """A span of words; a number at its right is read before it where it is a label, or belongs to what is there."""
    if LEFT not in kinds[first:end]:
        return _split_numbers(line, kinds, first, end, raised)
    label_start = end
    while end == len(line) and label_start - 1 in raised:
        label_start -= 1
    if first < label_start < end:
        return [(label_start, end, True), (first, label_start, True)]
    number = LAST_NUMBER.search(line, first, end)
    if number is None or LEFT not in kinds[first : number.start()]:
        return [(first, end, True)]
    is_bracketed = bool(number["mark"] + number["bracket"]) and line[end:] in (*"[]()",)
    is_label = is_bracketed or (
        end == len(line)
        and (number["mark"] != "" or WIDE_GAP in number["gap"] or ends_in_address(line[first : number.start()]))
    )
    is_of_word_at_right = end < len(line) and (kinds[end] == RIGHT or line[end] in ".,:;،؛؟!־")
    if not is_label and not is_of_word_at_right and end - 1 not in raised:
        return [(first, end, True)]
    digits = end - 1
    while kinds[digits - 1] == NUMBER:
        digits -= 1
    between = [(index, index + 1, False) for index in range(digits - 1, number.start() - 1, -1)]
    return [(digits, end, True), *between, (first, number.start(), True)]


def _split_numbers(line: str, kinds: list[str], first: int, end: int, raised: frozenset[int]) -> list[Span]:
    """The numbers of a span without words, the right one first; one separator within a number does not part it (W4)."""
    joining = {"CS"} if any(unicodedata.bidirectional(each) == "AL" for each in line) else {"CS", "ES"}
    spans: list[Span] = []
    last = end
    for index in range(end - 1, first - 1, -1):
        if kinds[index] == NUMBER:
            continue
        is_within = (
            first < index < last - 1
            and kinds[index - 1] == NUMBER == kinds[index + 1]
            and unicodedata.bidirectional(line[index]) in joining
            and (index - 1 not in raised or index + 1 in raised)
            and not line[index].isspace()
        )
        if is_within:
            continue
        if index + 1 < last:
            spans.append((index + 1, last, True))
        spans.append((index, index + 1, False))
        last = index
    return [*spans, (first, last, True)] if first < last else spans


def _join_ends(line: str, spans: list[Span]) -> list[Span]:
    """The spans of words with what is drawn at their right and belongs to them: the mark at which an address is broken
    over two lines, the closing bracket of one that was opened within them (rule N0)."""
    joined: list[Span] = []
    for span in spans:
        first, end, is_left_to_right = span
        if is_left_to_right and any(kind_of(character) == LEFT for character in line[first:end]):
            added = _count_joined(line, first, end)
            while added and joined and joined[-1][0] >= end and joined[-1][1] <= end + added:
                joined.pop()
            span = (first, end + added, True)
        joined.append(span)
    return joined


def _count_joined(line: str, first: int, end: int) -> int:
    """How many of the marks drawn at the right of words belong to them."""
    stop = end
    while stop < len(line) and not line[stop].isspace() and kind_of(line[stop]) == NEUTRAL:
        stop += 1
    is_free = line[stop : stop + 1] in ("", " ", WIDE_GAP)
    if stop > end and is_free and line[stop - 1] in JOINED_MARKS:
        return stop - end
    opener = OPENERS.get(line[end : end + 1], line[end : end + 1])
    is_closer = opener in ("[", "(", "{") and line.count(opener, first, end) > line.count(CLOSERS[opener], first, end)
    return int(is_closer)


def mirror_brackets(spans: list[tuple[str, bool]]) -> str:
    """The text of spans, given with whether they run from left to right, with brackets as what they are there.

    PDFs give the bracket that is drawn or the one that is meant, and PDFium turns some; what stands around one tells
    whether it opens or closes. Words that begin with a closing bracket and end with an opening one were turned.
    """
    characters = list("".join(text for text, _ in spans))
    open_brackets: list[str] = []
    position = 0
    for text, is_left_to_right in spans:
        is_fixed = is_left_to_right and any(character.isalnum() for character in text)
        if is_fixed:
            characters[position : position + len(text)] = _turn_brackets(text)
        for index in range(position, position if is_fixed else position + len(text)):
            opener = OPENERS.get(characters[index], characters[index])
            if opener in CLOSERS:
                is_opening = _opens(characters, index, is_open=opener in open_brackets)
                characters[index] = opener if is_opening else CLOSERS[opener]
                open_brackets = [each for each in open_brackets if each != opener] + [opener] * is_opening
        position += len(text)
    return "".join(characters)


def _turn_brackets(words: str) -> str:
    """Words with each kind of brackets that closes before it opens turned around."""
    for opener, closer in CLOSERS.items():
        if -1 < words.find(closer) < words.find(opener) and words.rfind(closer) < words.rfind(opener):
            words = words.translate({ord(opener): closer, ord(closer): opener})
    return words


def _opens(characters: list[str], index: int, *, is_open: bool) -> bool:
    """Whether a bracket opens, by what stands before and after it in reading order."""
    before = characters[index - 1] if index else " "
    after = characters[index + 1] if index + 1 < len(characters) else " "
    follows_gap = before.isspace() or before in CLOSERS
    precedes_gap = after in AFTER_CLOSER
    if precedes_gap and not after.isspace() and after != ".":
        return False
    return not is_open if follows_gap == precedes_gap else follows_gap
