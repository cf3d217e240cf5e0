"""LaTeX as tokens, in one pass: nothing is expanded, defined or executed."""

from __future__ import annotations

import re
from enum import Enum

from cite_audit.frozen_record import frozen_record

TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*(?:\n[ \t]*(?!\n))?)
    |\\(?P<address>url|nolinkurl|path|href)\*?[ \t]*(?:\[[^\[\]\n]{0,200}\][ \t]*)?
        (?:\{(?P<target>(?:[^{}]|\{[^{}]{0,100}\}){0,8000}+)\}|(?P<fence>[|!+])(?P<fenced>[^\n|!+]{1,8000})(?P=fence))
    |\\verb\*?(?P<mark>[^\sA-Za-z*])[^\n]*?(?P=mark)
    |\\begin[ \t]*\{(?P<hidden>verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?)\}
    |(?P<false>\\iffalse\b)
    |\\(?P<macro>[A-Za-z@]+\*?[ \t]*(?:\n[ \t]*(?!\s))?|.)
    |(?P<open>\{)|(?P<close>\})
    |(?P<paragraph>\n[ \t]*\n\s*)
    |(?P<text>[^\\%{}\n]+|\n)""",
    re.VERBOSE | re.DOTALL,
)


class TokenKind(Enum):
    """What a token is."""

    TEXT = 0
    MACRO = 1
    ADDRESS = 2
    OPEN = 3
    CLOSE = 4
    PARAGRAPH = 5


@frozen_record
class LatexToken:
    """One token: its name or text, where it stands, and what an address leads to."""

    kind: TokenKind
    text: str
    start: int
    end: int
    target: str = ""


class LatexSource:
    """The tokens of a source, and for each opening brace the one that closes it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[LatexToken] = []
        self._read_tokens()
        self.closers = self._match_braces()

    def _read_tokens(self) -> None:
        position = 0
        while match := TOKEN.match(self.source, position):
            position = match.end()
            if match["hidden"] is not None:
                position = self._find_end(f"\\end{{{match['hidden']}}}", position)
            elif match["false"] is not None:
                position = self._find_end("\\fi", position)
            elif (token := read_token(match)) is not None:
                self.tokens.append(token)

    def _find_end(self, mark: str, start: int) -> int:
        found = self.source.find(mark, start)
        return found + len(mark) if found >= 0 else len(self.source)

    def _match_braces(self) -> dict[int, int]:
        closers: dict[int, int] = {}
        stack: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.kind is TokenKind.OPEN:
                stack.append(index)
            elif token.kind is TokenKind.CLOSE and stack:
                closers[stack.pop()] = index
        return closers


def read_token(match: re.Match[str]) -> LatexToken | None:
    """The token that a match of TOKEN is; None for comments and `\\verb`."""
    start, end = match.span()
    if match["address"] is not None:
        target = match["target"] if match["target"] is not None else match["fenced"]
        return LatexToken(TokenKind.ADDRESS, match["address"], start, end, target)
    if match["macro"] is not None:
        return LatexToken(TokenKind.MACRO, match["macro"].strip() or " ", start, end)
    if match["paragraph"] is not None:
        return LatexToken(TokenKind.PARAGRAPH, "", start, end)
    if match["open"] or match["close"]:
        return LatexToken(TokenKind.OPEN if match["open"] else TokenKind.CLOSE, match[0], start, end)
    return LatexToken(TokenKind.TEXT, match["text"], start, end) if match["text"] is not None else None
