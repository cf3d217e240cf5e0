"""What might be the rest of a cut address: the token behind the break."""

from __future__ import annotations

from dataclasses import dataclass

from cite_audit.parse.links import dialects as d
from cite_audit.parse.links import line_breaks as br
from cite_audit.parse.links.frames import find_close
from cite_audit.parse.links.url_end import trim_url_end


@dataclass(slots=True)
class UrlTail:
    """What might be the rest of a link: `text` as meant, ending at `end` of the source."""

    text: str
    end: int
    lines: int = 1
    mark: str = ""


def read_tail(text: str, start: int) -> UrlTail | None:
    """The token at `start`; of a Markdown link its target."""
    if tail := _read_marked(text, start, start):
        return tail
    if text[start : start + 1] == "[":
        middle = text.find("](", start, start + 4000)
        close = find_close(text, middle + 2) if middle > 0 else -1
        target = text[middle + 2 : close]
        return UrlTail(target, close + 1) if close > 0 and "://" not in target else None
    if text[start : start + 1] == "<":
        close = text.find(">", start, start + 4000)
        return UrlTail(text[start + 1 : close], close + 1) if close > 0 else None
    match = br.TOKEN.match(text, start, start + br.MAX_REST_LENGTH)
    if match is None or match.end() == start + br.MAX_REST_LENGTH:
        return None
    end = trim_url_end(text, start, match.end())
    if end == start:
        return None
    if tail := _read_marked(text, start, end):
        return tail
    file_suffix = d.DOT_SUFFIX.match(text, end)
    spoken = br.SPOKEN_LABELS.match(text, end, end + br.MAX_REST_LENGTH)
    if not file_suffix and spoken and "/" not in text[start:end]:
        end = trim_url_end(text, start, spoken.end())
    return UrlTail(text[start:end], end)


def _read_marked(text: str, start: int, mark: int) -> UrlTail | None:
    """The token at `start` where labels with bracketed dots, `[.]org/x`, go on at `mark`."""
    labels = br.MARKED_LABELS.match(text, mark)
    if labels is None:
        return None
    end = trim_url_end(text, start, labels.end())
    return UrlTail(br.BRACKETED_DOT.sub(".", text[start:end]), end)
