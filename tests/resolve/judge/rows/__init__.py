"""How sites behave and what an editor should be told of it: a table of rows, by family.

A row is a small web and one link into it. `broken` says whether the link may fail a report; everything that is not
broken and called broken is a false alarm, the gravest fault there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cite_audit.model import Reason
from tests.loopback.web import NOT_FOUND, Answer, Respond, Site
from tests.loopback.web_behaviours import home, site

STORY = "/2019/05/story-12"


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour. `copy` is the archived page, where there is one; `requests` the most that it may cost."""

    id: str
    says: str
    url: str
    sites: Mapping[str, Respond | Site]
    reason: Reason
    broken: bool = False
    quotes: tuple[str, ...] = ()
    copy: bytes | None = None
    requests: int = 6
    detail: str = ""
    moved_to: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)


def row(
    name: str,
    says: str,
    behaves: Respond | Answer | bytes | Site,
    reason: str,
    *,
    broken: bool = False,
    path: str = STORY,
    url: str = "",
    also: Mapping[str, Respond | Site] | None = None,
    quotes: tuple[str, ...] = (),
    copy: bytes | None = None,
    requests: int = 6,
    detail: str = "",
    moved_to: str = "",
) -> Row:
    """A row about the site `NAME.test`; a page or an answer stands at `path`, honest 404 everywhere else."""
    host = f"{name}.test"
    if isinstance(behaves, bytes | Answer):
        behaves = site({path.partition("#")[0]: behaves, "/": home()}, NOT_FOUND)
    sites = {host: behaves, **(also or {})}
    address = url or f"http://{host}{path}"
    return Row(name, says, address, sites, Reason(reason), broken, quotes, copy, requests, detail, moved_to)
