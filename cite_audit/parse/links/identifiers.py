"""Finds works cited by an identifier without an address, and gives the address of the identifier's registry."""

from __future__ import annotations

import re
from bisect import bisect_right
from urllib.parse import unquote

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.links.found_link import FoundLink
from cite_audit.parse.links.url_end import trim_url_end


@frozen_record
class IdentifierScheme:
    """How an identifier is printed (group `id`), and the address that its registry resolves."""

    name: str
    pattern: str
    address: str
    gates: tuple[str, ...]
    open_ended: bool = False  # the pattern takes all that is not white space: marks at its end are trimmed


SCHEMES: tuple[IdentifierScheme, ...] = (
    IdentifierScheme(  # ISO 26324; DOI Handbook 2.6.2
        "doi",
        r"(?<![\w/.])(?i:doi)(?:[ ]?:(?:[ ]{0,8}|[ ]?\r?\n[ \t]{0,8})|[ \u00a0]{1,2})"
        r"(?P<id>10\.\d{4,9}/(?:[ ]?\r?\n[ \t]{0,8}(?=\S*\d))?[^\s<>\"“”]{1,300})",  # a prefix alone names nothing
        "https://doi.org/{}",
        ("doi", "DOI", "Doi"),
        open_ended=True,
    ),
    IdentifierScheme(  # https://info.arxiv.org/help/arxiv_identifier.html
        "arxiv",
        r"(?<![\w/.])(?i:arxiv)[ ]?:[ ]?(?P<id>\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?!\w)",
        "https://arxiv.org/abs/{}",
        ("arXiv", "arxiv", "ArXiv"),
    ),
    IdentifierScheme(  # RFC 3650
        "hdl",
        r"(?<![\w/.])(?i:hdl)[ ]?:[ ]?(?P<id>\d[\w.]{1,30}/[^\s<>\"“”]{1,200})",
        "https://hdl.handle.net/{}",
        ("hdl", "HDL"),
        open_ended=True,
    ),
    IdentifierScheme(
        "pmid",
        r"(?<![\w/.])PMID[ ]?:?[ ]?(?P<id>\d{5,8})(?!\w)",
        "https://pubmed.ncbi.nlm.nih.gov/{}/",
        ("PMID",),
    ),
    IdentifierScheme(
        "pmcid",
        r"(?<![\w/.])PMCID[ ]?:?[ ]?(?P<id>PMC\d{4,9})(?!\w)",
        "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
        ("PMCID",),
    ),
)


def add_identifiers(text: str, links: list[FoundLink]) -> list[FoundLink]:
    """The links, and those of identifiers that stand in no link and whose work no address on the same line names."""
    starts: list[int] = []
    added: list[FoundLink] = []
    for scheme in SCHEMES:
        if not any(gate in text for gate in scheme.gates):
            continue
        starts = starts or [link.outer for link in links]
        for match in re.finditer(scheme.pattern, text):
            end = trim_url_end(text, match.start("id"), match.end()) if scheme.open_ended else match.end()
            identifier = "".join(text[match.start("id") : end].split())
            index = bisect_right(starts, match.start())
            neighbours = [*links[max(0, index - 2) : index + 2], *added[-1:]]
            if identifier and not any(_names_work(text, link, identifier, match.start()) for link in neighbours):
                added.append(_build_link(text, match.start(), end, scheme, identifier))
    return sorted([*links, *added], key=lambda link: link.outer) if added else links


def _names_work(text: str, link: FoundLink, identifier: str, place: int) -> bool:
    """Whether a link holds the identifier, or one on the same line names the work already."""
    if link.outer <= place < link.outer_end or identifier.lower() in unquote(link.url).lower():
        return True
    between = text[min(link.outer_end, place) : max(link.outer, place)]
    is_medical = identifier.removeprefix("PMC").isdigit()  # PMID and PMCID stand beside the address of the work
    return is_medical and "\n" not in between


def _build_link(text: str, start: int, end: int, scheme: IdentifierScheme, identifier: str) -> FoundLink:
    url = scheme.address.format(identifier)
    return FoundLink(start, end, start, end, url, text[start:end], confidence=0.95, identifier=scheme.name)
