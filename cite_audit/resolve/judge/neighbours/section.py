"""The section of a site that an address stands in: the pages of one folder, one month, or one range of numbers."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from urllib.parse import unquote, urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily

YEARS_BEFORE, YEARS_AFTER = 1, 2  # captures that count beside a citation, where the address itself tells no month
_MONTH = r"(?:0[1-9]|1[0-2]|[1-9](?!\d)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?![a-z]))"
_DATED = compile_lazily(
    rf"(?<![\da-z])(?:19|20)\d\d(?:[/_.-]{_MONTH}|(?:0[1-9]|1[0-2])(?=[0-3]\d(?!\d)))(?=[/_.\d-]|$)/?", re.I
)
_NUMBERED = compile_lazily(r"(?<=/)\d{5,12}(?=[^/]*(?:/|$))")
# the name of a page as a folder, with its number in it: /a/ferry-stops-for-winter/30845123.html
_OWN_FOLDER = compile_lazily(r"/(?:[^/]*[-_]){2,}[^/]*/(?:\d+|index|amp)?(?:\.\w{2,5})?/?$", re.I)
_NUMBERED_QUERY = compile_lazily(r"^(\w+=)(\d*)(?=&|$)")
_KEPT_DIGITS = -3  # a range of numbers is a thousand wide
_ASSET = compile_lazily(r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|txt|woff2?|mp[34]|zip)$", re.I)


@frozen_record
class Section:
    """Where an address stands: `host` and, from the first slash on, the beginning of the paths of its neighbours.

    `years`: the first and last year of the captures that count; None where the addresses tell the time themselves.
    """

    host: str
    prefix: str
    years: tuple[int, int] | None = field(default=None, compare=False)  # one question a section

    @property
    def name(self) -> str:
        """The section as an archive's index is asked for it, and as it is shown."""
        return self.host + self.prefix

    @property
    def folder(self) -> str:
        return self.prefix[: self.prefix.rfind("/") + 1]

    def read_rest(self, url: str) -> str:
        """What an address has beyond the section's folder, decoded; empty where it does not stand in the section."""
        path = path_of(url)
        if "?" not in self.prefix:
            path = path.partition("?")[0]
        if not path.casefold().startswith(self.prefix.casefold()) or _ASSET.search(path.partition("?")[0]):
            return ""
        rest = unquote(path[len(self.folder) :]).strip("/").partition("#")[0]
        # the front page's folder holds the whole site: its own pages alone are neighbours
        return rest if self.prefix != "/" or "/" not in rest else ""


def path_of(url: str) -> str:
    """The path and query of an address; `/` where it has none, and where it is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def find_section(url: str, near: date | None) -> Section | None:
    """The section of an address; None for a front page."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path or "/"
    if not host or (path.strip("/") == "" and not parts.query):
        return None
    if parts.port and parts.port not in (80, 443):
        host += f":{parts.port}"
    dated = _DATED.search(path)
    if dated and len(path) > dated.end():
        return Section(host, path[: dated.end()])
    years = (near.year - YEARS_BEFORE, near.year + YEARS_AFTER) if near else None
    if own_folder := _OWN_FOLDER.search(path):
        return Section(host, path[: own_folder.start() + 1], years)
    if numbered := _NUMBERED.search(path):
        return Section(host, path[: numbered.end() + _KEPT_DIGITS], years)
    if parts.query:
        value = _NUMBERED_QUERY.match(parts.query)
        return Section(host, f"{path}?{value[1] + value[2][:_KEPT_DIGITS] if value else ''}", years)
    return Section(host, path.rstrip("/").rpartition("/")[0] + "/", years)
