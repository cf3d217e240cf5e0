"""A dead link that no archive knows, among neighbours that it knows: invented, mistyped, or not to be told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.model import NeverSeen, NewHome
from cite_audit.resolve.judge.neighbours.address_scheme import count_edits, find_nearest, fits_scheme
from cite_audit.resolve.judge.neighbours.section import Section, path_of

MIN_NEIGHBOURS = 20  # archived pages without which an archive hardly knows a section
MIN_COVERAGE = 0.95  # of a section's pages that an archive knows, by the estimate below
MAX_MISSED_SHARE = 0.2  # of the living pages of the site that the run cites and that are not archived
MIN_MISSED = 2
MAX_NEIGHBOURS_SHOWN = 3
MAX_HOST_EDITS = 2
MAX_FOLDER_EDITS = 2


@frozen_record
class ArchivedSection:
    """What an archive's index lists of a section: addresses, the captures of each (0 untold); `is_complete` if all."""

    pages: tuple[tuple[str, int], ...]
    is_complete: bool = True


def estimate_coverage(captures: Sequence[int]) -> float | None:
    """The share (0-1) of a section's pages that are archived; None where the captures of the pages are not told.

    Chao (1984): as many pages as have one capture and as have two tell how many have none; rather too few of these.
    """
    if not captures or not all(captures):
        return None
    once, twice = captures.count(1), captures.count(2)
    unseen = once * (once - 1) / (2 * (twice + 1))
    return len(captures) / (len(captures) + unseen)


def knows_site_badly(archived: int, missed: int) -> bool:
    """Whether the living pages of a site that the run cites show that the archive misses many of them."""
    return missed >= MIN_MISSED and missed > MAX_MISSED_SHARE * (archived + missed)


def judge_never_seen(url: str, section: Section, known: ArchivedSection) -> tuple[NeverSeen, list[NewHome]] | None:
    """What the neighbours of an address say of it, with the nearest of them; None where they say nothing."""
    rest = section.read_rest(url)
    rests = {end: (address, count) for address, count in known.pages if (end := section.read_rest(address))}
    if not rest or len(rests) < MIN_NEIGHBOURS or rest.casefold() in {end.casefold() for end in rests}:
        return None
    coverage = estimate_coverage([count for _, count in rests.values()])
    if coverage is None or coverage < MIN_COVERAGE:  # how much of the section it knows has to be known
        return None
    is_fit = fits_scheme(rest, list(rests))
    number = f"{len(rests):,}" if known.is_complete else f"at least {len(rests):,}"
    shape = "its address is made as theirs are" if is_fit else "hardly any of theirs is made as its address is"
    place = f"{urlsplit(url).scheme}://{section.name}"
    evidence = [
        f"{number} pages under {place} are archived, this one never was",
        shape,
        f"by their repeated captures the archive knows about {coverage:.0%} of that section",
    ]
    never_seen = NeverSeen(
        section=section.name,
        neighbours=len(rests),
        is_complete=known.is_complete,
        fits_scheme=is_fit,
        evidence=tuple(evidence),
    )
    nearest = find_nearest(rest, [(end, address) for end, (address, _) in rests.items()], MAX_NEIGHBOURS_SHOWN)
    return never_seen, [_describe_neighbour(address, url, likeness) for address, likeness in nearest]


def judge_mistyped_folder(
    url: str, section: Section, known: Mapping[Section, ArchivedSection]
) -> tuple[NeverSeen, list[NewHome]] | None:
    """The same for an address in a section that the archive does not know at all.

    It counts where a section of that site with nearly the same name holds the page of the same end.
    """
    for other, archived in known.items():
        is_near = other.host == section.host and 0 < count_edits(other.prefix, section.prefix) <= MAX_FOLDER_EDITS
        if not is_near or not archived.pages or _digits(other.prefix) != _digits(section.prefix):
            continue
        end = path_of(url)[len(section.prefix) :]
        for address, _ in archived.pages:
            if path_of(address).rstrip("/").casefold() == (other.prefix + end).rstrip("/").casefold():
                scheme = urlsplit(url).scheme
                evidence = (
                    f"no page under {scheme}://{section.name} is archived",
                    f"one of the same name is archived under {scheme}://{other.name}",
                )
                never_seen = NeverSeen(section=section.name, neighbours=0, fits_scheme=False, evidence=evidence)
                return never_seen, [_describe_neighbour(address, url, 1 - 1 / len(path_of(url)))]
    return None


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _describe_neighbour(address: str, url: str, likeness: float) -> NewHome:
    parts = urlsplit(url)
    near = urlsplit(address)._replace(scheme=parts.scheme, netloc=parts.netloc).geturl()
    evidence = f"its address is near the cited one ({likeness:.2f}), and it is archived; compare both"
    safe_url = quote(near, safe="%/:?#&=+,;@!$'()*~[]|-._")
    return NewHome(safe_url, found_by="neighbour", title="", likeness=round(likeness, 2), evidence=(evidence,))


def judge_unknown_site(url: str, domain: str, hosts: Sequence[str]) -> tuple[NeverSeen, list[NewHome]]:
    """What is said of a link whose domain neither resolves nor is archived; `hosts`: those that the run found alive."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    never_seen = NeverSeen(
        section=domain,
        neighbours=0,
        evidence=(f"the name {domain} does not exist, and no page of it was ever archived",),
    )
    near = sorted({each for each in hosts if each != host and count_edits(each, host) <= MAX_HOST_EDITS})
    return never_seen, [
        NewHome(
            parts._replace(netloc=each).geturl(),
            found_by="neighbour",
            title="",
            likeness=round(1 - count_edits(each, host) / max(len(host), 1), 2),
            evidence=(f"the run found a site called {each}",),
        )
        for each in near[:MAX_NEIGHBOURS_SHOWN]
    ]
