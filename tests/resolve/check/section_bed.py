"""A web whose pages have all gone and an archive that knows some of it: addresses of which it is known what they are.

Each site has pages made by its own scheme; an archive captures each page so many times as chance wills about the mean
of the site. Drawn from it: pages that were there (`died`), in sections no archive knows (`unarchived`), on sites that
keep it out (`excluded`); and addresses that never were: in the shape of the site (`invented`), or with a slip of the
hand (`mistyped`). The numbers of a bed are the same each time.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink, Health, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import LoopbackWeb
from tests.loopback.web_behaviours import dead, soft_404

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CITED = date(2020, 10, 1)
KINDS = ("died", "unarchived", "excluded", "invented", "mistyped")
FULL = {"died": 120, "unarchived": 60, "excluded": 40, "invented": 90, "mistyped": 90}
TEXT = """
ferry harbour council votes grain deal border guards river bridge reopens winter storm power grid repair minister visits
northern province teachers strike budget talks delayed railway tunnel flood warning lifted mayor resigns coastal road
closed factory fire inquiry opens archive museum record harvest drought pipeline court ruling appeal
"""
WORDS = TEXT.split()


def _slug(chance: random.Random, separator: str = "-") -> str:
    return separator.join(chance.sample(WORDS, chance.randint(4, 7)))


def _dated_slug(chance: random.Random) -> str:
    return f"/news/2020/{chance.randint(7, 9):02}/{chance.randint(1, 28):02}/{_slug(chance)}/"


def _number(chance: random.Random) -> str:
    return f"/politics/{chance.randint(9_412_000, 9_412_999)}"


def _plain_slug(chance: random.Random) -> str:
    return f"/backgrounder/{_slug(chance)}"


def _numbered_slug(chance: random.Random) -> str:
    return f"/a/{_slug(chance)}/{chance.randint(30_840_000, 30_849_999)}.html"


def _query(chance: random.Random) -> str:
    return f"/article.php?id={chance.randint(55_000, 55_999)}"


def _compact_date(chance: random.Random) -> str:
    return f"/world/202009{chance.randint(1, 28):02}-{_slug(chance, '_')}.html"


SCHEMES: tuple[Callable[[random.Random], str], ...] = (
    _dated_slug,
    _number,
    _plain_slug,
    _numbered_slug,
    _query,
    _compact_date,
)
# mean captures of a page: well known, known, known in part, hardly known
MEANS = (8.0, 5.0, 8.0, 2.0, 6.0, 0.7)
PAGES = 240  # of a site, about a quarter of those that its scheme can make


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


@dataclass(frozen=True)
class SiteModel:
    host: str
    pages: tuple[str, ...]
    captured: frozenset[str]
    mean: float
    scheme: Callable[[random.Random], str]


def _build_site(chance: random.Random, number: int, mean: float, captures: list[Capture]) -> SiteModel:
    host, scheme = f"paper{number}.test", SCHEMES[number % len(SCHEMES)]
    pages = tuple(dict.fromkeys(scheme(chance) for _ in range(PAGES)))
    captured = set()
    for path in pages:
        for _ in range(_poisson(chance, mean)):
            stamp = f"2020{chance.randint(9, 12):02}{chance.randint(1, 28):02}{chance.randint(0, 235959):06}"
            stamp = f"{stamp[:8]}{chance.randint(0, 23):02}{chance.randint(0, 59):02}{chance.randint(0, 59):02}"
            captures.append(Capture(f"http://{host}{path}", stamp))
            captured.add(path)
    return SiteModel(host, pages, frozenset(captured), mean, scheme)


def _mistype(chance: random.Random, path: str) -> str:
    """One slip: a character changed, left out, doubled, or swapped with the next; anywhere in the path."""
    while True:
        place = chance.randrange(1, len(path) - 1)
        letter = path[place]
        if not letter.isalnum() or (path.startswith("/article.php?id=") and place < 16):
            continue
        other = chance.choice("0123456789" if letter.isdigit() else "abcdefghijklmnopqrstuvwxyz")
        slips = (
            path[:place] + other + path[place + 1 :],
            path[:place] + path[place + 1 :],
            path[:place] + letter + path[place:],
            path[:place] + path[place + 1] + letter + path[place + 2 :],
        )
        slip = chance.choice(slips)
        if slip.strip("/") != path.strip("/") and "//" not in slip:
            return slip


@dataclass(frozen=True)
class Bed:
    """Address → what it is; the captures; the sites that are excluded."""

    kinds: Mapping[str, str]
    captures: tuple[Capture, ...]
    hosts: tuple[str, ...]
    excluded: tuple[str, ...]


def build_bed(wanted: Mapping[str, int], sites: int = 36, seed: int = 21) -> Bed:
    chance = random.Random(seed)
    captures: list[Capture] = []
    known = [_build_site(chance, number, MEANS[number * 5 % 6], captures) for number in range(sites)]
    unknown = [_build_site(chance, sites + number, 0.0, captures) for number in range(6)]
    closed = [_build_site(chance, sites + 6 + number, 5.0, captures) for number in range(4)]
    well_known = [site for site in known if site.mean >= 5]
    kinds: dict[str, str] = {}

    def draw(kind: str, make: Callable[[], str]) -> None:
        while list(kinds.values()).count(kind) < wanted[kind]:
            kinds.setdefault(make(), kind)

    def invent(site: SiteModel) -> str:
        path = site.scheme(chance)
        while path in site.pages:
            path = site.scheme(chance)
        return f"http://{site.host}{path}"

    def slip(site: SiteModel) -> str:
        path = _mistype(chance, chance.choice(site.pages))
        return f"http://{site.host}{path if path not in site.pages else _mistype(chance, path)}"

    def pick(group: list[SiteModel]) -> str:
        site = chance.choice(group)
        return f"http://{site.host}{chance.choice(site.pages)}"

    draw("died", lambda: pick(known))
    draw("unarchived", lambda: pick(unknown))
    draw("excluded", lambda: pick(closed) if chance.random() < 0.5 else invent(chance.choice(closed)))
    draw("invented", lambda: invent(chance.choice(well_known)))
    draw("mistyped", lambda: slip(chance.choice(well_known)))
    hosts = tuple(site.host for site in (*known, *unknown, *closed))
    return Bed(kinds, tuple(captures), hosts, tuple(site.host for site in closed))


@dataclass(frozen=True)
class BedAudit:
    """The verdicts on a bed, and the requests for sections by their target."""

    bed: Bed
    verdicts: Mapping[str, Verdict]
    section_requests: Counter[str]

    def told(self, *kinds: str) -> list[str]:
        """The addresses of those kinds that are told as never seen."""
        return [url for url, kind in self.bed.kinds.items() if kind in kinds and self.verdicts[url].never_seen]

    def count(self, *kinds: str) -> int:
        return sum(kind in kinds for kind in self.bed.kinds.values())


def audit_bed(bed: Bed, folder: Path, *, new_homes: bool = False, counts_skipped: bool = True) -> BedAudit:
    """An audit of all addresses of a bed, on loopback."""
    sites = {host: dead() if number % 5 else soft_404() for number, host in enumerate(bed.hosts)}
    links = [CitedLink(url, CITED) for url in bed.kinds]
    with LoopbackWeb(sites) as web, LoopbackWayback(bed.captures) as archive:
        archive.counts_skipped = counts_skipped
        archive.excluded = dict.fromkeys(bed.excluded, 403)
        archiving = Archiving(wayback=archive.url, availability=archive.availability, new_homes=new_homes)
        network = web.network(timeout=10.0, host_interval=0.0)
        settings = Settings(network=network, archiving=archiving, store=str(folder / "store.sqlite"))
        verdicts = asyncio.run(resolve(links, settings, SilentObserver(), NOW)).verdicts
        asked = [urlsplit(one.target).query for one in archive.asked("cdx")]
    sections = Counter(parse_qs(query)["url"][0] for query in asked if "matchType" in query)
    assert all(verdict.health is Health.BROKEN for verdict in verdicts.values())
    return BedAudit(bed, verdicts, sections)
