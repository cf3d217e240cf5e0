"""Where an address ends: its last characters, brackets that belong to it, punctuation that does not."""

from __future__ import annotations

import unicodedata

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.links.dialects import BIDI, FILE_SUFFIX

# stops of scripts that no address holds unescaped: full-width and CJK, Arabic and Urdu, Devanagari, Armenian, Ethiopic,
# Khmer, Hebrew, Mongolian, Tibetan
NATIVE_STOPS = "、。，；：！？｡､،؛؟۔।॥։።፡፣፤។៖׃᠂᠃།༎"
_URL_CHARACTERS = compile_lazily(rf"[^\s<>\"“”„«»|｜＜＞{NATIVE_STOPS}\x00-\x1f\x7f]*+")
_FRAMED_CHARACTERS = compile_lazily(r"[^\s<>\x00-\x1f\x7f]*+")  # RFC 3986 appendix C: the delimiters alone end it
_PATH_START = compile_lazily(r"[/?#]|\\{1,4}[/?#]|\[/\]?|\(/\)|\{/\}")
_ANGLE_INSIDE = compile_lazily(r">(?=[^\W_])")
# what looks like an end and is none: `<1661::AID-SIM968>` of a DOI (ANSI Z39.56), `langpair=ru|en&u=`
_NO_END = compile_lazily(r"<\d+:[\w:]*AID-[\w-]+>(?=\d)|(?<=\w)\|[\w.,:%-]{1,40}(?=&[\w.-]+=)")
_FIRST_WINDOW = 256  # characters
_CLOSERS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "）": "（",
    "］": "［",
    "】": "【",
    "》": "《",
    "〉": "〈",
    "」": "「",
    "』": "『",
    "〕": "〔",
    "｝": "｛",
    "〗": "〖",
    "≫": "≪",
    "⟩": "⟨",
    "\u232a": "\u2329",
}
# what an address may stand in, and what then ends it, whatever follows: `(…)and`, `「…」も`, `‘…’and`
_PAIRS = (
    {opener: closer for closer, opener in _CLOSERS.items()}
    | dict(zip("`‘‚‹›", "`’‘›‹", strict=True))
    | {"~~": "~~", "==": "=="}
)
_WIDE_CLOSERS = compile_lazily("[）］】》〉」』〕｝〗]")
_TRAILING_MARKS = frozenset(".,;:!*`”’‘“„«»…،؛؟、。·|\\¹²³⁰⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ—–" + BIDI)
# `x—accessed`, `x（中文）`: prose (`Россия_—_НАТО` is a title); `x&nbsp;`: what HTML writes for a space
# or a bracket; `x}{text}`: LaTeX; `x[^1]`: a marker; `x](`: the end of a label; `x[/url]`: BBCode
_ADJOINING_PROSE = compile_lazily(
    r"\}\{(?=[A-Za-z])|(?<![-_—/=])—(?=[^\W_]|—)|(?<=[a-zA-Z0-9/])[（《「『【〔]|…(?=[^\W\d_a-zA-Z])"
    r"|[;,](?=www\.\w)|&(?:nbsp|[gl]t|quot|emsp|ensp|thinsp|#160|#x[aA]0);"
    r"|(?<=[a-zA-Z0-9/])を(?:参照|ご?覧|閲覧|確認|見)"
    r"|\[\^[^\]\s]{1,80}\]|\]\(|\[/(?:url|link|URL)\]|\((?:accessed|archived|visited|retrieved|consulted)(?!\w)"
)
_PROSE_MARK = compile_lazily(r"[&}[\](;,]")  # all that `_ADJOINING_PROSE` begins with in ASCII
# the next sentence behind a bracket that was opened before the address: `(see https://…/x).Then`
_CLOSED_BEFORE_SENTENCE = compile_lazily(r"\)[.;,](?=[A-Z][a-z]*+\Z)")
# words of another script behind the suffix of a file: `….html的`
_FILE_THEN_SCRIPT = compile_lazily(rf"\.{FILE_SUFFIX}(?=[^\W\d_a-zA-Z])")
# the next word, or the number of the next note, behind the suffix of a file: `….pdfSee`, `….html2`
_FILE_THEN_WORD = compile_lazily(r"\.(?:pdf|s?html?|aspx?|docx?|php)(?=[A-Z][a-z]+\Z|(?<!php)[1-9]\d{0,2}\Z)")
_MAX_GLUED_LENGTH = 30  # characters of a suffix and the word behind it
# the next cell of a table of indicators that lost its lines: `…/routerC2 URL`, `…/a.exePayload domain`
_NEXT_COLUMN = compile_lazily(r"[ \t](?:URL|url|[Dd]omain|[Ss]erver|[Hh]ost|[Ee]ndpoint|IP)\b")
_TABLE_CELL = compile_lazily(
    r"(?<=[a-z0-9])(?:URL|Domain|IP)?(?:C2|C&C|Payload|Phishing|Download|Malware|Malicious|Staging|Exfiltration)\Z"
)
_MAX_CELL_LENGTH = 20
_OPENERS = frozenset(_CLOSERS.values())


def find_path_end(
    text: str, start: int, limit: int, *, framed: bool = False, bare_start: bool = True, opener: str = ""
) -> int:
    """Where the part after the host ends. `bare_start`: it must begin with `/`, `?` or `#`; `opener`: what stands
    directly before the address. What is framed ends at `limit` alone."""
    if bare_start and not _PATH_START.match(text, start, limit):
        return start
    if framed:
        end = _FRAMED_CHARACTERS.match(text, start, limit).end()  # type: ignore[union-attr]  # it matches nothing as well
        return end if end == limit else trim_url_end(text, start, end)
    window = _FIRST_WINDOW  # unbroken text may be very long while the address ends close by: the window grows
    while True:
        stop = min(start + window, limit)
        end = _find_unbroken_end(text, start, stop)
        prose_start = _find_adjoining_prose(text, start, end)
        if prose_start or stop == limit or end < stop - 1:
            end = _drop_table_cell(text, start, prose_start or end)
            end = _find_pair_end(text, start, end, opener) if opener in _PAIRS else end
            return trim_url_end(text, start, _drop_glued_word(text, start, end))
        window *= 4


def _find_unbroken_end(text: str, start: int, limit: int) -> int:
    """Where the first character stands that no address holds."""
    end = start
    while match := _URL_CHARACTERS.match(text, end, limit):
        end = match.end()
        if end < limit and text[end] in "<|" and (inside := _NO_END.match(text, end, limit)):
            end = inside.end()
        elif not _ANGLE_INSIDE.match(text, end, limit) or _is_in_tag(text, start):
            break
        else:
            end += 1
    return end


def _find_adjoining_prose(text: str, start: int, end: int) -> int:
    """Where prose follows without a space; 0 where none does."""
    segment = text[start:end]
    if segment.isascii():
        mark = _PROSE_MARK.search(segment)
        aside = _ADJOINING_PROSE.search(text, start + mark.start(), end) if mark else None
        return aside.start() if aside else 0
    aside = _ADJOINING_PROSE.search(text, start, end)
    places = [aside.start()] if aside else []
    if file := _FILE_THEN_SCRIPT.search(text, start, end):
        places.append(file.end())
    if _WIDE_CLOSERS.search(segment) and (unpaired := _find_unpaired_closer(segment, wide_only=True)) is not None:
        places.append(start + unpaired)
    return min(places, default=0)


def _find_unpaired_closer(segment: str, *, wide_only: bool = False) -> int | None:
    """Where the first closing bracket stands that nothing in the segment opens."""
    depths: dict[str, int] = {}
    for place, character in enumerate(segment):
        if character in _OPENERS:
            depths[character] = depths.get(character, 0) + 1
        elif opener := _CLOSERS.get(character):
            if not depths.get(opener) and not (wide_only and character.isascii()):
                return place
            depths[opener] = depths.get(opener, 0) - 1
    return None


def _find_pair_end(text: str, start: int, end: int, opener: str) -> int:
    """Where what was opened just before the address closes."""
    closer = _PAIRS[opener]
    if closer not in _CLOSERS:
        place = text.find(closer, start, end)
        return place if place >= 0 else end
    depth = 1
    for place in range(start, end):
        depth += (text[place] == opener) - (text[place] == closer)
        if depth == 0:
            return place
    return end


def _drop_glued_word(text: str, start: int, end: int) -> int:
    """The end without a word or a number that follows the suffix of a file, or a bracket opened before, unspaced."""
    low = max(start, end - _MAX_GLUED_LENGTH)
    tail = text[low:end]
    if file := _FILE_THEN_WORD.search(tail):
        return low + file.end()
    closed = _CLOSED_BEFORE_SENTENCE.search(tail) if ")" in tail else None
    is_unopened = closed and _find_unpaired_closer(text[start:end]) == low + closed.start() - start
    return low + closed.start() if closed and is_unopened else end


def _drop_table_cell(text: str, start: int, end: int) -> int:
    """The end without the beginning of the next cell of a table."""
    if text[end : end + 1] not in (" ", "\t") or not _NEXT_COLUMN.match(text, end):
        return end
    cell = _TABLE_CELL.search(text, max(start, end - _MAX_CELL_LENGTH), end)
    return cell.start() if cell else end


_BEFORE_MARKERS = compile_lazily(r"[^\[]*[^\[=?&](?=(?:\[\d{1,3}\])+\Z)")


_EMPHASIS = compile_lazily(r"(?<![\w/])(?P<opens>_)(?=[^\W_])|(?<=[^\W_]|[.,;:)!?])_(?!\w)")


def is_emphasis_open(text: str, place: int) -> bool:
    """Whether `_emphasis` was opened on the line of a place and not closed before it."""
    low = max(0, place - 600)
    line = text[max(text.rfind("\n", low, place) + 1, low) : place]
    return sum(1 if match["opens"] else -1 for match in _EMPHASIS.finditer(line)) > 0


def _is_trailing_mark(character: str) -> bool:
    """Whether a character is none that an address ends with unescaped: `.`, `†`, `→`, `↩`, the `״` of Hebrew."""
    if character.isascii() or character in _TRAILING_MARKS:
        return character in _TRAILING_MARKS
    return unicodedata.category(character) in ("Po", "Pi", "Pf", "Sm") or character in "↩↑↵⤴\ufe0e\ufe0f"


def _is_in_tag(text: str, place: int) -> bool:
    """Whether a `<` is open before a place."""
    low = max(0, place - 300)
    return text.rfind("<", low, place) > text.rfind(">", low, place)


def trim_url_end(text: str, start: int, end: int, *, framed: bool = False) -> int:
    """The end of `text[start:end]` without trailing punctuation and without closers that were not opened in it."""
    kept_end = end
    while kept_end > start and text[kept_end - 1] in ".,;:":
        kept_end -= 1
    last_char = text[kept_end - 1 : kept_end]
    if kept_end > start and (last_char == "/" or (last_char.isascii() and last_char.isalnum())):
        return kept_end
    raw = text[start:end]
    if "]" in raw[-4:] and not framed and (marker := _BEFORE_MARKERS.match(raw.rstrip(".,;:"))):
        end, raw = start + marker.end(), marker[0]
    counts = {mark: raw.count(mark) for pair in _CLOSERS.items() for mark in pair if mark in raw}
    quotes = raw.count("'")
    while end > start:
        last_char = text[end - 1]
        if last_char in _CLOSERS:
            if counts[last_char] <= counts.get(_CLOSERS[last_char], 0):
                break
            counts[last_char] -= 1
        elif last_char in _OPENERS:
            counts[last_char] -= 1
        elif last_char == "'":
            if quotes % 2 == 0:
                break
            quotes -= 1
        elif last_char == "?":
            if framed or text[end : end + 1] in (";", ">"):
                break
        elif last_char == "@" and not framed:
            pass
        elif not _is_trailing_mark(last_char) or (framed and last_char in "!*·"):
            break
        end -= 1
    return end
