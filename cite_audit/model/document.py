"""What a report holds."""

from __future__ import annotations

from dataclasses import KW_ONLY
from datetime import date

from cite_audit.frozen_record import frozen_record
from cite_audit.model.sentence_facts import Fact, PageFacts
from cite_audit.model.vocabulary import PLAIN_STYLE, LinkRole, NoteKind, RepairKind, SuspectKind


@frozen_record
class Location:
    """A place in a report: 1-based line and column of the input file, 0-based character offset.

    `paragraph` counts from 1, in formats that have neither lines nor pages. `link_text`: the words that a hyperlink
    at this place shows instead of its address.
    """

    path: str
    line: int
    column: int = 1
    page: int | None = None
    note: int | None = None
    offset: int = 0
    paragraph: int | None = None
    link_text: str = ""


@frozen_record
class Repair:
    """A change made to what was printed, with the evidence for it."""

    kind: RepairKind
    evidence: str
    inserted: str = ""


@frozen_record
class Suspect:
    """A likely misprint that was left alone; `suggested_url` is the whole URL it might have been."""

    kind: SuspectKind
    suggested_url: str
    evidence: str = ""


@frozen_record
class Link:
    """One printed address: `raw` as printed, `url` the real link, `style` the dialect (`plain`, `((.))`, ` dot ` …)."""

    raw: str
    url: str
    style: str = PLAIN_STYLE
    repairs: tuple[Repair, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    alternatives: tuple[str, ...] = ()
    confidence: float = 1.0
    locator: str = ""  # “p. 77” printed after the address
    identifier: str = ""  # doi, arxiv, hdl, pmid: printed without an address, `url` is that of its registry

    @property
    def is_defanged(self) -> bool:
        return self.style != PLAIN_STYLE


@frozen_record
class CitedWork:
    """What is printed of a cited work beside its address; empty where nothing is. `published` as printed."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""


@frozen_record
class Citation:
    """One link at one place: in note `note`, or inline (`None`). `section` counts restarts of the numbering from 0.

    `sentence`: the claim that rests on it, which is the one its note's marker stands behind, or that it stands in.
    `facts` of that sentence, and in an audit `page_facts`: what of them stands on the page; None where that was not
    looked for.
    """

    link: Link
    note: int | None
    location: Location
    section: int = 0
    role: LinkRole = LinkRole.SOURCE
    work: CitedWork = CitedWork()
    sentence: str = ""
    facts: tuple[Fact, ...] = ()
    facts_language: str = ""
    page_facts: PageFacts | None = None

    @property
    def text(self) -> str:
        """What the hyperlink shows instead of its address; empty where it shows the address, or is no hyperlink."""
        return self.location.link_text


@frozen_record
class Note:
    """A footnote or endnote."""

    number: int
    kind: NoteKind
    text: str
    _: KW_ONLY
    links: tuple[Link, ...] = ()
    lost_slots: int = 0
    locations: tuple[Location, ...] = ()
    label: str = ""  # as printed: “¹”, “iv”, “[^note]”
    section: int = 0
    refers_to: int | None = None  # number of the note that ibid./supra means
    accessed: date | None = None  # when its author says to have looked at the page


@frozen_record
class Marker:
    """A note's number in the running text, with the sentence it stands behind."""

    number: int
    location: Location
    _: KW_ONLY
    sentence: str = ""
    section: int = 0


@frozen_record
class Comment:
    """`<!-- cite-audit: text -->` in a report's source: the line it stands on, and the line that it speaks of."""

    text: str
    line: int
    about_line: int


@frozen_record
class LinkTable:
    """A table of links as its owner keeps it; note n of the report is `rows[n - 1]`, as wide as the columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@frozen_record
class Report:
    """One document under audit, as read."""

    path: str
    _: KW_ONLY
    title: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    publisher: str = ""  # host of the body that published it, e.g. understandingwar.org
    notes: tuple[Note, ...] = ()
    markers: tuple[Marker, ...] = ()
    citations: tuple[Citation, ...] = ()
    uncited: tuple[Citation, ...] = ()  # links that stand in the report and are no sources, by role
    missing_notes: tuple[int, ...] = ()
    orphan_notes: tuple[int, ...] = ()
    format: str = "text"
    language: str = ""
    comments: tuple[Comment, ...] = ()
    has_lines: bool = True  # whether a line number leads a reader to the place; not on a page of the web
    table: LinkTable | None = None  # its rows and columns, where the report is a table of links
    sha256: str = ""  # of the bytes that were read, in hexadecimal

    @property
    def indicators(self) -> tuple[Citation, ...]:
        """Addresses that the report names as malicious: no sources, never asked."""
        return tuple(citation for citation in self.uncited if citation.role == LinkRole.INDICATOR)
