"""Where in the paragraphs of a package the links of its report stand: printed, behind a hyperlink, or both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Protocol

from cite_audit.model import Citation, Report
from cite_audit.parse.links.refang import refang
from cite_audit.urls import canonical_key

__all__ = ["ShownLink", "TextPlace", "find_text_places"]

_CONTINUES_LINK = re.compile(r"[\w/%#?=&~+-]")


class ShownLink(Protocol):
    """A hyperlink: its target, and the span of the paragraph's text that shows it."""

    target: str
    start: int
    end: int


class ShownParagraph(Protocol):
    """A paragraph as a reader sees it."""

    text: str

    @property
    def hyperlinks(self) -> Sequence[ShownLink]: ...


@dataclass(frozen=True, slots=True, eq=False)
class TextPlace:
    """One link: `printed` is its span in the paragraph's text, if it is printed; `hyperlinks` those that show it."""

    paragraph: Any  # as it was given: a ShownParagraph of the format
    key: str
    _: KW_ONLY
    printed: tuple[int, int] | None
    hyperlinks: tuple[Any, ...] = ()

    @property
    def span(self) -> tuple[int, int]:
        """What a reader sees of it, in the paragraph's text."""
        return self.printed or (self.hyperlinks[0].start, self.hyperlinks[-1].end)


def find_text_places(
    paragraphs: Iterable[ShownParagraph], report: Report, wanted: Iterable[Citation]
) -> dict[int, Sequence[TextPlace]]:
    """The places of the wanted citations, by their index: one each where all of one address can be told apart.

    Where they cannot (a link stands in more places than were read as citations), all places of that address as the
    citation prints it.
    """
    wanted = list(wanted)
    keys = {canonical_key(citation.link.url) for citation in wanted}
    read: dict[str, list[Citation]] = defaultdict(list)
    for citation in (*report.citations, *report.uncited):
        if (key := canonical_key(citation.link.url)) in keys:
            read[key].append(citation)
    prints = {(key, citation.link.raw) for key, citations in read.items() for citation in citations}
    patterns = _PrintedLinks([_PrintedLink(key, raw) for key, raw in sorted(prints) if raw.strip()])
    found: dict[str, list[TextPlace]] = defaultdict(list)
    for paragraph in paragraphs:
        for place in _find_in_paragraph(paragraph, keys, patterns):
            found[place.key].append(place)
    return _assign_places(wanted, read, found)


def _assign_places(
    wanted: Sequence[Citation], read: Mapping[str, list[Citation]], found: Mapping[str, list[TextPlace]]
) -> dict[int, Sequence[TextPlace]]:
    own: dict[int, TextPlace] = {}
    for key, citations in read.items():
        citations.sort(key=lambda citation: citation.location.offset)
        if len(citations) == len(found.get(key, ())):
            own |= {id(citation): place for citation, place in zip(citations, found[key], strict=True)}
    places: dict[int, Sequence[TextPlace]] = {}
    for index, citation in enumerate(wanted):
        key = canonical_key(citation.link.url)
        if id(citation) in own:
            places[index] = [own[id(citation)]]
        elif any(id(other) in own for other in read[key]):
            continue
        elif alike := [place for place in found.get(key, ()) if _shows(place, citation.link.raw)]:
            places[index] = alike
    return places


def _shows(place: TextPlace, raw: str) -> bool:
    if place.printed is None:
        return True
    printed = place.paragraph.text[slice(*place.printed)]
    return "".join(printed.split()) == "".join(raw.split())


class _PrintedLink:
    """A link as it is printed, with any white space where it has some: lines break there."""

    def __init__(self, key: str, raw: str) -> None:
        words = raw.split()
        self.key, self.word = key, max(words, key=len)
        self.pattern = re.compile(r"\s*".join(map(re.escape, words)))

    def find_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it is printed whole: not as the beginning or the end of a longer one."""
        for match in self.pattern.finditer(text) if self.word in text else ():
            previous, following = text[: match.start()][-1:], text[match.end() :][:1]
            if not (_CONTINUES_LINK.match(previous) or _CONTINUES_LINK.match(following)):
                yield match.span()


class _PrintedLinks:
    """Many links; which of them a text may hold is told by the last characters of their longest words."""

    LENGTH = 12

    def __init__(self, links: Sequence[_PrintedLink]) -> None:
        self.links = links
        self.by_end: dict[str, list[int]] = defaultdict(list)
        for index, link in enumerate(links):
            self.by_end[link.word[-self.LENGTH :]].append(index)
        self.short = [index for end, indices in self.by_end.items() if len(end) < self.LENGTH for index in indices]

    def find_candidates(self, text: str) -> list[_PrintedLink]:
        """The links that may be printed in a text, in their order."""
        pieces = {text[start : start + self.LENGTH] for start in range(len(text) - self.LENGTH + 1)}
        indices = {index for piece in pieces for index in self.by_end.get(piece, ())}
        return [self.links[index] for index in sorted(indices.union(self.short))]


def _find_in_paragraph(paragraph: ShownParagraph, keys: set[str], patterns: _PrintedLinks) -> list[TextPlace]:
    candidates = patterns.find_candidates(paragraph.text)
    spans = {span: link.key for link in candidates for span in link.find_spans(paragraph.text)}
    printed = [(*span, spans[span]) for span in sorted(spans, key=lambda span: (span[0], -span[1]))]
    places: list[TextPlace] = []
    taken: set[int] = set()
    last_end = -1
    for start, end, key in printed:
        if start < last_end:  # within a longer one
            continue
        last_end = end
        inside = [link for link in paragraph.hyperlinks if link.start < end and link.end > start]
        own = [link for link in inside if _covers(paragraph.text, start, end, link) or _key_of(link) == key]
        taken |= {id(link) for link in own}
        places.append(TextPlace(paragraph, key, printed=(start, end), hyperlinks=tuple(own)))
    for group in _join_adjacent(paragraph):
        if id(group[0]) not in taken and (key := _key_of(group[0])) in keys:
            places += [TextPlace(paragraph, key, printed=None, hyperlinks=tuple(group))]
    return sorted(places, key=lambda place: place.span)


def _covers(text: str, start: int, end: int, link: ShownLink) -> bool:
    """Whether a hyperlink shows nothing but (a piece of) the printed link: Word cuts defanged ones at a bracket."""
    shown = text[link.start : link.end]
    indent = len(shown) - len(shown.lstrip())
    return start <= link.start + indent and link.start + len(shown.rstrip()) <= end


def _key_of(link: ShownLink) -> str:
    return canonical_key(refang(link.target))


def _join_adjacent(paragraph: ShownParagraph) -> list[list[ShownLink]]:
    """The hyperlinks, neighbours with one target as one: a change of font cuts what was one link."""
    groups: list[list[ShownLink]] = []
    for link in paragraph.hyperlinks:
        last = groups[-1][-1] if groups else None
        if last and last.target == link.target and not paragraph.text[last.end : link.start].strip():
            groups[-1].append(link)
        else:
            groups.append([link])
    return groups
