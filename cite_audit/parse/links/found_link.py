"""A link as found in a text, while it may still be repaired."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cite_audit.model import PLAIN_STYLE, Link, Repair, Suspect
from cite_audit.parse.links.address import Address


class LinkFrame(StrEnum):
    """What stands round an address in print."""

    BARE = "bare"
    ANGLE = "angle"  # <https://…>
    MARKDOWN = "markdown"  # [label](https://…), and the same in HTML
    BACK_REFERENCE = "back-reference"  # to a note or back from it
    PICTURE = "picture"  # the source of a picture, no citation
    DECLARED = "href"  # a target that the format declares
    JOINED = "joined"  # of pieces: the frame is gone


# as names of the module for the loops over all links: Python 3.11 takes 0.3 µs to look a member up in its class
BARE, ANGLE, MARKDOWN = LinkFrame.BARE, LinkFrame.ANGLE, LinkFrame.MARKDOWN
SOFT_HYPHEN_CONFIDENCE = 0.8  # low enough that no fix from it is safe
PRINTED_FRAMES = (BARE, ANGLE, LinkFrame.JOINED)  # the address itself is what a reader sees
UNCITED_FRAMES = (LinkFrame.BACK_REFERENCE, LinkFrame.PICTURE)


@dataclass(slots=True)
class FoundLink:
    """`text[start:end]` is the printed address, `text[outer:outer_end]` the same with its frame: `<…>`, `[…](…)`.

    `whole`: the host can stand alone; what cannot is never handed out as a link.
    """

    start: int
    end: int
    outer: int
    outer_end: int
    url: str
    raw: str
    frame: LinkFrame = LinkFrame.BARE
    style: str = PLAIN_STYLE
    whole: bool = True
    has_scheme: bool = True
    confidence: float = 1.0
    repairs: tuple[Repair, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    alternatives: tuple[str, ...] = ()
    shortened: bool = False  # an ellipsis follows
    locator: str = ""
    locator_end: int = 0
    identifier: str = ""  # the scheme of an identifier printed without an address: doi, arxiv, hdl, pmid
    is_indicator: bool = False  # of compromise: no source

    @property
    def is_defanged(self) -> bool:
        return self.style != PLAIN_STYLE

    @property
    def has_path(self) -> bool:
        """Whether anything but the host is named."""
        return "/" in self.url.partition("://")[2] or (not self.has_scheme and "/" in self.url)

    @property
    def is_explicit(self) -> bool:
        """Whether it is printed as an address, not only as the name of a host: with a scheme, a path or a frame."""
        return self.has_scheme or self.has_path or self.is_defanged or self.frame == ANGLE

    def to_link(self) -> Link:
        """The finished link."""
        alternatives = self.alternatives and tuple(dict.fromkeys(url for url in self.alternatives if url != self.url))
        return Link(  # by position: one for each link, and names cost time
            self.raw,
            self.url,
            self.style,
            self.repairs,
            self.suspects,
            alternatives,
            self.confidence,
            self.locator,
            self.identifier,
        )


class TextCounter:
    """How often each text occurs, by hash: in eight bytes a text, where a set of addresses would outweigh a report."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._hashes = array("q", sorted(map(hash, texts)))

    def __getitem__(self, text: str) -> int:
        return bisect_right(self._hashes, hash(text)) - bisect_left(self._hashes, hash(text))


def build_found_link(text: str, address: Address, frame: LinkFrame, outer: int, outer_end: int) -> FoundLink:
    """The link of one address in its frame."""
    raw, url = text[address.start : address.end], address.url
    link = FoundLink(  # by position: one for each link, and names cost time
        address.start,
        address.end,
        outer,
        outer_end,
        url,
        url if raw == url else raw,  # most are plain: one string for both
        frame,
        address.style,
        address.whole,
        bool(address.scheme),
        address.confidence,
        address.repairs,
    )
    if "\u00ad" in raw and not address.is_defanged:  # a hyphen that is drawn, or a place where a word may break
        link.alternatives += (raw.replace("\u00ad", "-"),)
        link.confidence = min(link.confidence, SOFT_HYPHEN_CONFIDENCE)
    link.shortened = text.startswith(("…", "..."), address.end) and bool(address.path.strip("/"))
    return link
